//! Listing a team's integrations.

mod support;

use duvo::mock::{Response, Server};
use duvo::{Delivery, ErrorKind, IntegrationPage, RetryPolicy};
use futures_util::{StreamExt as _, TryStreamExt as _};
use support::TEAM;
use support::catalogue::{Catalogue, entry};

/// A catalogue of this many custom integrations.
fn catalogue(size: usize) -> Catalogue {
    let entry = |number| {
        let name = format!("Integration {number}");
        entry(number, &name, "https://mcp.example.com")
    };
    Catalogue::of((1..=size).map(entry).collect())
}

fn ids(from: usize, to: usize) -> Vec<String> {
    (from..=to).map(|number| format!("id-{number}")).collect()
}

#[tokio::test]
async fn a_page_is_what_the_document_describes() {
    let server = Server::start().unwrap();
    server.list_integrations();
    let team = server.client().unwrap().team(TEAM);
    let page = team.integrations().page().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(*page, IntegrationPage::example());
    assert_eq!(page.integrations.len(), 2);
    assert_eq!((page.total, page.limit, page.offset), (2, 100, 0));
    assert_eq!(page.integrations[0].custom_integration_id, None);
}

#[tokio::test]
async fn without_settings_the_query_is_empty() {
    let catalogue = catalogue(1);
    catalogue.team().integrations().page().await.unwrap();
    assert_eq!(
        catalogue.requests(),
        [format!("GET /v2/teams/{TEAM}/integrations")]
    );
    assert_eq!(catalogue.header(0, "idempotency-key"), None);
    assert_eq!(catalogue.header(0, "content-type"), None);
}

#[tokio::test]
async fn type_limit_and_offset_are_in_the_query() {
    let catalogue = catalogue(9);
    let list = catalogue.team().integrations();
    let list = list.integration_type("custom").limit(3).offset(4);
    let page = list.page().await.unwrap();
    let found: Vec<_> = page
        .integrations
        .iter()
        .map(|found| found.id.clone())
        .collect();
    assert_eq!(found, ids(5, 7));
    assert_eq!(
        catalogue.requests(),
        [format!(
            "GET /v2/teams/{TEAM}/integrations?limit=3&offset=4&type=custom"
        )]
    );
}

#[tokio::test]
async fn a_stream_fetches_page_by_page_as_it_is_read() {
    let catalogue = catalogue(5);
    let mut stream = Box::pin(catalogue.team().integrations().limit(2).stream());
    assert_eq!(catalogue.requests().len(), 0);
    for (number, requests) in [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)] {
        let integration = stream.next().await.unwrap().unwrap();
        assert_eq!(integration.id, format!("id-{number}"));
        assert_eq!(catalogue.requests().len(), requests);
    }
    assert!(stream.next().await.is_none());
    assert_eq!(catalogue.requests().len(), 3);
}

#[tokio::test]
async fn a_listing_of_any_size_is_whole() {
    for (size, limit, requests) in [(0, 3, 1), (3, 3, 1), (4, 3, 2), (7, 3, 3), (250, 100, 3)] {
        let catalogue = catalogue(size);
        let all = catalogue.team().integrations().limit(limit).all();
        let found: Vec<_> = all
            .await
            .unwrap()
            .into_iter()
            .map(|found| found.id)
            .collect();
        assert_eq!(found, ids(1, size));
        assert_eq!(catalogue.requests().len(), requests, "{size} by {limit}");
    }
}

#[tokio::test]
async fn a_stream_begins_at_its_offset() {
    let catalogue = catalogue(5);
    let list = catalogue.team().integrations().offset(3);
    let found: Vec<_> = list
        .stream()
        .map_ok(|found| found.id)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(found, ids(4, 5));
}

#[tokio::test]
async fn a_total_that_is_wrong_ends_no_stream_early_nor_never() {
    // Pages that are shorter than asked for, and a total that is never reached.
    let server = Server::start().unwrap();
    let team = server.client().unwrap().team(TEAM);
    let mut page = IntegrationPage::example();
    page.total = 1_000_000;
    let pages = server
        .list_integrations()
        .respond(|then| then.integrations(page.clone()));
    let found: Vec<_> = team.integrations().stream().take(5).collect().await;
    assert!(found.into_iter().all(|found| found.is_ok()));
    pages.assert_calls(3);
    page.integrations.clear();
    let empty = server
        .list_integrations()
        .respond(|then| then.integrations(page));
    assert!(team.integrations().all().await.unwrap().is_empty());
    empty.assert_calls(1);
}

#[tokio::test]
async fn a_stream_from_the_greatest_offset_ends() {
    let server = Server::start().unwrap();
    let pages = server.list_integrations();
    let list = server.client().unwrap().team(TEAM).integrations();
    let all = list.offset(u64::MAX).all().await.unwrap();
    assert_eq!(all, IntegrationPage::example().integrations);
    pages.assert_calls(1);
}

#[tokio::test]
async fn a_stream_ends_after_an_error() {
    let catalogue = catalogue(4);
    let mut stream = Box::pin(catalogue.team().integrations().limit(2).stream());
    stream.next().await.unwrap().unwrap();
    stream.next().await.unwrap().unwrap();
    catalogue.fail_listings(1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_limit_of_0_and_a_team_that_is_none_are_refused() {
    let catalogue = catalogue(1);
    let error = catalogue
        .team()
        .integrations()
        .limit(0)
        .page()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.invalid_fields()[0].field(), "limit");
    let team = catalogue.client().team("a/b");
    let error = team.integrations().all().await.unwrap_err();
    assert_eq!(error.invalid_fields()[0].field(), "teamId");
    assert_eq!(catalogue.requests().len(), 0);
}

#[tokio::test]
async fn a_listing_is_tried_again_also_where_the_api_may_have_acted() {
    let server = Server::start().unwrap();
    server.list_integrations().respond(|_| Response::new(504));
    server
        .register_custom_integration()
        .respond(|_| Response::new(504));
    let policy = RetryPolicy::default()
        .with_max_attempts(3)
        .with_backoff(std::time::Duration::ZERO, std::time::Duration::ZERO);
    let client = server.client_builder().retry_policy(policy);
    let client = client.build().unwrap();
    let error = client.team(TEAM).integrations().page().await.unwrap_err();
    assert_eq!(error.attempts().len(), 3);
    assert_eq!(error.delivery(), Delivery::Unknown);
    support::break_off_a_listing(&server);
    let page = client.team(TEAM).integrations().page().await.unwrap();
    assert_eq!(*page, IntegrationPage::example());
    assert_eq!(
        page.failed_attempts()[0].kind(),
        ErrorKind::UnreadableResponse
    );
    // Nothing is missing of what is whole before the connection breaks.
    let body = serde_json::to_string(&IntegrationPage::example()).unwrap();
    let whole = format!("HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{body}");
    let broken = support::client(&support::socket::answering(whole).await);
    let page = broken.team(TEAM).integrations().page().await.unwrap();
    assert_eq!(*page, IntegrationPage::example());
    // What is whole and cannot be read will be no other.
    let unreadable = server
        .list_integrations()
        .respond(|_| Response::html(200, "<html>"));
    let error = client.team(TEAM).integrations().page().await.unwrap_err();
    assert!(error.is_unreadable_response());
    unreadable.assert_calls(1);
    // A registration is not.
    let integration = support::any_integration();
    let error = client
        .team(TEAM)
        .register_custom_integration(&integration)
        .await
        .unwrap_err();
    assert_eq!(error.attempts().len(), 1);
}

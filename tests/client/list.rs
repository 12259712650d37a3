//! Listing a team's integrations.

use duvo::mock::{Catalogue, Response, Server};
use duvo::{Client, Delivery, ErrorKind, IntegrationPage};
use duvo_test_support::client::{TEAM, client, policy_without_backoff, registration_error};
use duvo_test_support::fault_server::FaultServer;
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{
    internal_server_error, interrupt_next_listing, request_lines, start_with, team_of,
};
use futures_util::{StreamExt as _, TryStreamExt as _};

/// Starts a server with a catalogue of this many custom integrations.
fn start(size: usize) -> (Server, Catalogue) {
    let entry = |number| {
        let name = format!("Integration {number}");
        entry(number, &name, "https://mcp.example.com")
    };
    start_with((1..=size).map(entry))
}

fn ids(from: usize, to: usize) -> Vec<String> {
    (from..=to).map(|number| format!("id-{number}")).collect()
}

#[tokio::test]
async fn page_equals_the_documented_example() {
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
async fn request_without_settings_has_no_query() {
    let (server, _) = start(1);
    team_of(&server).integrations().page().await.unwrap();
    assert_eq!(
        request_lines(&server),
        [format!("GET /v2/teams/{TEAM}/integrations")]
    );
    assert_eq!(server.requests()[0].header("idempotency-key"), None);
    assert_eq!(server.requests()[0].header("content-type"), None);
}

#[tokio::test]
async fn type_limit_and_offset_are_sent_as_query() {
    let (server, _) = start(9);
    let list = team_of(&server).integrations();
    let list = list.integration_type("custom").limit(3).offset(4);
    let page = list.page().await.unwrap();
    let found: Vec<_> = page
        .integrations
        .iter()
        .map(|found| found.id.clone())
        .collect();
    assert_eq!(found, ids(5, 7));
    assert_eq!(
        request_lines(&server),
        [format!(
            "GET /v2/teams/{TEAM}/integrations?limit=3&offset=4&type=custom"
        )]
    );
}

#[tokio::test]
async fn stream_fetches_pages_as_it_is_read() {
    let (server, _) = start(5);
    let mut stream = Box::pin(team_of(&server).integrations().limit(2).stream());
    assert_eq!(request_lines(&server).len(), 0);
    for (number, requests) in [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)] {
        let integration = stream.next().await.unwrap().unwrap();
        assert_eq!(integration.id, format!("id-{number}"));
        assert_eq!(request_lines(&server).len(), requests);
    }
    assert!(stream.next().await.is_none());
    assert_eq!(request_lines(&server).len(), 3);
}

#[tokio::test]
async fn all_returns_every_integration_whatever_the_page_size() {
    for (size, limit, requests) in [(0, 3, 1), (3, 3, 1), (4, 3, 2), (7, 3, 3), (250, 100, 3)] {
        let (server, _) = start(size);
        let all = team_of(&server).integrations().limit(limit).all();
        let found: Vec<_> = all
            .await
            .unwrap()
            .into_iter()
            .map(|found| found.id)
            .collect();
        assert_eq!(found, ids(1, size));
        assert_eq!(request_lines(&server).len(), requests, "{size} by {limit}");
    }
}

#[tokio::test]
async fn stream_begins_at_its_offset() {
    let (server, _) = start(5);
    let list = team_of(&server).integrations().offset(3);
    let found: Vec<_> = list
        .stream()
        .map_ok(|found| found.id)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(found, ids(4, 5));
}

#[tokio::test]
async fn stream_terminates_with_wrong_total() {
    // Every page is the first one, and the total is never reached: the listing would be
    // incomplete.
    let server = Server::start().unwrap();
    let team = server.client().unwrap().team(TEAM);
    let mut page = IntegrationPage::example();
    page.total = 1_000_000;
    let pages = server
        .list_integrations()
        .respond(|then| then.integrations(page.clone()));
    let found: Vec<_> = team.integrations().stream().take(5).collect().await;
    let [Ok(_), Ok(_), Err(error)] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert!(error.is_unreadable_response());
    pages.assert_calls(2);
    page.integrations.clear();
    let empty = server
        .list_integrations()
        .respond(|then| then.integrations(page));
    let error = team.integrations().all().await.unwrap_err();
    assert!(error.is_unreadable_response());
    empty.assert_calls(1);
}

#[tokio::test]
async fn stream_from_the_greatest_offset_terminates() {
    let server = Server::start().unwrap();
    let ignored_offset = server.list_integrations();
    let list = server.client().unwrap().team(TEAM).integrations();
    let list = list.offset(u64::MAX);
    let error = list.clone().all().await.unwrap_err();
    assert!(error.is_unreadable_response());
    ignored_offset.assert_calls(1);
    for (total, is_complete) in [(u64::MAX, true), (2, false)] {
        let mut page = IntegrationPage::example();
        (page.offset, page.total) = (u64::MAX, total);
        server
            .list_integrations()
            .respond(|then| then.integrations(page));
        let all = list.clone().all().await;
        assert_eq!(all.is_ok(), is_complete, "{total}");
    }
    let mut empty = IntegrationPage::example();
    (empty.integrations, empty.total, empty.offset) = (Vec::new(), 2, 2);
    server
        .list_integrations()
        .respond(|then| then.integrations(empty));
    assert!(list.all().await.unwrap().is_empty());
}

#[tokio::test]
async fn stream_ends_after_an_error() {
    let (server, catalogue) = start(4);
    let mut stream = Box::pin(team_of(&server).integrations().limit(2).stream());
    stream.next().await.unwrap().unwrap();
    stream.next().await.unwrap().unwrap();
    catalogue.next_listing(internal_server_error());
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn invalid_limit_and_team_are_not_sent() {
    let (server, _) = start(1);
    let error = team_of(&server)
        .integrations()
        .limit(0)
        .page()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.invalid_fields()[0].field(), "limit");
    let team = server.client().unwrap().team("a/b");
    let error = team.integrations().all().await.unwrap_err();
    assert_eq!(error.invalid_fields()[0].field(), "teamId");
    assert_eq!(request_lines(&server).len(), 0);
}

fn retrying_client(server: &Server) -> Client {
    server
        .client_builder()
        .retry_policy(policy_without_backoff().with_max_attempts(3))
        .build()
        .unwrap()
}

#[tokio::test]
async fn listing_is_retried_after_unknown_delivery_and_registration_is_not() {
    let server = Server::start().unwrap();
    server.list_integrations().respond(|_| Response::new(504));
    server
        .register_custom_integration()
        .respond(|_| Response::new(504));
    let client = retrying_client(&server);
    let error = client.team(TEAM).integrations().page().await.unwrap_err();
    assert_eq!(error.attempts().len(), 3);
    assert_eq!(error.delivery(), Delivery::Unknown);
    let error = registration_error(&client).await;
    assert_eq!(error.attempts().len(), 1);
    assert_eq!(error.delivery(), Delivery::Unknown);
}

#[tokio::test]
async fn interrupted_page_is_fetched_again() {
    let server = Server::start().unwrap();
    interrupt_next_listing(&server);
    let team = retrying_client(&server).team(TEAM);
    let page = team.integrations().page().await.unwrap();
    assert_eq!(*page, IntegrationPage::example());
    assert_eq!(
        page.failed_attempts()[0].kind(),
        ErrorKind::UnreadableResponse
    );
}

#[tokio::test]
async fn page_that_is_complete_despite_an_interruption_is_returned() {
    let body = serde_json::to_string(&IntegrationPage::example()).unwrap();
    let response = format!("HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n{body}");
    let server = FaultServer::responding(response).await;
    let team = client(&server.url).team(TEAM);
    let page = team.integrations().page().await.unwrap();
    assert_eq!(*page, IntegrationPage::example());
}

#[tokio::test]
async fn complete_page_that_is_not_json_is_not_fetched_again() {
    let server = Server::start().unwrap();
    let listing = server
        .list_integrations()
        .respond(|_| Response::html(200, "<html>"));
    let team = retrying_client(&server).team(TEAM);
    let error = team.integrations().page().await.unwrap_err();
    assert!(error.is_unreadable_response());
    listing.assert_calls(1);
}

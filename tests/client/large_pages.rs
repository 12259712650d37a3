//! Listings whose pages exceed the maximum length of a body.

use duvo::mock::Server;
use duvo::{Auth, CustomIntegration, EnsureOutcome, ErrorKind, IntegrationPage};
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{count, request_lines, start_with, team_of};

const URL: &str = "https://mcp.example.com";

/// Starts a server with a catalogue of this many integrations, with icons of this many
/// bytes.
fn start(size: usize, icon: usize) -> Server {
    let entries = (1..=size).map(|number| {
        let mut entry = entry(number, &format!("Integration {number}"), URL);
        entry.icon_url = Some(format!("data:image/png;base64,{}", "A".repeat(icon)));
        entry
    });
    start_with(entries).0
}

#[tokio::test]
async fn pages_above_the_maximum_length_are_listed_in_smaller_ones() {
    for (size, icon) in [(100, 11_000), (3, 500_000)] {
        let all = team_of(&start(size, icon))
            .integrations()
            .all()
            .await
            .unwrap();
        assert_eq!(all.len(), size, "{icon}");
    }
}

#[tokio::test]
async fn ensures_with_pages_above_the_maximum_length() {
    let server = start(100, 11_000);
    let name = "Integration 100";
    let desired = CustomIntegration::new(name, URL, Auth::Url).unwrap();
    let ensured = team_of(&server)
        .ensure_custom_integration(&desired)
        .await
        .unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(ensured.integration.id, "id-100");
}

/// A page with fewer integrations than requested would mislead a caller who adds the limit
/// to the offset.
#[tokio::test]
async fn single_page_above_the_maximum_length_is_an_error() {
    let server = start(3, 500_000);
    let list = team_of(&server).integrations();
    let error = list.page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
    assert_eq!(count(&server, "GET"), 1);
    assert_eq!(list.limit(2).page().await.unwrap().integrations.len(), 2);
}

#[tokio::test]
async fn reduced_limit_is_kept_while_pages_are_large() {
    let server = start(100, 11_000);
    let all = team_of(&server).integrations().all().await.unwrap();
    assert_eq!(all.len(), 100);
    let team = "GET /v2/teams/team_01hzx3f8q2/integrations";
    let queries = ["", "?limit=50", "?limit=50&offset=50"];
    assert_eq!(
        request_lines(&server),
        queries.map(|query| format!("{team}{query}"))
    );
}

#[tokio::test]
async fn reduced_limit_is_restored_after_small_pages() {
    let large = |number| (number <= 2).then(|| "A".repeat(600_000));
    let entries = (1..=20).map(|number| {
        let mut entry = entry(number, &format!("Integration {number}"), URL);
        entry.icon_url = large(number);
        entry
    });
    let (server, _) = start_with(entries);
    let all = team_of(&server)
        .integrations()
        .limit(8)
        .all()
        .await
        .unwrap();
    let ids: Vec<_> = all.iter().map(|found| found.id.clone()).collect();
    let expected: Vec<_> = (1..=20).map(|number| format!("id-{number}")).collect();
    assert_eq!(ids, expected);
    let requests = request_lines(&server);
    let queries: Vec<_> = requests
        .iter()
        .map(|line| line.split('?').nth(1).unwrap())
        .collect();
    assert_eq!(
        queries,
        [
            "limit=8",
            "limit=4",
            "limit=2",
            "limit=1",
            "limit=1&offset=1",
            "limit=1&offset=2",
            "limit=2&offset=3",
            "limit=4&offset=5",
            "limit=8&offset=9",
            "limit=8&offset=17",
        ]
    );
}

#[tokio::test]
async fn record_above_the_maximum_length_is_an_error() {
    let mut page = IntegrationPage::example();
    page.integrations[0].icon_url = Some("A".repeat(1_100_000));
    let server = Server::start().unwrap();
    server
        .list_integrations()
        .respond(|then| then.integrations(page));
    let error = team_of(&server).integrations().limit(u64::MAX).all().await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
    assert!(!error.is_body_complete());
    // From a limit of 100 down to 1.
    assert_eq!(count(&server, "GET"), 8 - 1);
}

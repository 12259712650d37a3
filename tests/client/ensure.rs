//! Ensuring that an integration is registered.

use duvo::mock::{Catalogue, Fault, Response, Server, examples};
use duvo::{
    Auth, AuthMethod, CustomIntegration, EnsureOutcome, Ensured, Integration, IntegrationPage,
    RetryPolicy,
};
use duvo_test_support::client::{TEAM, builder};
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{
    count, forbidden, internal_server_error, request_lines, start_with, team_of,
};
use serde_json::Value;

const NAME: &str = "Internal CRM";
const URL: &str = "https://mcp.example.com/crm";

fn desired() -> CustomIntegration {
    CustomIntegration::new(NAME, URL, Auth::Url).unwrap()
}

fn with(number: usize, name: &str, url: &str, auth_method: &str) -> Integration {
    let mut entry = entry(number, name, url);
    entry.auth_method = Some(auth_method.to_owned());
    entry
}

/// Returns an integration that Duvo has built in.
fn built_in() -> Integration {
    IntegrationPage::example().integrations.remove(0)
}

/// Another caller registers the same.
fn register_same(catalogue: &Catalogue) {
    catalogue.add_custom(NAME, URL, AuthMethod::Url);
}

/// Another caller registers the name with another URL.
fn take_name(catalogue: &Catalogue) {
    let other_url = "https://mcp.example.com/other";
    catalogue.add_custom(NAME, other_url, AuthMethod::Url);
}

fn gateway_timeout() -> Response {
    Response::html(504, "<html>Gateway Timeout</html>")
}

fn conflict() -> Fault {
    Fault::rejected(Response::json(409, &examples::conflict_plain()))
}

/// Starts a server with an empty catalogue, whose next registration has this fault.
fn start_with_fault(fault: Fault) -> Server {
    let (server, catalogue) = start_with([]);
    catalogue.next_registration(fault);
    server
}

async fn ensure(server: &Server) -> duvo::Result<Ensured> {
    team_of(server).ensure_custom_integration(&desired()).await
}

#[tokio::test]
async fn creates_missing_integration_once() {
    let others = vec![with(1, "Another", URL, "url"), built_in()];
    let (server, catalogue) = start_with(others);
    let team = team_of(&server);
    let first = team.ensure_custom_integration(&desired()).await.unwrap();
    assert_eq!(first.outcome, EnsureOutcome::Created);
    assert_eq!(first.integration.name, NAME);
    assert!(first.duplicates.is_empty());
    let second = team.ensure_custom_integration(&desired()).await.unwrap();
    assert_eq!(second.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(second.integration, first.integration);
    assert_eq!(count(&server, "POST"), 1);
    assert_eq!(catalogue.integrations().len(), 3);
}

#[tokio::test]
async fn finds_integration_on_a_later_page() {
    let mut entries: Vec<_> = (1..=250)
        .map(|n| with(n, &format!("Other {n}"), URL, "url"))
        .collect();
    entries.push(with(251, NAME, URL, "url"));
    let (server, _) = start_with(entries);
    let ensured = ensure(&server).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(ensured.integration.id, "id-251");
    assert_eq!(count(&server, "POST"), 0);
}

#[tokio::test]
async fn reports_different_settings_and_changes_nothing() {
    for (found, fields) in [
        (with(1, NAME, URL, "oauth"), vec!["auth_method"]),
        (
            with(1, NAME, "https://mcp.example.com/other", "url"),
            vec!["server_url"],
        ),
        (
            with(1, NAME, "https://mcp.example.com/other", "oauth"),
            vec!["server_url", "auth_method"],
        ),
    ] {
        let (server, catalogue) = start_with(vec![found.clone()]);
        let ensured = ensure(&server).await.unwrap();
        assert_eq!(ensured.outcome, EnsureOutcome::Differs { fields });
        assert_eq!(ensured.integration.id, "id-1");
        assert_eq!(catalogue.integrations(), [found]);
    }
}

#[tokio::test]
async fn urls_are_compared_after_normalization() {
    let (server, _) = start_with(vec![with(
        1,
        NAME,
        "https://MCP.example.com:443/crm",
        "url",
    )]);
    let ensured = ensure(&server).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
}

#[tokio::test]
async fn absent_response_fields_do_not_count_as_differences() {
    let mut without_method = with(1, NAME, URL, "url");
    without_method.auth_method = None;
    let mut without_url = with(1, NAME, URL, "url");
    without_url.server_url = None;
    for found in [without_method, without_url] {
        let (server, _) = start_with(vec![found]);
        let ensured = ensure(&server).await.unwrap();
        assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
        assert_eq!(count(&server, "POST"), 0);
    }
}

#[tokio::test]
async fn ignores_built_in_integrations() {
    let mut built_in = built_in();
    built_in.name = NAME.to_owned();
    let (server, _) = start_with(vec![built_in]);
    let ensured = ensure(&server).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Created);
}

#[tokio::test]
async fn prefers_exactly_the_requested_name() {
    let entries = vec![
        with(1, "internal crm", URL, "url"),
        with(3, NAME, URL, "url"),
        with(2, NAME, URL, "url"),
    ];
    let ensured = ensure(&start_with(entries).0).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(ensured.integration.id, "id-2");
    let duplicates: Vec<_> = ensured.duplicates.iter().map(|found| &found.id).collect();
    assert_eq!(duplicates, ["id-3", "id-1"]);
}

#[tokio::test]
async fn returns_oldest_of_several_matches() {
    let entries = vec![
        with(3, NAME, URL, "url"),
        with(1, NAME, "https://mcp.example.com/other", "url"),
        with(2, NAME, URL, "url"),
    ];
    let (server, _) = start_with(entries);
    let ensured = ensure(&server).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(ensured.integration.id, "id-2");
    assert_eq!(ensured.duplicates[0].id, "id-3");
    assert_eq!(ensured.duplicates.len(), 1);
}

/// A listing of several pages can contain an integration twice. Records with the same
/// `custom_integration_id` are one integration: to delete one is to delete both.
#[tokio::test]
async fn integration_listed_twice_is_not_its_own_duplicate() {
    let mut again = with(2, NAME, URL, "url");
    again.custom_integration_id = Some("custom-1".to_owned());
    for repeated in [with(1, NAME, URL, "url"), again] {
        let (server, _) = start_with(vec![with(1, NAME, URL, "url"), repeated]);
        let ensured = ensure(&server).await.unwrap();
        assert_eq!(ensured.integration.id, "id-1");
        assert!(ensured.duplicates.is_empty());
    }
}

/// `custom_integration_id` is optional in every response.
#[tokio::test]
async fn created_integration_is_not_its_own_duplicate() {
    let whole = with(1, NAME, URL, "url");
    let mut bare = whole.clone();
    bare.custom_integration_id = None;
    for (returned, listed) in [(whole.clone(), bare.clone()), (bare, whole)] {
        let server = Server::start().unwrap();
        let mut page = IntegrationPage::example();
        (page.integrations, page.total) = (Vec::new(), 0);
        let (empty, mut one) = (page.clone(), page);
        (one.integrations, one.total) = (vec![listed], 1);
        server
            .list_integrations()
            .respond(move |then| then.integrations(empty.clone()))
            .respond(move |then| then.integrations(one.clone()));
        let created = returned.clone();
        server
            .register_custom_integration()
            .respond(move |then| then.registered(created.clone()));
        let team = server.client().unwrap().team(TEAM);
        let ensured = team.ensure_custom_integration(&desired()).await.unwrap();
        assert_eq!(ensured.outcome, EnsureOutcome::Created);
        assert_eq!(ensured.integration, returned);
        assert!(ensured.duplicates.is_empty());
    }
}

#[tokio::test]
async fn racing_callers_return_the_same_integration() {
    let server = start_with_fault(Fault::preceded_by(register_same));
    let team = team_of(&server);
    let loser = team.ensure_custom_integration(&desired()).await.unwrap();
    assert_eq!(loser.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(loser.integration.id, "00000000-0000-4000-8000-000000000001");
    assert_eq!(
        loser.duplicates[0].id,
        "00000000-0000-4000-8000-000000000002"
    );
    let later = team.ensure_custom_integration(&desired()).await.unwrap();
    assert_eq!(later.integration, loser.integration);
    assert_eq!(later.duplicates, loser.duplicates);
}

#[tokio::test]
async fn concurrent_callers_agree() {
    let (server, catalogue) = start_with([]);
    let calls = (0..8).map(|_| {
        let team = team_of(&server);
        async move { team.ensure_custom_integration(&desired()).await.unwrap() }
    });
    let ensured = futures_util::future::join_all(calls).await;
    let created = ensured
        .iter()
        .filter(|ensured| ensured.outcome == EnsureOutcome::Created);
    assert_eq!(created.count(), 1);
    let last = ensure(&server).await.unwrap();
    assert_eq!(last.duplicates.len() + 1, catalogue.integrations().len());
    for ensured in ensured {
        assert_eq!(ensured.integration, last.integration);
    }
}

#[tokio::test]
async fn looks_up_integration_after_lost_response() {
    let without_provider = |mut body: Value| {
        body["provider"] = Value::Null;
        Response::json(201, &body)
    };
    for fault in [
        Fault::lost(gateway_timeout()),
        Fault::lost(Response::new(204)),
        Fault::changed(without_provider),
    ] {
        let server = start_with_fault(fault);
        let ensured = ensure(&server).await.unwrap();
        assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
        assert_eq!(count(&server, "POST"), 1);
    }
}

#[tokio::test]
async fn looks_up_integration_after_conflict() {
    let server = start_with_fault(conflict().after(register_same));
    let ensured = ensure(&server).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(count(&server, "POST"), 1);
}

#[tokio::test]
async fn returns_registration_error_if_lookup_finds_nothing() {
    let server = start_with_fault(Fault::rejected(gateway_timeout()));
    let error = ensure(&server).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(504));
    assert_eq!(error.delivery(), duvo::Delivery::Unknown);
    assert_eq!(count(&server, "POST"), 1);
}

#[tokio::test]
async fn same_name_with_another_url_does_not_explain_a_lost_response() {
    let lost = Fault::rejected(gateway_timeout());
    let server = start_with_fault(lost.after(take_name));
    let error = ensure(&server).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(504));
    assert_eq!(error.delivery(), duvo::Delivery::Unknown);
}

#[tokio::test]
async fn same_name_with_another_url_explains_a_conflict() {
    let server = start_with_fault(conflict().after(take_name));
    let ensured = ensure(&server).await.unwrap();
    let fields = vec!["server_url"];
    assert_eq!(ensured.outcome, EnsureOutcome::Differs { fields });
}

#[tokio::test]
async fn does_not_look_up_after_rejection() {
    let server = start_with_fault(forbidden());
    let error = ensure(&server).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
    let listings = request_lines(&server).len() - count(&server, "POST");
    assert_eq!(listings, 1);
}

#[tokio::test]
async fn does_not_register_if_lookup_fails() {
    let (server, catalogue) = start_with([]);
    catalogue.next_listing(internal_server_error());
    let error = ensure(&server).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert_eq!(error.delivery(), duvo::Delivery::NotSent);
    assert_eq!(count(&server, "POST"), 0);
}

#[tokio::test]
async fn returns_created_integration_if_later_lookup_fails() {
    let fail_listing = |catalogue: &Catalogue| catalogue.next_listing(internal_server_error());
    let server = start_with_fault(Fault::preceded_by(fail_listing));
    let client = builder(server.url())
        .retry_policy(RetryPolicy::never())
        .build()
        .unwrap();
    let ensured = client
        .team(TEAM)
        .ensure_custom_integration(&desired())
        .await
        .unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Created);
    assert_eq!(
        ensured.integration.id,
        "00000000-0000-4000-8000-000000000001"
    );
}

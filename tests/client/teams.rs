//! The teams of the API key.

use duvo::mock::{Server, examples};
use duvo::{Delivery, ErrorKind};
use duvo_test_support::api::Api;
use duvo_test_support::client::API_KEY;
use duvo_test_support::document::example;
use serde_json::{Value, json};

async fn own_team_error(teams: &Value) -> duvo::Error {
    let api = Api::responding_json(200, &json!({ "teams": teams }));
    api.client().own_team().await.unwrap_err()
}

#[tokio::test]
async fn lists_the_teams_of_the_document() {
    let api = Api::responding_json(200, &example("SeveralTeams"));
    let teams = api.client().teams().await.unwrap();
    let [operations, finance] = &teams[..] else {
        panic!("{teams:?}")
    };
    assert_eq!(operations.name, "Store operations");
    assert!(operations.organization_id.is_some());
    assert_eq!(finance.id, "5a7b9c1d-2e4f-4a6b-8c0d-1e3f5a7b9c2d");
    assert_eq!(finance.organization_id, None);

    let request = api.only_request();
    assert_eq!(request.method_str(), "GET");
    assert_eq!(
        request.uri().to_string().split("/v2").nth(1),
        Some("/teams")
    );
    assert_eq!(
        request.headers()["authorization"],
        format!("Bearer {API_KEY}")
    );
    assert!(!request.headers().contains_key("idempotency-key"));
}

#[tokio::test]
async fn the_only_team_is_the_own_team() {
    let api = Api::responding_json(200, &example("TeamPage"));
    let team = api.client().own_team().await.unwrap();
    api.respond_json(200, &example("EmptyIntegrationPage"));
    team.integrations().page().await.unwrap();
    assert_eq!(
        api.only_request().uri().path(),
        "/v2/teams/3f1d0c7e-5b2a-4c8d-9e6f-7a1b2c3d4e5f/integrations"
    );
}

#[tokio::test]
async fn mock_server_has_one_team_by_default() {
    let server = Server::start().unwrap();
    let mock = server.list_teams();
    let team = server.client().unwrap().own_team().await.unwrap();
    mock.assert_calls(1);
    server.list_integrations();
    assert!(team.integrations().page().await.is_ok());
    mock.respond(|then| then.teams(examples::no_team()));
    let error = server.client().unwrap().own_team().await.unwrap_err();
    assert!(error.is_configuration());
}

#[tokio::test]
async fn several_teams_are_an_error_that_names_them() {
    let error = own_team_error(&example("SeveralTeams")["teams"]).await;
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let message = error.to_string();
    for fragment in [
        "`Store operations` (3f1d0c7e-5b2a-4c8d-9e6f-7a1b2c3d4e5f)",
        "`Finance` (5a7b9c1d-2e4f-4a6b-8c0d-1e3f5a7b9c2d)",
        "`client.team(id)`",
    ] {
        assert!(message.contains(fragment), "{message}");
    }
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn many_teams_are_not_all_named() {
    let team = |n: usize| json!({ "id": format!("id-{n}"), "name": "T", "organization_id": null });
    let teams: Vec<_> = (0..23).map(team).collect();
    let error = own_team_error(&teams.into()).await.to_string();
    assert!(error.contains("has 23 teams"), "{error}");
    assert!(error.contains("`T` (id-19) and 3 others;"), "{error}");
    assert!(!error.contains("id-20"), "{error}");
}

#[tokio::test]
async fn names_of_teams_are_sanitized_and_redacted() {
    let team = |name: &str| json!({ "id": "id", "name": name, "organization_id": null });
    let names = [team("a\u{1b}[2Jb\n"), team(API_KEY), team(&"x".repeat(999))];
    let error = own_team_error(&names.into()).await;
    let text = format!("{error} {error:?}");
    assert!(error.to_string().contains("`a [2Jb `"), "{error}");
    assert!(!text.contains(API_KEY), "{text}");
    assert!(!text.contains(&"x".repeat(301)), "{text}");
}

#[tokio::test]
async fn no_team_is_an_error() {
    let error = own_team_error(&json!([])).await;
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("has no team"), "{error}");
}

#[tokio::test]
async fn error_of_the_listing_is_returned() {
    let api = Api::responding_json(401, &json!({ "error": "Unauthorized" }));
    let error = api.client().own_team().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    for body in [
        json!([]),
        json!({}),
        json!({ "teams": null }),
        json!({ "teams": [{ "name": "T" }] }),
    ] {
        api.respond_json(200, &body);
        let error = api.client().own_team().await.unwrap_err();
        assert!(error.is_unreadable_response(), "{body}: {error}");
    }
}

#[tokio::test]
async fn unknown_and_missing_optional_fields_are_accepted() {
    let team = json!({ "id": "id", "name": "T", "plan": { "seats": 7 } });
    let api = Api::responding_json(200, &json!({ "teams": [team], "next": "cursor" }));
    let teams = api.client().teams().await.unwrap();
    assert_eq!(teams[0].id, "id");
}

#[tokio::test]
async fn listing_is_retried_after_a_transient_failure() {
    let server = Server::start().unwrap();
    let mock = server
        .list_teams()
        .respond(|_| duvo::mock::Response::html(502, "<h1>Bad Gateway</h1>"))
        .respond(|then| then.teams(examples::team_page()));
    let client = server
        .client_builder()
        .retry_policy(duvo_test_support::client::policy_without_backoff())
        .build()
        .unwrap();
    assert_eq!(client.teams().await.unwrap().failed_attempts().len(), 1);
    mock.assert_calls(2);
}

//! Which requests a mock matches, and what the mock server reports of the others.

use duvo::Error;
use duvo::mock::Response;
use duvo::mock::types::{AuthMethod, PlainError};
use duvo_test_support::client::registration_error;
use duvo_test_support::integrations::any_integration;

use super::{register, start};

#[tokio::test]
async fn last_matching_mock_responds() {
    let server = start();
    let any = server.register_custom_integration();
    let special = server
        .register_custom_integration()
        .with_team_id("team_2")
        .respond(|then| then.conflict(PlainError::example()));
    let client = server.client().unwrap();
    register(&client, "team_1", "CRM").await.unwrap();
    let error = register(&client, "team_2", "CRM").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 409);
    any.assert_calls(1);
    special.assert_calls(1);
    assert_eq!(special.calls()[0].team_id(), Some("team_2"));
}

#[tokio::test]
async fn every_documented_part_of_a_request_can_be_matched_and_read() {
    let server = start();
    let registration = server
        .register_custom_integration()
        .with_api_key("key")
        .with_team_id("team_1")
        .with_idempotency_key("deploy-17")
        .with_name("Internal CRM")
        .with_auth_method(AuthMethod::Oauth)
        .with_server_url("https://mcp.example.com/crm")
        .with_oauth_client_id("duvo-crm")
        .with_oauth_client_secret("correct-horse-battery-staple")
        .matching(|call| call.header("user-agent") == Some("provisioning/1.0"));
    let listing = server
        .list_integrations()
        .with_team_id("team_1")
        .with_type("a b&c")
        .with_limit(3)
        .with_offset(4);
    let builder = server.client_builder().api_key("key");
    let client = builder.user_agent("provisioning/1.0").build().unwrap();
    let team = client.team("team_1");
    let desired = any_integration().with_idempotency_key("deploy-17").unwrap();
    team.register_custom_integration(&desired).await.unwrap();
    let list = team.integrations().integration_type("a b&c");
    list.limit(3).offset(4).page().await.unwrap();

    let [call] = registration.calls().try_into().unwrap();
    assert_eq!(call.api_key(), Some("key"));
    assert_eq!(call.team_id(), Some("team_1"));
    assert_eq!(call.idempotency_key(), Some("deploy-17"));
    assert_eq!(call.name(), Some("Internal CRM"));
    assert_eq!(call.auth_method(), Some(AuthMethod::Oauth));
    assert_eq!(call.server_url(), Some("https://mcp.example.com/crm"));
    assert_eq!(call.oauth_client_id(), Some("duvo-crm"));
    assert_eq!(
        call.oauth_client_secret(),
        Some("correct-horse-battery-staple")
    );
    let [call] = listing.calls().try_into().unwrap();
    assert_eq!(
        (call.type_(), call.limit(), call.offset()),
        (Some("a b&c"), Some(3), Some(4))
    );
    let paths: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.path().to_owned())
        .collect();
    assert_eq!(
        paths,
        [
            "/v2/teams/team_1/integrations/custom",
            "/v2/teams/team_1/integrations"
        ]
    );
}

#[tokio::test]
async fn expected_values_are_literals_not_patterns() {
    let server = start();
    let client = server.client().unwrap();
    for id in ["a.c", "a(b", "a+c", "a*c", "$", "(.*)"] {
        let registration = server.register_custom_integration().with_team_id(id);
        let deletion = server
            .delete_custom_integration()
            .with_custom_integration_id(id);
        register(&client, id, "CRM").await.unwrap();
        client.delete_custom_integration(id).await.unwrap();
        assert!(register(&client, "abc", "CRM").await.is_err(), "{id}");
        registration.assert_calls(1);
        deletion.assert_calls(1);
    }
}

#[tokio::test]
async fn absent_parameters_can_be_expected() {
    let server = start();
    let bare = server
        .register_custom_integration()
        .without_oauth_client_id()
        .without_oauth_client_secret();
    let client = server.client().unwrap();
    let error = registration_error(&client).await;
    assert_eq!(error.status().unwrap(), 501);
    assert!(error.api_message().unwrap().contains("`oauth_client_id`"));
    register(&client, "team_1", "CRM").await.unwrap();
    bare.assert_calls(1);
}

#[tokio::test]
async fn absent_query_parameter_has_its_documented_default() {
    let server = start();
    let first = server
        .list_integrations()
        .without_offset()
        .without_type()
        .with_limit(100);
    let team = server.client().unwrap().team("team_1");
    team.integrations().page().await.unwrap();
    let second = team.integrations().offset(2).page().await;
    assert_eq!(second.unwrap_err().status().unwrap(), 501);
    first.assert_calls(1);
}

#[tokio::test]
async fn unmatched_request_returns_501_with_the_mismatch() {
    let server = start();
    let client = server.client().unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 501);
    assert_mentions(
        &error,
        &[
            "`register_custom_integration`",
            "POST /v2/teams/team_1/integrations/custom",
        ],
    );

    let registration = server
        .register_custom_integration()
        .with_name("Internal CRM");
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_mentions(&error, &["`name`", r#""Internal CRM""#, r#""CRM""#]);
    let keyed = registration.with_idempotency_key("deploy-17");
    let error = register(&client, "team_1", "Internal CRM")
        .await
        .unwrap_err();
    assert_mentions(&error, &["`Idempotency-Key`", r#""deploy-17""#]);
    keyed.assert_calls(0);

    server.list_integrations().with_type("custom");
    let error = client.team("t").integrations().page().await.unwrap_err();
    assert_mentions(&error, &["`list_integrations`", "`type`", r#""custom""#]);
    assert_eq!(server.unmatched_requests().len(), 4);
}

#[tokio::test]
async fn every_mismatch_of_a_mock_is_reported() {
    let server = start();
    let registration = server
        .register_custom_integration()
        .with_team_id("team_2")
        .with_name("Internal CRM")
        .matching(|call| call.oauth_client_id().unwrap() == "duvo-crm")
        .with_oauth_client_secret("secret")
        .without_idempotency_key();
    let client = server.client().unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_mentions(
        &error,
        &[
            r#"`teamId` "team_2", got "team_1""#,
            r#"`name` "Internal CRM", got "CRM""#,
            "`oauth_client_secret`",
            "no `Idempotency-Key`",
        ],
    );
    let message = error.api_message().unwrap();
    let names = message.matches("`register_custom_integration`");
    assert_eq!(names.count(), 1, "{message}");
    registration.assert_calls(0);
}

fn assert_mentions(error: &Error, fragments: &[&str]) {
    let message = error.api_message().unwrap();
    for fragment in fragments {
        assert!(message.contains(fragment), "{message}");
    }
}

#[tokio::test]
async fn mismatch_does_not_print_secrets() {
    let server = start();
    server
        .register_custom_integration()
        .with_oauth_client_secret("expected-secret");
    let client = server.client().unwrap();
    let error = registration_error(&client).await;
    assert_mentions(&error, &["`oauth_client_secret`"]);
    let keyed = server
        .register_custom_integration()
        .with_api_key("expected-key");
    let other = registration_error(&client).await;
    assert_mentions(&other, &["API key"]);
    // The raw bodies, since the client redacts its own secrets in everything else.
    let raw = |error: &Error| String::from_utf8(error.body().unwrap().to_vec()).unwrap();
    let requests = server.requests();
    let printed = [
        raw(&error),
        raw(&other),
        format!("{keyed:?} {server:?} {requests:?}"),
        format!("{:?} {:?}", requests[0].headers(), keyed.calls()),
        format!("{:?}", server.unmatched_requests()),
        format!("{:?}", Response::json(201, requests[0].json())),
    ];
    for secret in ["expected-", "duvo-mock", "correct-horse"] {
        for text in &printed {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[tokio::test]
async fn mismatch_of_a_custom_matcher_names_the_operation() {
    let server = start();
    let registration = server
        .register_custom_integration()
        .matching(|call| call.name() == Some("CRM"));
    let client = server.client().unwrap();
    let error = register(&client, "team_1", "Tickets").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 501);
    assert_mentions(&error, &["`register_custom_integration`"]);
    register(&client, "team_1", "CRM").await.unwrap();
    registration.assert_calls(1);
}

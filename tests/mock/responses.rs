//! The responses that a mock sends.

use std::time::Duration;

use duvo::mock::types::{CodedError, ErrorResponse, PlainError};
use duvo::mock::{Response, examples};
use duvo::{Deletion, Integration, IntegrationPage, RetryPolicy};
use duvo_test_support::integrations::any_integration;
use duvo_test_support::mock_server::client_without_backoff;

use super::{integration, register, start};

#[tokio::test]
async fn mock_without_responses_sends_the_documented_examples() {
    let server = start();
    let client = server.client().unwrap();
    server.register_custom_integration_v1();
    server.register_custom_integration();
    server.list_integrations();
    server.delete_custom_integration();

    #[expect(deprecated, reason = "v1 has a mock too")]
    let v1 = client
        .register_custom_integration_v1(&any_integration())
        .await;
    assert_eq!(v1.unwrap().into_inner(), Integration::example());
    let team = client.team("team_1");
    let v2 = team.register_custom_integration(&any_integration()).await;
    let v2 = v2.unwrap();
    assert_eq!(v2.status(), 201);
    assert_eq!(v2.into_inner(), Integration::example());
    let page = team.integrations().page().await.unwrap();
    assert_eq!(*page, IntegrationPage::example());
    let deleted = client.delete_custom_integration("7").await.unwrap();
    assert_eq!(deleted.into_inner(), Some(Deletion::example()));
    assert!(server.unmatched_requests().is_empty());
}

#[tokio::test]
async fn documented_errors_have_their_status_and_code() {
    let plain = || ErrorResponse::from(PlainError::example());
    let server = start();
    let client = server.client_builder();
    let client = client.retry_policy(RetryPolicy::never()).build().unwrap();
    let registration = server
        .register_custom_integration()
        .respond(|then| then.bad_request(plain()))
        .respond(|then| then.unauthorized(plain()))
        .respond(|then| then.forbidden(CodedError::example()))
        .respond(|then| then.conflict(plain()))
        .respond(|then| then.too_many_requests(examples::too_many_requests_coded()))
        .respond(|then| then.internal_server_error(plain()));
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let error = register(&client, "team_1", "CRM").await.unwrap_err();
        statuses.push(error.status().unwrap().as_u16());
        if error.status().unwrap() == 403 {
            assert_eq!(error.api_code(), Some("insufficient_scope"));
        }
    }
    assert_eq!(statuses, [400, 401, 403, 409, 429, 500]);
    registration.assert_calls(6);
}

#[tokio::test]
async fn responses_are_sent_in_turn_and_the_last_one_repeats() {
    let server = start();
    let registration = server
        .register_custom_integration()
        .respond(|then| {
            let error = examples::too_many_requests_coded();
            then.too_many_requests(error)
                .with_retry_after(Duration::ZERO)
        })
        .respond(|_| Response::new(503).with_retry_after(Duration::ZERO))
        .respond(|then| then.registered(examples::url_integration()));
    let client = client_without_backoff(&server);
    for _ in 0..2 {
        let id = register(&client, "team_1", "CRM").await.unwrap();
        assert_eq!(id, examples::url_integration().id);
    }
    registration.assert_calls(4);
    let keys: Vec<_> = registration
        .calls()
        .iter()
        .map(|call| call.idempotency_key().unwrap().to_owned())
        .collect();
    assert!(keys[0] == keys[1] && keys[1] == keys[2] && keys[2] != keys[3]);
}

#[tokio::test]
async fn response_can_be_computed_from_the_request() {
    let server = start();
    server
        .register_custom_integration()
        .respond_with(|call, then| {
            let mut integration = Integration::example();
            integration.name = call.name().unwrap_or_default().to_owned();
            integration.team_id = call.team_id().unwrap_or_default().to_owned();
            then.registered(integration)
        });
    let client = server.client().unwrap();
    for (team, name) in [("team_1", "CRM"), ("team_2", "Tickets")] {
        let created = client
            .team(team)
            .register_custom_integration(&integration(name))
            .await
            .unwrap();
        assert_eq!(
            (created.team_id.as_str(), created.name.as_str()),
            (team, name)
        );
    }
}

#[tokio::test]
async fn with_header_replaces_a_header_of_the_same_name() {
    let server = start();
    server.register_custom_integration().respond(|then| {
        then.too_many_requests(examples::too_many_requests_coded())
            .with_header("x-ratelimit-remaining", "3")
            .with_header("content-type", "text/plain")
            .with_header("X-RateLimit-Remaining", "0")
            .with_retry_after(Duration::from_secs(120))
    });
    let client = server.client().unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    let values = |name: &str| {
        let values = error.headers().unwrap().get_all(name).iter();
        values
            .map(|value| value.to_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(values("x-ratelimit-remaining"), ["0"]);
    assert_eq!(values("content-type"), ["text/plain"]);
    assert_eq!(error.api_code(), Some("rate_limited"));
}

#[tokio::test]
async fn retry_after_is_rounded_up_to_whole_seconds() {
    let server = start();
    let client = server.client().unwrap();
    for (delay, seconds) in [
        (Duration::from_millis(61_001), 62),
        (Duration::MAX, u64::MAX),
    ] {
        server
            .register_custom_integration()
            .respond(move |_| Response::new(429).with_retry_after(delay));
        let error = register(&client, "team_1", "CRM").await.unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
        let header = &error.headers().unwrap()["retry-after"];
        assert_eq!(header.to_str().unwrap(), seconds.to_string());
    }
}

//! The test kit, as a consumer's tests use it.

mod support;

use std::sync::{Arc, Barrier};
use std::time::Duration;

use duvo::mock::types::{AuthMethod, CodedError, ErrorResponse, PlainError};
use duvo::mock::{Response, Server, examples};
use duvo::{
    Auth, Client, CustomIntegration, Deletion, Delivery, EnsureOutcome, Error, ErrorKind,
    Integration, IntegrationPage, RetryPolicy,
};
use serde_json::Value;
use support::{any_integration, document, eager};

fn server() -> Server {
    Server::start().unwrap()
}

fn integration(name: &str) -> CustomIntegration {
    CustomIntegration::new(name, "https://mcp.example.com/crm", Auth::Url).unwrap()
}

async fn register(client: &Client, team: &str, name: &str) -> Result<String, Error> {
    let team = client.team(team);
    let created = team.register_custom_integration(&integration(name)).await?;
    Ok(created.into_inner().id)
}

fn json_of(value: impl serde::Serialize) -> Value {
    let mut json = serde_json::to_value(value).unwrap();
    without_nulls(&mut json);
    json
}

/// An answer leaves out what is null.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            object.values_mut().for_each(without_nulls);
        }
        Value::Array(values) => values.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

#[tokio::test]
async fn a_mock_that_was_told_nothing_answers_the_documented_example() {
    let server = server();
    let client = server.client().unwrap();
    server.register_custom_integration_v1();
    server.register_custom_integration();
    server.list_integrations();
    server.delete_custom_integration();

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
    assert_eq!(page.into_inner(), IntegrationPage::example());
    let deleted = client.delete_custom_integration("7").await.unwrap();
    assert_eq!(deleted.into_inner(), Deletion::example());
    assert!(server.unmatched_requests().is_empty());
}

#[test]
fn the_fixtures_are_the_examples_of_the_document() {
    for (fixture, name) in [
        (examples::reference_integration(), "ReferenceIntegration"),
        (examples::url_integration(), "UrlIntegration"),
        (examples::api_key_integration(), "ApiKeyIntegration"),
        (examples::headers_integration(), "HeadersIntegration"),
        (examples::oauth_integration(), "OauthIntegration"),
        (
            examples::oauth_dynamic_integration(),
            "OauthDynamicIntegration",
        ),
    ] {
        let mut documented = document::example(name);
        without_nulls(&mut documented);
        assert_eq!(json_of(fixture), documented, "{name}");
    }
    for (fixture, name) in [
        (examples::integration_page(), "IntegrationPage"),
        (examples::empty_integration_page(), "EmptyIntegrationPage"),
    ] {
        let mut documented = document::example(name);
        without_nulls(&mut documented);
        assert_eq!(json_of(fixture), documented, "{name}");
    }
    assert_eq!(json_of(examples::deletion()), document::example("Deletion"));
    for (fixture, status, key) in [
        (json_of(examples::bad_request_plain()), 400, "plain"),
        (json_of(examples::unauthorized_plain()), 401, "plain"),
        (json_of(examples::unauthorized_coded()), 401, "coded"),
        (json_of(examples::forbidden_plain()), 403, "plain"),
        (json_of(examples::forbidden_coded()), 403, "coded"),
        (json_of(examples::conflict_plain()), 409, "plain"),
        (json_of(examples::too_many_requests_coded()), 429, "coded"),
        (
            json_of(examples::internal_server_error_plain()),
            500,
            "plain",
        ),
    ] {
        assert_eq!(fixture, document::answer(status, key), "{status} {key}");
    }
}

#[tokio::test]
async fn each_documented_answer_is_that_of_the_api() {
    let plain = || ErrorResponse::from(PlainError::example());
    let server = server();
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
async fn a_sequence_is_answered_in_turn_and_its_last_answer_repeated() {
    let server = server();
    let registration = server
        .register_custom_integration()
        .respond(|then| {
            let error = examples::too_many_requests_coded();
            then.too_many_requests(error)
                .with_retry_after(Duration::ZERO)
        })
        .respond(|_| Response::new(503).with_retry_after(Duration::ZERO))
        .respond(|then| then.registered(examples::url_integration()));
    for _ in 0..2 {
        let id = register(&eager(&server), "team_1", "CRM").await.unwrap();
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
async fn of_the_mocks_that_fit_the_last_one_answers() {
    let server = server();
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
async fn everything_that_is_documented_of_a_request_can_be_expected_and_read() {
    let server = server();
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
    let wanted = any_integration().with_idempotency_key("deploy-17").unwrap();
    team.register_custom_integration(&wanted).await.unwrap();
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
async fn values_are_compared_as_they_are() {
    let server = server();
    for id in ["a.c", "a(b", "a+c", "a*c", "$", "(.*)"] {
        let team = server.register_custom_integration().with_team_id(id);
        let deletion = server
            .delete_custom_integration()
            .with_custom_integration_id(id);
        let client = server.client().unwrap();
        register(&client, id, "CRM").await.unwrap();
        client.delete_custom_integration(id).await.unwrap();
        assert!(register(&client, "abc", "CRM").await.is_err(), "{id}");
        team.assert_calls(1);
        deletion.assert_calls(1);
    }
}

#[tokio::test]
async fn a_request_that_no_mock_fits_is_told_with_what_differs() {
    let server = server();
    let client = server.client().unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 501);
    assert_eq!(
        error.api_message(),
        Some(
            "there is no mock of `register_custom_integration` (POST /v2/teams/team_1/integrations/custom)"
        )
    );

    let registration = server
        .register_custom_integration()
        .with_name("Internal CRM");
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"the API answered 501 Not Implemented: `register_custom_integration` expects `name` "Internal CRM", not "CRM" (duvo::mock)"#
    );
    let keyed = registration.with_idempotency_key("deploy-17");
    let error = register(&client, "team_1", "Internal CRM")
        .await
        .unwrap_err();
    let message = error.api_message().unwrap();
    assert!(
        message.starts_with(
            "`register_custom_integration` expects `Idempotency-Key` \"deploy-17\", not \""
        ),
        "{message}"
    );
    keyed.assert_calls(0);

    server.list_integrations().with_type("custom");
    let error = client.team("t").integrations().page().await.unwrap_err();
    assert_eq!(
        error.api_message(),
        Some("`list_integrations` expects `type` \"custom\", which is not there")
    );
    assert_eq!(server.unmatched_requests().len(), 4);
}

#[tokio::test]
async fn a_difference_shows_no_secret() {
    let server = server();
    server
        .register_custom_integration_v1()
        .with_oauth_client_secret("expected-secret");
    let client = server.client().unwrap();
    let error = support::error_of(&client).await;
    assert_eq!(
        error.api_message(),
        Some(
            "`register_custom_integration` expects another `oauth_client_secret`, which is not shown"
        )
    );
    let keyed = server
        .register_custom_integration_v1()
        .with_api_key("expected-key");
    let other = support::error_of(&client).await;
    assert!(
        other
            .to_string()
            .contains("another API key, which is not shown"),
        "{other}"
    );
    // Raw, as the client takes its own secrets out of what it shows.
    let raw = |error: &Error| String::from_utf8(error.body().unwrap().to_vec()).unwrap();
    let requests = server.requests();
    let shown = [
        raw(&error),
        raw(&other),
        format!("{keyed:?} {server:?} {requests:?}"),
        format!("{:?} {:?}", requests[0].headers(), keyed.calls()),
        format!("{:?}", server.unmatched_requests()),
        format!("{:?}", Response::json(201, requests[0].json())),
    ];
    for secret in ["expected-", "duvo-mock", "correct-horse"] {
        for shown in &shown {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn an_answer_can_be_made_of_the_request() {
    let server = server();
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
async fn an_answer_may_ask_the_server() {
    let server = Arc::new(server());
    let asked = Arc::downgrade(&server);
    server
        .register_custom_integration()
        .respond_with(move |_, then| {
            let requests = asked.upgrade().map_or(0, |server| server.requests().len());
            let mut integration = Integration::example();
            integration.id = format!("{requests}");
            then.registered(integration)
        });
    let client = server.client().unwrap();
    assert_eq!(register(&client, "team_1", "CRM").await.unwrap(), "1");
    assert_eq!(register(&client, "team_1", "CRM").await.unwrap(), "2");
}

#[tokio::test]
async fn a_condition_may_ask_the_server() {
    let server = Arc::new(server());
    let asked = Arc::downgrade(&server);
    server.register_custom_integration().matching(move |_| {
        let server = asked.upgrade().unwrap();
        server.requests().len() == 1 && server.unmatched_requests().is_empty()
    });
    let client = server.client().unwrap();
    register(&client, "team_1", "CRM").await.unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_eq!(
        error.api_message(),
        Some("`register_custom_integration` expects what its own condition says")
    );
}

#[tokio::test]
async fn what_the_test_does_of_a_request_may_block() {
    let server = server();
    let barrier = Arc::new(Barrier::new(2));
    let registration = server
        .register_custom_integration()
        .respond_with(move |_, then| {
            barrier.wait();
            then.registered(Integration::example())
        });
    let client = server.client().unwrap();
    let (one, other) = tokio::join!(
        register(&client, "team_1", "CRM"),
        register(&client, "team_1", "CRM")
    );
    one.unwrap();
    other.unwrap();
    registration.assert_calls(2);
}

#[tokio::test]
async fn a_panic_in_what_the_test_does_of_a_request_is_told() {
    let server = server();
    server
        .register_custom_integration()
        .respond_with(|call, _| panic!("{} is not the name", call.name().unwrap()));
    let client = server.client().unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    let reason = "what the test makes of the request panicked: CRM is not the name";
    assert_eq!(error.status().unwrap(), 501);
    assert_eq!(error.api_message(), Some(reason));
    assert_eq!(server.unmatched_requests()[0].reason(), reason);
}

#[tokio::test]
async fn absence_can_be_expected_and_a_documented_default_is_none() {
    let server = server();
    let bare = server
        .register_custom_integration_v1()
        .without_oauth_client_id()
        .without_oauth_client_secret();
    let first = server
        .list_integrations()
        .without_offset()
        .without_type()
        .with_limit(100);
    let client = server.client().unwrap();
    let error = support::error_of(&client).await;
    assert_eq!(
        error.api_message(),
        Some("`register_custom_integration` expects no `oauth_client_id`, which is there")
    );
    let crm = integration("CRM");
    client.register_custom_integration_v1(&crm).await.unwrap();
    let team = client.team("team_1");
    team.integrations().page().await.unwrap();
    let second = team.integrations().offset(2).page().await;
    assert_eq!(second.unwrap_err().status().unwrap(), 501);
    bare.assert_calls(1);
    first.assert_calls(1);
}

#[tokio::test]
async fn headers_are_replaced_and_waits_rounded_up() {
    let server = server();
    server.register_custom_integration().respond(|then| {
        then.too_many_requests(examples::too_many_requests_coded())
            .with_header("x-ratelimit-remaining", "3")
            .with_header("content-type", "text/plain")
            .with_header("X-RateLimit-Remaining", "0")
            .with_retry_after(Duration::from_millis(61_001))
    });
    let client = server.client().unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    let all = |name: &str| {
        let values = error.headers().unwrap().get_all(name).iter();
        values
            .map(|value| value.to_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(all("x-ratelimit-remaining"), ["0"]);
    assert_eq!(all("content-type"), ["text/plain"]);
    assert_eq!(all("retry-after"), ["62"]);
    assert_eq!(error.api_code(), Some("rate_limited"));
}

#[tokio::test]
async fn the_longest_wait_is_answered_as_it_is() {
    let server = server();
    server
        .register_custom_integration()
        .respond(|_| Response::new(429).with_retry_after(Duration::MAX));
    let client = server.client().unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(u64::MAX)));
}

#[tokio::test]
async fn what_proxies_and_networks_do_is_there_too() {
    let server = server();
    let html = "<html><h1>Gateway Timeout</h1></html>";
    let registration = server
        .register_custom_integration()
        .respond(|_| Response::html(504, html).with_header("x-request-id", "req_7"))
        .respond(|_| Response::reset())
        .respond(|_| Response::close())
        .respond(|then| then.registered(Integration::example()).truncated_at(40))
        .respond(|_| Response::new(201).truncated_at(3).with_body("<html>"));
    let client = server.client().unwrap();
    let mut errors = Vec::new();
    for _ in 0..5 {
        errors.push(register(&client, "team_1", "CRM").await.unwrap_err());
    }
    let kinds: Vec<_> = errors.iter().map(Error::kind).collect();
    assert_eq!(
        kinds,
        [
            ErrorKind::Status,
            ErrorKind::Network,
            ErrorKind::Network,
            ErrorKind::UnreadableResponse,
            ErrorKind::UnreadableResponse,
        ]
    );
    assert!(
        errors
            .iter()
            .all(|error| error.delivery() == Delivery::Unknown)
    );
    assert_eq!(errors[0].body().unwrap(), html.as_bytes());
    assert_eq!(errors[0].request_id(), Some("req_7"));
    assert!(errors[1].to_string().contains("reset"), "{}", errors[1]);
    assert!(!errors[2].to_string().contains("reset"), "{}", errors[2]);
    assert_eq!(errors[3].body().unwrap().len(), 40);
    assert!(!errors[3].is_body_complete());
    assert_eq!(errors[4].body().unwrap(), b"<ht");
    registration.assert_calls(5);
}

#[test]
fn silence_lasts_until_the_clients_timeout() {
    let server = server();
    server
        .register_custom_integration()
        .respond(|_| Response::hang());
    support::fault::in_still_time(async {
        let client = server.client().unwrap();
        let call = tokio::spawn(async move { register(&client, "team_1", "CRM").await });
        while server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        tokio::time::advance(Duration::from_secs(31)).await;
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.timeout(), Some(duvo::Timeout::Attempt));
    });
}

#[tokio::test]
async fn a_server_that_is_dropped_cannot_be_reached() {
    let server = server();
    let client = server.client_builder().retry_policy(RetryPolicy::never());
    let client = client.build().unwrap();
    drop(server);
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn a_response_that_http_cannot_have_says_so() {
    let server = server();
    let client = server.client().unwrap();
    for (response, message) in [
        (Response::new(99), "99 is no status of an answer"),
        (Response::new(101), "101 is no status of an answer"),
        (
            Response::new(204).with_body("x"),
            "an answer of 204 No Content has no body",
        ),
        (
            Response::new(200).with_header("content-length", "7"),
            "`content-length` comes of the body; for one that is too short, see `truncated_at`",
        ),
        (
            Response::new(200).with_header("a b", "c"),
            "`a b: c` is no HTTP header",
        ),
    ] {
        server
            .register_custom_integration()
            .respond(move |_| response.clone());
        let error = register(&client, "team_1", "CRM").await.unwrap_err();
        assert_eq!(error.status().unwrap(), 501);
        assert_eq!(error.api_message(), Some(message));
    }
}

#[test]
#[should_panic(expected = "`register_custom_integration` was called 0 times, not 1")]
fn a_call_that_was_expected_and_did_not_come_fails_the_test() {
    server().register_custom_integration().assert_calls(1);
}

#[tokio::test]
#[should_panic(
    expected = "POST /v2/teams/team_1/integrations/custom: `register_custom_integration` expects `name` \"CRM\", not \"Crm\""
)]
async fn a_call_that_was_another_fails_the_test_with_what_differs() {
    let server = server();
    let registration = server.register_custom_integration().with_name("CRM");
    let _ = register(&server.client().unwrap(), "team_1", "Crm").await;
    registration.assert_calls(1);
}

#[tokio::test]
#[should_panic(expected = "there is no mock of `register_custom_integration`")]
async fn a_request_that_no_mock_answered_can_fail_the_test() {
    let server = server();
    server.assert_no_unmatched_requests();
    let _ = register(&server.client().unwrap(), "team_1", "CRM").await;
    server.assert_no_unmatched_requests();
}

#[tokio::test]
async fn a_provisioning_tool_is_tested_without_an_account() {
    let server = server();
    let listing = server
        .list_integrations()
        .respond(|then| then.integrations(examples::empty_integration_page()));
    let registration = server.register_custom_integration().with_name("CRM");
    let team = server.client().unwrap().team("team_1");
    let ensured = team.ensure_custom_integration(&integration("CRM")).await;
    assert_eq!(ensured.unwrap().outcome, EnsureOutcome::Created);
    registration.assert_calls(1);
    listing.assert_calls(2);
}

#[test]
fn the_kit_and_its_handles_can_be_shared_between_threads() {
    fn is_shared<T: Send + Sync + 'static>(_: &T) {}
    let server = server();
    is_shared(&server);
    is_shared(&server.register_custom_integration());
}

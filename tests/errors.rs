//! What an error tells, whatever it comes from.

mod support;

use std::error::Error as _;
use std::time::Duration;

use duvo::{Auth, Client, CustomIntegration, Delivery, Error, ErrorKind, RetryPolicy, Timeout};
use support::fault::{Ending, Fault, FaultServer, answer, in_still_time};
use support::{Api, any_integration, document, socket};

async fn error_of(base_url: &str) -> Error {
    support::error_of(&support::client(base_url)).await
}

/// One error of each kind.
async fn one_of_each() -> Vec<Error> {
    let stalling = FaultServer::start().await;
    stalling.script(&[Fault::ReadThenStall]);
    vec![
        Client::new("").unwrap_err(),
        CustomIntegration::new("", "", Auth::Url).unwrap_err(),
        error_of(&socket::refusing().await).await,
        error_of(&stalling.url).await,
        error_of(&socket::answering("").await).await,
        error_of(&Api::answering(403, &[], "").url()).await,
        error_of(&Api::answering(200, &[], "").url()).await,
    ]
}

#[tokio::test]
async fn an_api_that_is_not_reached_is_named() {
    for base_url in [socket::refusing().await, socket::answering("").await] {
        let text = error_of(&base_url).await.to_string();
        assert!(text.contains(&base_url), "{text}");
    }
}

#[test]
fn names_for_logs_and_metrics_stay_as_they_are() {
    let errors = in_still_time(one_of_each());
    let kinds: Vec<_> = errors
        .iter()
        .map(|error| error.kind().to_string())
        .collect();
    assert_eq!(
        kinds.join(" "),
        "configuration invalid_request connect timeout network status unreadable_response"
    );
    let deliveries = [Delivery::NotSent, Delivery::Rejected, Delivery::Unknown];
    let deliveries = deliveries.map(|delivery| delivery.to_string());
    assert_eq!(deliveries.join(" "), "not_sent rejected unknown");
    let timeouts = [Timeout::Connect, Timeout::Attempt, Timeout::Total];
    let timeouts = timeouts.map(|timeout| timeout.to_string());
    assert_eq!(timeouts.join(" "), "connect attempt total");
}

#[test]
fn each_kind_has_its_predicate_and_no_other() {
    let kinds = [
        ErrorKind::Configuration,
        ErrorKind::InvalidRequest,
        ErrorKind::Connect,
        ErrorKind::Timeout,
        ErrorKind::Network,
        ErrorKind::Status,
        ErrorKind::UnreadableResponse,
    ];
    let errors = in_still_time(one_of_each());
    assert_eq!(errors.iter().map(Error::kind).collect::<Vec<_>>(), kinds);
    let predicates: [fn(&Error) -> bool; 7] = [
        Error::is_configuration,
        Error::is_invalid_request,
        Error::is_connect,
        Error::is_timeout,
        Error::is_network,
        Error::is_status,
        Error::is_unreadable_response,
    ];
    for (error, kind) in errors.iter().zip(0..) {
        for (predicate, of_kind) in predicates.iter().zip(0..) {
            assert_eq!(predicate(error), kind == of_kind, "{error:?}");
        }
    }
}

#[test]
fn debug_tells_the_kind_the_delivery_and_the_attempts() {
    for error in in_still_time(one_of_each()) {
        let debug = format!("{error:?}");
        assert!(debug.starts_with(&format!(
            "Error {{ kind: {:?}, delivery: {:?}, ",
            error.kind(),
            error.delivery()
        )));
        assert_eq!(
            debug.matches("Attempt {").count(),
            error.attempts().len(),
            "{debug}"
        );
    }
}

#[test]
fn what_did_not_come_is_not_there() {
    for error in in_still_time(one_of_each()) {
        let is_answered = error.is_status() || error.is_unreadable_response();
        assert_eq!(error.status().is_some(), is_answered, "{error:?}");
        assert_eq!(error.headers().is_some(), is_answered);
        assert_eq!(error.body().is_some(), is_answered);
        assert_eq!(error.is_body_complete(), is_answered);
        let is_refused = error.is_configuration() || error.is_invalid_request();
        assert_eq!(error.invalid_fields().is_empty(), !is_refused, "{error:?}");
        assert_eq!(error.attempts().len(), usize::from(!is_refused));
        let has_cause = error.is_connect() || error.is_network();
        assert_eq!(error.source().is_some(), has_cause, "{error:?}");
        assert_eq!(error.timeout().is_some(), error.is_timeout());
        assert_eq!(error.retry_after(), None);
        assert_eq!(error.request_id(), None);
    }
}

#[tokio::test]
async fn an_answer_that_is_no_success_is_none_whatever_its_body() {
    let body = document::answer(201, "oauth");
    for status in [300, 307, 400, 409, 500, 503] {
        let error = error_of(&Api::answering_json(status, &body).url()).await;
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    }
}

#[test]
fn a_timeout_of_the_callers_own_http_client_is_one_too() {
    let error = in_still_time(async {
        let stalling = FaultServer::start().await;
        stalling.script(&[Fault::ReadThenStall]);
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5));
        let client = support::builder(&stalling.url).reqwest_client_builder(http);
        support::error_of(&client.build().unwrap()).await
    });
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.timeout(), None);
    let text = error.to_string();
    assert!(text.ends_with(" did not answer in time"), "{text}");
}

#[tokio::test]
async fn a_path_that_is_too_long_is_refused_before_it_is_sent() {
    let api = Api::registering();
    let team = support::client(&api.url()).team("x".repeat(70_000));
    let integration = any_integration();
    let call = team.register_custom_integration(&integration);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    let text = error.to_string();
    assert!(text.starts_with("the request cannot be made: "), "{text}");
    assert!(text.len() < 200, "{text}");
    assert!(api.requests().is_empty());
}

#[tokio::test]
async fn what_the_server_asks_for_is_told() {
    let body = document::answer(429, "coded").to_string();
    let error = error_of(&Api::answering(429, &[("retry-after", "12")], body).url()).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(12)));
}

#[tokio::test]
async fn the_attempts_are_counted_and_listed() {
    let api = Api::answering(429, &[("x-request-id", "req_1")], "");
    let policy = RetryPolicy::default()
        .with_max_attempts(3)
        .with_backoff(Duration::ZERO, Duration::ZERO);
    let client = support::builder(&api.url())
        .retry_policy(policy)
        .build()
        .unwrap();
    let error = support::error_of(&client).await;
    assert_eq!(api.requests().len(), 3);
    let attempts: Vec<_> = error
        .attempts()
        .iter()
        .map(|attempt| {
            (
                attempt.status().unwrap().as_u16(),
                attempt.request_id(),
                attempt.wait(),
            )
        })
        .collect();
    let (waited, last) = (
        (429, Some("req_1"), Some(Duration::ZERO)),
        (429, Some("req_1"), None),
    );
    assert_eq!(attempts, [waited, waited, last]);
    assert_eq!(
        error.to_string(),
        "the API answered 429 Too Many Requests without a body, after 3 attempts (request id req_1)"
    );
    let keys: Vec<_> = api
        .requests()
        .iter()
        .map(|request| request.headers()["idempotency-key"].clone())
        .collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

#[tokio::test]
async fn a_call_that_is_least_certain_about_one_attempt_is_as_uncertain() {
    // The first attempt is cut off, the second one refused.
    let server = FaultServer::start().await;
    server.script(&[
        Fault::ReadThenClose,
        Fault::Answer(answer(401, "", ""), Ending::Close),
    ]);
    let policy = RetryPolicy::default()
        .with_backoff(Duration::ZERO, Duration::ZERO)
        .with_retry_ambiguous(true);
    let client = support::builder(&server.url)
        .retry_policy(policy)
        .build()
        .unwrap();
    let error = support::error_of(&client).await;
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.attempts()[1].delivery(), Delivery::Rejected);
    assert_eq!(error.delivery(), Delivery::Unknown);
}

#[tokio::test]
async fn half_of_a_documented_form_is_better_than_nothing() {
    for (body, code, name, message, request_id) in [
        (
            r#"{"code":"rate_limited","message":"slow down"}"#,
            Some("rate_limited"),
            None,
            Some("slow down"),
            None,
        ),
        (
            r#"{"error":"Forbidden","request_id":"req_9"}"#,
            None,
            Some("Forbidden"),
            None,
            Some("req_9"),
        ),
        (
            r#"{"error":"E","code":"C","message":["a","b"]}"#,
            Some("C"),
            Some("E"),
            Some("a; b"),
            None,
        ),
        (
            r#"{"message":"Unauthorized"}"#,
            None,
            None,
            Some("Unauthorized"),
            None,
        ),
        (
            r#"{"code":429,"message":null}"#,
            Some("429"),
            None,
            None,
            None,
        ),
    ] {
        let error = error_of(&Api::answering(400, &[("x-request-id", "")], body).url()).await;
        assert_eq!(error.api_code(), code, "{body}");
        assert_eq!(error.api_error(), name, "{body}");
        assert_eq!(error.api_message(), message, "{body}");
        assert_eq!(error.request_id(), request_id, "{body}");
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_read_says_where_and_what_the_api_says() {
    let mut body = document::answer(201, "oauth");
    body["oauth_scopes"] = serde_json::json!(["a", 7]);
    body["message"] = "words".into();
    let error = error_of(&Api::answering_json(201, &body).url()).await;
    let text = error.to_string();
    assert!(
        text.contains("at `oauth_scopes[1]`: invalid type: integer `7`, expected a string"),
        "{text}"
    );
    assert!(text.ends_with("; it says: words"), "{text}");
}

#[tokio::test]
async fn no_text_is_long_however_much_the_server_says() {
    let long = "x".repeat(900_000);
    for (status, body) in [
        (201, serde_json::json!({ "id": "1", "created_at": long })),
        (
            403,
            serde_json::json!({ "code": long, "message": long, "request_id": long }),
        ),
    ] {
        let error = error_of(&Api::answering_json(status, &body).url()).await;
        assert!(
            error.to_string().len() < 1_500,
            "{}",
            error.to_string().len()
        );
    }
}

#[test]
fn a_call_outside_of_a_runtime_is_an_error_not_a_panic() {
    let client = Client::new("key").unwrap();
    let integration = any_integration();
    let mut call = std::pin::pin!(client.register_custom_integration_v1(&integration));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(result) = call.as_mut().poll(&mut context) else {
        panic!("it waits")
    };
    assert!(
        result
            .unwrap_err()
            .to_string()
            .contains("there is no Tokio runtime")
    );
}

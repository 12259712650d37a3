//! What every error exposes, whatever its kind.

use std::error::Error as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use duvo::{Auth, Client, CustomIntegration, Delivery, Error, ErrorKind, Timeout};
use duvo_test_support::api::Api;
use duvo_test_support::client::{TEAM, client, registration_error_at};
use duvo_test_support::closed_port::ClosedPort;
use duvo_test_support::document;
use duvo_test_support::fault_server::{Fault, FaultServer};
use duvo_test_support::integrations::any_integration;
use duvo_test_support::paused_time::with_paused_time;
use serde_json::json;

/// Returns one error of each kind, in the order of `ErrorKind`.
fn one_of_each_kind() -> Vec<Error> {
    with_paused_time(async {
        let stalling = FaultServer::with_fault(Fault::ReadThenStall).await;
        let closing = FaultServer::with_fault(Fault::ReadThenClose).await;
        vec![
            Client::new("").unwrap_err(),
            CustomIntegration::new("", "", Auth::Url).unwrap_err(),
            registration_error_at(&ClosedPort::new().url).await,
            registration_error_at(&stalling.url).await,
            registration_error_at(&closing.url).await,
            registration_error_at(&Api::responding(403, &[], "").url()).await,
            registration_error_at(&Api::responding(200, &[], "").url()).await,
        ]
    })
}

#[tokio::test]
async fn network_errors_name_the_base_url() {
    let (port, server) = (ClosedPort::new(), FaultServer::responding("").await);
    for base_url in [&port.url, &server.url] {
        let text = registration_error_at(base_url).await.to_string();
        assert!(text.contains(base_url), "{text}");
    }
}

#[test]
fn names_for_logs_and_metrics_are_stable() {
    let kinds: Vec<_> = one_of_each_kind()
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
fn each_kind_matches_its_predicate_and_no_other() {
    let kinds = [
        ErrorKind::Configuration,
        ErrorKind::InvalidRequest,
        ErrorKind::Connect,
        ErrorKind::Timeout,
        ErrorKind::Network,
        ErrorKind::Status,
        ErrorKind::UnreadableResponse,
    ];
    let errors = one_of_each_kind();
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
        for (predicate, index) in predicates.iter().zip(0..) {
            assert_eq!(predicate(error), kind == index, "{error:?}");
        }
    }
}

#[test]
fn debug_output_has_kind_delivery_and_attempts() {
    for error in one_of_each_kind() {
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
fn accessors_are_empty_for_what_the_error_does_not_have() {
    for error in one_of_each_kind() {
        let has_response = error.is_status() || error.is_unreadable_response();
        assert_eq!(error.status().is_some(), has_response, "{error:?}");
        assert_eq!(error.headers().is_some(), has_response);
        assert_eq!(error.body().is_some(), has_response);
        assert_eq!(error.is_body_complete(), has_response);
        let is_invalid = error.is_configuration() || error.is_invalid_request();
        assert_eq!(error.invalid_fields().is_empty(), !is_invalid, "{error:?}");
        assert_eq!(error.attempts().len(), usize::from(!is_invalid));
        let has_source = error.is_connect() || error.is_network();
        assert_eq!(error.source().is_some(), has_source, "{error:?}");
        assert_eq!(error.timeout().is_some(), error.is_timeout());
        assert_eq!(error.retry_after(), None);
        assert_eq!(error.request_id(), None);
    }
}

#[tokio::test]
async fn too_long_path_is_not_sent() {
    let api = Api::registering();
    let team = client(&api.url()).team("x".repeat(70_000));
    let integration = any_integration();
    let call = team.register_custom_integration(&integration);
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    // The message does not repeat the path.
    assert!(error.to_string().len() < 200, "{error}");
    assert!(api.requests().is_empty());
}

#[tokio::test]
async fn retry_after_is_exposed() {
    let body = document::response(429, "coded").to_string();
    let api = Api::responding(429, &[("retry-after", "12")], body);
    let error = registration_error_at(&api.url()).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(12)));
}

#[tokio::test]
async fn message_is_short_however_long_the_response() {
    let long = "x".repeat(900_000);
    for (status, body) in [
        (201, json!({ "id": "1", "created_at": long })),
        (
            403,
            json!({ "code": long, "message": long, "request_id": long }),
        ),
    ] {
        let api = Api::responding_json(status, &body);
        let length = registration_error_at(&api.url()).await.to_string().len();
        assert!(length < 1_500, "{length}");
    }
}

#[test]
fn call_outside_of_a_runtime_is_an_error_and_does_not_panic() {
    let error = error_outside_of_a_runtime();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(error.to_string().contains("Tokio"), "{error}");
}

pub fn error_outside_of_a_runtime() -> Error {
    let team = client("http://localhost:9").team(TEAM);
    let integration = any_integration();
    let mut call = pin!(team.register_custom_integration(&integration));
    let mut context = Context::from_waker(Waker::noop());
    match call.as_mut().poll(&mut context) {
        Poll::Ready(result) => result.unwrap_err(),
        Poll::Pending => panic!("the call waits"),
    }
}

//! The serialized form of errors and outcomes, for a structured log.

use std::time::Duration;

use duvo::mock::{Response, Server};
use duvo::{
    Auth, Client, CustomIntegration, Delivery, EnsureOutcome, Error, ErrorKind, GaveUp,
    RetryPolicy, Timeout,
};
use duvo_test_support::client::{builder, client, policy_without_backoff, registration_error};
use duvo_test_support::closed_port::ClosedPort;
use duvo_test_support::fault_server::{Fault, FaultServer};
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{start_with, team_of};
use duvo_test_support::paused_time::with_paused_time;
use serde::Serialize;
use serde_json::{Value, json};

fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

async fn error_of(response: Response, policy: RetryPolicy) -> Error {
    let server = Server::start().unwrap();
    server
        .register_custom_integration()
        .respond(move |_| response);
    let client = server.client_builder().retry_policy(policy).build();
    registration_error(&client.unwrap()).await
}

#[tokio::test]
async fn error_has_every_field_of_a_response_except_body_headers_and_details() {
    let body = r#"{"code":"insufficient_scope","error":"Forbidden","message":"not a manager\nat all","request_id":"req_1","details":{"scope":"integrations"}}"#;
    let response = Response::new(403).with_body(body);
    let error = error_of(response, RetryPolicy::default()).await;
    assert_eq!(
        json(&error),
        json!({
            "kind": "status",
            "delivery": "rejected",
            "message": "API returned 403 Forbidden: not a manager at all (insufficient_scope)",
            "status": 403,
            "request_id": "req_1",
            "api_code": "insufficient_scope",
            "api_error": "Forbidden",
            "api_message": "not a manager at all",
            "attempts": [{
                "kind": "status",
                "delivery": "rejected",
                "status": 403,
                "request_id": "req_1",
            }],
        })
    );
}

#[tokio::test]
async fn error_has_its_delays_in_seconds() {
    let response = Response::new(429).with_retry_after(Duration::from_secs(90));
    let error = error_of(response, RetryPolicy::default()).await;
    assert_eq!(
        json(&error),
        json!({
            "kind": "status",
            "delivery": "rejected",
            "message": error.to_string(),
            "status": 429,
            "retry_after": 90.0,
            "gave_up": {"reason": "retry_after_too_long", "retry_after": 90.0, "max": 60.0},
            "attempts": [{"kind": "status", "delivery": "rejected", "status": 429}],
        })
    );
}

#[tokio::test]
async fn error_has_every_attempt() {
    let policy = policy_without_backoff().with_max_attempts(2);
    let response = Response::new(503).with_retry_after(Duration::ZERO);
    let error = error_of(response, policy).await;
    let json = json(&error);
    assert_eq!(
        json["attempts"],
        json!([
            {"kind": "status", "delivery": "rejected", "status": 503, "wait": 0.0},
            {"kind": "status", "delivery": "rejected", "status": 503},
        ])
    );
    let gave_up = json!({"reason": "attempts_exhausted", "max_attempts": 2});
    assert_eq!(json["gave_up"], gave_up);
}

#[test]
fn error_without_a_response_has_no_fields_of_one() {
    let port = ClosedPort::new();
    let error = with_paused_time(registration_error(&client(&port.url)));
    assert_eq!(
        json(&error),
        json!({
            "kind": "connect",
            "delivery": "not_sent",
            "message": error.to_string(),
            "gave_up": {"reason": "attempts_exhausted", "max_attempts": 1},
            "attempts": [{"kind": "connect", "delivery": "not_sent"}],
        })
    );
    let error = with_paused_time(async {
        let server = FaultServer::start().await;
        server.script([Fault::ReadThenStall]);
        registration_error(&client(&server.url)).await
    });
    let json = json(&error);
    assert_eq!(json["timeout"], "attempt");
    assert_eq!(json["attempts"][0]["timeout"], "attempt");
}

#[test]
fn validation_error_has_its_invalid_fields() {
    let error = CustomIntegration::new("", "https://mcp.example.com", Auth::Url).unwrap_err();
    assert_eq!(
        json(&error),
        json!({
            "kind": "invalid_request",
            "delivery": "not_sent",
            "message": "`name` must not be empty",
            "invalid_fields": [{"field": "name", "reason": "must not be empty"}],
        })
    );
    let error = builder("duvo").build().unwrap_err();
    assert_eq!(json(&error)["kind"], "configuration");
    assert_eq!(json(error.invalid_fields())[0]["field"], "base_url");
}

#[tokio::test]
async fn untrusted_text_is_bounded_and_redacted() {
    let long = "x".repeat(1000);
    let body =
        json!({"code": long, "error": long, "message": format!("key {long}"), "request_id": long});
    let server = Server::start().unwrap();
    let body = body.to_string().replace("key", "duvo-secret-key");
    server
        .register_custom_integration()
        .respond(move |_| Response::new(400).with_body(body.clone()));
    let client = Client::builder()
        .api_key("duvo-secret-key")
        .base_url(server.url());
    let error = registration_error(&client.build().unwrap()).await;
    let json = json(&error);
    for key in ["api_code", "api_error", "api_message", "request_id"] {
        assert!(json[key].as_str().unwrap().chars().count() <= 301, "{key}");
    }
    assert!(
        json["api_message"]
            .as_str()
            .unwrap()
            .starts_with("[redacted] x")
    );
    assert!(!json.to_string().contains("duvo-secret-key"));
}

#[test]
fn enums_serialize_as_their_names() {
    for (value, name) in [
        (
            json(ErrorKind::UnreadableResponse),
            ErrorKind::UnreadableResponse.as_str(),
        ),
        (json(Delivery::NotSent), Delivery::NotSent.as_str()),
        (json(Timeout::Total), Timeout::Total.as_str()),
    ] {
        assert_eq!(value, name);
    }
    let retry_after = None;
    let remaining = Duration::from_millis(1500);
    assert_eq!(
        json(GaveUp::NotEnoughTime {
            retry_after,
            remaining
        }),
        json!({"reason": "not_enough_time", "remaining": 1.5})
    );
    let fields = vec!["server_url", "auth_method"];
    assert_eq!(
        [
            json(EnsureOutcome::Created),
            json(EnsureOutcome::AlreadyExists),
            json(EnsureOutcome::Differs { fields }),
        ],
        [
            json!({"outcome": "created"}),
            json!({"outcome": "already_exists"}),
            json!({"outcome": "differs", "fields": ["server_url", "auth_method"]}),
        ]
    );
}

#[tokio::test]
async fn ensured_has_its_outcome_and_its_integrations() {
    let found = entry(1, "CRM", "https://mcp.example.com/crm");
    let (server, _) = start_with([found.clone()]);
    let crm = CustomIntegration::new("CRM", "https://mcp.example.com/crm", Auth::Url).unwrap();
    let ensured = team_of(&server).ensure_custom_integration(&crm).await;
    assert_eq!(
        json(ensured.unwrap()),
        json!({
            "outcome": "already_exists",
            "integration": found,
            "duplicates": [],
            "stored_differently": [],
            "unreadable": [],
        })
    );
}

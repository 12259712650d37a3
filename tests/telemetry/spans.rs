//! Spans and events.

use std::time::Duration;

use duvo::mock::{Response, Server, examples};
use duvo_test_support::client::TEAM;
use duvo_test_support::integrations::any_integration;
use duvo_test_support::mock_server::{client_without_backoff, interrupt_next_listing};
use tracing::field::Empty;
use tracing::{Instrument as _, info_span};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::log::Log;

fn start_log(max_level: LevelFilter) -> Log {
    Log::start(max_level, FmtSpan::CLOSE)
}

#[tokio::test]
async fn call_does_not_record_fields_in_the_callers_span() {
    for (level, has_own_spans) in [(LevelFilter::INFO, false), (LevelFilter::DEBUG, true)] {
        let log = start_log(level);
        let server = Server::start().unwrap();
        server.register_custom_integration();
        let team = server.client().unwrap().team(TEAM);
        let handling = info_span!("handling", http.response.status_code = Empty);
        let integration = any_integration();
        let call = team.register_custom_integration(&integration);
        call.instrument(handling).await.unwrap();
        let log = log.text();
        assert!(log.contains("handling: "), "{log}");
        assert!(!log.contains("handling{"), "{log}");
        assert_eq!(log.contains("status_code=201"), has_own_spans, "{log}");
    }
}

#[tokio::test]
async fn interrupted_response_is_logged_as_an_error() {
    let log = start_log(LevelFilter::DEBUG);
    let server = Server::start().unwrap();
    interrupt_next_listing(&server);
    let team = client_without_backoff(&server).team(TEAM);
    team.integrations().page().await.unwrap();
    let log = log.text();
    for text in [
        r#"status_code=200 error.type=unreadable_response otel.status_code="ERROR"}: duvo: close"#,
        "http.response.status_code=200}: duvo: close",
        r#"status_code=200 error.type="unreadable_response" wait_seconds=0"#,
    ] {
        assert_eq!(log.matches(text).count(), 1, "{text}: {log}");
    }
}

#[tokio::test]
async fn attempt_span_closes_before_the_wait_for_the_next() {
    let log = start_log(LevelFilter::TRACE);
    let server = Server::start().unwrap();
    server
        .register_custom_integration()
        .respond(|_| Response::new(503).with_retry_after(Duration::ZERO))
        .respond(|then| then.registered(examples::url_integration()));
    let team = client_without_backoff(&server).team(TEAM);
    let integration = any_integration();
    team.register_custom_integration(&integration)
        .await
        .unwrap();
    let log = log.text();
    let position = |text: &str| log.find(text).unwrap_or_else(|| panic!("{text}: {log}"));
    let closed = position(r#"error.type=503 otel.status_code="ERROR"}: duvo: close"#);
    assert!(closed < position(WAIT), "{log}");
    let mut waits = log.lines().filter(|line| line.contains(WAIT));
    assert!(waits.all(|line| spans_of(line) == [true, false]), "{log}");
}

#[tokio::test]
async fn events_of_the_http_stack_are_within_the_attempt_span() {
    let log = start_log(LevelFilter::TRACE);
    let server = Server::start().unwrap();
    server.register_custom_integration();
    let team = server.client().unwrap().team(TEAM);
    let integration = any_integration();
    team.register_custom_integration(&integration)
        .await
        .unwrap();
    let log = log.text();
    let mut http = log.lines().filter(|line| line.contains(" hyper_util::"));
    assert!(http.any(|line| spans_of(line) == [true, true]), "{log}");
}

/// A field that only the event of a wait has.
const WAIT: &str = "wait_seconds=";

/// Whether a line is within the span of the call, and within that of an attempt.
fn spans_of(line: &str) -> [bool; 2] {
    ["duvo.call{", "duvo.attempt{"].map(|span| line.contains(span))
}

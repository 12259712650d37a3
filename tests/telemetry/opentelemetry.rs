//! Spans and events as a tracing backend receives them through OpenTelemetry.

use std::time::Duration;

use duvo::mock::{Response, Server, examples};
use duvo::{Error, IntegrationPage};
use duvo_test_support::client::{TEAM, policy_without_backoff, registration_error};
use duvo_test_support::closed_port::ClosedPort;
use duvo_test_support::exported_spans::{Exporter, Span};
use duvo_test_support::integrations::{any_integration, entry};
use duvo_test_support::mock_server::{
    client_without_backoff, forbidden, interrupt_next_listing, start_with, team_of,
};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::log::{Log, Turn};

/// The exporter, and the turn of the test.
struct Export(
    Exporter,
    #[expect(dead_code, reason = "held until the test ends")] Turn,
);

fn start_export() -> Export {
    let turn = Turn::start();
    Export(Exporter::start(LevelFilter::DEBUG), turn)
}

impl Export {
    fn spans(&self) -> Vec<Span> {
        self.0.spans()
    }

    fn only(&self, name: &str) -> Span {
        let mut spans = self.spans();
        spans.retain(|span| span.name == name);
        assert_eq!(spans.len(), 1, "{name}: {spans:#?}");
        spans.remove(0)
    }
}

fn status(span: &Span) -> String {
    format!("{:?}", span.status)
}

fn kind(span: &Span) -> String {
    format!("{:?}", span.kind)
}

/// Asserts that a span ended in an error of this type.
fn assert_failed(span: &Span, error_type: &str) {
    assert!(status(span).starts_with("Error"), "{span:#?}");
    assert_eq!(span.text("error.type"), error_type, "{span:#?}");
}

/// Asserts that a span ended without an error, which OpenTelemetry leaves unset.
fn assert_succeeded(span: &Span) {
    assert_eq!(status(span), "Unset", "{span:#?}");
    assert_eq!(span.text("error.type"), "", "{span:#?}");
}

#[tokio::test]
async fn successful_call_has_its_outcome_and_no_error() {
    let export = start_export();
    let server = Server::start().unwrap();
    server.register_custom_integration();
    let team = server.client().unwrap().team(TEAM);
    team.register_custom_integration(&any_integration())
        .await
        .unwrap();

    let attempt = export.only("POST");
    assert_succeeded(&attempt);
    assert_eq!(kind(&attempt), "Client");
    assert_eq!(attempt.number("http.response.status_code"), Some(201));
    assert_eq!(
        attempt.number("server.port"),
        server.url().rsplit(':').next().unwrap().parse().ok()
    );
    let call = export.only("duvo.call");
    assert!(attempt.is_child_of(&call));
    assert!(call.is_root());
    assert_succeeded(&call);
    assert_eq!(kind(&call), "Internal");
    assert_eq!(call.text("duvo.operation"), "register_custom_integration");
    assert_eq!(call.number("http.response.status_code"), Some(201));
    assert_eq!(call.number("duvo.attempts"), Some(1));
    assert_eq!(call.text("duvo.delivery"), "");
}

#[tokio::test]
async fn failed_call_and_its_attempts_have_an_error_status() {
    for (code, delivery) in [
        (307, "rejected"),
        (400, "rejected"),
        (403, "rejected"),
        (408, "unknown"),
        (429, "rejected"),
        (500, "unknown"),
        (502, "unknown"),
    ] {
        let export = start_export();
        let server = Server::start().unwrap();
        server
            .register_custom_integration()
            .respond(move |_| Response::new(code).with_header("x-request-id", "req_7"));
        let policy = policy_without_backoff().with_max_attempts(1);
        let client = server.client_builder().retry_policy(policy).build();
        registration_error(&client.unwrap()).await;

        for span in [export.only("POST"), export.only("duvo.call")] {
            assert_failed(&span, &code.to_string());
            // OpenTelemetry: no description if the status code explains the error.
            assert_eq!(status(&span), r#"Error { description: "" }"#);
            assert_eq!(
                span.number("http.response.status_code"),
                Some(i64::from(code))
            );
        }
        let call = export.only("duvo.call");
        assert_eq!(call.text("duvo.delivery"), delivery);
        assert_eq!(call.text("duvo.request_id"), "req_7");
    }
}

#[tokio::test]
async fn call_without_a_response_describes_the_error() {
    let export = start_export();
    let port = ClosedPort::new();
    let client = duvo_test_support::client::client(&port.url);
    let error = registration_error(&client).await;
    assert_failed(&export.only("POST"), "connect");
    let call = export.only("duvo.call");
    assert_failed(&call, "connect");
    assert!(status(&call).contains("cannot connect to"), "{call:#?}");
    assert_eq!(call.text("duvo.delivery"), "not_sent");
    assert_eq!(call.number("http.response.status_code"), None);
    assert!(error.is_connect());
}

#[tokio::test]
async fn unreadable_response_fails_the_call_but_not_its_attempt() {
    let export = start_export();
    let server = Server::start().unwrap();
    server
        .register_custom_integration()
        .respond(|_| Response::new(201).with_body("{}"));
    registration_error(&server.client().unwrap()).await;
    assert_succeeded(&export.only("POST"));
    let call = export.only("duvo.call");
    assert_failed(&call, "unreadable_response");
    assert!(status(&call).contains("unreadable body"), "{call:#?}");
    assert_eq!(call.number("http.response.status_code"), Some(201));
    assert_eq!(call.text("duvo.delivery"), "unknown");
}

#[tokio::test]
async fn deletion_without_a_body_is_a_success() {
    let export = start_export();
    let server = Server::start().unwrap();
    server
        .delete_custom_integration()
        .respond(|_| Response::new(204));
    let client = server.client().unwrap();
    let deletion = client.delete_custom_integration("ci_1").await.unwrap();
    assert_eq!(*deletion, None);
    assert_succeeded_once(&export, 204);
}

#[tokio::test]
async fn page_with_an_unreadable_record_is_a_success() {
    let export = start_export();
    let server = Server::start().unwrap();
    server.list_integrations().respond(|_| {
        let page = r#"{"integrations":[{"id":7}],"total":1,"limit":50,"offset":0}"#;
        Response::new(200).with_body(page)
    });
    let team = server.client().unwrap().team(TEAM);
    let page = team.integrations().page().await.unwrap();
    assert_eq!(page.unreadable().len(), 1);
    assert_succeeded_once(&export, 200);
}

/// Asserts that the only call succeeded with this status in its first attempt.
fn assert_succeeded_once(export: &Export, status: i64) {
    let call = export.only("duvo.call");
    assert_succeeded(&call);
    assert_eq!(call.number("http.response.status_code"), Some(status));
    assert_eq!(call.number("duvo.attempts"), Some(1));
    assert_eq!(call.text("duvo.delivery"), "");
    assert_eq!(call.text("duvo.request_id"), "");
}

#[tokio::test]
async fn interrupted_response_fails_its_attempt_and_not_the_call() {
    let export = start_export();
    let server = Server::start().unwrap();
    interrupt_next_listing(&server);
    let team = client_without_backoff(&server).team(TEAM);
    team.integrations().page().await.unwrap();
    let spans = export.spans();
    let attempts: Vec<_> = spans.iter().filter(|span| span.name == "GET").collect();
    assert_failed(attempts[0], "unreadable_response");
    assert_eq!(attempts[0].number("http.request.resend_count"), None);
    assert_succeeded(attempts[1]);
    assert_eq!(attempts[1].number("http.request.resend_count"), Some(1));
    let call = export.only("duvo.call");
    assert_succeeded(&call);
    assert_eq!(call.number("duvo.attempts"), Some(2));
}

#[tokio::test]
async fn retry_event_describes_the_failed_attempt() {
    let export = start_export();
    let server = Server::start().unwrap();
    server
        .register_custom_integration()
        .respond(|_| Response::new(429).with_retry_after(Duration::ZERO))
        .respond(|then| then.registered(examples::url_integration()));
    let team = client_without_backoff(&server).team(TEAM);
    team.register_custom_integration(&any_integration())
        .await
        .unwrap();
    let call = export.only("duvo.call");
    let [event] = &call.events[..] else {
        panic!("{call:#?}");
    };
    assert_eq!(event.name, "attempt failed; retrying");
    assert_eq!(event.text("duvo.operation"), "register_custom_integration");
    assert_eq!(event.number("duvo.attempt"), Some(1));
    assert_eq!(event.number("http.response.status_code"), Some(429));
    assert_eq!(event.text("error.type"), "429");
    assert_eq!(event.text("wait_seconds"), "0");
}

#[tokio::test]
async fn warning_names_its_operation_where_spans_are_disabled() {
    let log = Log::start(LevelFilter::INFO, FmtSpan::NONE);
    let server = Server::start().unwrap();
    server
        .list_integrations()
        .respond(|_| Response::html(502, "<html>"))
        .respond(|_| Response::reset())
        .respond(|then| {
            then.integrations(IntegrationPage::example())
                .with_header("x-ratelimit-remaining", "0")
                .with_header("x-ratelimit-reset", "0.001")
        });
    let team = client_without_backoff(&server).team(TEAM);
    team.integrations().page().await.unwrap();
    team.integrations().page().await.unwrap();
    let log = log.text();
    let lines: Vec<_> = log.lines().filter(|line| line.contains(" WARN ")).collect();
    assert!(lines.len() >= 2, "{log}");
    for line in &lines {
        assert!(
            line.contains(r#"duvo.operation="list_integrations""#),
            "{line}"
        );
        assert!(line.contains("wait_seconds="), "{line}");
    }
    for (line, fields) in lines.iter().zip([
        ["duvo.attempt=1", "error.type=\"502\""],
        ["duvo.attempt=2", "error.type=\"network\""],
    ]) {
        for field in fields {
            assert!(line.contains(field), "{field}: {line}");
        }
    }
}

#[tokio::test]
async fn ensure_is_one_span_with_its_outcome() {
    let export = start_export();
    let (server, _) = start_with([]);
    let team = team_of(&server);
    let integration = any_integration();
    team.ensure_custom_integration(&integration).await.unwrap();
    let ensure = export.only("duvo.ensure");
    assert!(ensure.is_root());
    assert_succeeded(&ensure);
    assert_eq!(kind(&ensure), "Internal");
    assert_eq!(ensure.text("duvo.operation"), "ensure_custom_integration");
    assert_eq!(ensure.text("duvo.outcome"), "created");
    let spans = export.spans();
    assert_eq!(spans.iter().filter(|span| span.is_root()).count(), 1);
    let register = spans
        .iter()
        .find(|span| span.text("duvo.operation") == "register_custom_integration");
    assert!(register.unwrap().is_child_of(&ensure), "{spans:#?}");
}

#[tokio::test]
async fn ensure_records_why_it_failed() {
    let export = start_export();
    let (server, catalogue) = start_with([]);
    catalogue.next_registration(forbidden());
    let team = team_of(&server);
    let result = team.ensure_custom_integration(&any_integration()).await;
    let error: Error = result.unwrap_err();
    let ensure = export.only("duvo.ensure");
    assert_failed(&ensure, "403");
    assert_eq!(ensure.number("http.response.status_code"), Some(403));
    assert_eq!(ensure.text("duvo.delivery"), error.delivery().as_str());
}

#[tokio::test]
async fn plan_and_its_application_are_one_span_each() {
    let export = start_export();
    let (server, _) = start_with([]);
    let plan = team_of(&server).plan(&[any_integration()]).await.unwrap();
    assert!(plan.apply().await.is_converged());
    let planned = export.only("duvo.plan");
    assert!(planned.is_root());
    assert_succeeded(&planned);
    assert_eq!(planned.text("duvo.operation"), "plan");
    assert_eq!(planned.number("duvo.changes"), Some(1));
    let applied = export.only("duvo.apply");
    assert!(applied.is_root());
    assert_succeeded(&applied);
    assert_eq!(applied.text("duvo.operation"), "apply");
    assert_eq!(applied.text("duvo.outcome"), "converged");
    let spans = export.spans();
    assert_eq!(spans.iter().filter(|span| span.is_root()).count(), 2);
    let register = spans
        .iter()
        .find(|span| span.text("duvo.operation") == "register_custom_integration");
    assert!(register.unwrap().is_child_of(&applied), "{spans:#?}");
}

#[tokio::test]
async fn error_that_stops_a_plan_is_recorded() {
    let export = start_export();
    let (server, catalogue) = start_with([]);
    catalogue.next_registration(forbidden());
    let plan = team_of(&server).plan(&[any_integration()]).await.unwrap();
    assert!(!plan.apply().await.is_converged());
    let applied = export.only("duvo.apply");
    assert_failed(&applied, "403");
    assert_eq!(applied.text("duvo.outcome"), "not_converged");
}

#[tokio::test]
async fn calls_of_a_listing_of_several_pages_have_one_parent() {
    let export = start_export();
    let entries = (1..=3).map(|n| entry(n, &format!("Entry {n}"), "https://mcp.example.com"));
    let (server, _) = start_with(entries);
    let listing = team_of(&server).integrations().limit(1);
    assert_eq!(listing.all().await.unwrap().len(), 3);
    let spans = export.spans();
    let list = export.only("duvo.list");
    assert!(list.is_root());
    assert_succeeded(&list);
    assert_eq!(list.text("duvo.operation"), "list_integrations");
    let calls = spans.iter().filter(|span| span.name == "duvo.call");
    let calls: Vec<_> = calls.collect();
    assert_eq!(calls.len(), 3);
    assert!(
        calls.iter().all(|call| call.is_child_of(&list)),
        "{spans:#?}"
    );
}

#[tokio::test]
async fn dropped_call_is_recorded_as_cancelled() {
    let export = start_export();
    let server = Server::start().unwrap();
    server
        .register_custom_integration()
        .respond(|_| Response::hang());
    let team = server.client().unwrap().team(TEAM);
    let integration = any_integration();
    let call = team.register_custom_integration(&integration);
    let timeout = tokio::time::timeout(Duration::from_millis(20), call);
    timeout.await.unwrap_err();
    for name in ["POST", "duvo.call"] {
        assert_failed(&export.only(name), "cancelled");
    }
    assert_eq!(export.only("duvo.call").text("duvo.delivery"), "unknown");
}

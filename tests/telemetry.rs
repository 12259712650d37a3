//! What is logged, beside that there are no secrets in it: see `canary.rs`.

#![cfg(feature = "tracing")]

mod support;

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use duvo::mock::{Response, Server, examples};
use support::{any_integration, break_off_a_listing, eager};
use tracing::field::Empty;
use tracing::{Instrument as _, Level, info_span};
use tracing_subscriber::fmt::format::FmtSpan;

/// What is logged at this level in a scope, and with it when spans close.
async fn logged<F: Future>(name: &str, level: Level, scope: F) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(Arc::new(File::create(&path).unwrap()))
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    scope.await;
    fs::read_to_string(&path).unwrap()
}

#[tokio::test]
async fn a_span_of_the_callers_own_is_left_as_it_is() {
    let server = Server::start().unwrap();
    server.register_custom_integration_v1();
    let client = server.client().unwrap();
    for (level, are_ours_there) in [(Level::INFO, false), (Level::DEBUG, true)] {
        let log = logged("callers-own.log", level, async {
            let handling = info_span!("handling", http.response.status_code = Empty);
            let integration = any_integration();
            let call = client.register_custom_integration_v1(&integration);
            call.instrument(handling).await.unwrap();
        });
        let log = log.await;
        assert!(log.contains("handling: "), "{log}");
        assert!(!log.contains("handling{"), "{log}");
        assert_eq!(log.contains("status_code=201"), are_ours_there, "{log}");
    }
}

#[tokio::test]
async fn an_answer_that_broke_off_is_told_from_others_of_its_status() {
    let server = Server::start().unwrap();
    break_off_a_listing(&server);
    let team = eager(&server).team("team_1");
    let log = logged("broken-off.log", Level::DEBUG, async {
        team.integrations().page().await.unwrap();
    });
    let log = log.await;
    for text in [
        "status_code=200 error.type=unreadable_response}: duvo::telemetry: close",
        "status_code=200}: duvo::telemetry: close",
        r#"status_code=200 error.type="unreadable_response" wait_seconds=0"#,
    ] {
        assert_eq!(log.matches(text).count(), 1, "{text}: {log}");
    }
}

#[tokio::test]
async fn the_span_of_an_attempt_ends_before_the_wait_for_the_next() {
    let server = Server::start().unwrap();
    server
        .register_custom_integration_v1()
        .respond(|_| Response::new(503).with_retry_after(Duration::ZERO))
        .respond(|then| then.registered(examples::url_integration()));
    let client = eager(&server);
    let log = logged("wait.log", Level::TRACE, async {
        let integration = any_integration();
        let call = client.register_custom_integration_v1(&integration);
        call.await.unwrap();
    });
    let log = log.await;
    let at = |text: &str| log.find(text).unwrap_or_else(|| panic!("{text}: {log}"));
    let closed = at("status_code=503 error.type=503}: duvo::telemetry: close");
    assert!(closed < at("trying again"), "{log}");
    // What is logged is in the span it belongs to, the HTTP stack's own words too.
    let is_within = |line: &str, spans: &[bool; 2]| {
        ["duvo.call{", "duvo.attempt{"].map(|span| line.contains(span)) == *spans
    };
    let (of_waits, others): (Vec<_>, Vec<_>) =
        log.lines().partition(|line| line.contains("trying again"));
    assert!(
        of_waits.iter().all(|line| is_within(line, &[true, false])),
        "{log}"
    );
    let mut of_http = others.iter().filter(|line| line.contains(" hyper_util::"));
    assert!(of_http.any(|line| is_within(line, &[true, true])), "{log}");
}

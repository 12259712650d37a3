//! A marked API key and a marked client secret, pushed through every failure
//! and every log, come out on the wire only.

mod support;

use std::error::Error as _;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use duvo::mock::{Response, Server};
use duvo::{Auth, Client, CustomIntegration, Error, RetryPolicy, Secret};
use support::fault::{Ending, Fault, FaultServer, answer, in_still_time, registered};
use support::fault_table::{body_rows, connection_rows, status_rows};
use support::socket;
use tracing_subscriber::fmt::MakeWriter;

// With what JSON and Rust escape, to find the marks where they are quoted.
const API_KEY: &str = r#"canary'"api\key""#;
const CLIENT_SECRET: &str = "canary\"client'\\secret\u{200b}\ne\u{301}<é>\"";

fn integration() -> CustomIntegration {
    let auth = Auth::oauth_client("id", CLIENT_SECRET);
    CustomIntegration::new(
        "CRM",
        "https://user:canary@mcp.example.com/mcp?token=canary",
        auth,
    )
    .unwrap()
}

fn builder(base_url: &str) -> duvo::ClientBuilder {
    Client::builder().api_key(API_KEY).base_url(base_url)
}

fn assert_clean(text: &str) {
    assert!(!text.contains("canary"), "{text}");
}

fn assert_clean_error(error: &Error) {
    assert_clean(&format!("{error} {error:?} {error:#?}"));
    assert_clean(&format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        error.api_code(),
        error.api_error(),
        error.api_message(),
        error.api_details(),
        error.request_id(),
        error.attempts(),
    ));
    let mut source = error.source();
    while let Some(error) = source {
        assert_clean(&format!("{error} {error:?}"));
        source = error.source();
    }
}

/// What is logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    fn start() -> Self {
        let log = Self::default();
        // Records of the `log` crate come along.
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_writer(log.clone())
            .init();
        log
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn faults() -> Vec<Fault> {
    let words = format!("{API_KEY} and {CLIENT_SECRET}");
    let quoted = serde_json::Value::from(words.clone()).to_string();
    let header = format!("x-request-id: {API_KEY}\r\ncontent-type: {API_KEY}\r\n");
    let bodies = [
        format!(r#"{{"error":{quoted},"message":{quoted},"details":{{{quoted}:[{quoted}]}}}}"#),
        format!(r#"{{"code":{quoted},"message":[{quoted}],"request_id":{quoted}}}"#),
        format!(r#"{{"id":"1","created_at":{quoted}}}"#),
        format!(r#"{{"id":{{{quoted}:1}}}}"#),
        quoted.clone(),
        words.clone(),
        format!("<html>{words}</html>"),
    ];
    let statuses = [200, 201, 307, 400, 401, 403, 409, 429, 500, 503];
    let answers = bodies.iter().flat_map(|body| {
        statuses.map(|status| Fault::Answer(answer(status, &header, body), Ending::Close))
    });
    let half =
        format!("HTTP/1.1 201 Created\r\ncontent-length: 999\r\n{header}\r\n{{\"id\":{quoted}");
    let broken = [
        Fault::CloseAtOnce,
        Fault::ResetAtOnce,
        Fault::StallAtOnce,
        Fault::ReadThenClose,
        Fault::ReadThenReset,
        Fault::ReadThenStall,
        Fault::Answer(half.clone().into_bytes(), Ending::Close),
        Fault::Answer(half.clone().into_bytes(), Ending::Reset),
        Fault::Answer(half.into_bytes(), Ending::Stall),
        Fault::Answer(words.into_bytes(), Ending::Close),
        Fault::EndlessBody,
    ];
    answers.chain(broken).collect()
}

#[test]
fn the_marks_are_on_the_wire_and_nowhere_else() {
    let log = Log::start();
    in_still_time(async {
        let server = FaultServer::start().await;
        let policy = RetryPolicy::default()
            .with_backoff(Duration::ZERO, Duration::ZERO)
            .with_retry_ambiguous(true);
        // It would log what goes over the wire.
        let http = reqwest::Client::builder().connection_verbose(true);
        let client = builder(&server.url)
            .reqwest_client_builder(http)
            .retry_policy(policy)
            .total_timeout(Duration::MAX)
            .build()
            .unwrap();
        let of_the_table = [connection_rows(), body_rows(), status_rows()].concat();
        let of_the_table = of_the_table
            .into_iter()
            .filter(|row| row.kind.is_some())
            .map(|row| row.fault);
        for fault in faults().into_iter().chain(of_the_table) {
            server.script(&[fault]);
            let v1 = client
                .register_custom_integration_v1(&integration())
                .await
                .unwrap_err();
            let v2 = client
                .team("t")
                .register_custom_integration(&integration())
                .await
                .unwrap_err();
            assert_clean_error(&v1);
            assert_clean_error(&v2);
        }
        server.script(&[Fault::Answer(registered(), Ending::Close)]);
        let created = client
            .register_custom_integration_v1(&integration())
            .await
            .unwrap();
        assert_clean(&format!("{created:?}"));
        server.seen(|seen| {
            assert!(
                seen.request
                    .contains(&format!("authorization: Bearer {API_KEY}")),
                "{}",
                seen.request
            );
            assert!(
                seen.request
                    .contains(&serde_json::Value::from(CLIENT_SECRET).to_string()),
                "{}",
                seen.request
            );
        });

        let refused = builder(&socket::refusing().await)
            .retry_policy(RetryPolicy::never())
            .build()
            .unwrap();
        assert_clean_error(
            &refused
                .register_custom_integration_v1(&integration())
                .await
                .unwrap_err(),
        );
    });
    let log = log.text();
    assert_clean(&log);
    if cfg!(not(feature = "tracing")) {
        return;
    }
    for text in [
        r#"duvo.call{duvo.operation="register_custom_integration"}"#,
        r#"otel.kind="client" otel.name=POST http.request.method=POST"#,
        "http.request.resend_count=1",
        "http.response.status_code=401 error.type=401",
        "error.type=network",
        "error.type=timeout",
        "trying again http.response.status_code=429 wait_seconds=0.0",
        r#"trying again error.type="network" wait_seconds=0.0"#,
    ] {
        assert!(log.contains(text), "{text} is not logged");
    }
    assert!(
        log.contains("hyper"),
        "the logs of the HTTP stack are missing"
    );
    assert_clean(&log);
}

#[test]
fn no_value_shows_a_secret() {
    let client = builder("http://localhost").build().unwrap();
    assert_clean(&format!("{client:?} {client:#?} {:#?}", client.team("t")));
    let headers = [("authorization".parse().unwrap(), "canary".parse().unwrap())]
        .into_iter()
        .collect();
    let http = reqwest::Client::builder().default_headers(headers);
    let unchecked = builder("https://user:canary@localhost").reqwest_client_builder(http);
    assert_clean(&format!("{unchecked:#?}"));
    assert_clean(&format!("{:#?}", Auth::oauth_client("id", CLIENT_SECRET)));
    assert_clean(&format!("{:#?}", integration()));
    assert_clean(&format!("{:#?}", Secret::from(CLIENT_SECRET)));
}

#[test]
fn no_refusal_shows_a_secret() {
    assert_clean_error(&Client::new(format!("{API_KEY}\n")).unwrap_err());
    assert_clean_error(
        &builder("https://user:canary@localhost")
            .build()
            .unwrap_err(),
    );
    let auth = Auth::oauth_client("", CLIENT_SECRET);
    assert_clean_error(&CustomIntegration::new("", "not a URL canary", auth).unwrap_err());
}

#[tokio::test]
async fn a_secret_of_digits_is_not_shown_as_a_number_either() {
    let server = Server::start().unwrap();
    // Of the second, a number does not keep every digit.
    for secret in ["4815162342", "481516234248151623424815162342"] {
        let body = format!(r#"{{"message":{secret},"details":{{"given":[{secret},7]}}}}"#);
        server
            .register_custom_integration()
            .respond(move |_| Response::new(400).with_body(body.clone()));
        let auth = Auth::oauth_client("id", secret);
        let crm = CustomIntegration::new("CRM", "https://mcp.example.com/mcp", auth).unwrap();
        let team = server.client().unwrap().team("team_1");
        let error = team.register_custom_integration(&crm).await.unwrap_err();
        let details = error.api_details().unwrap().to_string();
        assert_eq!(details, r#"{"given":["[redacted]",7]}"#);
        let shown = format!("{error} {error:?} {:?}", error.api_message());
        assert!(
            !shown.contains("4815") && !shown.contains("4.815"),
            "{shown}"
        );
    }
}

//! An API key and a client secret with a marker in them, which must be on the wire, and in
//! no log, error or `Debug` output.

use std::error::Error as _;
use std::time::Duration;

use duvo::mock::{Response, Server};
use duvo::{Auth, Client, CustomIntegration, Error, RetryPolicy, Secret};
use duvo_test_support::client::policy_without_backoff;
use duvo_test_support::closed_port::ClosedPort;
use duvo_test_support::fault_server::{
    Connection, Ending, Fault, FaultServer, created_response, response,
};
use duvo_test_support::fault_table;
use duvo_test_support::paused_time::with_paused_time;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::log::Log;

// With characters that JSON and Rust escape, so that the quoted forms must be found too.
const API_KEY: &str = r#"canary'"api\key""#;
const CLIENT_SECRET: &str = "canary\"client'\\secret\u{200b}\ne\u{301}<é>\"";

fn start_log() -> Log {
    Log::start(LevelFilter::TRACE, FmtSpan::FULL)
}

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
    assert_clean(&serde_json::to_string(error).unwrap());
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

/// Responses that repeat both secrets, in headers and bodies, whole and interrupted.
fn echoes() -> Vec<Fault> {
    let secrets = format!("{API_KEY} and {CLIENT_SECRET}");
    let quoted = serde_json::Value::from(secrets.clone()).to_string();
    let header = format!("x-request-id: {API_KEY}\r\ncontent-type: {API_KEY}\r\n");
    let bodies = [
        format!(r#"{{"error":{quoted},"message":{quoted},"details":{{{quoted}:[{quoted}]}}}}"#),
        format!(r#"{{"code":{quoted},"message":[{quoted}],"request_id":{quoted}}}"#),
        format!(r#"{{"id":"1","created_at":{quoted}}}"#),
        format!(r#"{{"id":{{{quoted}:1}}}}"#),
        quoted.clone(),
        secrets.clone(),
        format!("<html>{secrets}</html>"),
    ];
    let statuses = [200, 201, 307, 400, 401, 403, 409, 429, 500, 503];
    let responses = bodies.iter().flat_map(|body| {
        statuses.map(|status| Fault::Respond(response(status, &header, body), Ending::Close))
    });
    let half =
        format!("HTTP/1.1 201 Created\r\ncontent-length: 999\r\n{header}\r\n{{\"id\":{quoted}");
    let interrupted = [Ending::Close, Ending::Reset, Ending::Stall]
        .map(|ending| Fault::Respond(half.clone().into_bytes(), ending));
    let not_http = Fault::Respond(secrets.into_bytes(), Ending::Close);
    responses.chain(interrupted).chain([not_http]).collect()
}

#[test]
fn secrets_are_sent_and_never_logged_or_printed() {
    let log = start_log();
    with_paused_time(async {
        let server = FaultServer::start().await;
        // `connection_verbose` would log the bytes on the wire.
        let http = reqwest::Client::builder().connection_verbose(true);
        let client = builder(&server.url)
            .reqwest_client_builder(http)
            .retry_policy(policy_without_backoff().with_retry_ambiguous(true))
            .total_timeout(Duration::MAX)
            .build()
            .unwrap();
        let failures = fault_table::cases()
            .into_iter()
            .filter(|case| case.kind != "success")
            .map(|case| case.connection());
        for connection in echoes().into_iter().map(Connection::from).chain(failures) {
            server.script([connection]);
            for result in register_with_both_versions(&client).await {
                assert_clean_error(&result.unwrap_err());
            }
        }
        server.script([Fault::Respond(created_response(), Ending::Close)]);
        for result in register_with_both_versions(&client).await {
            assert_clean(&format!("{:?}", result.unwrap()));
        }
        let sent = server.stats(|stats| stats.last_request.clone());
        let authorization = format!("authorization: Bearer {API_KEY}");
        assert!(sent.contains(&authorization), "{sent}");
        let client_secret = serde_json::Value::from(CLIENT_SECRET).to_string();
        assert!(sent.contains(&client_secret), "{sent}");

        let port = ClosedPort::new();
        let client = builder(&port.url)
            .retry_policy(RetryPolicy::never())
            .build()
            .unwrap();
        for result in register_with_both_versions(&client).await {
            assert_clean_error(&result.unwrap_err());
        }
    });
    let log = log.text();
    assert_clean(&log);
    if cfg!(not(feature = "tracing")) {
        return;
    }
    for text in [
        r#"duvo.call{duvo.operation="register_custom_integration" "#,
        r#"duvo.call{duvo.operation="register_custom_integration_v1" "#,
        r#"otel.kind="client" otel.name=POST http.request.method=POST"#,
        "http.request.resend_count=1",
        "http.response.status_code=401 error.type=401",
        "error.type=network",
        "error.type=timeout",
        r#"http.response.status_code=429 error.type="429" wait_seconds=0.0"#,
        r#"error.type="network" wait_seconds=0.0"#,
    ] {
        assert!(log.contains(text), "{text} is not logged");
    }
    assert!(log.contains("hyper"), "the HTTP stack does not log");
}

async fn register_with_both_versions(
    client: &Client,
) -> [duvo::Result<duvo::Response<duvo::Integration>>; 2] {
    let integration = integration();
    #[expect(deprecated, reason = "v1 sends the same secrets")]
    let v1 = client.register_custom_integration_v1(&integration).await;
    let team = client.team("t");
    [v1, team.register_custom_integration(&integration).await]
}

#[test]
fn debug_output_has_no_secrets() {
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
fn validation_errors_have_no_secrets() {
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
async fn numeric_secret_is_redacted_where_the_server_echoes_a_number() {
    let log = start_log();
    let server = Server::start().unwrap();
    // A JSON number does not keep every digit of the second secret.
    for secret in ["4815162342", "481516234248151623424815162342"] {
        let body = format!(
            r#"{{"message":{secret},"request_id":{secret},"details":{{"given":[{secret},7]}}}}"#
        );
        server
            .register_custom_integration()
            .respond(move |_| Response::new(400).with_body(body.clone()));
        let auth = Auth::oauth_client("id", secret);
        let crm = CustomIntegration::new("CRM", "https://mcp.example.com/mcp", auth).unwrap();
        let team = server.client().unwrap().team("team_1");
        let error = team.register_custom_integration(&crm).await.unwrap_err();
        let details = error.api_details().unwrap().to_string();
        assert_eq!(details, r#"{"given":["[redacted]",7]}"#);
        let printed = format!("{error} {error:?} {:?} {}", error.api_message(), log.text());
        assert!(
            !printed.contains("4815") && !printed.contains("4.815"),
            "{printed}"
        );
    }
}

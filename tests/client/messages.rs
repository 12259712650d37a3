//! Every message that a user can see, in one snapshot.
//!
//! Other tests hold kinds, fields and the names in a message, so that rewording one changes
//! `snapshots/messages.txt` and nothing else.

use std::fmt::{Display, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use duvo::mock::operations::RegisterCustomIntegration;
use duvo::mock::{Mock, Response, Server};
use duvo::{
    Auth, Client, CustomIntegration, CustomIntegrationConfig, Error, McpServerProbe, RetryPolicy,
};
use duvo_test_support::api::Api;
use duvo_test_support::client::{
    API_KEY, TEAM, builder, client, policy_without_backoff, registration_error,
    registration_error_at,
};
use duvo_test_support::closed_port::ClosedPort;
use duvo_test_support::document::example;
use duvo_test_support::fault_server::{Ending, Fault, FaultServer, response};
use duvo_test_support::integrations::any_integration;
use duvo_test_support::paused_time::{PausedRuntime, with_paused_time};
use futures_util::StreamExt as _;
use serde_json::json;
use snapbox::{assert_data_eq, file};

use crate::concerns::URLS_OF_CONCERN;
use crate::errors::error_outside_of_a_runtime;
use crate::retries::timeouts::connect_timeout_error;
use crate::tls_server::{Authority, TlsServer, start_self_signed};
use crate::validation::{INVALID_BASE_URLS, INVALID_SERVER_URLS};

#[test]
fn messages_are_up_to_date() {
    let mut messages = Messages::default();
    invalid_integrations(&mut messages);
    invalid_settings(&mut messages);
    misuse(&mut messages);
    with_paused_time(async {
        invalid_parameters(&mut messages).await;
        connection_errors(&mut messages).await;
        certificate_errors(&mut messages).await;
        proxy_errors(&mut messages).await;
        statuses(&mut messages).await;
        unreadable_responses(&mut messages).await;
        listings(&mut messages).await;
        teams_and_probes(&mut messages).await;
        attempts(&mut messages).await;
        unmatched_requests(&mut messages).await;
    });
    mock_assertions(&mut messages);
    println!("To accept the changes: SNAPSHOTS=overwrite cargo test --workspace up_to_date");
    assert_data_eq!(messages.0, file!["../../snapshots/messages.txt"].raw());
}

/// Messages, each under a heading that names its situation.
#[derive(Default)]
struct Messages(String);

impl Messages {
    fn add(&mut self, situation: impl Display, message: impl Display) {
        let separator = if self.0.is_empty() { "" } else { "\n" };
        let message = normalize(&message.to_string());
        let _ = writeln!(self.0, "{separator}# {situation}\n{message}");
    }
}

/// Replaces what differs between runs and systems: ports and numbers of system errors.
fn normalize(message: &str) -> String {
    let mut rest = message;
    let mut normalized = String::new();
    while let Some((before, label, after)) = ["127.0.0.1:", "localhost:", "(os error "]
        .iter()
        .filter_map(|label| {
            let at = rest.find(label)?;
            Some((&rest[..at], *label, &rest[at + label.len()..]))
        })
        .min_by_key(|(before, ..)| before.len())
    {
        let _ = write!(normalized, "{before}{label}N");
        rest = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
    }
    normalized + rest
}

fn invalid_integrations(messages: &mut Messages) {
    let error = CustomIntegration::new("", "", Auth::oauth_client("", "")).unwrap_err();
    messages.add("integration: everything is empty", error);
    for url in INVALID_SERVER_URLS {
        let error = CustomIntegration::new("CRM", url, Auth::Url).unwrap_err();
        messages.add(format_args!("integration: server_url {url:?}"), error);
    }
    for (situation, config) in [
        ("nothing is present", json!({})),
        (
            "auth method \"basic\"",
            json!({"name": "CRM", "server_url": "https://mcp.example.com", "auth_method": "basic"}),
        ),
        (
            "client id without a secret",
            oauth(json!({"oauth_client_id": "id"})),
        ),
        (
            "client secret without an id",
            oauth(json!({"oauth_client_secret_env": "PATH"})),
        ),
        (
            "literal client secret",
            oauth(json!({"oauth_client_id": "id", "oauth_client_secret": "secret"})),
        ),
        (
            "variable is not set",
            oauth(json!({"oauth_client_id": "id", "oauth_client_secret_env": "NO_SUCH_VARIABLE"})),
        ),
        (
            "variable with another name",
            oauth(json!({"oauth_client_id": "id", "oauth_client_secret_env": "hunter2"})),
        ),
        (
            "file cannot be read",
            oauth(json!({"oauth_client_id": "id", "oauth_client_secret_file": "no-such-file"})),
        ),
        (
            "variable and file",
            oauth(
                json!({"oauth_client_id": "id", "oauth_client_secret_env": "PATH", "oauth_client_secret_file": "no-such-file"}),
            ),
        ),
        (
            "client without oauth",
            json!({"name": "CRM", "server_url": "https://mcp.example.com", "auth_method": "url", "oauth_client_id": "id", "oauth_client_secret_env": "PATH"}),
        ),
    ] {
        let config: CustomIntegrationConfig = serde_json::from_value(config).unwrap();
        let error = config.resolve().unwrap_err();
        messages.add(format_args!("configuration: {situation}"), error);
    }
    for url in URLS_OF_CONCERN {
        let integration = CustomIntegration::new("CRM", url, Auth::Url).unwrap();
        for concern in integration.concerns() {
            messages.add(format_args!("concern: server_url {url:?}"), concern);
        }
    }
    for key in ["", "a b", "abc\n", "é"] {
        let error = any_integration().with_idempotency_key(key).unwrap_err();
        messages.add(format_args!("integration: idempotency key {key:?}"), error);
    }
}

/// Returns the description of an integration with OAuth and these fields.
fn oauth(mut fields: serde_json::Value) -> serde_json::Value {
    fields["name"] = "CRM".into();
    fields["server_url"] = "https://mcp.example.com".into();
    fields["auth_method"] = "oauth".into();
    fields
}

fn invalid_settings(messages: &mut Messages) {
    let error = |builder: duvo::ClientBuilder| builder.build().unwrap_err();
    messages.add("settings: no API key", error(Client::builder()));
    for key in ["", "key\n", "two words", "\u{feff}key"] {
        let error = error(Client::builder().api_key(key));
        messages.add(format_args!("settings: API key {key:?}"), error);
    }
    for url in INVALID_BASE_URLS {
        messages.add(
            format_args!("settings: base_url {url:?}"),
            error(builder(url)),
        );
    }
    let local = || builder("http://localhost");
    for name in ["", "a\nb", "a\u{7f}"] {
        messages.add(
            format_args!("settings: user agent {name:?}"),
            error(local().user_agent(name)),
        );
    }
    messages.add(
        "settings: root certificate is not PEM",
        error(local().root_certificate_pem("certificate")),
    );
    messages.add(
        "settings: proxy is not a URL",
        error(local().proxy("proxy")),
    );
    messages.add(
        "settings: proxy on another host for plain http to loopback",
        error(local().proxy("http://proxy.example.com")),
    );
    let http = reqwest::Client::builder().user_agent("a\nb");
    messages.add(
        "settings: reqwest client that cannot be built",
        error(local().reqwest_client_builder(http)),
    );
    messages.add(
        "settings: several are invalid",
        error(Client::builder().base_url("duvo").user_agent("a\nb")),
    );
}

fn misuse(messages: &mut Messages) {
    messages.add(
        "call outside of a Tokio runtime",
        error_outside_of_a_runtime(),
    );
    let port = with_paused_time(async { ClosedPort::new() });
    let client = builder(&port.url).reqwest_client_builder(reqwest::Client::builder());
    let client = client.retry_policy(RetryPolicy::never()).build().unwrap();
    let first = PausedRuntime::new();
    first.block_on(registration_error(&client));
    let error = with_paused_time(registration_error(&client));
    messages.add("reqwest client in a second runtime", error);
    let blocking = builder("http://localhost").build_blocking().unwrap();
    let error = with_paused_time(async {
        let team = blocking.team(TEAM);
        team.register_custom_integration(&any_integration())
    });
    messages.add("blocking call within a runtime", error.unwrap_err());
}

async fn invalid_parameters(messages: &mut Messages) {
    let client = client("http://localhost:9");
    let register = async |team: &str| {
        let team = client.team(team);
        let result = team.register_custom_integration(&any_integration()).await;
        result.unwrap_err()
    };
    for team in ["", ".a", "a/b", "a%2fb", "a b", "a?b", "a#b", "é", "a\n"] {
        let error = register(team).await;
        messages.add(format_args!("call: team id {team:?}"), error);
    }
    let long = "x".repeat(70_000);
    messages.add("call: team id of 70,000 characters", register(&long).await);
    for id in ["", "..", "a\\b"] {
        let deletion = client.delete_custom_integration(id).await;
        messages.add(
            format_args!("call: custom integration id {id:?}"),
            deletion.unwrap_err(),
        );
    }
    let page = client.team(TEAM).integrations().limit(0).page().await;
    messages.add("call: limit of 0", page.unwrap_err());
}

async fn connection_errors(messages: &mut Messages) {
    let port = ClosedPort::new();
    messages.add(
        "connection is refused",
        registration_error_at(&port.url).await,
    );
    messages.add("connect timeout", connect_timeout_error().await);
    let server = FaultServer::start().await;
    for (situation, fault) in [
        ("server closes without a response", Fault::ReadThenClose),
        ("server resets without a response", Fault::ReadThenReset),
        (
            "response is not HTTP",
            Fault::Respond(b"220 ESMTP\r\n\r\n".to_vec(), Ending::Close),
        ),
        ("attempt timeout", Fault::ReadThenStall),
    ] {
        server.script([fault]);
        messages.add(situation, registration_error_at(&server.url).await);
    }
    let total = builder(&server.url).total_timeout(Duration::from_secs(15));
    messages.add(
        "total timeout",
        registration_error(&total.build().unwrap()).await,
    );
    let http = reqwest::Client::builder().timeout(Duration::from_secs(5));
    let custom = builder(&server.url).reqwest_client_builder(http);
    messages.add(
        "timeout of the reqwest client",
        registration_error(&custom.build().unwrap()).await,
    );
}

/// With rustls, whatever the default is: each TLS library has its own texts.
async fn certificate_errors(messages: &mut Messages) {
    let authority = Authority::new();
    let (server, _) = start_self_signed().await;
    let error = with_rustls(&server.url, &authority.pem()).await;
    messages.add("certificate of an unknown issuer", error);
    for (situation, config) in [
        (
            "certificate of another host",
            authority.server_config("other.test", |_| ()),
        ),
        (
            "client certificate is missing",
            authority.server_config_with_client_certificate(),
        ),
    ] {
        let server = TlsServer::start(config).await;
        let error = with_rustls(&server.url, &authority.pem()).await;
        messages.add(situation, error);
    }
    for (situation, bytes) in [
        ("TLS handshake is refused", &[21, 3, 3, 0, 2, 2, 40][..]),
        ("server without TLS", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    ] {
        let server = FaultServer::with_fault(Fault::RespondToAnything(bytes.to_vec())).await;
        let url = server.url.replace("http:", "https:");
        messages.add(situation, with_rustls(&url, &authority.pem()).await);
    }
}

/// Registers with a client that trusts only these root certificates.
async fn with_rustls(url: &str, pem: &str) -> Error {
    let http = reqwest::Client::builder().no_proxy().tls_backend_rustls();
    let root = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    let builder = builder(url).reqwest_client_builder(http.tls_certs_only([root]));
    registration_error(&builder.build().unwrap()).await
}

async fn proxy_errors(messages: &mut Messages) {
    let port = ClosedPort::new();
    let url = port.url.replace("://", "://user:password@");
    let client = builder("https://duvo.corp.test")
        .proxy(url)
        .retry_policy(RetryPolicy::never());
    let error = registration_error(&client.build().unwrap()).await;
    messages.add("proxy refuses the connection", error);
    for (situation, status) in [
        ("proxy refuses the password", 407),
        ("proxy does not connect to the host", 502),
    ] {
        let proxy = FaultServer::responding(response(status, "", "")).await;
        let client = builder("https://duvo.corp.test")
            .proxy(&proxy.url)
            .retry_policy(RetryPolicy::never());
        let error = registration_error(&client.build().unwrap()).await;
        messages.add(situation, error);
    }
}

async fn statuses(messages: &mut Messages) {
    let api = Api::responding(500, &[], "");
    let client = api.client();
    let html = ("content-type", "text/html");
    for (situation, status, headers, body) in [
        (
            "status with an error and a message",
            403,
            &[][..],
            r#"{"error":"Forbidden","message":"not a manager"}"#,
        ),
        (
            "status with a code, a message and a request id",
            403,
            &[],
            r#"{"code":"insufficient_scope","message":"not a manager","request_id":"req_1"}"#,
        ),
        (
            "status with an error and an equal message",
            500,
            &[],
            r#"{"error":"Internal Server Error","message":"Internal Server Error"}"#,
        ),
        ("status without a body", 401, &[], ""),
        ("status with HTML", 502, &[html], "<html>"),
        (
            "status with text without a content type",
            502,
            &[],
            "upstream",
        ),
        (
            "status with other JSON",
            502,
            &[("content-type", "application/json")],
            r#"{"fault":7}"#,
        ),
        ("status with a code only", 400, &[], r#"{"code":429}"#),
        (
            "status with a list of messages",
            400,
            &[],
            r#"{"message":["a","b"]}"#,
        ),
        (
            "status with control characters in its message",
            400,
            &[],
            r#"{"message":"\u001b[2Jgone\r\n"}"#,
        ),
        (
            "status with a body in an encoding that was not requested",
            502,
            &[html, ("content-encoding", "gzip")],
            "\u{1f}\u{8b}",
        ),
        (
            "redirect",
            307,
            &[("location", "https://elsewhere.example.com")],
            "",
        ),
    ] {
        api.respond(status, headers, body);
        messages.add(situation, registration_error(&client).await);
    }
    let interrupted = "HTTP/1.1 403 Forbidden\r\ncontent-length: 1000\r\n\r\n{\"error\":";
    let server = FaultServer::responding(interrupted).await;
    let error = registration_error_at(&server.url).await;
    messages.add("status whose body is interrupted", error);
}

async fn unreadable_responses(messages: &mut Messages) {
    let api = Api::registering();
    let client = api.client();
    for (situation, status, body) in [
        ("2xx without a body", 204, ""),
        ("2xx with HTML", 200, "<html>Sign in</html>"),
        ("2xx without a required field", 201, r#"{"id":"1"}"#),
        (
            "2xx with a field of another type",
            201,
            r#"{"id":"1","oauth_scopes":["a",7]}"#,
        ),
        (
            "2xx with an invalid timestamp",
            201,
            r#"{"id":"1","created_at":"yesterday"}"#,
        ),
        (
            "2xx that is not an integration, with a message",
            202,
            r#"{"message":"queued for review"}"#,
        ),
        ("2xx of more than 1 MiB", 201, &" ".repeat(2 << 20)),
    ] {
        api.respond(status, &[("x-request-id", "req_7")], body);
        messages.add(situation, registration_error(&client).await);
    }
    for (situation, encoding) in [
        ("2xx in an encoding that was not requested", "gzip"),
        ("2xx in several encodings", "gzip, br"),
    ] {
        api.respond(201, &[("content-encoding", encoding)], "\u{1f}\u{8b}");
        messages.add(situation, registration_error(&client).await);
    }
    let server = FaultServer::start().await;
    for (situation, ending) in [
        ("2xx whose body is interrupted", Ending::Close),
        ("2xx whose body stalls", Ending::Stall),
    ] {
        let half = b"HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{\"id\":";
        server.script([Fault::Respond(half.to_vec(), ending)]);
        messages.add(situation, registration_error_at(&server.url).await);
    }
}

async fn listings(messages: &mut Messages) {
    let server = Server::start().unwrap();
    let team = client(server.url()).team(TEAM);
    let first = r#"{"integrations":[{"id":"1"},{}],"total":4,"limit":2,"offset":0}"#;
    for (situation, next) in [
        (
            "listing: offset is ignored",
            r#"{"integrations":[{}],"total":4,"limit":2,"offset":0}"#,
        ),
        (
            "listing: total grows",
            r#"{"integrations":[{}],"total":20000,"limit":2,"offset":2}"#,
        ),
        (
            "listing: page is empty",
            r#"{"integrations":[],"total":4,"limit":2,"offset":2}"#,
        ),
        (
            "listing: page ends after the total",
            r#"{"integrations":[7,8,9],"total":4,"limit":2,"offset":2}"#,
        ),
        (
            "listing: page repeats all records of an earlier one",
            r#"{"integrations":[{"id":"1"}],"total":4,"limit":2,"offset":2}"#,
        ),
        (
            "listing: page repeats a record of an earlier one",
            r#"{"integrations":[{"id":"1"},7],"total":4,"limit":2,"offset":2}"#,
        ),
    ] {
        server
            .list_integrations()
            .respond(move |_| Response::new(200).with_body(first))
            .respond(move |_| Response::new(200).with_body(next));
        let items: Vec<_> = team.integrations().stream().collect().await;
        let error = items.last().unwrap().as_ref().unwrap_err();
        messages.add(situation, error);
    }
    let records = ["7"; 101].join(",");
    let large = format!(r#"{{"integrations":[{records}],"total":101,"limit":2,"offset":0}}"#);
    server
        .list_integrations()
        .respond(move |_| Response::new(200).with_body(large.clone()));
    let error = team.integrations().all().await.unwrap_err();
    messages.add("listing: page has more records than its limit", error);
    server
        .list_integrations()
        .respond(move |_| Response::new(200).with_body(first));
    let items: Vec<_> = team.integrations().stream().collect().await;
    let error = items[0].as_ref().unwrap_err();
    messages.add("listing: unreadable record", error);
    let only = r#"{"integrations":[{"name":"Internal CRM"}],"total":1,"limit":2,"offset":0}"#;
    server
        .list_integrations()
        .respond(move |_| Response::new(200).with_body(only));
    let ensured = team.ensure_custom_integration(&any_integration()).await;
    let error = ensured.unwrap_err();
    messages.add("ensure: unreadable record may be the integration", error);
}

async fn teams_and_probes(messages: &mut Messages) {
    let api = Api::responding_json(200, &example("SeveralTeams"));
    let client = api.client();
    let error = client.own_team().await.unwrap_err();
    messages.add("several teams", error);
    api.respond_json(200, &example("NoTeam"));
    messages.add("no team", client.own_team().await.unwrap_err());

    let team = client.team(TEAM);
    for body in [
        json!({ "tools": [] }),
        json!({ "success": true, "error": "HTTP 500" }),
    ] {
        api.respond_json(200, &body);
        let probe = McpServerProbe::new("https://mcp.example.com/crm");
        let error = team.probe_mcp_server(&probe).await.unwrap_err();
        messages.add(format!("the response {body} to a probe"), error);
    }
    let probe = McpServerProbe::new("mcp.example.com")
        .header("", "value")
        .header("X Key", "value")
        .header("X-Key", " value")
        .header("x-key", "")
        .header("X-Other", "va\nlue");
    messages.add(
        "invalid probe",
        team.probe_mcp_server(&probe).await.unwrap_err(),
    );
    let error = client.check_mcp_oauth("mcp.example.com").await.unwrap_err();
    messages.add("invalid URL of an OAuth check", error);
}

async fn attempts(messages: &mut Messages) {
    let server = FaultServer::start().await;
    let client = builder(&server.url)
        .retry_policy(policy_without_backoff().with_max_attempts(3))
        .build()
        .unwrap();
    let limited = response(429, "x-request-id: req_1\r\n", "");
    server.script([Fault::Respond(limited, Ending::Close)]);
    messages.add("several attempts", registration_error(&client).await);
}

type Registration = Mock<RegisterCustomIntegration>;
type Expect = fn(Registration) -> Registration;

/// Registers an integration with a mock server, which no mock of it matches, and returns
/// the reason.
async fn mismatch(server: &Server) -> String {
    let integration = any_integration().with_idempotency_key("key-1").unwrap();
    let team = client(server.url()).team(TEAM);
    let result = team.register_custom_integration(&integration).await;
    result.unwrap_err().api_message().unwrap().to_owned()
}

async fn unmatched_requests(messages: &mut Messages) {
    let server = Server::start().unwrap();
    messages.add("mock: operation without a mock", mismatch(&server).await);
    let url = format!("{}/v3/teams", server.url());
    let response = reqwest::Client::new().get(url).send().await;
    let body = response.unwrap().bytes().await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let message = body["message"].as_str().unwrap();
    messages.add("mock: undocumented operation", message);
    server.list_integrations().with_type("custom");
    let page = client(server.url()).team(TEAM).integrations().page().await;
    let error = page.unwrap_err();
    messages.add("mock: absent query parameter", error.api_message().unwrap());

    let expectations: [(&str, Expect); 11] = [
        ("several mismatches", |mock| {
            mock.with_team_id("team_2")
                .with_name("CRM")
                .without_oauth_client_id()
        }),
        ("another team id", |mock| mock.with_team_id("team_2")),
        ("another property", |mock| mock.with_name("CRM")),
        ("another header", |mock| {
            mock.with_idempotency_key("deploy-17")
        }),
        ("unexpected header", Registration::without_idempotency_key),
        ("unexpected property", Registration::without_oauth_client_id),
        ("another secret", |mock| {
            mock.with_oauth_client_secret("other-secret")
        }),
        ("another API key", |mock| mock.with_api_key("other-key")),
        ("custom matcher", |mock| mock.matching(|_| false)),
        ("responder panics", |mock| {
            mock.respond_with(|_, _| panic!("not the name"))
        }),
        ("responder panics with another type", |mock| {
            mock.respond_with(|_, _| std::panic::panic_any(7))
        }),
    ];
    for (situation, expect) in expectations {
        let server = Server::start().unwrap();
        expect(server.register_custom_integration());
        let reason = mismatch(&server).await;
        messages.add(format_args!("mock: {situation}"), reason);
    }
    let server = Server::start().unwrap();
    server.register_custom_integration().with_name("CRM");
    server.register_custom_integration().with_name("Tickets");
    messages.add("mock: several mocks", mismatch(&server).await);
    for (situation, response) in [
        ("status 99", Response::new(99)),
        ("status 101", Response::new(101)),
        ("204 with a body", Response::new(204).with_body("x")),
        (
            "content-length",
            Response::new(200).with_header("content-length", "7"),
        ),
        ("invalid header", Response::new(200).with_header("a b", "c")),
    ] {
        server
            .register_custom_integration()
            .respond(move |_| response.clone());
        let reason = mismatch(&server).await;
        messages.add(format_args!("mock: response with {situation}"), reason);
    }
}

/// Lets assertions of the mock server fail, after an unmatched request.
fn mock_assertions(messages: &mut Messages) {
    let server = Server::start().unwrap();
    let mock = server.register_custom_integration().with_name("CRM");
    let client = builder(server.url()).api_key(API_KEY).build_blocking();
    let team = client.unwrap().team(TEAM);
    let integration = any_integration().with_idempotency_key("key-1").unwrap();
    team.register_custom_integration(&integration).unwrap_err();
    let panic_message = |assertion: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(assertion)).unwrap_err();
        panic.downcast::<String>().map(|message| *message).unwrap()
    };
    messages.add(
        "mock: assert_calls",
        panic_message(&|| mock.assert_calls(1)),
    );
    messages.add(
        "mock: assert_no_unmatched_requests",
        panic_message(&|| server.assert_no_unmatched_requests()),
    );
}

//! `Debug` output, as a user reads it: the settings by the names of their methods, and no
//! internal types.

use std::fmt::Debug;
use std::time::Duration;

use duvo::mock::{Response, Server};
use duvo::{Auth, Client, ClientBuilder, CustomIntegration, RetryPolicy};
use duvo_test_support::client::{TEAM, builder, client, registration_error};

fn debug(value: &impl Debug) -> String {
    format!("{value:?}")
}

const RETRY_POLICY: &str = "RetryPolicy { max_attempts: 4, min_backoff: 500ms, max_backoff: 8s, max_retry_after: 60s, retry_ambiguous: false }";

#[test]
fn policy_prints_its_settings_only() {
    assert_eq!(debug(&RetryPolicy::default()), RETRY_POLICY);
}

#[test]
fn request_prints_plain_values_and_redacts_secrets() {
    let auth = Auth::oauth_client("duvo-crm", "hunter2");
    let url = "https://hunter2@mcp.example.com:8443/crm?token=hunter2#hunter2";
    let crm = CustomIntegration::new("CRM", url, auth)
        .and_then(|crm| crm.with_idempotency_key("deploy-17"))
        .unwrap();
    assert_eq!(
        debug(&crm),
        r#"CustomIntegration { name: "CRM", server_url: "https://[redacted]@mcp.example.com:8443/crm?[redacted]#[redacted]", auth_method: OAuth, oauth_client_id: Some("duvo-crm"), oauth_client_secret: Some(Secret([redacted])), idempotency_key: Some("deploy-17") }"#
    );
    let url = "https://mcp.example.com/price-list";
    let prices = CustomIntegration::new("Price list", url, Auth::ApiKey).unwrap();
    assert_eq!(
        debug(&prices),
        r#"CustomIntegration { name: "Price list", server_url: "https://mcp.example.com/price-list", auth_method: ApiKey, oauth_client_id: None, oauth_client_secret: None, idempotency_key: None }"#
    );
}

/// The settings that a client and its builder both print.
fn settings(base_url: &str, proxy: &str) -> String {
    format!(
        r#"base_url: "{base_url}", api_key: Secret([redacted]), user_agent: "duvo-rs/{}", connect_timeout: 10s, attempt_timeout: 30s, total_timeout: 120s, retry_policy: {RETRY_POLICY}, proxy: {proxy}, root_certificates: 0"#,
        env!("CARGO_PKG_VERSION")
    )
}

#[test]
fn client_prints_every_setting() {
    for (builder, base_url, proxy) in [
        (
            builder("http://localhost:1"),
            "http://localhost:1",
            "Disabled",
        ),
        (
            builder("http://10.0.0.1").allow_http(true),
            "http://10.0.0.1",
            "Environment",
        ),
        (
            builder("http://localhost:1").proxy("http://user:hunter2@localhost:3128"),
            "http://localhost:1",
            r#"Url("http://[redacted]@localhost:3128/")"#,
        ),
        (
            builder("http://10.0.0.1")
                .allow_http(true)
                .reqwest_client_builder(reqwest::Client::builder()),
            "http://10.0.0.1",
            "ReqwestClientBuilder",
        ),
    ] {
        let client = builder.build().unwrap();
        let expected = format!("Client {{ {} }}", settings(base_url, proxy));
        assert_eq!(debug(&client), expected);
    }
}

#[test]
fn builder_prints_every_setting_without_passwords() {
    let builder = Client::builder()
        .base_url("https://user:hunter2@api.example.com")
        .proxy("http://user:hunter2@localhost:3128");
    let output = debug(&builder);
    for text in [
        r#"base_url: "https://[redacted]@api.example.com/""#,
        "api_key: None",
        "allow_http: false",
        "connect_timeout: 10s",
        "retry_policy: RetryPolicy",
        r#"proxy: Url("http://[redacted]@localhost:3128/")"#,
    ] {
        assert!(output.contains(text), "{text}: {output}");
    }
    // A URL that cannot be parsed could contain a password anywhere.
    let invalid = |builder: ClientBuilder| debug(&builder.base_url("hunter2").proxy("hunter2"));
    let output = invalid(Client::builder());
    assert!(!output.contains("hunter2"), "{output}");
    assert!(output.contains(r#"base_url: "[invalid URL]""#), "{output}");
}

#[test]
fn team_and_listing_name_their_client_in_short() {
    let team = client("http://localhost:1").team(TEAM);
    let expected = format!(r#"Team {{ id: "{TEAM}", base_url: "http://localhost:1", .. }}"#);
    assert_eq!(debug(&team), expected);
    let listing = team.integrations().limit(5);
    assert_eq!(
        debug(&listing),
        format!(
            "ListIntegrations {{ team: {expected}, integration_type: None, limit: Some(5), offset: 0 }}"
        )
    );
}

#[test]
fn blocking_types_print_what_their_async_counterparts_print() {
    let client = client("http://localhost:1");
    let policy = RetryPolicy::never();
    let blocking = builder("http://localhost:1").retry_policy(policy);
    let blocking = blocking.build_blocking().unwrap();
    assert_eq!(debug(&blocking), debug(&client));
    let (team, blocking) = (client.team(TEAM), blocking.team(TEAM));
    assert_eq!(debug(&blocking), debug(&team));
    assert_eq!(debug(&blocking.integrations()), debug(&team.integrations()));
}

#[tokio::test]
async fn error_prints_what_its_accessors_return() {
    let server = Server::start().unwrap();
    server.register_custom_integration().respond(|_| {
        Response::new(429)
            .with_header("x-request-id", "req_7")
            .with_retry_after(Duration::from_secs(90))
    });
    let error = registration_error(&server.client().unwrap()).await;
    let output = debug(&error);
    for text in [
        "kind: Status",
        "delivery: Rejected",
        "status: 429",
        r#"request_id: "req_7""#,
        "retry_after: 90s",
        "gave_up: RetryAfterTooLong",
        "attempts: [Attempt {",
    ] {
        assert!(output.contains(text), "{text}: {output}");
    }
    let error = Client::new("").unwrap_err();
    let output = debug(&error);
    assert!(
        output.contains("invalid_fields: [InvalidField {"),
        "{output}"
    );
    assert!(
        !output.contains("None") && !output.contains("[]"),
        "{output}"
    );
}

#[tokio::test]
async fn response_prints_the_failed_attempts() {
    let server = Server::start().unwrap();
    server
        .register_custom_integration()
        .respond(|_| Response::new(429).with_retry_after(Duration::ZERO))
        .respond(|then| then.registered(duvo::Integration::example()));
    let client = duvo_test_support::mock_server::client_without_backoff(&server);
    let integration = duvo_test_support::integrations::any_integration();
    let team = client.team(TEAM);
    let created = team.register_custom_integration(&integration).await;
    let output = debug(&created.unwrap());
    assert!(output.contains("failed_attempts: [Attempt {"), "{output}");
}

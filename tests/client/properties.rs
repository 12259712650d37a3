//! What holds for any input.

use duvo::{Auth, Client, ClientBuilder, CustomIntegration, Error, RetryPolicy, Timestamp};
use duvo_test_support::api::Api;
use duvo_test_support::client::{TEAM, builder, registration_error};
use duvo_test_support::fault_server::{Ending, Fault, FaultServer};
use duvo_test_support::integrations::any_integration;
use duvo_test_support::paused_time::PausedRuntime;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

/// Runs a test for 64 values of a strategy.
///
/// The macro `proptest!` has no place for a server and a client that the cases share.
fn for_any<S: Strategy>(strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        cases: 64,
        ..ProptestConfig::default()
    });
    if let Err(error) = runner.run(&strategy, test) {
        panic!("{error}");
    }
}

/// An API and its client, which the cases of a property share.
struct Harness {
    runtime: Runtime,
    api: Api,
    client: Client,
}

impl Harness {
    fn new() -> Self {
        let api = Api::registering();
        Self {
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            client: api.client(),
            api,
        }
    }

    fn error(&self) -> Error {
        self.runtime.block_on(registration_error(&self.client))
    }
}

/// Returns an `Auth`, and its part of the request body.
fn any_auth() -> impl Strategy<Value = (Auth, Value)> {
    prop_oneof![
        Just((Auth::Url, json!({ "auth_method": "url" }))),
        Just((Auth::ApiKey, json!({ "auth_method": "apikey" }))),
        Just((Auth::Headers, json!({ "auth_method": "headers" }))),
        Just((Auth::oauth(), json!({ "auth_method": "oauth" }))),
        (".+", ".+").prop_map(|(id, secret)| {
            let body = json!({
                "auth_method": "oauth",
                "oauth_client_id": id,
                "oauth_client_secret": secret,
            });
            (Auth::oauth_client(id, secret), body)
        }),
    ]
}

#[test]
fn any_valid_integration_is_sent_unmodified() {
    let harness = Harness::new();
    let team = harness.client.team(TEAM);
    let integrations = (".+", "[a-z0-9/._~-]{0,40}", any_auth());
    for_any(integrations, |(name, path, (auth, mut expected))| {
        let url = format!("https://mcp.example.com/{path}");
        let integration = CustomIntegration::new(&name, &url, auth).unwrap();
        harness.api.forget_requests();
        let call = team.register_custom_integration(&integration);
        harness.runtime.block_on(call).unwrap();
        let request = harness.api.only_request();
        let body: Value = serde_json::from_slice(request.body_ref()).unwrap();
        expected["name"] = name.into();
        expected["server_url"] = url.into();
        prop_assert_eq!(body, expected);
        Ok(())
    });
}

/// Returns the start of a response.
fn any_head() -> impl Strategy<Value = &'static [u8]> {
    prop_oneof![
        Just(&b""[..]),
        Just(&b"HTTP/1.1 201 Created\r\n"[..]),
        Just(&b"HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n"[..]),
        Just(&b"HTTP/1.1 403 Forbidden\r\ncontent-length: 40\r\n\r\n"[..]),
    ]
}

fn any_ending() -> impl Strategy<Value = Ending> {
    prop_oneof![
        Just(Ending::Close),
        Just(Ending::Reset),
        Just(Ending::Stall)
    ]
}

#[test]
fn any_bytes_on_the_wire_are_an_error_and_do_not_hang() {
    let runtime = PausedRuntime::new();
    let server = runtime.block_on(FaultServer::start());
    let client = without_pool(builder(&server.url)).build().unwrap();
    let responses = (any_head(), vec(any::<u8>(), 0..200), any_ending());
    for_any(responses, |(head, rest, ending)| {
        server.script([Fault::Respond([head, &rest].concat(), ending)]);
        let error = runtime.block_on(async {
            let error = registration_error(&client).await;
            server.wait_until_idle().await;
            error
        });
        prop_assert!(!error.to_string().contains(char::is_control));
        prop_assert_eq!(error.attempts().len(), 1);
        Ok(())
    });
}

/// Uses a new connection for each call: the fault server serves one call on each.
fn without_pool(builder: ClientBuilder) -> ClientBuilder {
    let http = reqwest::Client::builder().pool_max_idle_per_host(0);
    builder
        .reqwest_client_builder(http.no_gzip())
        .retry_policy(RetryPolicy::never())
}

#[test]
fn any_response_that_is_not_an_integration_is_an_error() {
    let harness = Harness::new();
    let responses = (200_u16..600, vec(any::<u8>(), 0..300));
    for_any(responses, |(status, body)| {
        harness.api.respond(status, &[], &body);
        let error = harness.error();
        prop_assert_eq!(error.status().unwrap(), status);
        // In HTTP, these two have no body, whatever the server sends.
        if !matches!(status, 204 | 304) {
            prop_assert_eq!(error.body().unwrap(), &body[..]);
        }
        prop_assert!(!error.to_string().contains(char::is_control));
        Ok(())
    });
}

#[test]
fn any_json_that_is_not_an_integration_is_an_error() {
    let harness = Harness::new();
    for_any(any_json(4), |body| {
        for status in [201, 400] {
            harness.api.respond_json(status, &body);
            let error = harness.error();
            prop_assert_eq!(error.status().unwrap(), status);
            let expected = body.to_string();
            prop_assert_eq!(error.body().unwrap(), expected.as_bytes());
        }
        Ok(())
    });
}

#[test]
fn any_timestamp_survives_serialization() {
    let instants = (0_i64..253_402_300_800, 0_u32..1_000_000_000);
    for_any(instants, |(seconds, nanoseconds)| {
        let instant = chrono::DateTime::from_timestamp(seconds, nanoseconds).unwrap();
        let written = Value::from(instant.to_rfc3339());
        let parsed: Timestamp = serde_json::from_value(written).unwrap();
        prop_assert_eq!(chrono::DateTime::<chrono::Utc>::from(parsed), instant);
        let written = serde_json::to_string(&parsed).unwrap();
        let parsed_again = serde_json::from_str::<Timestamp>(&written).unwrap();
        prop_assert_eq!(parsed_again, parsed);
        Ok(())
    });
}

#[test]
fn any_team_id_is_one_path_segment_or_not_sent() {
    let harness = Harness::new();
    let integration = any_integration();
    let ids = prop_oneof![".*", "[a-z0-9._~:@!$&'()*+,=/%\\\\;?# -]{0,12}"];
    for_any(ids, |id| {
        harness.api.forget_requests();
        let team = harness.client.team(&id);
        let call = team.register_custom_integration(&integration);
        if harness.runtime.block_on(call).is_ok() {
            let path = harness.api.only_request().uri().path().to_owned();
            prop_assert_eq!(path, format!("/v2/teams/{id}/integrations/custom"));
            prop_assert!(!id.contains('/'));
        } else {
            prop_assert_eq!(harness.api.requests().len(), 0);
        }
        Ok(())
    });
}

fn any_json(depth: u32) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".{0,8}".prop_map(Into::into),
    ];
    let key = prop_oneof![
        "error",
        "message",
        "code",
        "request_id",
        "details",
        "id",
        "name",
        ".{0,4}"
    ];
    leaf.prop_recursive(depth, 64, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Into::into),
            vec((key.clone(), inner), 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

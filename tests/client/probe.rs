//! Probing an MCP server, and checking its OAuth support.

use duvo::mock::{Response, Server, examples};
use duvo::{Delivery, Error, ErrorKind, McpServerProbe, Probe};
use duvo_test_support::api::Api;
use duvo_test_support::client::{TEAM, policy_without_backoff};
use duvo_test_support::document::example;
use serde_json::{Value, json};

const URL: &str = "https://mcp.example.com/warehouse";
const TOKEN: &str = "8Q~xyz.AbC+/=&";
const API_SECRET: &str = "another \"quoted\" secret";

fn with_secrets() -> McpServerProbe {
    McpServerProbe::new(URL)
        .header("Authorization", format!("Bearer {TOKEN}"))
        .header("X-Api-Key", API_SECRET)
}

async fn probe(api: &Api, probe: &McpServerProbe) -> duvo::Result<Probe> {
    let team = api.client().team(TEAM);
    let response = team.probe_mcp_server(probe).await?;
    Ok(response.into_inner())
}

/// Probes an API with this response.
async fn result(body: &Value) -> duvo::Result<Probe> {
    probe(&Api::responding_json(200, body), &McpServerProbe::new(URL)).await
}

fn reasons(error: &Error) -> Vec<String> {
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    let fields = error.invalid_fields().iter();
    fields.map(ToString::to_string).collect()
}

#[tokio::test]
async fn sends_the_documented_request() {
    let request = example("ProbeWithHeadersRequest");
    let headers = request["headers"].as_object().unwrap();
    let with_headers = headers.iter().fold(
        McpServerProbe::new(request["server_url"].as_str().unwrap()),
        |probe, (name, value)| probe.header(name, value.as_str().unwrap()),
    );
    let api = Api::responding_json(200, &example("McpProbeResult"));
    for (sent, expected) in [
        (with_headers, request),
        (
            McpServerProbe::new("https://mcp.example.com/opening-hours"),
            example("ProbeRequest"),
        ),
    ] {
        api.forget_requests();
        assert!(probe(&api, &sent).await.unwrap().is_reachable());
        let request = api.only_request();
        assert_eq!(request.method_str(), "POST");
        let path = format!("/v2/teams/{TEAM}/connections/mcp/probe");
        assert_eq!(request.uri().path(), path);
        assert!(!request.headers().contains_key("idempotency-key"));
        let body: Value = serde_json::from_str(&request.body_string()).unwrap();
        assert_eq!(body, expected);
    }
}

#[tokio::test]
async fn returns_the_tools() {
    let probe = result(&example("McpProbeResult")).await.unwrap();
    assert!(probe.is_reachable());
    assert_eq!(probe.reason(), None);
    let [hours, stores] = probe.tools() else {
        panic!("{probe:?}")
    };
    assert_eq!(hours.name, "opening_hours");
    assert!(hours.description.as_ref().unwrap().contains("hours"));
    assert_eq!(
        hours.input_schema.as_ref().unwrap()["required"],
        json!(["store"])
    );
    assert_eq!(stores.description, None);
    assert_eq!(stores.input_schema, None);
    let json = serde_json::to_value(&probe).unwrap();
    assert_eq!(json["result"], "reachable");
    assert_eq!(json["tools"][1], json!({ "name": "list_stores" }));
}

#[tokio::test]
async fn failed_probe_is_a_result_with_the_reason() {
    for name in ["UnreachableServer", "UnauthorizedServer"] {
        let body = example(name);
        let probe = result(&body).await.unwrap();
        assert!(!probe.is_reachable());
        assert_eq!(probe.reason(), body["error"].as_str());
        assert!(probe.tools().is_empty());
        let expected = json!({ "result": "failed", "reason": body["error"] });
        assert_eq!(serde_json::to_value(&probe).unwrap(), expected);
    }
    for body in [
        json!({ "success": false }),
        json!({ "success": false, "error": null, "tools": [{ "name": "t" }] }),
        json!({ "success": false, "error": " " }),
    ] {
        let probe = result(&body).await.unwrap();
        assert!(!probe.is_reachable(), "{body}");
        assert_eq!(probe.reason(), None, "{body}");
        assert!(probe.tools().is_empty(), "{body}");
    }
}

#[tokio::test]
async fn inconclusive_response_is_an_error() {
    for body in [
        json!({}),
        json!(null),
        json!([]),
        json!(true),
        json!({ "success": null }),
        json!({ "success": "true" }),
        json!({ "success": 1 }),
        json!({ "tools": [{ "name": "t" }] }),
        json!({ "success": true, "tools": {} }),
        json!({ "success": true, "tools": [{ "description": "no name" }] }),
        json!({ "success": true, "error": "connect ECONNREFUSED" }),
    ] {
        let error = result(&body).await.unwrap_err();
        assert!(error.is_unreadable_response(), "{body}: {error}");
    }
    for (status, body) in [
        (200, "<html>Sign in</html>"),
        (200, ""),
        (204, ""),
        (202, "{"),
    ] {
        let api = Api::responding(status, &[], body);
        let error = probe(&api, &McpServerProbe::new(URL)).await.unwrap_err();
        assert!(error.is_unreadable_response(), "{status} {body}: {error}");
    }
}

#[tokio::test]
async fn unknown_fields_and_values_are_accepted() {
    let tool = json!({
        "name": "t",
        "title": "T",
        "description": null,
        "input_schema": { "type": ["object", "null"], "$defs": { "x": {} } },
        "output_schema": {},
    });
    let body = json!({ "success": true, "tools": [tool], "error": null, "latency_ms": 12 });
    let probe = result(&body).await.unwrap();
    assert_eq!(probe.tools()[0].name, "t");
    let schema = probe.tools()[0].input_schema.as_ref().unwrap();
    assert_eq!(schema["type"], json!(["object", "null"]));
    let probe = result(&json!({ "success": true })).await.unwrap();
    assert!(probe.is_reachable());
    assert!(probe.tools().is_empty());
}

/// Spellings of the secrets of the headers.
fn spellings() -> Vec<String> {
    let percent_encoded: Vec<_> = TOKEN.bytes().map(|byte| format!("%{byte:02X}")).collect();
    vec![
        format!("Bearer {TOKEN}"),
        TOKEN.to_owned(),
        percent_encoded.concat(),
        TOKEN.replace('/', r"\/").replace('&', r"\u0026"),
        // In base64: the token, the whole value, and the other secret.
        "OFF+eHl6LkFiQysvPSY=".to_owned(),
        "QmVhcmVyIDhRfnh5ei5BYkMrLz0m".to_owned(),
        API_SECRET.to_owned(),
        API_SECRET.replace('"', r#"\""#),
        API_SECRET.replace(' ', "+").replace('"', "%22"),
        "YW5vdGhlciAicXVvdGVkIiBzZWNyZXQ=".to_owned(),
    ]
}

#[tokio::test]
async fn secrets_of_headers_are_redacted_in_results_and_errors() {
    let api = Api::responding(200, &[], "");
    for spelling in spellings() {
        let text = format!("got <{spelling}>");
        let failed = json!({ "success": false, "error": text });
        let tool = json!({
            "name": text,
            "description": text,
            "input_schema": { text.clone(): [{ "const": text }] },
        });
        let reachable = json!({ "success": true, "tools": [tool] });
        for body in [failed, reachable] {
            api.respond_json(200, &body);
            let probe = probe(&api, &with_secrets()).await.unwrap();
            let printed = format!("{probe:?} {}", json!(probe));
            assert!(printed.contains("got <[redacted]>"), "{printed}");
            for part in [&spelling, TOKEN, API_SECRET] {
                assert!(!printed.contains(part), "{part}: {printed}");
            }
        }
        for (status, body) in [
            (400, json!({ "error": text, "message": text })),
            (200, json!({ "success": text, "error": text })),
            (
                200,
                json!({ "success": true, "error": text, "message": text }),
            ),
        ] {
            api.respond_json(status, &body);
            let error = probe(&api, &with_secrets()).await.unwrap_err();
            let printed = format!("{error} {error:?} {}", json!(error));
            assert!(!printed.contains(&spelling), "{spelling}: {printed}");
        }
    }
}

#[test]
fn debug_output_has_no_secret() {
    let probe = McpServerProbe::new("https://user:pass@mcp.example.com/?key=k1")
        .header("X-Api-Key", API_SECRET)
        .header("misplaced secret", "x");
    assert_eq!(
        format!("{probe:?}"),
        "McpServerProbe { server_url: \"https://[redacted]@mcp.example.com/?[redacted]\", \
         headers: [(\"X-Api-Key\", Secret([redacted])), (\"[invalid name]\", Secret([redacted]))] }"
    );
}

#[tokio::test]
async fn invalid_probe_is_not_sent_and_every_field_is_named() {
    let server = Server::start().unwrap();
    let client = server.client().unwrap();
    let probe = McpServerProbe::new("mcp.example.com")
        .header("", "v")
        .header("X Key: hunter2", "v")
        .header("X-A", "")
        .header("x-a", "hunter2 ")
        .header("X-B", "hunter2\r\nX-C: d")
        .header("X-D", "hünter2");
    let error = client
        .team("..")
        .probe_mcp_server(&probe)
        .await
        .unwrap_err();
    let reasons = reasons(&error);
    let expected = [
        "`teamId` ",
        "`server_url` ",
        "`headers` header 1: the name must not be empty",
        "`headers` header 2: the name contains a space (character 2)",
        "`headers` header 3: the value must not be empty",
        "`headers` header 4: the name is that of header 3",
        "`headers` header 4: the value must not begin or end with a space",
        "`headers` header 5: the value contains a line break (character 8)",
        "`headers` header 6: the value contains a non-ASCII character (character 2)",
    ];
    assert_eq!(reasons.len(), expected.len(), "{reasons:#?}");
    for (reason, expected) in reasons.iter().zip(expected) {
        assert!(reason.starts_with(expected), "{reason}");
    }
    let printed = format!("{error} {error:?}");
    assert!(!printed.contains("hunter2"), "{printed}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn values_with_spaces_and_every_character_of_a_name_are_valid() {
    let api = Api::responding_json(200, &json!({ "success": true }));
    let sent = McpServerProbe::new(URL).header("!#$%&'*+-.^_`|~09azAZ", "a b\tc~!");
    assert!(probe(&api, &sent).await.unwrap().is_reachable());
}

#[tokio::test]
async fn lookups_by_post_are_retried_like_reads() {
    let server = Server::start().unwrap();
    let probes = server
        .probe_mcp_server()
        .respond(|_| Response::html(502, "<h1>Bad Gateway</h1>"))
        .respond(|_| Response::reset())
        .respond(|then| then.probed(examples::mcp_probe_result()));
    let checks = server
        .check_mcp_oauth()
        .respond(|_| Response::html(504, "<h1>Gateway Timeout</h1>"))
        .respond(|then| then.oauth_support(examples::no_dynamic_registration()));
    let registrations = server
        .register_custom_integration()
        .respond(|_| Response::html(502, "<h1>Bad Gateway</h1>"));
    let builder = server.client_builder();
    let client = builder
        .retry_policy(policy_without_backoff())
        .build()
        .unwrap();
    let team = client.team(TEAM);
    let response = team.probe_mcp_server(&with_secrets()).await.unwrap();
    assert_eq!(response.failed_attempts().len(), 2);
    probes.assert_calls(3);
    let response = client.check_mcp_oauth(URL).await.unwrap();
    assert_eq!(response.failed_attempts().len(), 1);
    checks.assert_calls(2);
    // A POST that is not marked as safe.
    let integration = duvo_test_support::integrations::any_integration();
    let result = team.register_custom_integration(&integration).await;
    assert_eq!(result.unwrap_err().attempts().len(), 1);
    registrations.assert_calls(1);
}

#[tokio::test]
async fn mock_server_does_not_print_the_headers() {
    let server = Server::start().unwrap();
    let mock = server
        .probe_mcp_server()
        .with_headers(json!({ "X-Api-Key": "expected-secret" }));
    let client = server.client().unwrap();
    let error = client
        .team(TEAM)
        .probe_mcp_server(&with_secrets())
        .await
        .unwrap_err();
    let unmatched = server.unmatched_requests();
    let printed = format!(
        "{error} {error:?} {unmatched:?} {:?}",
        unmatched[0].reason()
    );
    assert!(printed.contains("`headers`"), "{printed}");
    for secret in ["expected-secret", TOKEN, "another"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    drop(mock);
}

#[tokio::test]
async fn checks_the_oauth_support() {
    let api = Api::responding_json(200, &example("DynamicRegistration"));
    let client = api.client();
    let request = example("OauthCheckRequest");
    let url = request["mcp_server_url"].as_str().unwrap();
    let oauth = client.check_mcp_oauth(url).await.unwrap();
    assert!(oauth.supports_dcr);
    assert_eq!(
        oauth.authorization_endpoint.as_deref(),
        Some("https://auth.example.com/authorize")
    );
    assert_eq!(oauth.scopes.as_deref().map(<[_]>::len), Some(2));
    let sent = api.only_request();
    assert_eq!(sent.method_str(), "POST");
    assert_eq!(sent.uri().path(), "/v2/connections/oauth/mcp/check");
    let body: Value = serde_json::from_str(&sent.body_string()).unwrap();
    assert_eq!(body, request);

    api.respond_json(200, &example("NoDynamicRegistration"));
    let oauth = client.check_mcp_oauth(url).await.unwrap();
    assert!(!oauth.supports_dcr);
    assert_eq!(
        (&oauth.authorization_endpoint, &oauth.scopes),
        (&None, &None)
    );
    let body =
        json!({ "supports_dcr": true, "scopes": null, "issuer": "https://auth.example.com" });
    api.respond_json(200, &body);
    assert!(client.check_mcp_oauth(url).await.unwrap().supports_dcr);
    for body in [
        json!({}),
        json!({ "supports_dcr": null }),
        json!({ "supports_dcr": "no" }),
    ] {
        api.respond_json(200, &body);
        let error = client.check_mcp_oauth(url).await.unwrap_err();
        assert!(error.is_unreadable_response(), "{body}: {error}");
    }
    api.forget_requests();
    for url in [
        "",
        "mcp.example.com",
        "ftp://mcp.example.com",
        " https://mcp.example.com",
    ] {
        let error = client.check_mcp_oauth(url).await.unwrap_err();
        let [reason] = &reasons(&error)[..] else {
            panic!("{error}")
        };
        assert!(reason.starts_with("`mcp_server_url` "), "{reason}");
    }
    assert!(api.requests().is_empty());
}

#[cfg(feature = "blocking")]
#[test]
fn blocking_calls_return_the_same() {
    let server = Server::start().unwrap();
    server.list_teams();
    server.probe_mcp_server();
    server.check_mcp_oauth();
    let client = server.client_builder().build_blocking().unwrap();
    assert_eq!(client.teams().unwrap().len(), 1);
    let team = client.own_team().unwrap();
    let probe = team.probe_mcp_server(&McpServerProbe::new(URL)).unwrap();
    assert_eq!(probe.tools().len(), 2);
    assert!(client.check_mcp_oauth(URL).unwrap().supports_dcr);
}

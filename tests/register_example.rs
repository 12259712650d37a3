//! `examples/register`, as a user runs it.

mod support;

use std::process::Output;

use serde_json::Value;
use support::example::{example, stderr, stdout};
use support::{API_KEY, Api, document, socket};

fn register(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    example("register")
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// Runs it against a base URL, which wants an answer from this runtime.
async fn register_at(base_url: &str, arguments: &'static [&str]) -> Output {
    let base_url = base_url.to_owned();
    let variables = move || {
        register(
            arguments,
            &[("DUVO_API_KEY", API_KEY), ("DUVO_API_BASE_URL", &base_url)],
        )
    };
    tokio::task::spawn_blocking(variables).await.unwrap()
}

#[test]
fn without_a_key_it_registers_with_the_embedded_mock_and_says_so() {
    let output = register(&[], &[]);
    assert!(output.status.success());
    assert!(
        stderr(&output).contains("a mock of the API, embedded in this process"),
        "{output:?}"
    );
    let documented = document::answer(201, "url");
    assert!(
        stdout(&output).contains("request to the embedded mock\n  POST http://127.0.0.1:"),
        "{output:?}"
    );
    assert!(
        stdout(&output).contains("answer of the embedded mock: 201 Created"),
        "{output:?}"
    );
    assert!(
        stdout(&output).contains(&format!(
            "registered {}",
            documented["id"].as_str().unwrap()
        )),
        "{output:?}"
    );
}

#[test]
fn every_auth_method_is_registered_with_either_version() {
    let secret = ("DUVO_OAUTH_CLIENT_SECRET", "canary");
    for (arguments, variables, key) in [
        (&["--auth-method", "url"][..], &[][..], "url"),
        (&["--auth-method", "apikey"], &[], "apikey"),
        (&["--auth-method", "headers"], &[], "headers"),
        (&["--auth-method", "oauth"], &[], "oauth_dynamic"),
        (
            &["--auth-method", "oauth", "--oauth-client-id", "duvo"],
            &[secret],
            "oauth",
        ),
    ] {
        for (team, path) in [
            (&[][..], "/v1/integrations/custom"),
            (&["--team", "t1"], "/v2/teams/t1/integrations/custom"),
        ] {
            let output = register(&[arguments, team].concat(), variables);
            assert!(output.status.success(), "{output:?}");
            assert!(
                stdout(&output).contains(document::answer(201, key)["id"].as_str().unwrap()),
                "{output:?}"
            );
            assert!(stdout(&output).contains(path), "{output:?}");
            assert!(!stdout(&output).contains("canary"), "{output:?}");
        }
    }
}

#[test]
fn json_is_all_that_it_prints_when_asked_for() {
    let output = register(
        &[
            "--json",
            "--name",
            "Stock",
            "--server-url",
            "https://mcp.example.com/stock",
            "--team",
            "t1",
        ],
        &[],
    );
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed["name"], "Stock");
    assert_eq!(printed["server_url"], "https://mcp.example.com/stock");
    assert_eq!(printed["team_id"], "t1");
}

#[tokio::test]
async fn with_a_key_it_sends_the_documented_request_to_the_base_url() {
    let api = Api::registering();
    let output = register_at(&api.url(), &[]).await;
    assert!(output.status.success(), "{output:?}");
    assert!(!stderr(&output).contains("mock"), "{output:?}");
    assert!(
        stdout(&output).starts_with("answer of the API: 201 Created"),
        "{output:?}"
    );

    let request = api.only_request();
    assert_eq!(request.method_str(), "POST");
    assert_eq!(request.uri().path(), "/v1/integrations/custom");
    assert_eq!(
        request.headers()["authorization"],
        format!("Bearer {API_KEY}")
    );
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(
        request.body_string(),
        r#"{"auth_method":"url","name":"Internal CRM","server_url":"https://mcp.example.com/crm"}"#,
    );
}

#[tokio::test]
async fn an_error_of_the_api_is_text_that_a_person_can_act_on() {
    let api = Api::answering_json(403, &document::answer(403, "coded"));
    let output = register_at(&api.url(), &["--team", "t1"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
    assert_eq!(
        stderr(&output),
        "error: the API answered 403 Forbidden: The API key may not manage integrations (insufficient_scope) \
         (request id req_01hzx4p9c2)\n  \
         status:     403 Forbidden\n  \
         message:    The API key may not manage integrations\n  \
         request id: req_01hzx4p9c2\n  \
         registered: no, the request was refused\n  \
         next:       use the API key of a user with the manager role or above\n",
    );
}

#[tokio::test]
async fn an_unclear_outcome_is_told_as_such() {
    let api = Api::answering(504, &[("content-type", "text/html")], "<html>");
    let output = register_at(&api.url(), &[]).await;
    assert_eq!(output.status.code(), Some(1));
    let text = "registered: unknown, the integration may exist all the same\n  \
                next:       look for the integration in Duvo, and run this again only if it is not there\n";
    assert!(stderr(&output).contains(text), "{output:?}");
}

#[tokio::test]
async fn a_refused_connection_names_the_setting() {
    let output = register_at(&socket::refusing().await, &[]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("registered: no, the request was not sent"),
        "{output:?}"
    );
    assert!(stderr(&output).contains("DUVO_API_BASE_URL"), "{output:?}");
}

#[test]
fn a_mistake_in_the_arguments_exits_with_1() {
    let secret = ("DUVO_OAUTH_CLIENT_SECRET", "canary");
    for (arguments, variables, text) in [
        (
            &["--auth-method", "basic"][..],
            &[][..],
            "possible values: url, apikey, headers, oauth",
        ),
        (&["--name"], &[], "a value is required"),
        (
            &["--name", "", "--server-url", "crm"],
            &[],
            "`name` is empty; give it at least one character; `server_url` is not",
        ),
        (
            &["--oauth-client-id", "duvo"],
            &[],
            "goes with --auth-method oauth only",
        ),
        (
            &["--auth-method", "oauth", "--oauth-client-id", "duvo"],
            &[],
            "needs the client secret in DUVO_OAUTH_CLIENT_SECRET",
        ),
        (
            &["--auth-method", "oauth"],
            &[secret],
            "DUVO_OAUTH_CLIENT_SECRET is set, but --oauth-client-id is not given",
        ),
        (&["--team", ".."], &[], "`teamId` begins with a dot"),
        (
            &[],
            &[("DUVO_API_KEY", "")],
            "`DUVO_API_KEY` is missing or empty",
        ),
        (
            &[],
            &[
                ("DUVO_API_KEY", "k"),
                ("DUVO_API_BASE_URL", "http://api.duvo.ai"),
            ],
            "`DUVO_API_BASE_URL` is plain http",
        ),
    ] {
        let output = register(arguments, variables);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(stderr(&output).contains(text), "{output:?}");
        assert!(!stderr(&output).contains("canary"), "{output:?}");
    }
}

#[test]
fn what_goes_to_loopback_goes_through_no_proxy() {
    // Nothing listens there.
    let proxy = "http://127.0.0.1:9";
    let output = register(
        &[],
        &[
            ("HTTP_PROXY", proxy),
            ("http_proxy", proxy),
            ("ALL_PROXY", proxy),
        ],
    );
    assert!(output.status.success(), "{output:?}");
}

#[tokio::test]
async fn a_refusal_that_passes_says_how_long_to_wait() {
    let api = Api::answering(
        429,
        &[("retry-after", "120")],
        document::answer(429, "coded").to_string(),
    );
    let output = register_at(&api.url(), &[]).await;
    assert!(
        stderr(&output).contains("wait 120 seconds, then run this again"),
        "{output:?}"
    );
}

#[tokio::test]
async fn every_status_has_a_next_step_that_fits_the_outcome() {
    for status in [
        300, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 422, 500, 502, 503, 504,
    ] {
        let api = Api::answering(status, &[], "");
        let output = register_at(&api.url(), &[]).await;
        let text = stderr(&output);
        let (_, next) = text.split_once("next:       ").unwrap();
        let is_unclear = text.contains("registered: unknown");
        assert_eq!(
            next.starts_with("look for the integration in Duvo"),
            is_unclear,
            "{status}: {text}"
        );
    }
}

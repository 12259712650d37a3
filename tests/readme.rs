//! The README keeps its word.

mod support;

use support::example::{example, stderr, stdout};
use support::{API_KEY, Api, document};

const README: &str = include_str!("../README.md");

/// The first code block of the README in this language.
fn block(language: &str) -> &'static str {
    let (_, rest) = README
        .split_once(&format!("```{language}\n"))
        .expect("the README has the block");
    rest.split_once("```").expect("the block has an end").0
}

#[test]
fn the_usage_is_the_example_that_is_compiled() {
    assert_eq!(block("rust,no_run"), include_str!("../examples/usage.rs"));
}

#[test]
fn the_usage_registers_an_integration() {
    let api = Api::registering();
    let documented = document::request("oauth");
    let output = example("usage")
        .env("DUVO_API_KEY", API_KEY)
        .env("DUVO_API_BASE_URL", api.url())
        .env(
            "DUVO_OAUTH_CLIENT_SECRET",
            documented["oauth_client_secret"].as_str().unwrap(),
        )
        .output()
        .unwrap();
    assert_eq!(
        stdout(&output),
        "registered c7d1e9a4-6b2d-4a8e-9c3f-7e5b0d9f4d43 at 2026-08-03T09:21:13Z\n",
        "{output:?}"
    );
    let request = api.only_request();
    assert_eq!(
        request.uri().path(),
        "/v2/teams/team_01hzx3f8q2/integrations/custom"
    );
    assert_eq!(request.body_string(), documented.to_string());
}

#[test]
fn the_first_command_prints_what_the_readme_shows() {
    let output = example("register").output().unwrap();
    assert_eq!(
        comparable(stdout(&output)),
        comparable(block("text")),
        "{}",
        stderr(&output)
    );
}

#[test]
fn curl_sends_the_bytes_that_the_first_command_sends() {
    let api = Api::registering();
    let output = example("register")
        .env("DUVO_API_KEY", API_KEY)
        .env("DUVO_API_BASE_URL", api.url())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let request = api.only_request();
    let curl = block("sh");
    assert!(
        curl.contains(&format!("https://api.duvo.ai{} ", request.uri().path())),
        "{curl}"
    );
    assert!(
        curl.contains(&format!("-d '{}'", request.body_string())),
        "{curl}"
    );
}

/// The text without what differs from run to run.
fn comparable(text: &str) -> String {
    let line = |line: &str| match line
        .split_once("127.0.0.1:")
        .or(line.split_once("idempotency-key: "))
    {
        Some((before, after)) => {
            format!(
                "{before}…{}",
                after.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '-')
            )
        }
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

//! The README shows what the examples do.

use duvo_test_support::api::Api;
use duvo_test_support::client::API_KEY;
use duvo_test_support::example_program::{example, stderr, stdout};

const README: &str = include_str!("../../README.md");

/// Returns the first code block of the README in this language.
fn block(language: &str) -> &'static str {
    let (_, rest) = README
        .split_once(&format!("```{language}\n"))
        .expect("the README has the block");
    rest.split_once("```").expect("the block has an end").0
}

#[test]
fn usage_block_equals_the_compiled_example() {
    assert_eq!(
        block("rust,no_run"),
        include_str!("../../examples/usage.rs")
    );
}

#[test]
fn usage_example_registers_an_integration() {
    let api = Api::registering();
    let output = example("usage")
        .env("DUVO_API_KEY", API_KEY)
        .env("DUVO_API_BASE_URL", api.url())
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
    assert_eq!(
        request.body_string(),
        r#"{"auth_method":"url","name":"Internal CRM","server_url":"https://mcp.example.com/crm"}"#
    );
}

#[test]
fn first_command_prints_the_output_block() {
    let output = example("register").output().unwrap();
    let shown = normalize(block("text"));
    let shown = shown.strip_suffix("…").expect("the block is abridged");
    let printed = normalize(stdout(&output));
    assert!(printed.starts_with(shown), "{printed}{}", stderr(&output));
    assert!(
        printed[shown.len()..].starts_with("\nregistered "),
        "{printed}"
    );
}

#[test]
fn curl_block_sends_the_request_of_the_first_command() {
    let api = Api::registering();
    let output = example("register")
        .env("DUVO_API_KEY", API_KEY)
        .env("DUVO_API_BASE_URL", api.url())
        .env("DUVO_TEAM", "team_01hzx3f8q2")
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

#[test]
fn commands_of_provision_succeed() {
    let (_, section) = README.split_once("## Provision a list").unwrap();
    let (block, _) = section.split_once("cargo install").unwrap();
    let prefix = "cargo run --example provision -- ";
    let commands = block.lines().filter_map(|line| line.strip_prefix(prefix));
    let summaries = ["Plan: 2 to create;", "Done: 2 created, 1 replaced,"];
    assert_eq!(commands.clone().count(), summaries.len());
    for (arguments, summary) in commands.zip(summaries) {
        let mut program = example("provision");
        // The user confirms the changes on a terminal.
        let confirmation = arguments.starts_with("apply").then_some("--yes");
        let program = program.args(arguments.split(' ')).args(confirmation);
        let output = program.output().unwrap();
        assert!(stdout(&output).contains(summary), "{output:?}");
        assert!(stderr(&output).contains("Nothing is sent to Duvo."));
        assert!(output.status.success(), "{output:?}");
    }
}

/// Replaces the parts that differ between runs: the port and the idempotency key.
fn normalize(text: &str) -> String {
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

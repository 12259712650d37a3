use std::process::Stdio;

use duvo::AuthMethod;
use duvo::mock::Fault;
use duvo_test_support::example_program::{stderr, stdout};
use duvo_test_support::mock_server::{count, forbidden, start_with};
use serde_json::{Value, json};

use super::{FILE, SECRET, file_of_tools, program, run, tool_url, write};

const PAGE: &str = include_str!("../../../docs/provisioning.md");

#[test]
fn second_run_finds_what_the_first_created() {
    let (server, catalogue) = start_with([]);
    let file = write("repeated.toml", FILE);
    let first = run(&server, &["apply", &file, "--yes"]);
    for line in ["+ Price list", "+ Internal CRM", "Done: 2 created."] {
        assert!(stdout(&first).contains(line), "{first:?}");
    }
    assert!(first.status.success());
    // Nothing needs to be confirmed.
    let second = run(&server, &["apply", &file]);
    let shown = format!("```text\n{}```\n", stdout(&second));
    assert!(PAGE.contains(&shown), "{second:?}");
    assert!(second.status.success());
    assert_eq!(catalogue.integrations().len(), 2);
}

#[test]
fn second_run_completes_a_failed_one() {
    let (server, catalogue) = start_with([]);
    catalogue.next_registration(Fault::none());
    catalogue.next_registration(forbidden());
    let file = write("failed.toml", FILE);
    let arguments = ["apply", &file, "--yes", "--concurrency", "1"];
    let first = run(&server, &arguments);
    for line in [
        "+ Price list",
        "x Internal CRM",
        "403",
        "1 created, 1 failed",
    ] {
        assert!(stdout(&first).contains(line), "{first:?}");
    }
    assert_eq!(first.status.code(), Some(1));
    let second = run(&server, &arguments);
    assert!(
        stdout(&second).contains("Done: 1 created, 1 unchanged."),
        "{second:?}"
    );
    assert!(second.status.success());
    assert_eq!(catalogue.integrations().len(), 2);
}

#[test]
fn changes_without_a_terminal_require_yes() {
    let (server, catalogue) = start_with([]);
    let file = write("unconfirmed.toml", FILE);
    let mut program = program(&server, &["apply", &file]);
    let output = program.stdin(Stdio::null()).output().unwrap();
    assert!(stdout(&output).contains("Plan: 2 to create."), "{output:?}");
    assert!(stderr(&output).contains("pass --yes"), "{output:?}");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(count(&server, "GET"), server.requests().len());
    assert!(catalogue.integrations().is_empty());
}

#[test]
fn json_is_the_serialized_report() {
    let (server, _) = start_with([]);
    let file = write("report-json.toml", FILE);
    for outcome in ["created", "exists"] {
        let output = run(&server, &["apply", &file, "--yes", "--json"]);
        let report: Value = serde_json::from_str(stdout(&output)).unwrap();
        assert_eq!(report["team"], "team_01hzx3f8q2");
        assert_eq!(report["converged"], true);
        assert_eq!(report["stopped"], Value::Null);
        assert_eq!(report["deletions"], json!([]));
        for integration in report["integrations"].as_array().unwrap() {
            assert_eq!(integration["outcome"], outcome);
            assert!(integration["integration"]["id"].is_string());
        }
        assert!(
            stderr(&output).contains("Team team_01hzx3f8q2:"),
            "{output:?}"
        );
        assert!(!format!("{output:?}").contains(SECRET));
    }
}

#[test]
fn each_option_permits_one_kind_of_deletion() {
    let file = write("deletions.toml", &file_of_tools(2));
    for (option, expected) in [
        ("", ["Tool 0 oauth", "Tool 1 url", "Tool 1 url", "Old url"]),
        (
            "--replace",
            ["Tool 1 url", "Tool 1 url", "Old url", "Tool 0 url"],
        ),
        ("--prune", ["Tool 0 oauth", "Tool 1 url", "Tool 1 url", ""]),
        (
            "--remove-duplicates",
            ["Tool 0 oauth", "Tool 1 url", "Old url", ""],
        ),
    ] {
        let (server, catalogue) = start_with([]);
        catalogue.add_custom("Tool 0", tool_url(0), AuthMethod::OAuth);
        catalogue.add_custom("Tool 1", tool_url(1), AuthMethod::Url);
        catalogue.add_custom("Tool 1", tool_url(1), AuthMethod::Url);
        catalogue.add_custom("Old", tool_url(2), AuthMethod::Url);
        let option = Some(option).filter(|option| !option.is_empty());
        let arguments: Vec<_> = ["apply", &file, "--yes"]
            .into_iter()
            .chain(option)
            .collect();
        let output = run(&server, &arguments);
        let integrations = catalogue.integrations();
        let integrations = integrations.iter().map(|integration| {
            let method = integration.auth_method.as_deref().unwrap();
            format!("{} {method}", integration.name)
        });
        let expected = expected.into_iter().filter(|line| !line.is_empty());
        assert!(integrations.eq(expected), "{option:?}: {output:?}");
        // Without `--replace`, an integration still differs.
        let is_converged = option == Some("--replace");
        assert_eq!(output.status.success(), is_converged, "{output:?}");
    }
}

#[test]
fn pruning_everything_is_an_error() {
    let (server, catalogue) = start_with([]);
    catalogue.add_custom("Old", tool_url(0), AuthMethod::Url);
    let file = write(
        "empty.toml",
        "team = \"team_01hzx3f8q2\"\nintegration = []\n",
    );
    for command in ["plan", "apply"] {
        let output = run(&server, &[command, &file, "--prune"]);
        assert!(
            stderr(&output).contains("--prune would delete every"),
            "{output:?}"
        );
        assert_eq!(output.status.code(), Some(1));
    }
    assert_eq!(server.requests().len(), 0);
    assert!(run(&server, &["plan", &file]).status.success());
}

#[test]
fn each_finished_change_is_one_line_of_standard_error() {
    let (server, _) = start_with([]);
    let file = write("progress.toml", &file_of_tools(3));
    let output = run(&server, &["apply", &file, "--yes", "--concurrency", "1"]);
    let lines: Vec<_> = stderr(&output).lines().collect();
    assert_eq!(
        lines,
        [
            "1/3: create \"Tool 0\"",
            "2/3: create \"Tool 1\"",
            "3/3: create \"Tool 2\"",
            "listing the catalogue again",
        ]
    );
}

#[test]
fn closed_output_does_not_end_the_changes() {
    let (server, catalogue) = start_with([]);
    let file = write("closed.toml", FILE);
    let mut program = program(&server, &["apply", &file, "--yes"]);
    let program = program.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert!(child.wait().unwrap().success());
    assert_eq!(catalogue.integrations().len(), 2);
}

#[test]
fn difference_alone_is_the_reason_of_the_exit_status() {
    let (server, catalogue) = start_with([]);
    catalogue.add_custom("Tool 0", tool_url(0), AuthMethod::OAuth);
    let file = write("different.toml", &file_of_tools(1));
    let output = run(&server, &["apply", &file]);
    let summary = "Nothing to change: 1 different.\n\nNot done: 1 different. Replace";
    assert!(stdout(&output).contains(summary), "{output:?}");
    assert_eq!(output.status.code(), Some(1));
}

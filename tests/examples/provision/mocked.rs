use std::process::Output;

use duvo_test_support::example_program::{example, stderr, stdout};

use super::{FILE, write};

const PAGE: &str = include_str!("../../../docs/provisioning.md");

fn run_without_key(arguments: &[&str]) -> Output {
    example("provision").args(arguments).output().unwrap()
}

/// Replaces identifiers, whose order depends on the concurrency.
fn normalize(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let is_id = word.contains("0000-0000-4000-");
        if is_id {
            word.replace(|character: char| character.is_ascii_digit(), "")
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn page_shows_the_output_of_its_commands() {
    let blocks = PAGE.split("```console\n$ cargo run --example provision -- ");
    let mut count = 0;
    for block in blocks.skip(1) {
        let (arguments, rest) = block.split_once("\n```\n\n```text\n").unwrap();
        let (shown, _) = rest.split_once("```").unwrap();
        let arguments: Vec<_> = arguments.split(' ').collect();
        let output = run_without_key(&arguments);
        assert_eq!(
            normalize(stdout(&output)),
            normalize(shown),
            "{arguments:?}"
        );
        assert!(
            stderr(&output).contains("Nothing is sent to Duvo."),
            "{output:?}"
        );
        count += 1;
    }
    assert!(count >= 2, "the page has the commands");
}

#[test]
fn sample_has_every_kind_of_finding() {
    let output = run_without_key(&["plan", "--json"]);
    let plan: serde_json::Value = serde_json::from_str(stdout(&output)).unwrap();
    for (field, count) in [
        ("create", 2),
        ("differs", 1),
        ("duplicates", 1),
        ("unwanted", 1),
        ("broken", 1),
    ] {
        assert_eq!(plan["counts"][field], count, "{field}");
    }
    assert!(plan["counts"]["unchanged"].as_u64() >= Some(1));
}

#[test]
fn applying_again_finds_nothing() {
    for arguments in [&["apply", "--yes"][..], &["apply", "--yes", "--json"]] {
        let output = run_without_key(arguments);
        let text = format!("{}{}", stdout(&output), stderr(&output));
        let line = "Planning again: Nothing to change: 5 unchanged, 1 different.";
        assert!(text.contains(line), "{text}");
        // One integration differs, and is not replaced.
        assert_eq!(output.status.code(), Some(1));
    }
    let arguments = [
        "apply",
        "--yes",
        "--replace",
        "--prune",
        "--remove-duplicates",
    ];
    let output = run_without_key(&arguments);
    let line = "Planning again: Nothing to change: 6 unchanged.";
    assert!(stdout(&output).contains(line), "{output:?}");
    assert!(output.status.success());
}

#[test]
fn file_is_applied_to_an_empty_catalogue() {
    let file = write("mocked.toml", FILE);
    let mut program = example("provision");
    let program = program.args(["apply", &file, "--yes"]);
    let output = program
        .env("CRM_CLIENT_SECRET", "hunter2")
        .output()
        .unwrap();
    assert!(stdout(&output).contains("Done: 2 created."), "{output:?}");
    assert!(output.status.success());
}

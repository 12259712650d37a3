//! `examples/provision.rs`, run as a user runs it.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use duvo::mock::{Fault, Server};
use duvo_test_support::client::API_KEY;
use duvo_test_support::example_program::{example, stderr, stdout};
use duvo_test_support::mock_server::{forbidden, request_lines, start_with};

const FILE: &str = r#"
team = "team_1"

[[integration]]
name = "Price list"
server_url = "https://mcp.example.com/price-list"
auth_method = "apikey"

[[integration]]
name = "Internal CRM"
server_url = "https://mcp.example.com/crm"
auth_method = "oauth"
oauth_client_id = "duvo-crm"
oauth_client_secret_variable = "CRM_CLIENT_SECRET"
"#;

/// The identifiers of the first two integrations in a catalogue.
const ID_1: &str = "00000000-0000-4000-8000-000000000001";
const ID_2: &str = "00000000-0000-4000-8000-000000000002";

fn provision(name: &str, text: &str, server: &Server) -> Output {
    let file: PathBuf = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&file, text).unwrap();
    example("provision")
        .arg(file)
        .env("DUVO_API_KEY", API_KEY)
        .env("DUVO_API_BASE_URL", server.url())
        .env("CRM_CLIENT_SECRET", "hunter2")
        .output()
        .unwrap()
}

/// Asserts what the run prints: a line for each integration, and how many exist.
fn assert_lines(output: &Output, lines: [&[&str]; 3]) {
    let printed: Vec<_> = stdout(output)
        .lines()
        .filter(|line| !line.is_empty())
        .collect();
    assert!(printed.len() >= 3, "{output:?}");
    for (line, fragments) in printed.iter().zip(lines) {
        for fragment in fragments {
            assert!(line.contains(fragment), "{fragment}: {output:?}");
        }
    }
}

#[test]
fn second_run_finds_what_the_first_created() {
    let (server, catalogue) = start_with([]);
    let first = provision("repeated.toml", FILE, &server);
    assert_lines(
        &first,
        [
            &["Price list", "created", ID_1],
            &["Internal CRM", "created", ID_2],
            &["2 of 2"],
        ],
    );
    assert!(first.status.success());
    let second = provision("repeated.toml", FILE, &server);
    assert_lines(
        &second,
        [&["Price list", ID_1], &["Internal CRM", ID_2], &["2 of 2"]],
    );
    assert!(!stdout(&second).contains("created"), "{second:?}");
    assert!(second.status.success());
    assert_eq!(catalogue.integrations().len(), 2);
}

#[test]
fn second_run_completes_a_failed_one() {
    let (server, catalogue) = start_with([]);
    catalogue.next_registration(Fault::none());
    catalogue.next_registration(forbidden());
    let first = provision("failed.toml", FILE, &server);
    assert_lines(
        &first,
        [
            &["Price list", "created", ID_1],
            &["Internal CRM", "failed", "403"],
            &["1 of 2"],
        ],
    );
    assert!(!first.status.success());
    let second = provision("failed.toml", FILE, &server);
    assert_lines(
        &second,
        [
            &["Price list", ID_1],
            &["Internal CRM", "created", ID_2],
            &["2 of 2"],
        ],
    );
    assert!(second.status.success());
    assert_eq!(catalogue.integrations().len(), 2);
}

#[test]
fn url_that_duvo_may_not_reach_is_registered_with_a_warning() {
    let (server, catalogue) = start_with([]);
    let file = FILE.replace("https://mcp.example.com/crm", "http://10.0.0.1/crm");
    let output = provision("concern.toml", &file, &server);
    for text in ["warning: `Internal CRM`: ", "http", "10.0.0.1"] {
        assert!(stderr(&output).contains(text), "{}", stderr(&output));
    }
    assert!(output.status.success());
    assert_eq!(catalogue.integrations().len(), 2);
}

#[test]
fn invalid_file_registers_nothing() {
    let (server, _) = start_with([]);
    for (from, to, fragments) in [
        (
            "CRM_CLIENT_SECRET",
            "NO_SUCH_VARIABLE",
            ["`Internal CRM`", "NO_SUCH_VARIABLE"],
        ),
        (
            "https://mcp.example.com/crm",
            "crm",
            ["`Internal CRM`", "`server_url`"],
        ),
        (
            "auth_method = \"oauth\"",
            "auth_method = \"url\"",
            ["`Internal CRM`", "`oauth`"],
        ),
        (
            "oauth_client_secret_variable",
            "oauth_client_secret",
            ["`Internal CRM`", "`oauth_client_secret`"],
        ),
        (
            "\"apikey\"",
            "\"basic\"",
            ["`Price list`", "apikey, headers"],
        ),
        (
            "name = \"Price list\"",
            "",
            ["integration 1", "`name` is missing"],
        ),
        (
            "oauth_client_id",
            "client_id",
            ["invalid.toml", "`client_id`"],
        ),
    ] {
        let output = provision("invalid.toml", &FILE.replace(from, to), &server);
        for fragment in fragments {
            assert!(stderr(&output).contains(fragment), "{}", stderr(&output));
        }
        assert!(!stderr(&output).contains("hunter2"));
        assert!(!output.status.success());
    }
    assert_eq!(request_lines(&server).len(), 0);
}

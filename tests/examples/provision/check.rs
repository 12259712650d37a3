use duvo::mock::{Catalogue, Response, Server};
use duvo_test_support::example_program::{stderr, stdout};
use duvo_test_support::mock_server::{count, start_with};
use serde_json::{Value, json};

use super::{FILE, program, write};

/// Starts a server whose probe of the price list fails.
fn start() -> (Server, Catalogue) {
    let (server, catalogue) = start_with([]);
    server.probe_mcp_server().respond_with(|call, _| {
        let is_broken = call.server_url() == Some("https://mcp.example.com/price-list");
        let failed = json!({"success": false, "error": "connect ETIMEDOUT"});
        let required = json!({"success": false, "error": "HTTP 401"});
        Response::json(200, &if is_broken { failed } else { required })
    });
    server.check_mcp_oauth();
    (server, catalogue)
}

#[test]
fn plan_shows_what_will_not_work_and_changes_nothing() {
    let (server, catalogue) = start();
    let file = write("check-plan.toml", FILE);
    let arguments = ["plan", &file, "--check", "--json", "--detailed-exitcode"];
    let output = program(&server, &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let plan: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(plan["counts"]["create"], 1);
    assert_eq!(plan["counts"]["will_not_work"], 1);
    let checkup = &plan["integrations"][0]["checkup"];
    assert_eq!(checkup["verdict"], "will_not_work");
    assert_eq!(plan["integrations"][1]["checkup"]["verdict"], "works");
    assert_eq!(catalogue.integrations().len(), 0);
    // Two probes, and the check of OAuth.
    assert_eq!(count(&server, "POST"), 3);
}

#[test]
fn apply_does_not_register_what_will_not_work_unless_it_is_forced() {
    let (server, catalogue) = start();
    let file = write("check-apply.toml", FILE);
    let arguments = ["apply", &file, "--check", "--yes"];
    let output = program(&server, &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        stdout(&output).contains("not registered: will not work"),
        "{output:?}"
    );
    let registered = catalogue.integrations();
    assert_eq!(registered.len(), 1);
    assert_eq!(registered[0].name, "Internal CRM");

    let arguments = ["apply", &file, "--check", "--force", "--yes"];
    let output = program(&server, &arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(catalogue.integrations().len(), 2);
}

#[test]
fn force_requires_a_check() {
    let (server, _) = start();
    let file = write("check-force.toml", FILE);
    let output = program(&server, &["apply", &file, "--force"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--check"), "{output:?}");
    assert_eq!(server.requests().len(), 0);
}

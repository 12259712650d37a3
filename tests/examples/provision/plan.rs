use duvo::AuthMethod;
use duvo::mock::{Fault, Response, Server};
use duvo_test_support::example_program::{stderr, stdout};
use duvo_test_support::mock_server::{count, request_lines, start_with};
use serde_json::{Value, json};

use super::{FILE, SECRET, program, run, without_team, write};

#[test]
fn plan_changes_nothing() {
    let (server, catalogue) = start_with([]);
    let file = write("plan.toml", FILE);
    let output = run(&server, &["plan", &file]);
    for line in ["+ Price list", "+ Internal CRM", "Plan: 2 to create."] {
        assert!(stdout(&output).contains(line), "{output:?}");
    }
    assert!(output.status.success());
    assert!(catalogue.integrations().is_empty());
    assert_eq!(count(&server, "GET"), server.requests().len());
}

#[test]
fn detailed_exit_code_states_whether_the_catalogue_differs() {
    let (server, catalogue) = start_with([]);
    let file = write("exit.toml", FILE);
    let status = |arguments: &[&str]| {
        let output = run(&server, &[&["plan"], arguments].concat());
        output.status.code().unwrap()
    };
    assert_eq!(status(&[&file, "--detailed-exitcode"]), 2);
    assert_eq!(status(&[&file]), 0);
    let url = "https://mcp.example.com/price-list";
    catalogue.add_custom("Price list", url, AuthMethod::ApiKey);
    let crm = "https://mcp.example.com/crm";
    let differing = catalogue.add_custom("Internal CRM", crm, AuthMethod::Url);
    // Nothing would be changed, but the catalogue differs.
    assert_eq!(status(&[&file, "--detailed-exitcode"]), 2);
    let id = differing.custom_integration_id.unwrap();
    let client = server.client().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime
        .block_on(client.delete_custom_integration(&id))
        .unwrap();
    catalogue.add_custom("Internal CRM", crm, AuthMethod::OAuth);
    assert_eq!(status(&[&file, "--detailed-exitcode"]), 0);

    assert_eq!(status(&["missing.toml", "--detailed-exitcode"]), 1);
    assert_eq!(status(&["--no-such-option", "--detailed-exitcode"]), 1);
    assert_eq!(status(&["--help"]), 0);
}

#[test]
fn json_is_the_serialized_plan() {
    let (server, _) = start_with([]);
    let file = write("plan-json.toml", FILE);
    let output = run(&server, &["plan", &file, "--json", "--prune"]);
    let plan: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(plan["team"], "team_01hzx3f8q2");
    assert_eq!(plan["converged"], false);
    assert_eq!(
        plan["settings"],
        json!({"replace": false, "prune": true, "remove_duplicates": false})
    );
    assert_eq!(plan["counts"]["create"], 2);
    assert_eq!(plan["integrations"][1]["name"], "Internal CRM");
    assert_eq!(plan["integrations"][1]["action"], "create");
    for field in ["unwanted", "broken", "unreadable"] {
        assert_eq!(plan[field], json!([]), "{field}");
    }
    assert!(!format!("{output:?}").contains(SECRET));
}

#[test]
fn team_is_that_of_the_option_then_the_file_then_the_variable() {
    let with_team = write("with-team.toml", FILE);
    let without_team = write("without-team.toml", &without_team());
    let requested = |arguments: &[&str]| {
        let (server, _) = start_with([]);
        let mut program = program(&server, arguments);
        let output = program.env("DUVO_TEAM", "from-variable").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        request_lines(&server).remove(0)
    };
    for (arguments, team) in [
        (
            &["plan", &with_team, "--team", "from-option"][..],
            "from-option",
        ),
        (
            &["plan", &without_team, "--team", "from-option"],
            "from-option",
        ),
        (&["plan", &with_team], "team_01hzx3f8q2"),
        (&["plan", &without_team], "from-variable"),
    ] {
        let request = requested(arguments);
        assert!(request.contains(&format!("/teams/{team}/")), "{request}");
    }
}

#[test]
fn url_that_duvo_may_not_reach_is_a_warning() {
    let (server, _) = start_with([]);
    let text = FILE.replace("https://mcp.example.com/crm", "http://10.0.0.1/crm");
    let file = write("concern.toml", &text);
    let output = run(&server, &["plan", &file]);
    let warning = format!("{file}:11: warning: integration \"Internal CRM\": `server_url` ");
    for text in [&warning, "http", "10.0.0.1"] {
        assert!(stderr(&output).contains(text), "{}", stderr(&output));
    }
    assert!(output.status.success());
}

#[test]
fn error_of_the_api_is_printed() {
    let server = Server::start().unwrap();
    let file = write("unavailable.toml", FILE);
    let output = run(&server, &["plan", &file, "--json"]);
    assert!(stderr(&output).contains("501"), "{output:?}");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
}

#[test]
fn message_of_a_rejected_key_or_team_names_what_to_check() {
    let file = write("rejected.toml", FILE);
    for (status, hint) in [
        (401, "; check DUVO_API_KEY"),
        (
            403,
            "; check the team, and whether DUVO_API_KEY may access it",
        ),
        (
            404,
            "; check the team, and whether DUVO_API_KEY may access it",
        ),
        (500, ""),
    ] {
        let (server, catalogue) = start_with([]);
        let response = Response::json(status, &json!({"message": "rejected"}));
        catalogue.next_listing(Fault::rejected(response));
        let output = run(&server, &["plan", &file]);
        let end = format!("rejected{hint}\n");
        assert!(stderr(&output).ends_with(&end), "{output:?}");
        assert_eq!(output.status.code(), Some(1));
    }
}

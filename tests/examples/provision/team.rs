use std::process::Output;

use duvo::mock::{Response, Server, examples};
use duvo_test_support::example_program::{example, stderr, stdout};
use duvo_test_support::mock_server::{request_lines, start_with};
use serde_json::json;

use super::{SECRET, program, run, without_team, write};

const PAGE: &str = include_str!("../../../docs/provisioning.md");
const HINT: &str = "; to state the team, pass --team, add `team` to the file or set DUVO_TEAM\n";

/// Asserts that the program failed, and sent only the lookup of the team.
fn assert_only_looked_up(server: &Server, output: &Output) {
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(output), "");
    assert_eq!(request_lines(server), ["GET /v2/teams"]);
}

#[test]
fn only_team_of_the_key_needs_no_setting() {
    let own = examples::team_page().teams[0].id.clone();
    let file = write("own-team.toml", &without_team());
    for variable in [None, Some("")] {
        let (server, catalogue) = start_with([]);
        server.list_teams();
        let mut program = program(&server, &["apply", &file, "--yes"]);
        program.envs(variable.map(|team| ("DUVO_TEAM", team)));
        let output = program.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let heading = format!("Team {own}:");
        assert!(stdout(&output).starts_with(&heading), "{output:?}");
        let requests = request_lines(&server);
        assert_eq!(requests[0], "GET /v2/teams");
        assert!(!requests[1..].contains(&requests[0]), "{requests:?}");
        let integrations = catalogue.integrations();
        assert_eq!(integrations.len(), 2);
        for integration in integrations {
            assert_eq!(integration.team_id, own);
        }
    }
}

#[test]
fn stated_team_is_not_looked_up() {
    let (server, _) = start_with([]);
    let teams = server.list_teams();
    let file = write("stated-team.toml", &without_team());
    let output = run(&server, &["plan", &file, "--team", "stated"]);
    assert!(output.status.success(), "{output:?}");
    teams.assert_calls(0);
}

#[test]
fn several_teams_are_listed_as_the_page_shows() {
    let file = write("several-teams.toml", &without_team());
    for arguments in [&["plan", &file][..], &["apply", &file, "--yes", "--prune"]] {
        let (server, _) = start_with([]);
        server
            .list_teams()
            .respond(|then| then.teams(examples::several_teams()));
        let output = run(&server, arguments);
        assert!(stderr(&output).ends_with(HINT), "{output:?}");
        assert!(PAGE.contains(stderr(&output)), "{output:?}");
        assert_only_looked_up(&server, &output);
    }
}

#[test]
fn key_without_a_team_is_an_error() {
    let (server, _) = start_with([]);
    server
        .list_teams()
        .respond(|then| then.teams(examples::no_team()));
    let file = write("no-team.toml", &without_team());
    let output = run(&server, &["plan", &file, "--detailed-exitcode"]);
    assert!(stderr(&output).contains("has no team; "), "{output:?}");
    assert_only_looked_up(&server, &output);
}

#[test]
fn message_of_a_failed_lookup_names_what_to_do() {
    let file = write("lookup.toml", &without_team());
    for (status, end) in [
        (401, "; check DUVO_API_KEY\n"),
        (403, HINT),
        (404, HINT),
        (400, "rejected\n"),
    ] {
        let (server, _) = start_with([]);
        server
            .list_teams()
            .respond(move |_| Response::json(status, &json!({"message": "rejected"})));
        let output = run(&server, &["plan", &file]);
        assert!(stderr(&output).ends_with(end), "{output:?}");
        assert_only_looked_up(&server, &output);
    }
}

#[test]
fn invalid_file_is_reported_before_the_lookup() {
    let (server, _) = start_with([]);
    let text = without_team().replace("https://mcp.example.com/crm", "crm");
    let file = write("invalid-without-team.toml", &text);
    let output = run(&server, &["plan", &file]);
    assert!(
        stderr(&output).ends_with("nothing was sent\n"),
        "{output:?}"
    );
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn embedded_mock_has_one_team() {
    let file = write("mocked-without-team.toml", &without_team());
    let mut program = example("provision");
    let program = program.args(["apply", &file, "--yes"]);
    let output = program.env("CRM_CLIENT_SECRET", SECRET).output().unwrap();
    assert!(stdout(&output).contains("Done: 2 created."), "{output:?}");
    assert!(output.status.success());
}

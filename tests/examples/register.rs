//! `examples/register`

use std::process::Output;

use duvo::Integration;
use duvo::mock::{Server, examples};
use duvo_test_support::api::Api;
use duvo_test_support::client::API_KEY;
use duvo_test_support::closed_port::ClosedPort;
use duvo_test_support::document;
use duvo_test_support::example_program::{example, stderr, stdout};
use serde_json::Value;

fn register(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    example("register")
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// Runs the example with an API key and this base URL.
fn register_at(base_url: &str, arguments: &[&str]) -> Output {
    let variables = [("DUVO_API_KEY", API_KEY), ("DUVO_API_BASE_URL", base_url)];
    register(arguments, &variables)
}

fn documented_id(key: &str) -> String {
    let body = document::response(201, key);
    serde_json::from_value::<Integration>(body).unwrap().id
}

/// Returns the text after a label of the error, such as `registered: `.
fn after<'a>(label: &str, output: &'a Output) -> &'a str {
    let line = stderr(output).lines().find_map(|line| {
        let rest = line.trim().strip_prefix(label)?;
        Some(rest.trim())
    });
    line.unwrap_or_else(|| panic!("{label}: {output:?}"))
}

#[test]
fn without_a_key_it_registers_with_an_embedded_mock() {
    let output = register(&[], &[]);
    assert!(output.status.success());
    assert!(stderr(&output).contains("DUVO_API_KEY"), "{output:?}");
    assert!(stderr(&output).contains("mock"), "{output:?}");
    for fragment in [
        "POST http://127.0.0.1:",
        "201 Created",
        &format!("registered {}", documented_id("url")),
    ] {
        assert!(stdout(&output).contains(fragment), "{output:?}");
    }
}

#[test]
fn registers_every_auth_method_with_either_version() {
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
            (&[][..], "/v2/teams/team_01hzx3f8q2/integrations/custom"),
            (&["--team", "t1"], "/v2/teams/t1/integrations/custom"),
            (&["--api-version", "1"], "/v1/integrations/custom"),
        ] {
            let output = register(&[arguments, team].concat(), variables);
            assert!(output.status.success(), "{output:?}");
            assert!(stdout(&output).contains(&documented_id(key)), "{output:?}");
            assert!(stdout(&output).contains(path), "{output:?}");
            assert!(!stdout(&output).contains("canary"), "{output:?}");
        }
    }
}

#[test]
fn json_flag_prints_nothing_but_json() {
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

#[test]
fn team_is_that_of_the_option_or_else_of_the_environment() {
    for (arguments, team, path) in [
        (&[][..], "t2", "/v2/teams/t2/integrations/custom"),
        (&["--team", "t1"], "t2", "/v2/teams/t1/integrations/custom"),
        (
            &["--api-version", "2"],
            "t2",
            "/v2/teams/t2/integrations/custom",
        ),
        (&["--api-version", "1"], "t2", "/v1/integrations/custom"),
        (&["--team", "t1"], "", "/v2/teams/t1/integrations/custom"),
    ] {
        let api = Api::registering();
        let url = api.url();
        let output = register(
            arguments,
            &[
                ("DUVO_API_KEY", API_KEY),
                ("DUVO_API_BASE_URL", &url),
                ("DUVO_TEAM", team),
            ],
        );
        assert!(output.status.success(), "{output:?}");
        assert_eq!(stderr(&output), "");
        assert_eq!(api.only_request().uri().path(), path);
    }
}

#[test]
fn without_a_team_it_registers_with_the_only_team_of_the_key() {
    let server = Server::start().unwrap();
    let teams = server.list_teams();
    let registrations = server.register_custom_integration();
    for arguments in [&[][..], &["--api-version", "2"]] {
        let output = register_at(server.url(), arguments);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(stderr(&output), "");
        assert!(stdout(&output).contains("201 Created"), "{output:?}");
    }
    teams.assert_calls(2);
    let own = examples::team_page().teams[0].id.clone();
    for call in registrations.calls() {
        assert_eq!(call.team_id(), Some(own.as_str()));
    }
}

#[test]
fn several_teams_or_none_require_an_option() {
    let server = Server::start().unwrap();
    server
        .list_teams()
        .respond(|then| then.teams(examples::several_teams()))
        .respond(|then| then.teams(examples::no_team()));
    let registrations = server.register_custom_integration();
    for fragment in [
        "`Finance` (5a7b9c1d-2e4f-4a6b-8c0d-1e3f5a7b9c2d)",
        "no team",
    ] {
        let output = register_at(server.url(), &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(fragment), "{output:?}");
        assert!(after("registered:", &output).starts_with("no"));
        assert!(after("next:", &output).contains("--team"));
    }
    registrations.assert_calls(0);
}

#[test]
fn failed_lookup_of_the_team_registered_nothing() {
    let api = Api::responding(504, &[("content-type", "text/html")], "<html>");
    let output = register_at(&api.url(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(after("registered:", &output).starts_with("no"));
    assert_eq!(after("next:", &output), "retry");
}

#[test]
fn v1_is_called_only_on_request() {
    let api = Api::registering();
    let output = register_at(&api.url(), &["--api-version", "1"]);
    assert!(output.status.success(), "{output:?}");
    assert!(!stderr(&output).contains("mock"), "{output:?}");

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

#[test]
fn api_error_is_printed_with_its_status_request_id_and_next_step() {
    let api = Api::responding_json(403, &document::response(403, "coded"));
    let output = register_at(&api.url(), &["--team", "t1"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "");
    assert_eq!(after("status:", &output), "403 Forbidden");
    assert_eq!(
        after("message:", &output),
        "The API key may not manage integrations"
    );
    assert_eq!(after("request id:", &output), "req_01hzx4p9c2");
    assert!(after("registered:", &output).starts_with("no"));
    assert!(after("next:", &output).contains("manager role"));
}

#[test]
fn unknown_outcome_is_printed_as_unknown() {
    let api = Api::responding(504, &[("content-type", "text/html")], "<html>");
    let output = register_at(&api.url(), &["--team", "t1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(after("registered:", &output).starts_with("unknown"));
    assert!(after("next:", &output).contains("integration"));
}

#[tokio::test]
async fn refused_connection_names_the_base_url_setting() {
    let output = register_at(&ClosedPort::new().url, &["--team", "t1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(after("registered:", &output).contains("not sent"));
    assert!(after("next:", &output).contains("DUVO_API_BASE_URL"));
}

#[test]
fn invalid_arguments_exit_with_1_and_are_named() {
    let secret = ("DUVO_OAUTH_CLIENT_SECRET", "canary");
    let without_base_url = ("DUVO_API_KEY", "");
    for (arguments, variables, fragments) in [
        (
            &["--auth-method", "basic"][..],
            &[][..],
            &["url, apikey, headers, oauth"][..],
        ),
        (&["--name"], &[], &["--name"]),
        (
            &["--name", "", "--server-url", "crm"],
            &[],
            &["`name`", "`server_url`"],
        ),
        (
            &["--oauth-client-id", "duvo"],
            &[],
            &["--oauth-client-id", "--auth-method oauth"],
        ),
        (
            &["--auth-method", "oauth", "--oauth-client-id", "duvo"],
            &[],
            &["--oauth-client-id", "DUVO_OAUTH_CLIENT_SECRET"],
        ),
        (
            &["--auth-method", "oauth"],
            &[secret],
            &["DUVO_OAUTH_CLIENT_SECRET", "--oauth-client-id"],
        ),
        (&["--team", ".."], &[], &["`teamId`"]),
        (
            &["--api-version", "1", "--team", "t1"],
            &[],
            &["--team", "v2"],
        ),
        (&["--api-version", "3"], &[], &["--api-version"]),
        (&[], &[without_base_url], &["`DUVO_API_KEY`"]),
        (
            &[],
            &[
                ("DUVO_API_KEY", "k"),
                ("DUVO_API_BASE_URL", "http://api.duvo.ai"),
            ],
            &["`DUVO_API_BASE_URL`", "http"],
        ),
    ] {
        let output = register(arguments, variables);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        for fragment in fragments {
            assert!(stderr(&output).contains(fragment), "{output:?}");
        }
        assert!(!stderr(&output).contains("canary"), "{output:?}");
    }
}

#[test]
fn url_that_duvo_may_not_reach_is_registered_with_a_warning() {
    let output = register(&["--server-url", "https://localhost/mcp"], &[]);
    assert!(output.status.success(), "{output:?}");
    for text in ["warning: `server_url` ", "`localhost`"] {
        assert!(stderr(&output).contains(text), "{output:?}");
    }
    let output = register(&[], &[]);
    assert!(!stderr(&output).contains("warning"), "{output:?}");
}

#[test]
fn proxy_variables_are_ignored_for_loopback() {
    // Nothing listens at this address.
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

#[test]
fn retry_after_is_the_wait_of_the_next_step() {
    let api = Api::responding(
        429,
        &[("retry-after", "120")],
        document::response(429, "coded").to_string(),
    );
    let output = register_at(&api.url(), &["--team", "t1"]);
    assert!(
        after("next:", &output).contains("120 seconds"),
        "{output:?}"
    );
}

#[test]
fn next_step_fits_the_outcome_of_each_status() {
    // The integration may exist after these statuses, and no other.
    const UNKNOWN: [u16; 6] = [300, 408, 500, 502, 503, 504];
    let api = Api::responding(500, &[], "");
    let next = |status| {
        api.respond(status, &[], "");
        let output = register_at(&api.url(), &["--team", "t1"]);
        let is_unknown = after("registered:", &output).starts_with("unknown");
        assert_eq!(
            is_unknown,
            UNKNOWN.contains(&status),
            "{status}: {output:?}"
        );
        after("next:", &output).to_owned()
    };
    let look = next(500);
    for status in [
        300, 307, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 422, 500, 502, 503, 504,
    ] {
        let next = next(status);
        assert_eq!(next == look, UNKNOWN.contains(&status), "{status}: {next}");
    }
}

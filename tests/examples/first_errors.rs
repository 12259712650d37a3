//! `docs/first-errors.md`: each section is the output of a run.

use duvo::mock::{Response, Server};
use duvo_test_support::client::API_KEY;
use duvo_test_support::example_program::{example, stderr};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../docs/first-errors.md");

/// Returns the text block of a section.
fn section(title: &str) -> &'static str {
    let (_, section) = PAGE.split_once(&format!("## {title}\n")).unwrap();
    let (_, block) = section.split_once("```text\n").unwrap();
    block.split_once("```").unwrap().0
}

fn teams(names: &[(&str, &str)]) -> Response {
    let team = |(name, id): &(&str, &str)| json!({"id": id, "name": name, "organization_id": null});
    let teams: Vec<_> = names.iter().map(team).collect();
    Response::json(200, &json!({ "teams": teams }))
}

const SALES: (&str, &str) = ("Sales", "7c9e6679-7425-40de-944b-e07fc1f90ae7");
const FINANCE: (&str, &str) = ("Finance", "3fa85f64-5717-4562-b3fc-2c963f66afa6");

#[test]
fn page_shows_the_output_of_each_error() {
    let rejection = |status: u16, body: Value| Response::json(status, &body);
    let unauthorized = json!({"error": "Unauthorized", "message": "Invalid API key"});
    let no_role = json!({"error": "Forbidden", "message": "Manager role required"});
    let no_access = json!({"error": "Forbidden", "message": "You do not have access to this team"});
    let created = || Response::new(201);
    let own = || teams(&[SALES]);
    let v1: &[&str] = &["--api-version", "1"];
    let cases = [
        (
            "Wrong API key",
            rejection(401, unauthorized),
            created(),
            &[] as &[&str],
        ),
        ("No team", teams(&[]), created(), &[]),
        ("Several teams", teams(&[SALES, FINANCE]), created(), &[]),
        ("No role", own(), rejection(403, no_role), &[]),
        (
            "A team of another organization",
            own(),
            rejection(403, no_access),
            &["--team", "11111111-2222-4333-8444-555555555555"],
        ),
        (
            "The end of API v1",
            own(),
            rejection(410, json!({"error": "Gone"})),
            v1,
        ),
    ];
    let count = cases.len();
    for (title, teams, registration, arguments) in cases {
        let server = Server::start().unwrap();
        let v1 = registration.clone();
        server.list_teams().respond(|_| teams);
        server
            .register_custom_integration()
            .respond(|_| registration);
        server.register_custom_integration_v1().respond(|_| v1);
        let output = example("register")
            .args(arguments)
            .env("DUVO_API_KEY", API_KEY)
            .env("DUVO_API_BASE_URL", server.url())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{title}");
        assert_eq!(stderr(&output), section(title), "{title}");
    }
    // The section without a run of `register` is asserted below.
    assert_eq!(PAGE.matches("```text").count(), count + 1);
}

#[test]
fn page_shows_the_error_of_a_missing_key() {
    let output = example("usage").output().unwrap();
    assert!(!output.status.success());
    assert!(
        stderr(&output).contains(section("No API key").trim()),
        "{output:?}"
    );
}

//! `examples/provision`, run as a user runs it.

mod apply;
mod check;
mod faults;
mod gate;
mod interruption;
mod kill;
mod mocked;
mod plan;
mod team;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use duvo::mock::Server;
use duvo_test_support::client::API_KEY;
use duvo_test_support::example_program::example;

/// The secret in the environment variable `CRM_CLIENT_SECRET`, which nothing may print.
const SECRET: &str = "hunter2";

const FILE: &str = r#"
team = "team_01hzx3f8q2"

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

/// Returns the program, which calls this server.
fn program(server: &Server, arguments: &[&str]) -> Command {
    let mut command = example("provision");
    command
        .args(arguments)
        .env("DUVO_API_KEY", API_KEY)
        .env("DUVO_API_BASE_URL", server.url())
        .env("CRM_CLIENT_SECRET", SECRET);
    command
}

fn run(server: &Server, arguments: &[&str]) -> Output {
    program(server, arguments).output().unwrap()
}

/// Writes a file, and returns its path.
fn write(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Returns [`FILE`] without its team.
fn without_team() -> String {
    FILE.replace("team = \"team_01hzx3f8q2\"\n", "")
}

/// Returns a file with integrations named `Tool 0`, `Tool 1` and so on.
fn file_of_tools(count: usize) -> String {
    let tools = (0..count).map(|number| {
        let url = tool_url(number);
        format!(
            "[[integration]]\nname = \"Tool {number}\"\nserver_url = \"{url}\"\nauth_method = \"url\"\n"
        )
    });
    let header = "team = \"team_01hzx3f8q2\"\n".to_owned();
    std::iter::once(header).chain(tools).collect()
}

fn tool_url(number: usize) -> String {
    format!("https://mcp.example.com/{number}")
}

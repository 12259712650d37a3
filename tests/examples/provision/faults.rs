use duvo_test_support::example_program::{stderr, stdout};
use duvo_test_support::mock_server::start_with;

use super::{FILE, SECRET, file_of_tools, run, write};

const PAGE: &str = include_str!("../../../docs/provisioning.md");

/// Asserts that the program prints these lines for a file, and sends nothing. Each line
/// starts with the number of the line of the file; the path is added.
fn assert_faults(name: &str, text: &str, expected: &[&str]) {
    let (server, _) = start_with([]);
    let file = write(name, text);
    for command in ["plan", "apply"] {
        let output = run(&server, &[command, &file]);
        let mut lines: Vec<_> = stderr(&output).lines().collect();
        let summary = lines.pop().unwrap();
        let prefix = format!("{file}:");
        let lines: Vec<_> = lines
            .iter()
            .map(|line| line.strip_prefix(&prefix).unwrap_or(line))
            .collect();
        assert_eq!(lines, expected, "{}", stderr(&output));
        assert!(summary.starts_with("error: the file has "), "{summary}");
        assert!(!stderr(&output).contains(SECRET), "{output:?}");
        assert_eq!(stdout(&output), "");
        assert_eq!(output.status.code(), Some(1));
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn every_error_is_reported_with_its_line() {
    const TEXT: &str = r#"teem = "team_01hzx3f8q2"
team = 7

[[integration]]
name = "Price list"
server_url = "price-list"
auth_method = "basic"
transport = "http"

[[integration]]
server_url = "https://mcp.example.com/crm"
auth_method = 3
client_id = "duvo-crm"
oauth_client_secret = "hunter2"

[[integration]]
name = "price  LIST"
server_url = "https://mcp.example.com/prices"
auth_method = "oauth"
oauth_client_id = "duvo-prices"
oauth_client_secret_env = "NO_SUCH_VARIABLE"

[[integration]]
name = "Inventory"
server_url = "https://mcp.example.com/inventory"
auth_method = "url"
oauth_client_id = "duvo-inventory"
oauth_client_secret_file = ["hunter2"]

[[integration]]
name = "Shipping"
server_url = "https://mcp.example.com/shipping"
auth_method = "oauth"
oauth_client_id = "duvo-shipping"
oauth_client_secret_env = "CRM_CLIENT_SECRET"
oauth_client_secret_variable = "CRM_CLIENT_SECRET"

[[integration]]
"#;
    assert_faults(
        "faults.toml",
        TEXT,
        &[
            "1: unknown field `teem`; did you mean `team`?",
            "2: `team` must be a string, not an integer",
            "6: integration \"Price list\": `server_url` must be an absolute URL, such as https://mcp.example.com/mcp",
            "7: integration \"Price list\": `auth_method` must be one of url, apikey, headers, oauth",
            "8: integration \"Price list\": unknown field `transport`; the fields are name, server_url, auth_method, oauth_client_id, oauth_client_secret_env, oauth_client_secret_file",
            "10: integration 2: `name` is missing",
            "12: integration 2: `auth_method` must be a string, not an integer",
            "13: integration 2: unknown field `client_id`; did you mean `oauth_client_id`?",
            "14: integration 2: `oauth_client_secret` must not be in the configuration; use `oauth_client_secret_env` or `oauth_client_secret_file`",
            "17: integration \"price  LIST\": `name` is equal to that of line 5; names must differ in more than case, white space and Unicode form",
            "21: integration \"price  LIST\": `oauth_client_secret_env` names the environment variable NO_SUCH_VARIABLE, which is not set",
            "26: integration \"Inventory\": `auth_method` must be `oauth` for an OAuth client; change it, or remove the client",
            "28: integration \"Inventory\": `oauth_client_secret_file` must be a string, not an array",
            "36: integration \"Shipping\": `oauth_client_secret_variable` is another name of `oauth_client_secret_env`; remove one of them",
            "38: integration 6: `name` is missing",
            "38: integration 6: `server_url` is missing",
            "38: integration 6: `auth_method` is missing",
        ],
    );
}

#[test]
fn errors_of_syntax_are_reported_with_the_others() {
    const TEXT: &str = r#"team =

[[integration]]
name = "Internal CRM"
oauth_client_secret = "hunter2
server_url = "crm"

[[integration]]
name = "Price list"
name = "Prices"
auth_method = "basic"

[[integration]
name = "Shipping"

[[integration]]
name = "Inventory"
server_url = "inventory"
auth_method = "url"
"#;
    assert_faults(
        "syntax.toml",
        TEXT,
        &[
            "1: string values must be quoted, expected literal string",
            "5: invalid basic string, expected `\"`",
            "6: integration \"Internal CRM\": `server_url` must be an absolute URL, such as https://mcp.example.com/mcp",
            "10: duplicate key",
            "11: integration \"Price list\": `auth_method` must be one of url, apikey, headers, oauth",
            "13: unclosed array table, expected `]`",
            "18: integration \"Inventory\": `server_url` must be an absolute URL, such as https://mcp.example.com/mcp",
        ],
    );
}

#[test]
fn lists_of_another_form_are_reported() {
    let list = "`integration` must be a list: write [[integration]]";
    for (text, expected) in [
        (
            "team = \"a\"\n[integration]\nname = \"CRM\"\n",
            format!("2: {list}"),
        ),
        ("team = \"a\"\nintegration = 7\n", format!("2: {list}")),
        (
            "team = \"a\"\nintegration = [7]\n",
            "2: integration 1 must be a table".to_owned(),
        ),
        ("team = \"\"\n", "1: `team` must not be empty".to_owned()),
    ] {
        assert_faults("list.toml", text, &[&expected]);
    }
}

#[test]
fn page_shows_the_errors_of_its_file() {
    let (_, rest) = PAGE.split_once("```toml\n").unwrap();
    let (text, rest) = rest.split_once("```").unwrap();
    let (_, rest) = rest.split_once("```text\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let text = text.replace("https://mcp.example.com/price-list", "price-list");
    let text = text.replace("oauth_client_id", "client_id");
    let (server, _) = start_with([]);
    let file = write("servers.toml", &text);
    let output = run(&server, &["plan", &file]);
    assert_eq!(stderr(&output).replace(&file, "servers.toml"), shown);
}

#[test]
fn secret_in_place_of_a_variable_is_not_printed() {
    let text = FILE.replace("CRM_CLIENT_SECRET", SECRET);
    assert_faults(
        "secret.toml",
        &text,
        &[
            "14: integration \"Internal CRM\": `oauth_client_secret_env` names an environment variable that is not set",
        ],
    );
}

#[test]
fn names_of_another_unicode_form_are_equal() {
    let text = FILE.replace("Price list", "Caf\u{e9}");
    let text = text.replace("Internal CRM", "Cafe\u{301}");
    assert_faults(
        "unicode.toml",
        &text,
        &[
            "10: integration \"Cafe\\u{301}\": `name` is equal to that of line 5; names must differ in more than case, white space and Unicode form",
        ],
    );
}

#[test]
fn team_below_an_integration_is_reported_once() {
    let (_, rest) = FILE.split_once("\n\n").unwrap();
    assert_faults(
        "team.toml",
        &format!("{rest}team = \"team_01hzx3f8q2\"\n"),
        &["12: integration \"Internal CRM\": `team` must be above the first [[integration]]"],
    );
}

#[test]
fn unknown_table_has_no_other_errors() {
    let text = format!("{}[integration.oauth]\nid = \"crm\"\n", file_of_tools(1));
    let message =
        "6: integration \"Tool 0\": unknown field `oauth`; did you mean `oauth_client_id`?";
    assert_faults("table.toml", &text, &[message]);
}

#[test]
fn field_in_another_case_is_suggested() {
    let text = file_of_tools(1).replace("server_url", "SERVER_URL");
    let message =
        "4: integration \"Tool 0\": unknown field `SERVER_URL`; did you mean `server_url`?";
    assert_faults("case.toml", &text, &[message]);
}

#[test]
fn file_that_is_not_utf8_is_an_error_with_its_line() {
    let (server, _) = start_with([]);
    let file = write("latin1.toml", "");
    std::fs::write(&file, b"team = \"a\"\n# \xe9\n").unwrap();
    let output = run(&server, &["plan", &file]);
    let message = format!("error: {file}:2: the file is not UTF-8");
    assert!(stderr(&output).starts_with(&message), "{output:?}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn file_that_cannot_be_read_or_is_missing_is_an_error() {
    let (server, _) = start_with([]);
    let output = run(&server, &["plan", "no-such-file.toml"]);
    assert!(
        stderr(&output).starts_with("error: no-such-file.toml: "),
        "{output:?}"
    );
    let output = run(&server, &["plan"]);
    assert!(
        stderr(&output).starts_with("error: FILE is missing"),
        "{output:?}"
    );
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(server.requests().len(), 0);
}

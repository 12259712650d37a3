//! Texts that are still to be written are errors.

use crate::support::{SAMPLE, assert_edit, errors};

const MESSAGE: &str = "still to be written; replace `TODO` by the text; it becomes documentation";

#[test]
fn reports_placeholder_with_the_name_of_its_object() {
    for (text, placeholder, subject) in [
        (
            "summary: Register a custom integration (v1)",
            "summary: TODO",
            "the `summary` of `registerCustomIntegration`",
        ),
        (
            "description: Identifier of the team whose catalogue gets the integration.",
            "description: TODO",
            "the `description` of `teamId`",
        ),
        (
            "description: The integration to register.",
            "description: TODO",
            "the `description` of `CustomIntegration`",
        ),
        (
            "description: URL of the MCP server.",
            "description: TODO",
            "the `description` of `server_url`",
        ),
    ] {
        let message = format!("{subject} is {MESSAGE}");
        assert_edit(text, placeholder, "TODO", &message);
    }
}

#[test]
fn placeholder_can_be_followed_by_other_words() {
    for placeholder in ["\"TODO: ask Duvo\"", "TODO ask Duvo", "\"  TODO\""] {
        let message = format!("the `description` of `server_url` is {MESSAGE}");
        assert_edit(
            "description: URL of the MCP server.",
            &format!("description: {placeholder}"),
            placeholder,
            &message,
        );
    }
}

#[test]
fn word_that_starts_like_placeholder_is_accepted() {
    for text in ["TODOs of a team.", "A list of TODO items."] {
        let (from, to) = ("URL of the MCP server.", text);
        assert_eq!(errors(&SAMPLE.replacen(from, to, 1)), []);
    }
}

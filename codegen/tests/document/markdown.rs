//! Descriptions, which become documentation.

use crate::support::{edited, errors};

const DESCRIPTION: &str = "          description: Identifier of the integration.\n";

/// Returns the errors of the sample with a description.
fn errors_of(description: &str) -> Vec<(String, String)> {
    let json = serde_json::Value::from(description).to_string();
    errors(&edited(
        DESCRIPTION,
        &format!("          description: {json}\n"),
    ))
}

#[track_caller]
fn assert_refused(description: &str, expected: &str) {
    let found = errors_of(description);
    assert!(
        matches!(&found[..], [(text, line)] if text == "description" && line.starts_with(expected)),
        "{description:?}: {found:#?}"
    );
}

#[test]
fn reports_every_kind_of_code_block() {
    for description in [
        "```\nx\n```",
        "```",
        "~~~\nx\n~~~",
        "~~~ rust",
        "- ```\n  x\n  ```",
        "> ~~~\n> x",
        "    x",
        "A.\n\n    x",
        "\tx",
        "  \tx",
        "A.\r    x",
        "A.\r\n    x",
        "*       - x",
        "-     x",
        "+     x",
        "1.     x",
        "12)     x",
        ">     x",
        "> >     x",
        "> -     x",
        "- >     x",
        "- -     x",
        "-\t\tx",
        "- a\n\n      x",
        "> - a\n>\n>       x",
        ">\tx",
    ] {
        assert_refused(description, "the `description` has a code block");
    }
}

#[test]
fn reports_what_rustdoc_warns_about() {
    for (description, expected) in [
        (
            "A list of <T>.",
            "the `description` has `<`, which starts an HTML tag",
        ),
        ("<pre>x</pre>", "the `description` has `<`"),
        ("</b>", "the `description` has `<`"),
        ("<!-- x -->", "the `description` has `<`"),
        ("Like `a` <b> `c`.", "the `description` has `<`"),
        ("See [x].", "the `description` has `[`, which starts a link"),
        ("See [x](y).", "the `description` has `[`"),
        ("See [x][y].", "the `description` has `[`"),
        ("From [1, 100].", "the `description` has `[`"),
        ("[x]: https://example.com", "the `description` has `[`"),
        (
            "See https://example.com/a.",
            "the `description` has a bare URL",
        ),
        (
            "See http://example.com.",
            "the `description` has a bare URL",
        ),
        ("xhttps://example.com", "the `description` has a bare URL"),
        ("One ` tick.", "the `description` has a backtick"),
        ("`a\n` <T> `b`", "the `description` has a backtick"),
        (
            "Right \u{202e}to left.",
            "the `description` has a control character",
        ),
        ("Bell \u{7}.", "the `description` has a control character"),
    ] {
        assert_refused(description, expected);
    }
}

#[test]
fn accepts_other_markdown() {
    for description in [
        "One\ntwo\n\nthree.",
        "- a\n- b\n  - c\n    \n\n1. d\n   e",
        "* a\n> b",
        "-   a",
        "`<T>`, `[x]`, ``a ` <b>``, and `https://example.com`.",
        "[Duvo](https://docs.duvo.ai/a), <https://docs.duvo.ai>",
        "a < b, a <= b, 1<2, \\[x\\], \\<T>",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "-----",
        "# Title\n\n**bold** _it_ \"quoted\" it's 50% & more",
    ] {
        assert_eq!(errors_of(description), [], "{description:?}");
    }
}

#[test]
fn checks_every_text_that_becomes_documentation() {
    for (from, to) in [
        (
            "summary: Register a custom integration (v1)",
            "summary: A <T>",
        ),
        (
            "description: Adds a custom integration to the catalogue.",
            "description: A <T>",
        ),
        (
            "description: Identifier of the team whose",
            "description: A <T>",
        ),
        ("description: A key chosen", "description: A <T>"),
        (
            "description: The integration to register.",
            "description: A <T>",
        ),
        ("description: A transport of MCP.", "description: A <T>"),
        ("description: The integration is in", "description: A <T>"),
    ] {
        let found = errors(&edited(from, to));
        assert!(
            matches!(&found[..], [(_, line)] if line.contains("has `<`")),
            "{from}: {found:#?}"
        );
    }
}

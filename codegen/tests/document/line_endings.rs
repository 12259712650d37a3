//! A document with the line endings of Windows, or with a byte order mark.

use crate::support::{DOCUMENT, SAMPLE, edited, errors, generate};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Returns a document as editors on Windows write it.
fn variants(document: &str) -> [String; 3] {
    let crlf = document.replace('\n', "\r\n");
    let marked = format!("{BYTE_ORDER_MARK}{crlf}");
    [crlf, format!("{BYTE_ORDER_MARK}{document}"), marked]
}

#[test]
fn line_endings_do_not_change_the_code() {
    let literal = edited(
        "      description: Adds a custom integration to the catalogue.\n",
        "      description: |\n        Adds a custom integration.\n\n        - To the\n          catalogue.\n",
    );
    for document in [SAMPLE, DOCUMENT, &literal] {
        let expected = generate(document).unwrap();
        for variant in variants(document) {
            let generated = generate(&variant).unwrap();
            assert!(generated.files() == expected.files());
            assert!(
                generated
                    .files()
                    .iter()
                    .all(|(_, text)| !text.contains('\r'))
            );
        }
    }
}

#[test]
fn line_endings_do_not_change_the_errors() {
    let edits = [
        ("openapi: 3.0.3", "openapi: 3.1.0"),
        ("openapi: 3.0.3", "\"openapi\": 3.0.3\n\"é\": 1"),
        ("      summary: Register", "      sumary: Register"),
        ("components:\n", "components: :\n"),
        (
            "  schemas:\n",
            "  schemas:\n    Été: {}\n    Empty:\n      type:\n",
        ),
        ("    PlainError:\n", "    PlainError: {}\n    PlainError:\n"),
        (
            "          description: Identifier of the integration.\n",
            "          description: |\n            a\n\n                code\n",
        ),
    ];
    for (from, to) in edits {
        let document = edited(from, to);
        let expected = errors(&document);
        assert!(!expected.is_empty(), "{to}");
        for variant in variants(&document) {
            assert_eq!(errors(&variant), expected);
            let report = |text: &str| generate(text).unwrap_err();
            let positions = |text: &str| -> Vec<_> {
                let report = report(text);
                let diagnostics = report.diagnostics().iter();
                diagnostics
                    .map(|diagnostic| (diagnostic.line, diagnostic.column))
                    .collect()
            };
            assert_eq!(positions(&variant), positions(&document));
            assert_eq!(
                report(&variant).to_text("a.yaml", &variant),
                report(&document).to_text("a.yaml", &document)
            );
        }
    }
}

use duvo_codegen::{Generated, Report, Settings};

/// A small document for tests that edit it.
pub const SAMPLE: &str = include_str!("sample.yaml");

/// The document of the crate `duvo`.
pub const DOCUMENT: &str = include_str!("../../../openapi/duvo.yaml");

/// Generates code for a consumer that has its own method on the call and another
/// one on the mock server.
pub fn generate(text: &str) -> Result<Generated, Report> {
    duvo_codegen::generate(text, &settings())
}

fn settings() -> Settings {
    Settings {
        reserved_methods: vec!["exec".to_owned(), "unmatched_requests".to_owned()],
        ..Settings::default()
    }
}

/// Returns the document with one text replaced.
pub fn edited(from: &str, to: &str) -> String {
    assert!(SAMPLE.contains(from), "the document has no {from:?}");
    SAMPLE.replacen(from, to, 1)
}

/// Returns each error of a document: the underlined text, and the message with its help.
pub fn errors(document: &str) -> Vec<(String, String)> {
    let report = generate(document).err();
    let report = report.map(|report| duvo_codegen::explain(document, &settings(), report));
    let text = document.trim_start_matches('\u{feff}');
    let diagnostics = report.iter().flat_map(Report::diagnostics);
    diagnostics
        .map(|diagnostic| {
            let line = text.lines().nth(diagnostic.line - 1).unwrap_or("");
            let underlined = &document[diagnostic.range.clone()];
            let from_column: String = line.chars().skip(diagnostic.column - 1).collect();
            assert!(from_column.starts_with(underlined), "{diagnostic:?}");
            let place = format!("duvo.yaml:{}:{}: ", diagnostic.line, diagnostic.column);
            let said = diagnostic.to_line("duvo.yaml");
            assert!(!said.contains('\n'), "{said}");
            let said = said.strip_prefix(&place).unwrap().to_owned();
            (underlined.to_owned(), said)
        })
        .collect()
}

/// Asserts that a document has one error.
#[track_caller]
pub fn assert_error(document: &str, underlined: &str, said: &str) {
    match &errors(document)[..] {
        [(text, line)] if text == underlined && line.starts_with(said) => {}
        other => panic!("expected {said:?} at {underlined:?}, got {other:#?}"),
    }
}

#[track_caller]
pub fn assert_edit(from: &str, to: &str, underlined: &str, said: &str) {
    assert_error(&edited(from, to), underlined, said);
}

//! What an edit of the document affects apart from the code.

use std::path::Path;

use duvo_codegen::document::Document;
use duvo_codegen::{Diagnostic, Report, Source};

use super::unused;
use crate::drift::known::{self, AcceptedDifference};
use crate::drift::location::{locate, operation_name};
use crate::{DOCUMENT, Result, examples};

/// The diagnostics of a file.
#[derive(Debug)]
pub struct FileReport {
    pub path: &'static str,
    pub level: &'static str,
    pub report: Report,
}

/// Returns the examples in the document that do not fit their schemas, and where examples are
/// missing.
pub fn examples(document: &Document, source: &Source<'_>) -> Result<FileReport> {
    let mut diagnostics = examples::invalid(document)?;
    diagnostics.extend(examples::missing(document));
    Ok(of_document("error", &diagnostics, source))
}

/// Returns the components that an edit left without a use.
pub fn unused_components(old: &Document, new: &Document, source: &Source<'_>) -> FileReport {
    of_document("warning", &unused::components(old, new), source)
}

fn of_document(level: &'static str, diagnostics: &[Diagnostic], source: &Source<'_>) -> FileReport {
    FileReport {
        path: DOCUMENT,
        level,
        report: Report::new(diagnostics, source),
    }
}

/// Returns the accepted differences from Duvo's document whose locations changed in our
/// document, so that they may no longer hold. Only a comparison with Duvo's document
/// determines whether they do.
pub fn affected_differences(
    old: &Document,
    new: &Document,
    known_text: &str,
) -> Result<FileReport> {
    let known = known::parse(Path::new(known::FILE), known_text)?;
    let mut diagnostics = Vec::new();
    for (index, known) in known.iter().enumerate() {
        let Some(before) = operation(old, known) else {
            continue;
        };
        let Some(after) = operation(new, known) else {
            let message = format!("{} is not in our document any longer", known.operation);
            let location = format!("/{index}/operation");
            let help = "correct the operation, or remove the entry";
            diagnostics.push(Diagnostic::at_value(&location, message).help(help));
            continue;
        };
        for (position, difference) in known.differences.iter().enumerate() {
            let Some((path, change)) = difference.split_once(" is ") else {
                continue;
            };
            let keys: Vec<_> = path.split('.').map(str::to_owned).collect();
            let before = locate(old, &before, &keys);
            let after = locate(new, &after, &keys);
            // A difference such as `is missing` is about the presence alone.
            let is_about_value = change.contains(" in ours");
            if before != after || is_about_value && old.at(&before) != new.at(&after) {
                let message = format!("{path} of {} changed in our document", known.operation);
                let location = format!("/{index}/differences/{position}");
                let help = "run `cargo xtask drift` with Duvo's document";
                diagnostics.push(Diagnostic::at_value(&location, message).help(help));
            }
        }
    }
    Ok(FileReport {
        path: known::FILE,
        level: "warning",
        report: Report::new(&diagnostics, &Source::parse(known_text).0),
    })
}

/// Returns the location of the operation of an accepted difference.
fn operation(document: &Document, known: &AcceptedDifference) -> Option<String> {
    let operations = document.operations().into_iter();
    let mut named = operations.filter(|operation| operation_name(operation) == known.operation);
    named.next().map(|operation| operation.node.pointer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "
paths:
  /v1/books:
    get:
      responses:
        '200':
          content: { application/json: { schema: { properties: { title: { maxLength: 80 }, isbn: {} } } } }
        '429': {}
";
    const KNOWN: &str = "
- operation: GET /v1/books
  reason: Documented elsewhere.
  differences:
    - responses.429 is missing
    - responses.200.schema.properties.isbn is missing
    - responses.200.schema.properties.title.maxLength is null in Duvo's document, 80 in ours
";

    fn affected(new: &str) -> Vec<String> {
        let load = |text| Document::load(text).unwrap();
        let file = affected_differences(&load(OLD), &load(new), KNOWN).unwrap();
        let diagnostics = file.report.diagnostics().iter();
        diagnostics
            .map(|diagnostic| diagnostic.to_line("known.yaml"))
            .collect()
    }

    #[test]
    fn differences_in_unchanged_parts_are_not_affected() {
        assert_eq!(affected(OLD), [""; 0]);
        let described = OLD.replace("'429': {}", "'429': { description: Later }");
        assert_eq!(affected(&described), [""; 0]);
    }

    #[test]
    fn differences_in_removed_and_changed_parts_are_affected() {
        assert_eq!(
            affected(&OLD.replace("isbn: {}", "ean: {}")),
            [
                "known.yaml:6:7: responses.200.schema.properties.isbn of GET /v1/books \
                 changed in our document; run `cargo xtask drift` with Duvo's document"
            ]
        );
        assert_eq!(
            affected(&OLD.replace("80", "90")),
            [
                "known.yaml:7:7: responses.200.schema.properties.title.maxLength of \
                 GET /v1/books changed in our document; \
                 run `cargo xtask drift` with Duvo's document"
            ]
        );
    }

    #[test]
    fn all_differences_of_a_removed_operation_are_reported_once() {
        assert_eq!(
            affected(&OLD.replace("/v1/books", "/v2/books")),
            [
                "known.yaml:2:14: GET /v1/books is not in our document any longer; \
                 correct the operation, or remove the entry"
            ]
        );
    }
}

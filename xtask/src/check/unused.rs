//! The components that an edit left without a use.

use std::collections::BTreeSet;

use duvo_codegen::Diagnostic;
use duvo_codegen::document::{Document, references};

/// Returns the components that an operation of the old document used, and none of the new
/// one uses.
pub fn components(old: &Document, new: &Document) -> Vec<Diagnostic> {
    let unused = &used(old) - &used(new);
    let remaining = unused.iter().filter(|pointer| new.at(pointer).is_some());
    let diagnostics = remaining.map(|pointer| {
        Diagnostic::at_key(pointer, format!("no operation uses #{pointer} any longer"))
            .help("remove it, or use it")
    });
    diagnostics.collect()
}

/// Returns the locations that operations refer to, directly or through others.
fn used(document: &Document) -> BTreeSet<String> {
    let paths = document.at("/paths");
    paths.map_or_else(BTreeSet::new, |paths| references(document.root(), paths))
}

#[cfg(test)]
mod tests {
    use duvo_codegen::{Report, Source};

    use super::*;

    const DOCUMENT: &str = "
paths:
  /books:
    get: { responses: { '200': { $ref: '#/components/responses/Books' } } }
components:
  responses:
    Books:
      content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } }
  schemas:
    Book: {}
    Shelf: {}
";

    fn unused(text: &str) -> Vec<String> {
        let [old, new] = [DOCUMENT, text].map(|text| Document::load(text).unwrap());
        let (source, _) = Source::parse(text);
        let report = Report::new(&components(&old, &new), &source);
        let diagnostics = report.diagnostics().iter();
        diagnostics
            .map(|diagnostic| diagnostic.message.clone())
            .collect()
    }

    #[test]
    fn components_of_a_removed_operation_are_unused() {
        let removed = DOCUMENT.replace("{ '200': { $ref: '#/components/responses/Books' } }", "{}");
        assert_eq!(
            unused(&removed),
            [
                "no operation uses #/components/responses/Books any longer",
                "no operation uses #/components/schemas/Book any longer",
            ]
        );
    }

    #[test]
    fn components_that_were_unused_before_or_are_gone_are_not_listed() {
        assert_eq!(unused(DOCUMENT), [""; 0]);
        let renamed = DOCUMENT
            .replace("Book }", "Novel }")
            .replace("Book'", "Novel'");
        assert_eq!(unused(&renamed.replace("    Book:", "    Novel:")), [""; 0]);
    }
}

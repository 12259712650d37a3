//! Where a change is in the document, for an editor.

use duvo_codegen::document::Document;
use duvo_codegen::rust_name::argument_name;
use duvo_codegen::{Diagnostic, Report, Source};

use super::summary::{self, Change, Kind};
use super::surface::Name;
use crate::{DOCUMENT, oasdiff};

/// Returns the location of a change with its text: `file:line:column: text`. A removed item
/// has the location of what contained it.
pub fn locate_change(change: &Change, document: &Document, source: &Source<'_>) -> String {
    let item = match change.kind {
        Kind::Removed => summary::owner(&change.item),
        Kind::Added | Kind::Changed => Some(change.item.clone()),
    };
    let pointer = item.and_then(|item| pointer(&item, document));
    line(&pointer.unwrap_or_default(), &change.text, source)
}

/// Returns the location of a change of the wire format with its text.
pub fn locate_wire_change(
    change: &oasdiff::Change,
    document: &Document,
    source: &Source<'_>,
) -> String {
    let operations = document.operations().into_iter();
    let mut operations = operations.filter(|operation| {
        Some(&operation.path.key) == change.path.as_ref()
            && Some(operation.node.key.to_uppercase()) == change.method
    });
    let pointer = operations.next().map(|operation| operation.node.pointer);
    let operation = change.operation();
    let message = format!("{operation} {}", change.text);
    line(&pointer.unwrap_or_default(), message.trim_start(), source)
}

fn line(pointer: &str, message: &str, source: &Source<'_>) -> String {
    let diagnostic = Diagnostic::at_key(pointer, message);
    let report = Report::new(&[diagnostic], source);
    let mut lines = report.diagnostics().iter();
    let line = lines.next().map(|diagnostic| diagnostic.to_line(DOCUMENT));
    line.unwrap_or_default()
}

/// Returns the location of an item in the document: that of a schema, a property or an
/// operation.
fn pointer(item: &Name, document: &Document) -> Option<String> {
    let schema = |name: &str| format!("/components/schemas/{name}");
    let operation = |name: &str| {
        let operations = document.operations().into_iter();
        let mut operations = operations.map(|operation| operation.node);
        operations
            .find(|node| {
                let id = node.text("operationId");
                id.is_some_and(|id| argument_name(id) == name)
            })
            .map(|node| node.pointer)
    };
    let pointer = match item {
        Name::Field { owner, name } => format!("{}/properties/{name}", schema(owner)),
        Name::Type(owner) | Name::Variant { owner, .. } | Name::Validation { owner } => {
            schema(owner)
        }
        Name::Operation(name)
        | Name::Parameter {
            operation: name, ..
        }
        | Name::Result { operation: name } => operation(name)?,
        Name::Mock { .. } | Name::Fixture(_) => {
            return pointer(&summary::owner(item)?, document);
        }
    };
    document.at(&pointer).map(|_| pointer)
}

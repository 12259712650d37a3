//! Checks for input that would make progenitor panic, or that it would silently
//! misinterpret.

mod inline_types;
mod markdown;
mod names;
mod operations;
mod placeholders;
mod references;
mod required;
mod responses;
mod schemas;
mod security;
mod serialization;
mod servers;
mod spelling;
mod structure;
mod unions;

use serde_json::Value;

use crate::Settings;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, schema_nodes};

pub use schemas::is_secret_name;
pub(crate) use servers::server_url;
pub use spelling::nearest;

/// Returns every error in the document, in no particular order.
pub(crate) fn check(document: &Document, settings: &Settings) -> Vec<Diagnostic> {
    // Another version of OpenAPI has other keys, so further checks would mislead.
    if let Some(diagnostic) = check_version(document) {
        return vec![diagnostic];
    }
    let spelling = structure::correct_spelling(document);
    let corrected = &spelling.corrected;
    let nodes = corrected.nodes();
    let schemas = schema_nodes(&nodes);
    let responses = corrected.response_schemas();
    let structure = structure::check(&nodes);
    let semantic = [
        references::check(corrected, &nodes),
        operations::check(corrected, &spelling.renames),
        security::check(corrected),
        servers::check(corrected),
        schemas::check(corrected, &schemas, &responses),
        names::check(corrected, &schemas, &settings.reserved_methods),
        inline_types::check(corrected),
        unions::check(corrected, &schemas, &responses),
        placeholders::check(&nodes),
    ];
    // An error in an invalid object may only follow from its structure.
    let is_independent = |diagnostic: &Diagnostic| {
        let mut invalid = structure.invalid_objects.iter();
        !invalid.any(|pointer| diagnostic.is_within(pointer))
    };
    let semantic = semantic.into_iter().flatten().filter(is_independent);
    let found = spelling.diagnostics.into_iter();
    let found = found.chain(structure.diagnostics).chain(semantic);
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for diagnostic in found {
        // The text still has the misspelled keys.
        let renames = spelling.renames.iter().rev();
        let diagnostic = renames.fold(diagnostic, |diagnostic, (corrected, written)| {
            diagnostic.moved(corrected, written)
        });
        // A component that several operations use is reported once.
        if !diagnostics.contains(&diagnostic) {
            diagnostics.push(diagnostic);
        }
    }
    diagnostics
}

fn check_version(document: &Document) -> Option<Diagnostic> {
    if document.root().is_null() {
        let diagnostic = Diagnostic::at_line(1, 1, "the document is empty");
        return Some(diagnostic.help("start it with `openapi: 3.0.3`"));
    }
    let (key, version) = ["openapi", "swagger"]
        .into_iter()
        .find_map(|key| Some((key, document.root().get(key)?)))?;
    // Without quotes, `3.1` is a number.
    let version = match version {
        Value::String(version) => version.clone(),
        Value::Number(version) => version.to_string(),
        _ => return None,
    };
    if key == "openapi" && (version.starts_with("3.0.") || version == "3.0") {
        return None;
    }
    let message = format!("version {version} is not supported, only OpenAPI 3.0");
    let diagnostic = Diagnostic::at_value(&format!("/{key}"), message);
    Some(diagnostic.help("convert the document to OpenAPI 3.0, and write `openapi: 3.0.3`"))
}

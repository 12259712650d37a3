//! Validates the examples of an OpenAPI document against their schemas.

use duvo_codegen::Diagnostic;
use duvo_codegen::document::{Document, Node, Operation};
use duvo_codegen::json_pointer::last_key;
use serde_json::Value;

use crate::Result;
use crate::json_schema::Schemas;

/// Returns every example and default of the document that does not fit its schema.
pub fn invalid(document: &Document) -> Result<Vec<Diagnostic>> {
    let schemas = Schemas::closed(document.root());
    let mut errors = Vec::new();
    for example in document.examples() {
        let validator = schemas.validator(&example.schema)?;
        let value = document.at(&example.pointer).unwrap_or(&Value::Null);
        errors.extend(validator.iter_errors(value).map(|error| {
            let location = format!("{}{}", example.pointer, error.instance_path());
            let message = match name(&example.pointer) {
                Some(name) => format!("example `{name}`: {error}"),
                None => error.to_string(),
            };
            Diagnostic::at_value(&location, message).help(format!(
                "correct the example, or the schema #{}",
                example.schema
            ))
        }));
    }
    Ok(errors)
}

/// Returns every request and response of the document with a schema and without an example.
#[must_use]
pub fn missing(document: &Document) -> Vec<Diagnostic> {
    let sections = ["requestBodies", "responses"].into_iter();
    let components =
        sections.flat_map(|section| document.children(&format!("/components/{section}")));
    let operations = document.operations().into_iter();
    let inline = operations.flat_map(|Operation { node, .. }| {
        let responses = node.children("responses").into_iter();
        responses.chain(node.get("requestBody"))
    });
    let contents = components
        .chain(inline)
        .flat_map(|node| node.children("content"));
    let has_example = |content: &Node<'_>| {
        content.value.get("example").is_some() || !content.children("examples").is_empty()
    };
    contents
        .filter(|content| content.value.get("schema").is_some() && !has_example(content))
        .map(|content| {
            let message = format!("`{}` has no example", content.key);
            let is_request = content.pointer.contains("/requestBod");
            Diagnostic::at_key(&content.pointer, message).help(if is_request {
                "add one, which documents the request"
            } else {
                "add one, which becomes a fixture of the mock server"
            })
        })
        .collect()
}

/// Returns the name of an example among several.
fn name(pointer: &str) -> Option<String> {
    let parent = pointer.strip_suffix("/value")?;
    parent.contains("/examples/").then(|| last_key(parent))
}

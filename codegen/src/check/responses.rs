//! Checks responses. The return type of a method is generated from those with 2xx.

use super::markdown;
use super::structure::is_misspelled_json;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, Operation};
use crate::media_type::json_content;
use crate::operation::success;

pub(super) fn check(document: &Document, operation: &Operation<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = check_statuses(operation);
    // A key that is not a status may stand for the success.
    if diagnostics.is_empty() {
        diagnostics.extend(check_success(document, operation));
    }
    diagnostics.extend(check_documentation(document, operation));
    diagnostics
}

/// Checks the descriptions of responses and the summaries of examples. They are
/// documentation of the mock server.
fn check_documentation(document: &Document, operation: &Operation<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for response in operation.node.children("responses") {
        let Some(response) = document.resolve_node(response) else {
            continue;
        };
        diagnostics.extend(markdown::check(&response, "description"));
        let examples = response
            .children("content")
            .into_iter()
            .flat_map(|media| media.children("examples"));
        let examples = examples.filter_map(|example| document.resolve_node(example));
        diagnostics.extend(examples.filter_map(|example| markdown::check(&example, "summary")));
    }
    diagnostics
}

fn check_statuses(operation: &Operation<'_>) -> Vec<Diagnostic> {
    let is_status = |key: &str| {
        let (class, rest) = key.split_at_checked(1).unwrap_or_default();
        let is_rest =
            rest == "XX" || rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
        matches!(class, "1" | "2" | "3" | "4" | "5") && is_rest
    };
    let mut responses = operation.node.children("responses");
    responses.retain(|response| {
        let key = response.key.as_str();
        !is_status(key) && key != "default" && !key.starts_with("x-")
    });
    responses
        .into_iter()
        .map(|response| {
            let message = format!("`{}` is not a status", response.key);
            Diagnostic::at_key(&response.pointer, message)
                .help("write three digits, a class such as `4XX`, or `default`")
        })
        .collect()
}

/// Checks that all 2xx responses with a body have the same schema.
fn check_success(document: &Document, operation: &Operation<'_>) -> Option<Diagnostic> {
    let responses = operation.node.child("responses");
    document.at(&responses)?;
    let successes = success(operation);
    if successes.is_empty() {
        let diagnostic = Diagnostic::at_key(&responses, "no 2xx response is declared");
        return Some(
            diagnostic.help(
                "add the response for success; `default` does not distinguish it from errors",
            ),
        );
    }
    let mut first: Option<(Node<'_>, Node<'_>)> = None;
    for written in successes {
        let response = document.resolve_node(written.clone())?;
        if response.children("content").is_empty() {
            continue;
        }
        let Some(content) = json_content(&response) else {
            return not_json(&response, "the 2xx response", "return JSON");
        };
        let Some(schema) = content.value.get("schema") else {
            let message = "the 2xx response has no `schema`";
            return Some(
                Diagnostic::at_key(&content.pointer, message)
                    .help("add the schema; it is the return type of the method"),
            );
        };
        match &first {
            Some((_, other)) if other.value.get("schema") == Some(schema) => {}
            Some((other, _)) => {
                return Some(
                    Diagnostic::at_key(&written.pointer, "the 2xx responses have different schemas")
                        .help("use one schema, for example a `oneOf` with both; the method has one return type")
                        .with_related_key(&other.pointer, "the first 2xx response"),
                );
            }
            None => first = Some((written, content)),
        }
    }
    None
}

/// Reports that a request body or a response has no JSON.
pub(super) fn not_json(holder: &Node<'_>, subject: &str, instead: &str) -> Option<Diagnostic> {
    let mut contents = holder.children("content").into_iter();
    if contents.any(|content| is_misspelled_json(&content.key)) {
        // The media type is reported elsewhere.
        return None;
    }
    let message = format!("{subject} is not JSON in UTF-8");
    Some(
        Diagnostic::at_key(&holder.child("content"), message).help(format!(
            "{instead}, as `application/json` or a type that ends with `+json`; the client reads and writes JSON only"
        )),
    )
}

//! Checks paths, operations, parameters, request bodies and responses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{markdown, serialization};
use crate::diagnostic::Diagnostic;
use crate::document::{
    Document, Node, Operation, children, local_pointer, path_parameters, path_shape, reference,
};

/// Headers that the client or the HTTP library sets.
const RESERVED_HEADERS: [&str; 6] = [
    "Accept",
    "Authorization",
    "Content-Length",
    "Content-Type",
    "Host",
    "User-Agent",
];

/// Checks the operations. `renames` are the corrected locations of misspelled keys, and the
/// written ones.
pub(crate) fn check(document: &Document, renames: &[(String, String)]) -> Vec<Diagnostic> {
    let mut diagnostics = check_paths(document);
    for operation in document.operations() {
        diagnostics.extend(check_documentation(&operation));
        diagnostics.extend(check_method(&operation));
        // The correction of a misspelled method is only a guess.
        let mut renames = renames.iter();
        if !renames.any(|(corrected, _)| *corrected == operation.node.pointer) {
            diagnostics.extend(check_safety(&operation));
        }
        diagnostics.extend(check_parameters(document, &operation));
        diagnostics.extend(check_statuses(&operation));
        diagnostics.extend(check_response_documentation(document, &operation));
        diagnostics.extend(check_success(document, &operation));
        diagnostics.extend(check_request_body(document, &operation));
        diagnostics.extend(check_body_documentation(document, &operation));
    }
    diagnostics
}

fn check_paths(document: &Document) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut shapes = BTreeMap::new();
    for path in document.children("/paths") {
        if path.key.starts_with("x-") {
            continue;
        }
        if !path.key.starts_with('/') {
            diagnostics.push(
                Diagnostic::at_key(&path.pointer, "a path must start with `/`")
                    .help(format!("write `/{}`", path.key)),
            );
        }
        if let Some(other) = shapes.insert(path_shape(&path.key), path.pointer.clone()) {
            diagnostics.push(
                Diagnostic::at_key(&path.pointer, "duplicate path")
                    .help("move the operations of both to one path")
                    .with_related_key(&other, "same path, with other parameter names"),
            );
        }
    }
    diagnostics
}

fn check_documentation(operation: &Operation<'_>) -> Vec<Diagnostic> {
    let required = [
        ("operationId", "it is the name of the Rust method"),
        ("summary", "it starts the documentation of the method"),
        ("description", "it is the documentation of the method"),
    ];
    let missing = required
        .into_iter()
        .filter(|(key, _)| operation.node.is_blank(key))
        .map(|(key, purpose)| {
            let message = format!("the operation has no `{key}`");
            Diagnostic::at_key(&operation.node.pointer, message)
                .help(format!("add `{key}`; {purpose}"))
        });
    let markdown = ["summary", "description"]
        .into_iter()
        .filter_map(|key| markdown::check(&operation.node, key));
    missing.chain(markdown).collect()
}

/// Checks the descriptions of responses and the summaries of examples. They are
/// documentation of the mock server.
fn check_response_documentation(document: &Document, operation: &Operation<'_>) -> Vec<Diagnostic> {
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

fn check_method(operation: &Operation<'_>) -> Option<Diagnostic> {
    let method = &operation.node.key;
    matches!(method.as_str(), "options" | "trace").then(|| {
        let message = format!("the method `{method}` is not supported");
        Diagnostic::at_key(&operation.node.pointer, message).help("remove the operation")
    })
}

/// Checks `x-safe: true`, which marks a POST that changes nothing.
fn check_safety(operation: &Operation<'_>) -> Option<Diagnostic> {
    let value = operation.node.value.get("x-safe")?;
    let location = operation.node.child("x-safe");
    if value != &Value::Bool(true) {
        let message = "`x-safe` can only be `true`";
        let help = "remove it, or write `true` if the operation changes nothing";
        return Some(Diagnostic::at_value(&location, message).help(help));
    }
    let method = operation.node.key.as_str();
    let help = match method {
        "post" => return None,
        "get" | "head" => "remove it; HTTP defines the method as safe",
        _ => "remove it; HTTP defines the method as one that changes something",
    };
    let message = format!("`x-safe` has no effect with the method `{method}`");
    Some(Diagnostic::at_key(&location, message).help(help))
}

/// Whether a request of the operation changes nothing: by its method, or by `x-safe`.
#[must_use]
pub fn is_safe(method: &str, operation: &Value) -> bool {
    matches!(method, "get" | "head") || operation.get("x-safe") == Some(&Value::Bool(true))
}

fn check_parameters(document: &Document, operation: &Operation<'_>) -> Vec<Diagnostic> {
    let Operation { path, node } = operation;
    let mut diagnostics = Vec::new();
    let mut in_path = BTreeMap::new();
    let mut in_unknown = BTreeSet::new();
    for declared in [path, node]
        .into_iter()
        .flat_map(|node| node.children("parameters"))
    {
        let location = declared.pointer.clone();
        // An error in a component is reported there, once.
        let Some(parameter) = document.resolve_node(declared) else {
            continue;
        };
        let name = parameter.text("name").unwrap_or_default();
        match parameter.text("in") {
            Some("path") => {
                in_path.insert(name, location);
            }
            Some("cookie" | "header" | "query") => {}
            // An invalid `in` is reported elsewhere, and can be a misspelled `path`.
            _ => {
                in_unknown.insert(name);
            }
        }
        diagnostics.extend(check_parameter(document, &parameter, name));
        diagnostics.extend(serialization::check(document, &parameter));
        diagnostics.extend(markdown::check(&parameter, "description"));
    }
    let used = path_parameters(&path.key);
    let is_undeclared =
        |name: &&&str| !in_path.contains_key(**name) && !in_unknown.contains(**name);
    for name in used.iter().filter(is_undeclared) {
        let message = format!("the path contains `{{{name}}}`, but declares no such parameter");
        diagnostics.push(
            Diagnostic::at_key(&node.pointer, message)
                .help(format!("add `{name}` to `parameters`, or correct the path")),
        );
    }
    for (name, location) in in_path.iter().filter(|(name, _)| !used.contains(**name)) {
        let message =
            format!("the path parameter `{name}` is declared, but the path has no `{{{name}}}`");
        diagnostics.push(
            Diagnostic::at_value(location, message)
                .help("remove it, or correct its name or the path"),
        );
    }
    diagnostics
}

fn check_parameter(document: &Document, parameter: &Node<'_>, name: &str) -> Option<Diagnostic> {
    let location = parameter.text("in").unwrap_or_default();
    let is_required = parameter.value.get("required") == Some(&Value::Bool(true));
    let written = parameter.value.get("schema")?;
    let schema = document.resolve(written)?;
    // A schema without keys is reported elsewhere.
    let is_text = serialization::has_text_form(document, written)
        || schema.as_object().is_some_and(Map::is_empty);
    let is_reserved = |name: &str| {
        let mut reserved = RESERVED_HEADERS.iter();
        reserved.any(|reserved| reserved.eq_ignore_ascii_case(name))
    };
    let (message, help) = if location == "path" && !is_required {
        (
            format!("the path parameter `{name}` is not required"),
            "add `required: true`",
        )
    } else if location == "cookie" {
        (
            format!("the parameter `{name}` is a cookie, which is not supported"),
            "remove it",
        )
    } else if location == "header" && is_reserved(name) {
        (
            format!("the client sets the header `{name}` itself"),
            "remove the parameter",
        )
    } else if location == "header" && !is_header_name(name) {
        (
            format!("`{name}` is not a valid header name"),
            "use letters, digits and `-`",
        )
    } else if matches!(location, "header" | "path") && !is_text {
        (
            format!("the parameter `{name}` has no text form"),
            "use `type` boolean, integer, number or string, without `nullable`",
        )
    } else if schema.get("pattern").is_some() {
        (
            format!("the `pattern` of `{name}` would need a regex engine in the client"),
            "remove it",
        )
    } else if parameter.is_blank("description") {
        (
            format!("the parameter `{name}` has no `description`"),
            "add `description`; it is part of the documentation of the method",
        )
    } else {
        return None;
    };
    Some(Diagnostic::at_value(&parameter.pointer, message).help(help))
}

/// Whether HTTP allows the name: a token of RFC 9110.
fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
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

/// Returns the 2xx responses of an operation.
pub(crate) fn success<'a>(operation: &Operation<'a>) -> Vec<Node<'a>> {
    let mut responses = operation.node.children("responses");
    responses.retain(|response| response.key.starts_with('2'));
    responses
}

/// Checks that all 2xx responses have the same schema, which is the return type.
fn check_success(document: &Document, operation: &Operation<'_>) -> Option<Diagnostic> {
    let responses = operation.node.child("responses");
    document.at(&responses)?;
    let mut schemas: Vec<(Node<'_>, Option<&Value>)> = Vec::new();
    for response in success(operation) {
        let content = document.resolve(response.value)?.get("content");
        let schema = content.and_then(|content| content.get("application/json")?.get("schema"));
        schemas.push((response, schema));
    }
    let Some(((first, schema), rest)) = schemas.split_first() else {
        let diagnostic = Diagnostic::at_key(&responses, "no 2xx response is declared");
        return Some(diagnostic.help("add the response for success"));
    };
    let other = rest.iter().find(|(_, other)| other != schema);
    match (schema, other) {
        (_, Some((other, _))) => Some(
            Diagnostic::at_key(&other.pointer, "the 2xx responses have different schemas")
                .help("use one schema; the method has one return type")
                .with_related_key(&first.pointer, "the first 2xx response"),
        ),
        (None, None) => {
            let message = "the 2xx response has no `application/json` schema";
            Some(
                Diagnostic::at_key(&first.pointer, message)
                    .help("add the schema; it is the return type of the method"),
            )
        }
        (Some(_), None) => None,
    }
}

/// Checks the description of the request body. It is documentation of the argument.
fn check_body_documentation(document: &Document, operation: &Operation<'_>) -> Option<Diagnostic> {
    let body = Node {
        key: "requestBody".to_owned(),
        pointer: operation.node.child("requestBody"),
        value: operation.node.value.get("requestBody")?,
    };
    markdown::check(&document.resolve_node(body)?, "description")
}

fn check_request_body(document: &Document, operation: &Operation<'_>) -> Option<Diagnostic> {
    let location = operation.node.child("requestBody");
    let written = document.at(&location)?;
    let body = document.resolve(written)?;
    let content = children(body.get("content")?, "");
    let is_json = matches!(content.as_slice(), [only] if only.key == "application/json" && only.value.get("schema").is_some());
    if is_json {
        return None;
    }
    let component = reference(written).and_then(local_pointer);
    let location = format!("{}/content", component.unwrap_or(&location));
    Some(
        Diagnostic::at_key(&location, "the request body is not JSON only")
            .help("declare one content, `application/json`, with a `schema`"),
    )
}

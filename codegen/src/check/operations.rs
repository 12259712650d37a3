//! Checks paths, operations, parameters and request bodies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{markdown, responses, serialization};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, Operation, path_parameters, path_shape};
use crate::media_type::json_content;
use crate::operation::request_body;

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
        diagnostics.extend(responses::check(document, &operation));
        diagnostics.extend(check_request_body(document, &operation));
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
            let diagnostic = Diagnostic::at_key(&operation.node.pointer, message)
                .help(format!("add `{key}`; {purpose}"));
            if operation.path.value.get(key).is_some() {
                diagnostic.maybe_layout()
            } else {
                diagnostic
            }
        });
    let markdown = ["summary", "description"]
        .into_iter()
        .filter_map(|key| markdown::check(&operation.node, key));
    missing.chain(markdown).collect()
}

fn check_method(operation: &Operation<'_>) -> Option<Diagnostic> {
    let method = &operation.node.key;
    matches!(method.as_str(), "options" | "trace").then(|| {
        let message = format!("the method `{method}` is not supported");
        Diagnostic::at_key(&operation.node.pointer, message)
            .help("remove the operation; progenitor generates no client for it")
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
        diagnostics.extend(check_parameter(&parameter, name));
        diagnostics.extend(serialization::check(document, &parameter));
        diagnostics.extend(markdown::check(&parameter, "description"));
    }
    let used = path_parameters(&path.key);
    let undeclared: Vec<_> = used
        .iter()
        .filter(|name| !in_path.contains_key(**name) && !in_unknown.contains(**name))
        .collect();
    let unused: Vec<_> = in_path
        .iter()
        .filter(|(name, _)| !used.contains(**name))
        .collect();
    if let ([used], [(declared, location)]) = (&undeclared[..], &unused[..]) {
        let path = &path.key;
        let message =
            format!("`{path}` contains `{{{used}}}`, but the parameter is named `{declared}`");
        let diagnostic = Diagnostic::at_value(location, message);
        diagnostics.push(diagnostic.help("rename one of the two").once());
        return diagnostics;
    }
    for name in undeclared {
        let message = format!("the path contains `{{{name}}}`, but declares no such parameter");
        diagnostics.push(
            Diagnostic::at_key(&node.pointer, message)
                .help(format!("add `{name}` to `parameters`, or correct the path")),
        );
    }
    for (name, location) in unused {
        let message =
            format!("the path parameter `{name}` is declared, but the path has no `{{{name}}}`");
        diagnostics.push(
            Diagnostic::at_value(location, message)
                .help("remove it, or correct its name or the path"),
        );
    }
    diagnostics
}

fn check_parameter(parameter: &Node<'_>, name: &str) -> Option<Diagnostic> {
    let location = parameter.text("in").unwrap_or_default();
    let is_required = parameter.value.get("required") == Some(&Value::Bool(true));
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
            "declare a header parameter named `Cookie`; the client stores no cookies",
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

/// Checks the request body. Its description is documentation of the argument.
fn check_request_body(document: &Document, operation: &Operation<'_>) -> Option<Diagnostic> {
    let body = request_body(document, operation)?;
    if let Some(diagnostic) = markdown::check(&body, "description") {
        return Some(diagnostic);
    }
    body.value.get("content")?;
    let Some(content) = json_content(&body) else {
        return responses::not_json(&body, "the request body", "send JSON");
    };
    content.value.get("schema").is_none().then(|| {
        let message = "the request body has no `schema`";
        Diagnostic::at_key(&content.pointer, message)
            .help("add the schema; it is the type of the argument")
    })
}

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::diagnostic::Fault;
use super::super::document::{
    Document, Node, Operation, children, local, path_parameters, path_shape, reference,
};
use super::schemas::code_fault;

/// Headers that the client sets, or that HTTP does.
const OWN_HEADERS: [&str; 6] = [
    "Accept",
    "Authorization",
    "Content-Length",
    "Content-Type",
    "Host",
    "User-Agent",
];

pub fn faults(document: &Document) -> Vec<Fault> {
    let mut faults = paths(document);
    for operation in document.operations() {
        faults.extend(words(&operation));
        faults.extend(method_fault(&operation));
        faults.extend(parameters(document, &operation));
        faults.extend(statuses(&operation));
        faults.extend(words_of_responses(document, &operation));
        faults.extend(success_fault(document, &operation));
        faults.extend(request_body(document, &operation));
    }
    faults
}

fn paths(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut shapes = BTreeMap::new();
    for path in document.children("/paths") {
        if path.key.starts_with("x-") {
            continue;
        }
        if !path.key.starts_with('/') {
            faults.push(
                Fault::at_key(&path.pointer, "a path begins with `/`")
                    .help(format!("write `/{}`", path.key)),
            );
        }
        if let Some(other) = shapes.insert(path_shape(&path.key), path.pointer.clone()) {
            faults.push(
                Fault::at_key(&path.pointer, "this is the same path as another")
                    .help("put the operations of both under one")
                    .beside_key(&other, "the other"),
            );
        }
    }
    faults
}

fn words(operation: &Operation<'_>) -> Vec<Fault> {
    let needed = [
        ("operationId", "it names the Rust method"),
        ("summary", "it begins the method's documentation"),
        ("description", "it is the method's documentation"),
    ];
    let missing = needed
        .into_iter()
        .filter(|(key, _)| operation.node.is_blank(key))
        .map(|(key, purpose)| {
            let message = format!("the operation has no `{key}`");
            Fault::at_key(&operation.node.pointer, message).help(format!("add it; {purpose}"))
        });
    let code = ["summary", "description"]
        .into_iter()
        .filter_map(|key| code_fault(&operation.node, key));
    missing.chain(code).collect()
}

/// The words on what is answered, which are documentation of the test kit.
fn words_of_responses(document: &Document, operation: &Operation<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for response in operation.node.children("responses") {
        let Some(response) = document.resolved(response) else {
            continue;
        };
        faults.extend(code_fault(&response, "description"));
        let examples = response
            .children("content")
            .into_iter()
            .flat_map(|media| media.children("examples"));
        let examples = examples.filter_map(|example| document.resolved(example));
        faults.extend(examples.filter_map(|example| code_fault(&example, "summary")));
    }
    faults
}

/// What the generated client has no method for.
fn method_fault(operation: &Operation<'_>) -> Option<Fault> {
    let method = &operation.node.key;
    matches!(method.as_str(), "options" | "trace").then(|| {
        let message = format!("the generator cannot send `{method}`");
        Fault::at_key(&operation.node.pointer, message).help("remove it")
    })
}

fn parameters(document: &Document, operation: &Operation<'_>) -> Vec<Fault> {
    let Operation { path, node } = operation;
    let mut faults = Vec::new();
    let mut in_path = BTreeMap::new();
    let mut of_unknown_place = BTreeSet::new();
    for declared in [path, node]
        .into_iter()
        .flat_map(|node| node.children("parameters"))
    {
        let place = declared.pointer.clone();
        // What is wrong with a component is wrong there, once.
        let Some(parameter) = document.resolved(declared) else {
            continue;
        };
        let name = parameter.text("name").unwrap_or_default();
        match parameter.text("in") {
            Some("path") => {
                in_path.insert(name, place);
            }
            Some("cookie" | "header" | "query") => {}
            // A fault of its own: it may be meant as this one.
            _ => {
                of_unknown_place.insert(name);
            }
        }
        faults.extend(parameter_fault(document, &parameter, name));
        faults.extend(code_fault(&parameter, "description"));
    }
    let used = path_parameters(&path.key);
    let is_missed =
        |name: &&&str| !in_path.contains_key(**name) && !of_unknown_place.contains(**name);
    for name in used.iter().filter(is_missed) {
        let message =
            format!("the path has `{{{name}}}`, but no path parameter `{name}` is declared");
        faults.push(
            Fault::at_key(&node.pointer, message)
                .help(format!("add `{name}` to `parameters`, or correct the path")),
        );
    }
    for (name, place) in in_path.iter().filter(|(name, _)| !used.contains(**name)) {
        let message =
            format!("the path parameter `{name}` is declared, but the path has no `{{{name}}}`");
        faults.push(
            Fault::at_value(place, message).help("remove it, or correct its name or the path"),
        );
    }
    faults
}

fn parameter_fault(document: &Document, parameter: &Node<'_>, name: &str) -> Option<Fault> {
    let place = parameter.text("in").unwrap_or_default();
    let is_required = parameter.value.get("required") == Some(&Value::Bool(true));
    let schema = parameter.value.get("schema")?;
    let schema = document.resolve(schema)?;
    let kind = schema.get("type").and_then(Value::as_str);
    let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
    let is_text = !matches!(kind, Some("array" | "object")) && !is_nullable;
    let (message, help) = if place == "path" && !is_required {
        (
            format!("the path parameter `{name}` is not `required: true`"),
            "add it; a path without the parameter is another path",
        )
    } else if place == "cookie" {
        (
            format!("the parameter `{name}` is a cookie, which the generator does not send"),
            "remove it",
        )
    } else if place == "header" && OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name)) {
        (
            format!("the client sends a header `{name}` of its own"),
            "remove the parameter",
        )
    } else if place == "header" && !is_token(name) {
        (
            format!("`{name}` is not the name of a header"),
            "write it in letters, digits and `-`",
        )
    } else if matches!(place, "header" | "path") && !is_text {
        (
            format!("the parameter `{name}` cannot be written as text"),
            "give its schema a `type` of boolean, integer, number or string, without `nullable`",
        )
    } else if schema.get("pattern").is_some() {
        (
            format!(
                "the `pattern` of `{name}` needs a regex engine, which the client does without"
            ),
            "remove it",
        )
    } else if parameter.is_blank("description") {
        (
            format!("the parameter `{name}` has no `description`"),
            "add it; it is part of the method's documentation",
        )
    } else {
        return None;
    };
    Some(Fault::at_value(&parameter.pointer, message).help(help))
}

/// What HTTP calls so.
fn is_token(text: &str) -> bool {
    let is_of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_of_token)
}

fn statuses(operation: &Operation<'_>) -> Vec<Fault> {
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
            Fault::at_key(
                &response.pointer,
                format!("`{}` is no status", response.key),
            )
            .help("write three digits, a class such as `4XX`, or `default`")
        })
        .collect()
}

/// The 2xx responses of an operation.
pub fn success<'a>(operation: &Operation<'a>) -> Vec<Node<'a>> {
    let mut responses = operation.node.children("responses");
    responses.retain(|response| response.key.starts_with('2'));
    responses
}

/// The facade decodes one type for all of 2xx.
fn success_fault(document: &Document, operation: &Operation<'_>) -> Option<Fault> {
    let responses = operation.node.child("responses");
    document.at(&responses)?;
    let mut schemas: Vec<(Node<'_>, Option<&Value>)> = Vec::new();
    for response in success(operation) {
        let content = document.resolve(response.value)?.get("content");
        let schema = content.and_then(|content| content.get("application/json")?.get("schema"));
        schemas.push((response, schema));
    }
    let Some(((first, schema), rest)) = schemas.split_first() else {
        let fault = Fault::at_key(&responses, "no 2xx response is described");
        return Some(fault.help("add the one that means success"));
    };
    let other = rest.iter().find(|(_, other)| other != schema);
    match (schema, other) {
        (_, Some((other, _))) => Some(
            Fault::at_key(&other.pointer, "the 2xx responses have different schemas")
                .help("the method returns one type, so give them one schema")
                .beside_key(&first.pointer, "the first of them"),
        ),
        (None, None) => Some(
            Fault::at_key(
                &first.pointer,
                "the 2xx response has no `application/json` schema",
            )
            .help("add it; the method returns what it describes"),
        ),
        (Some(_), None) => None,
    }
}

fn request_body(document: &Document, operation: &Operation<'_>) -> Option<Fault> {
    let place = operation.node.child("requestBody");
    let written = document.at(&place)?;
    let body = document.resolve(written)?;
    let content = children(body.get("content")?, "");
    let is_json = matches!(content.as_slice(), [only] if only.key == "application/json" && only.value.get("schema").is_some());
    if is_json {
        return None;
    }
    let place = match reference(written).and_then(local) {
        Some(component) => component.to_owned(),
        None => place,
    };
    let place = format!("{place}/content");
    Some(
        Fault::at_key(&place, "the request body is not JSON alone")
            .help("describe one content, `application/json`, with a `schema`"),
    )
}

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::Fault;
use super::super::document::{Document, Node, Operation, children};

pub fn faults(document: &Document) -> Vec<Fault> {
    let mut faults = paths(document);
    for operation in document.operations() {
        let at = |message: String| Fault::at_pointer(&operation.node.pointer, message);
        faults.extend(words(&operation).map(at));
        faults.extend(parameters(document, &operation));
        faults.extend(statuses(&operation).map(at));
        faults.extend(success_fault(document, &operation).map(at));
        faults.extend(request_body(document, &operation).map(at));
    }
    faults.extend(ids(document));
    faults.extend(security(document));
    faults
}

fn paths(document: &Document) -> Vec<Fault> {
    let mut paths = document.children("/paths");
    paths.retain(|path| !path.key.starts_with('/'));
    let fault = |path: Node<'_>| {
        Fault::at_pointer(
            &path.pointer,
            "a path begins with `/`; without it, its operations are ignored",
        )
    };
    paths.into_iter().map(fault).collect()
}

fn words(operation: &Operation<'_>) -> Option<String> {
    let missing = ["summary", "description"]
        .into_iter()
        .find(|key| operation.node.value.get(key).is_none())?;
    Some(format!("the operation has no `{missing}`; add it"))
}

fn ids(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen = BTreeMap::new();
    for Operation { node, .. } in document.operations() {
        let Some(id) = node.value.get("operationId").and_then(Value::as_str) else {
            faults.push(Fault::at_pointer(
                &node.pointer,
                "the operation has no `operationId`, which names its Rust method; add one",
            ));
            continue;
        };
        if let Some(first) = seen.insert(id, node.pointer.clone()) {
            faults.push(Fault::at_pointer(
                &node.pointer,
                format!("the operationId `{id}` is taken by {first}; give each its own"),
            ));
        }
    }
    faults
}

fn parameters(document: &Document, operation: &Operation<'_>) -> Vec<Fault> {
    let Operation { path, node } = operation;
    let parameters: Vec<&Value> = [path.value, node.value]
        .into_iter()
        .filter_map(|value| value.get("parameters")?.as_array())
        .flatten()
        .map(|parameter| document.resolve(parameter))
        .collect();
    let mut faults = Vec::new();
    let mut report = |message: String| faults.push(Fault::at_pointer(&node.pointer, message));
    let mut in_path = BTreeSet::new();
    for parameter in parameters {
        let text = |key: &str| {
            parameter
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let name = text("name");
        match text("in") {
            "path" if parameter.get("required") != Some(&Value::Bool(true)) => {
                in_path.insert(name);
                report(format!(
                    "the path parameter `{name}` is not `required: true`; a path without it is another path"
                ));
            }
            "path" => {
                in_path.insert(name);
            }
            "cookie" => report(format!(
                "the parameter `{name}` is a cookie, which the generator does not send"
            )),
            _ => {}
        }
        if parameter.get("schema").is_none() {
            report(format!("the parameter `{name}` has no `schema`; add it"));
        }
        if text("description").is_empty() {
            report(format!(
                "the parameter `{name}` has no `description`; add it"
            ));
        }
    }
    let used: BTreeSet<&str> = path
        .key
        .split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect();
    for name in used.difference(&in_path) {
        report(format!(
            "the path has `{{{name}}}`, but no path parameter `{name}` is declared; add it to `parameters`"
        ));
    }
    for name in in_path.difference(&used) {
        report(format!(
            "the path parameter `{name}` is declared, but the path has no `{{{name}}}`"
        ));
    }
    faults
}

fn statuses(operation: &Operation<'_>) -> Option<String> {
    let is_status = |key: &str| {
        let (class, rest) = key.split_at_checked(1).unwrap_or_default();
        let is_rest =
            rest == "XX" || rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit());
        key == "default" || matches!(class, "1" | "2" | "3" | "4" | "5") && is_rest
    };
    let odd = operation
        .node
        .children("responses")
        .into_iter()
        .find(|response| !is_status(&response.key))?;
    Some(format!(
        "`{}` is no status; write three digits, a class such as `4XX`, or `default`",
        odd.key
    ))
}

/// The 2xx responses of an operation.
pub fn success<'a>(operation: &Operation<'a>) -> Vec<Node<'a>> {
    let mut responses = operation.node.children("responses");
    responses.retain(|response| response.key.starts_with('2'));
    responses
}

/// The facade decodes one type for all of 2xx.
fn success_fault(document: &Document, operation: &Operation<'_>) -> Option<String> {
    let schema = |response: &Node<'_>| {
        let content = document.resolve(response.value).get("content")?;
        content.get("application/json")?.get("schema").cloned()
    };
    let schemas: Vec<_> = success(operation).iter().map(schema).collect();
    let message = match schemas.as_slice() {
        [] => "no 2xx response is described; add one",
        [None] => "the 2xx response has no `application/json` schema; add it",
        [first, rest @ ..] if first.is_some() && rest.iter().all(|schema| schema == first) => {
            return None;
        }
        _ => {
            "the 2xx responses have different schemas; the client returns one type, so give them one schema"
        }
    };
    Some(message.to_owned())
}

fn request_body(document: &Document, operation: &Operation<'_>) -> Option<String> {
    let body = document.resolve(operation.node.value.get("requestBody")?);
    let content = body
        .get("content")
        .map(|content| children(content, ""))
        .unwrap_or_default();
    let is_json = matches!(content.as_slice(), [only] if only.key == "application/json" && only.value.get("schema").is_some());
    (!is_json).then(|| {
        "the request body must have one content, `application/json`, with a schema".to_owned()
    })
}

/// The client sends its API key as a bearer token, and nothing else.
fn security(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    let operations = document
        .operations()
        .into_iter()
        .map(|operation| operation.node.pointer);
    let mut required = Vec::new();
    for pointer in operations.chain([String::new()]) {
        let place = format!("{pointer}/security");
        let is_stated = document.at(&place).is_some();
        let requirements = document.children(&place);
        if is_stated && requirements.is_empty() {
            faults.push(Fault::at_pointer(
                &place,
                "no security is required here, but the client sends its API key to every operation",
            ));
        }
        required.extend(
            requirements
                .into_iter()
                .flat_map(|requirement| children(requirement.value, &requirement.pointer)),
        );
    }
    if document.at("/security").is_none() {
        faults.push(Fault::in_document(
            "has no `security`; require the bearer scheme, as the client sends its API key",
        ));
    }
    for scheme in required {
        let name = &scheme.key;
        let declared = document
            .at("/components/securitySchemes")
            .and_then(|schemes| schemes.get(name));
        let text = |key: &str| {
            declared
                .and_then(|declared| declared.get(key))
                .and_then(Value::as_str)
        };
        let message = match (declared, text("type"), text("scheme")) {
            (None, ..) => format!(
                "the security scheme `{name}` is not in `components.securitySchemes`; add it or correct the name"
            ),
            (_, Some("http"), Some("bearer")) => continue,
            _ => format!(
                "the security scheme `{name}` is not `type: http` with `scheme: bearer`, which is all that the client does"
            ),
        };
        faults.push(Fault::at_pointer(&scheme.pointer, message));
    }
    faults
}

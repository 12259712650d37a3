use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Fault;
use super::document::{Document, Node, Operation, children, local, reference};
use super::open_enum::OpenEnum;

/// Finds what the generator would panic on, or take without a word for
/// something else than what was meant.
pub fn check(document: &Document) -> Result<(), Vec<Fault>> {
    // The other rules follow references, so they come after.
    report(references(document))?;
    report(
        [
            operation_ids(document),
            path_parameters(document),
            success_responses(document),
            security(document),
            types(document),
            required_properties(document),
            enums(document),
            secrets(document),
        ]
        .concat(),
    )
}

fn report(faults: Vec<Fault>) -> Result<(), Vec<Fault>> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

fn references(document: &Document) -> Vec<Fault> {
    let fault = |node: Node<'_>| {
        let target = reference(node.value)?;
        let message = match local(target) {
            None => format!(
                "`{target}` is outside of this document; copy what it names to `components`"
            ),
            Some(pointer) if document.at(pointer).is_none() => {
                format!("`{target}` does not exist; define it or correct the name")
            }
            Some(_) => return None,
        };
        Some(Fault::at_pointer(&node.pointer, message))
    };
    document.parts().into_iter().filter_map(fault).collect()
}

fn operation_ids(document: &Document) -> Vec<Fault> {
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

fn path_parameters(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    for Operation { path, node } in document.operations() {
        let declared: BTreeSet<&str> = [path.value, node.value]
            .into_iter()
            .filter_map(|value| value.get("parameters")?.as_array())
            .flatten()
            .map(|parameter| document.resolve(parameter))
            .filter(|parameter| parameter.get("in").and_then(Value::as_str) == Some("path"))
            .filter_map(|parameter| parameter.get("name")?.as_str())
            .collect();
        let used: BTreeSet<&str> = path
            .key
            .split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0))
            .collect();
        for name in used.difference(&declared) {
            faults.push(Fault::at_pointer(
                &node.pointer,
                format!("the path has `{{{name}}}`, but no path parameter `{name}` is declared; add it to `parameters`"),
            ));
        }
        for name in declared.difference(&used) {
            faults.push(Fault::at_pointer(
                &node.pointer,
                format!(
                    "the path parameter `{name}` is declared, but the path has no `{{{name}}}`"
                ),
            ));
        }
    }
    faults
}

/// The facade decodes one type for all of 2xx.
fn success_responses(document: &Document) -> Vec<Fault> {
    let fault = |operation: Operation<'_>| {
        let schemas: Vec<_> = success(&operation)
            .iter()
            .map(|response| {
                let content = document.resolve(response.value).get("content")?;
                content.get("application/json")?.get("schema")
            })
            .collect();
        let message = match schemas.as_slice() {
            [] => "no 2xx response is described; add one",
            [Some(_)] => return None,
            [None] => "the 2xx response has no `application/json` schema; add it",
            [first, rest @ ..] if first.is_some() && rest.iter().all(|schema| schema == first) => {
                return None;
            }
            _ => {
                "the 2xx responses have different schemas; the client returns one type, so give them one schema"
            }
        };
        Some(Fault::at_pointer(&operation.node.pointer, message))
    };
    document
        .operations()
        .into_iter()
        .filter_map(fault)
        .collect()
}

/// The 2xx responses of an operation.
pub fn success<'a>(operation: &Operation<'a>) -> Vec<Node<'a>> {
    let pointer = format!("{}/responses", operation.node.pointer);
    let mut responses = operation
        .node
        .value
        .get("responses")
        .map(|responses| children(responses, &pointer))
        .unwrap_or_default();
    responses.retain(|response| response.key.starts_with('2'));
    responses
}

fn security(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    let declared = document.at("/components/securitySchemes");
    let operations = document
        .operations()
        .into_iter()
        .map(|operation| operation.node.pointer);
    for pointer in operations.chain([String::new()]) {
        for requirement in document.children(&format!("{pointer}/security")) {
            for scheme in children(requirement.value, &requirement.pointer) {
                let name = scheme.key;
                if declared.and_then(|declared| declared.get(&name)).is_none() {
                    faults.push(Fault::at_pointer(
                        &scheme.pointer,
                        format!("the security scheme `{name}` is not in `components.securitySchemes`; add it or correct the name"),
                    ));
                }
            }
        }
    }
    faults
}

fn types(document: &Document) -> Vec<Fault> {
    let fault = |schema: Node<'_>| match schema.value.get("type")?.as_str()? {
        "array" | "boolean" | "integer" | "number" | "object" | "string" => None,
        other => Some(Fault::at_pointer(
            &schema.pointer,
            format!(
                "`{other}` is no type; write array, boolean, integer, number, object or string"
            ),
        )),
    };
    document.schemas().into_iter().filter_map(fault).collect()
}

fn required_properties(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    for schema in document.schemas() {
        let required = schema.value.get("required").and_then(Value::as_array);
        let properties = schema.value.get("properties");
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if properties
                .and_then(|properties| properties.get(name))
                .is_none()
            {
                faults.push(Fault::at_pointer(
                    &schema.pointer,
                    format!("`required` names `{name}`, which is not in `properties`; add it there or correct the name"),
                ));
            }
        }
    }
    faults
}

/// A closed enum in a response would break every caller on the day that Duvo
/// answers a new value.
fn enums(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    let answered: BTreeSet<String> = document
        .operations()
        .iter()
        .flat_map(success)
        .flat_map(|response| document.schemas_reached_from(&response.pointer))
        .collect();
    for schema in document.schemas() {
        if answered.contains(&schema.pointer) && schema.value.get("enum").is_some() {
            faults.push(Fault::at_pointer(
                &schema.pointer,
                "a response must not have a closed enum; write `x-extensible-enum` in place of `enum`",
            ));
        }
        if let Some(Err(message)) = OpenEnum::read(&schema) {
            faults.push(Fault::at_pointer(&schema.pointer, message));
        }
    }
    faults
}

/// `Secret` refuses an empty value; it does not enforce anything else.
fn secrets(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    for schema in document.schemas() {
        if schema.value.get("format").and_then(Value::as_str) != Some("password") {
            continue;
        }
        for rule in ["pattern", "maxLength", "enum"] {
            if schema.value.get(rule).is_some() {
                faults.push(Fault::at_pointer(
                    &schema.pointer,
                    format!("`{rule}` is not enforced on `format: password`; remove it, or teach `Secret` to"),
                ));
            }
        }
    }
    faults
}

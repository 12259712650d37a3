use std::collections::BTreeSet;

use super::super::Fault;
use super::super::document::{Document, Node, children, local, reference};

pub fn faults(document: &Document) -> Vec<Fault> {
    let parts = document.parts();
    let fault = |node: &Node<'_>| {
        let message = target_fault(document, node)?;
        Some(Fault::at_pointer(&node.pointer, message))
    };
    let faults: Vec<_> = parts.iter().filter_map(fault).collect();
    if !faults.is_empty() {
        return faults;
    }
    let cycle = |node: &Node<'_>| {
        leads_to_itself(document, &node.pointer).then(|| {
            Fault::at_pointer(
                &node.pointer,
                "this refers to itself, and so to nothing; write out what it is",
            )
        })
    };
    parts.iter().filter_map(cycle).collect()
}

fn target_fault(document: &Document, node: &Node<'_>) -> Option<String> {
    let target = reference(node.value)?;
    let Some(pointer) = local(target) else {
        return Some(format!(
            "`{target}` is outside of this document; copy what it names to `components`"
        ));
    };
    let kind = kind(&node.pointer);
    let Some(value) = document.at(pointer) else {
        return Some(format!(
            "`{target}` does not exist; define it or correct the name"
        ));
    };
    if !pointer.starts_with(&format!("/components/{kind}/")) {
        return Some(format!(
            "`{target}` is of another kind; here belongs one of `components/{kind}`"
        ));
    }
    if kind != "schemas" && reference(value).is_some() {
        return Some(format!(
            "`{target}` is a reference itself; refer to what it names"
        ));
    }
    let siblings = node
        .value
        .as_object()
        .is_some_and(|object| object.len() > 1);
    siblings.then(|| "beside `$ref`, everything else is ignored; for a description, write `allOf` with this `$ref`".to_owned())
}

/// The section of `components` that a reference at this place belongs to.
fn kind(pointer: &str) -> &'static str {
    let mut keys = pointer.rsplit('/');
    let (key, parent) = (keys.next(), keys.next());
    match (parent, key) {
        (_, Some("requestBody")) | (Some("requestBodies"), _) => "requestBodies",
        (Some("responses"), _) => "responses",
        (Some("parameters"), _) => "parameters",
        (Some("headers"), _) => "headers",
        (Some("examples"), _) => "examples",
        (Some("securitySchemes"), _) => "securitySchemes",
        _ => "schemas",
    }
}

/// Whether what is at `pointer` comes back to itself through `$ref` and
/// `allOf` alone. Through a property, a schema may.
fn leads_to_itself(document: &Document, pointer: &str) -> bool {
    let mut visited = BTreeSet::new();
    let mut open = vec![pointer.to_owned()];
    while let Some(at) = open.pop() {
        let Some(value) = document.at(&at) else {
            continue;
        };
        let all_of = value
            .get("allOf")
            .map(|parts| children(parts, &format!("{at}/allOf")))
            .unwrap_or_default();
        let next = all_of
            .into_iter()
            .map(|part| part.pointer)
            .chain(reference(value).and_then(local).map(str::to_owned));
        for next in next {
            if next == pointer {
                return true;
            }
            if visited.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    false
}

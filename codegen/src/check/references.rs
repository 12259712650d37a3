//! Checks the targets of `$ref`s.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, TypedNode, children, local_pointer, reference};
use crate::json_pointer::join;

const COMPOSITIONS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

pub(crate) fn check(document: &Document, nodes: &[TypedNode<'_>]) -> Vec<Diagnostic> {
    let diagnostics: Vec<_> = nodes
        .iter()
        .filter_map(|node| check_target(document, node))
        .collect();
    if !diagnostics.is_empty() {
        return diagnostics;
    }
    let cyclic = nodes
        .iter()
        .filter(|node| can_refer(node.node.value) && is_cyclic(document, &node.node.pointer));
    let errors = cyclic.map(|node| {
        Diagnostic::at_value(
            &reference_location(&node.node),
            "the schema refers to itself",
        )
        .help("write out the schema")
    });
    errors.collect()
}

fn reference_location(node: &Node<'_>) -> String {
    match reference(node.value) {
        Some(_) => node.child("$ref"),
        None => node.pointer.clone(),
    }
}

fn check_target(document: &Document, node: &TypedNode<'_>) -> Option<Diagnostic> {
    let section = node.expected.kind()?.component_section()?;
    let node = &node.node;
    let target = reference(node.value)?;
    let error = |message: String, help: String| {
        Some(Diagnostic::at_value(&node.child("$ref"), message).help(help))
    };
    let Some(pointer) = local_pointer(target) else {
        return error(
            format!("`{target}` is outside this document"),
            "copy the target to `components`, and refer to the copy".to_owned(),
        );
    };
    let Some(value) = document.at(pointer) else {
        return error(
            format!("`{target}` does not exist"),
            "define it, or correct the name".to_owned(),
        );
    };
    let Some(name) = pointer.strip_prefix(&format!("/components/{section}/")) else {
        return error(
            format!("`{target}` is not one of `#/components/{section}`"),
            format!("refer to one of `#/components/{section}`"),
        );
    };
    if name.contains('/') {
        return error(
            format!("`{target}` is only a part of a component"),
            "move the part to a component, and refer to that".to_owned(),
        );
    }
    if section != "schemas" && reference(value).is_some() {
        return error(
            format!("`{target}` is itself a `$ref`"),
            "refer to its target directly".to_owned(),
        );
    }
    let sibling = node.value.as_object()?.keys().find(|key| *key != "$ref")?;
    let help = if section == "schemas" {
        "remove it, or replace `$ref` by `allOf` with this `$ref`"
    } else {
        "remove it"
    };
    let message = format!("`{sibling}` is ignored next to `$ref`");
    Some(Diagnostic::at_key(&node.child(sibling), message).help(help))
}

fn can_refer(value: &Value) -> bool {
    reference(value).is_some() || COMPOSITIONS.iter().any(|key| value.get(key).is_some())
}

/// Whether the value at `pointer` leads back to itself through `$ref`s and compositions
/// alone. A cycle through a property or items is allowed.
fn is_cyclic(document: &Document, pointer: &str) -> bool {
    let mut visited = BTreeSet::new();
    let mut open = vec![pointer.to_owned()];
    while let Some(at) = open.pop() {
        let Some(value) = document.at(&at) else {
            continue;
        };
        let members = COMPOSITIONS.into_iter().flat_map(|key| {
            let members = value.get(key);
            members.map_or_else(Vec::new, |members| children(members, &join(&at, key)))
        });
        let next = members
            .map(|member| member.pointer)
            .chain(reference(value).and_then(local_pointer).map(str::to_owned));
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

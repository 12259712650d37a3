use std::collections::BTreeSet;

use super::super::diagnostic::Fault;
use super::super::document::{Document, Node, Part, children, join, local, reference};

pub fn faults(document: &Document) -> Vec<Fault> {
    let parts = document.parts();
    let faults: Vec<_> = parts
        .iter()
        .filter_map(|part| target_fault(document, part))
        .collect();
    if !faults.is_empty() {
        return faults;
    }
    let cycle = |part: &Part<'_>| {
        let place = place(&part.node);
        leads_to_itself(document, &part.node.pointer).then(|| {
            Fault::at_value(&place, "this refers to itself, and so to nothing")
                .help("write out what it is")
        })
    };
    parts.iter().filter_map(cycle).collect()
}

/// Where the reference stands.
fn place(node: &Node<'_>) -> String {
    match reference(node.value) {
        Some(_) => node.child("$ref"),
        None => node.pointer.clone(),
    }
}

fn target_fault(document: &Document, part: &Part<'_>) -> Option<Fault> {
    let node = &part.node;
    let section = part.shape.kind()?.section()?;
    let target = reference(node.value)?;
    let fault = |message: String, help: String| {
        Some(Fault::at_value(&node.child("$ref"), message).help(help))
    };
    let Some(pointer) = local(target) else {
        return fault(
            format!("`{target}` is outside of this document"),
            "copy what it names to `components`, and refer to that".to_owned(),
        );
    };
    let Some(value) = document.at(pointer) else {
        return fault(
            format!("`{target}` does not exist"),
            "define it, or correct the name".to_owned(),
        );
    };
    let Some(name) = pointer.strip_prefix(&format!("/components/{section}/")) else {
        return fault(
            format!("`{target}` is of another kind than belongs here"),
            format!("refer to one of `#/components/{section}`"),
        );
    };
    if name.contains('/') {
        return fault(
            format!("`{target}` is a part of a component"),
            "make it a component of its own, and refer to that".to_owned(),
        );
    }
    if section != "schemas" && reference(value).is_some() {
        return fault(
            format!("`{target}` is a reference itself"),
            "refer to what it names".to_owned(),
        );
    }
    let sibling = node.value.as_object()?.keys().find(|key| *key != "$ref")?;
    let help = if section == "schemas" {
        "remove it, or write `allOf` with this `$ref` in place of `$ref`"
    } else {
        "remove it"
    };
    let message = format!("`{sibling}` is ignored beside `$ref`");
    Some(Fault::at_key(&node.child(sibling), message).help(help))
}

/// Whether what is at `pointer` comes back to itself through `$ref` and
/// compositions alone. Through a property or items, a schema may.
fn leads_to_itself(document: &Document, pointer: &str) -> bool {
    let mut visited = BTreeSet::new();
    let mut open = vec![pointer.to_owned()];
    while let Some(at) = open.pop() {
        let Some(value) = document.at(&at) else {
            continue;
        };
        let members = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|key| {
            let members = value.get(key);
            members.map_or_else(Vec::new, |members| children(members, &join(&at, key)))
        });
        let next = members
            .map(|member| member.pointer)
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

//! Checks the targets of `$ref`s.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::iter;

use serde_json::Value;

use super::spelling::nearest;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, TypedNode, children, local_pointer, reference};
use crate::grammar::{COMPOSITIONS, ObjectKind};
use crate::json_pointer::{is_within, join, last_key};

pub(crate) fn check(document: &Document, nodes: &[TypedNode<'_>]) -> Vec<Diagnostic> {
    let mut diagnostics = check_missing(document, nodes);
    diagnostics.extend(nodes.iter().filter_map(|node| check_target(document, node)));
    diagnostics.extend(check_cycles(document, nodes));
    diagnostics
}

/// Checks that targets exist. Reports a target, or a section of `components`, once for all
/// that refer to it.
fn check_missing(document: &Document, nodes: &[TypedNode<'_>]) -> Vec<Diagnostic> {
    let mut missing: BTreeMap<&str, Vec<&Node<'_>>> = BTreeMap::new();
    let mut targets = BTreeSet::new();
    for TypedNode { node, expected } in nodes {
        let section = expected.kind().and_then(ObjectKind::component_section);
        let Some(target) = section.and_then(|_| local_pointer(reference(node.value)?)) else {
            continue;
        };
        targets.insert(target);
        if let Some(part) = missing_part(document, target) {
            missing.entry(part).or_default().push(node);
        }
    }
    let report = |(part, nodes): (&str, Vec<&Node<'_>>)| {
        let count = match nodes.len() {
            1 => String::new(),
            count => format!("; {count} `$ref`s refer to it"),
        };
        let message = format!("`#{part}` does not exist{count}");
        let help = match intended_component(document, &targets, &nodes, part) {
            Some(intended) => format!("did you mean `#{intended}`?"),
            None => "define it, or correct the name".to_owned(),
        };
        let nodes = nodes.into_iter().map(move |node| {
            Diagnostic::at_value(&node.child("$ref"), message.clone())
                .help(help.clone())
                .once()
        });
        nodes.collect::<Vec<_>>()
    };
    missing.into_iter().flat_map(report).collect()
}

/// Returns the first part of a location that does not exist.
fn missing_part<'a>(document: &Document, pointer: &'a str) -> Option<&'a str> {
    let ends = pointer.match_indices('/').skip(1).map(|(end, _)| end);
    let mut parts = ends.chain([pointer.len()]).map(|end| &pointer[..end]);
    parts.find(|part| document.at(part).is_none())
}

/// Returns the component that a missing one was probably renamed to, because it is the only
/// one without a `$ref`, or else the one with the most similar name.
fn intended_component(
    document: &Document,
    targets: &BTreeSet<&str>,
    nodes: &[&Node<'_>],
    pointer: &str,
) -> Option<String> {
    let (section, _) = pointer.rsplit_once('/')?;
    let components = document.children(section);
    let mut unused = components.iter().filter(|component| {
        let mut nodes = nodes.iter();
        !targets.contains(component.pointer.as_str())
            && !nodes.any(|node| is_within(&node.pointer, &component.pointer))
    });
    if let (Some(renamed), None) = (unused.next(), unused.next())
        && section.starts_with("/components/")
    {
        return Some(renamed.pointer.clone());
    }
    let names: Vec<_> = components.iter().map(|node| node.key.as_str()).collect();
    let similar = nearest(&last_key(pointer), &names)?;
    Some(join(section, similar))
}

/// Checks that no value leads back to itself through `$ref`s and compositions alone. A cycle
/// through a property or items is allowed. Reports each cycle once.
fn check_cycles(document: &Document, nodes: &[TypedNode<'_>]) -> Vec<Diagnostic> {
    let cyclic: Vec<_> = nodes
        .iter()
        .map(|node| &node.node)
        .filter(|node| can_refer(node.value))
        .filter_map(|node| Some((node, cycle(document, &node.pointer)?)))
        .collect();
    let report = |(node, own): &(&Node<'_>, Vec<String>)| {
        // The cycles through a value are described by the first of them.
        let through = cyclic.iter().map(|(_, cycle)| cycle);
        let cycle = through.filter(|cycle| cycle.contains(&node.pointer)).min();
        let names: Vec<_> = cycle
            .unwrap_or(own)
            .iter()
            .filter(|pointer| pointer.matches('/').count() == 3)
            .map(|pointer| format!("`{}`", last_key(pointer)))
            .collect();
        let (first, rest) = names.split_first()?;
        let through = match rest {
            [] => String::new(),
            rest => format!(" through {}", rest.join(" and ")),
        };
        let message = format!("{first} refers to itself{through}");
        let location = match reference(node.value) {
            Some(_) => node.child("$ref"),
            None => node.pointer.clone(),
        };
        Some(
            Diagnostic::at_value(&location, message)
                .help("replace a `$ref` of this cycle by what it stands for; only a property or an item can refer to its own schema")
                .once(),
        )
    };
    cyclic.iter().filter_map(report).collect()
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
    // A missing target is reported once for all.
    document.at(pointer)?;
    let Some(name) = pointer.strip_prefix(&format!("/components/{section}/")) else {
        return error(
            format!("`{target}` is not one of `#/components/{section}`"),
            format!("refer to one of `#/components/{section}`"),
        );
    };
    if name.contains('/') {
        return error(
            format!("`{target}` is only a part of a component"),
            "move the part to a component, which names its type, and refer to that".to_owned(),
        );
    }
    let sibling = node.value.as_object()?.keys().find(|key| *key != "$ref")?;
    let help = if section == "schemas" {
        "remove it, or replace `$ref` by `allOf` with this `$ref`"
    } else {
        "remove it"
    };
    let message = format!("`{sibling}` is ignored next to `$ref`");
    let diagnostic = Diagnostic::at_key(&node.child(sibling), message).help(help);
    // The key of the next line, with a wrong indentation, has no value here.
    Some(if node.value[sibling].is_null() {
        diagnostic.maybe_layout()
    } else {
        diagnostic
    })
}

fn can_refer(value: &Value) -> bool {
    reference(value).is_some() || COMPOSITIONS.iter().any(|key| value.get(key).is_some())
}

/// Returns the locations from which a value leads back to itself, in the order of a cycle that
/// starts with the first by name.
fn cycle(document: &Document, pointer: &str) -> Option<Vec<String>> {
    let mut previous: BTreeMap<String, String> = BTreeMap::new();
    let mut open = VecDeque::from([pointer.to_owned()]);
    while let Some(at) = open.pop_front() {
        for next in next(document, &at) {
            if next == pointer {
                let path = iter::successors(Some(&at), |at| previous.get(*at));
                let mut path: Vec<_> = path.cloned().collect();
                path.reverse();
                let first = (0..path.len()).min_by_key(|index| &path[*index])?;
                path.rotate_left(first);
                return Some(path);
            }
            if !previous.contains_key(&next) {
                previous.insert(next.clone(), at.clone());
                open.push_back(next);
            }
        }
    }
    None
}

/// Returns the locations to which a value leads.
fn next(document: &Document, at: &str) -> Vec<String> {
    let Some(value) = document.at(at) else {
        return Vec::new();
    };
    let members = COMPOSITIONS.into_iter().flat_map(|key| {
        let members = value.get(key);
        members.map_or_else(Vec::new, |members| children(members, &join(at, key)))
    });
    let target = reference(value).and_then(local_pointer).map(str::to_owned);
    members.map(|member| member.pointer).chain(target).collect()
}

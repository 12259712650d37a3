//! Parts of a document that are documents themselves: a path or a component, with what it
//! needs. Code for a part is generated many times faster than for the whole.

use std::collections::BTreeSet;

use duvo_codegen::document::{children, local_pointer, reference};
use serde_json::Value;

/// Parts of a document, the smallest first, and the whole document last.
pub struct Parts(Vec<Value>);

impl Parts {
    pub fn new(document: Value) -> Self {
        let paths = locations(&document, "/paths");
        let sections = locations(&document, "/components").into_iter();
        let components = sections.flat_map(|section| locations(&document, &section));
        let of_components = components.filter_map(|component| {
            let candidates = paths.iter().map(|path| part(&document, path, &component));
            let candidates = candidates.filter(|part| part.pointer(&component).is_some());
            candidates.min_by_key(size)
        });
        let of_paths = paths.iter().map(|path| part(&document, path, path));
        let mut parts: Vec<_> = of_paths.chain(of_components).collect();
        parts.sort_by_cached_key(size);
        parts.push(document);
        Self(parts)
    }

    pub fn whole(&self) -> &Value {
        self.0.last().unwrap()
    }

    /// Returns the smallest part that has the value of the whole document at a location.
    pub fn at(&self, location: &str) -> &Value {
        let value = self.whole().pointer(location);
        let mut parts = self.0.iter();
        parts
            .find(|part| part.pointer(location) == value)
            .unwrap_or(self.whole())
    }
}

fn size(document: &Value) -> usize {
    document.to_string().len()
}

/// Returns the document with a single path and the components that the path needs, but
/// only those examples and error responses that lead to `location`.
fn part(document: &Value, path: &str, location: &str) -> Value {
    let mut part = document.clone();
    retain(&mut part, "/paths", |other| other == path);
    if path != location {
        drop_optional(document, &mut part["paths"], location);
    }
    let sections = locations(document, "/components");
    for section in &sections {
        for component in locations(document, section) {
            if component != location {
                drop_optional(document, part.pointer_mut(&component).unwrap(), location);
            }
        }
    }
    let needed = needed(&part, &part["paths"]);
    for section in sections {
        let is_used_everywhere = section == "/components/securitySchemes";
        retain(&mut part, &section, |component| {
            is_used_everywhere || needed.contains(component)
        });
    }
    part
}

/// Removes the references to examples and to error responses, except for those that lead
/// to `location`.
fn drop_optional(document: &Value, value: &mut Value, location: &str) {
    let Value::Object(object) = value else {
        return;
    };
    for (key, child) in object {
        if let ("examples" | "responses", Value::Object(entries)) = (key.as_str(), &mut *child) {
            entries.retain(|name, entry| {
                reference(entry).is_none()
                    || name.starts_with('2')
                    || needed(document, entry).contains(location)
            });
        }
        drop_optional(document, child, location);
    }
}

/// Returns the locations directly below a location.
fn locations(document: &Value, below: &str) -> Vec<String> {
    let nodes = children(document.pointer(below).unwrap(), below);
    nodes.into_iter().map(|node| node.pointer).collect()
}

/// Returns the components that a value refers to, directly or through others.
fn needed(document: &Value, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if let Some(target) = reference(value).and_then(local_pointer)
            && found.insert(target.to_owned())
        {
            open.push(document.pointer(target).unwrap());
        }
        open.extend(children(value, "").into_iter().map(|node| node.value));
    }
    found
}

/// Removes the values directly below a location that are not to be kept.
fn retain(document: &mut Value, below: &str, is_kept: impl Fn(&str) -> bool) {
    let nodes = children(document.pointer(below).unwrap(), below).into_iter();
    let removed = nodes.filter(|node| !is_kept(&node.pointer));
    let removed: Vec<_> = removed.map(|node| node.key).collect();
    let section = document
        .pointer_mut(below)
        .unwrap()
        .as_object_mut()
        .unwrap();
    for key in removed {
        section.remove(&key);
    }
}

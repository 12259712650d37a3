//! Parts of a document that are documents themselves: a path, a component or a property, with
//! what it needs. Code for a part is generated many times faster than for the whole.

use duvo_codegen::document::{children, reference, references};
use duvo_codegen::json_pointer;
use serde_json::Value;

/// Parts of a document, the smallest first, and the whole document last.
pub struct Parts(Vec<Value>);

impl Parts {
    pub fn new(document: Value) -> Self {
        let paths = locations(&document, "/paths");
        let mut parts: Vec<_> = paths
            .iter()
            .map(|path| part(&document, path, path))
            .collect();
        for section in locations(&document, "/components") {
            for component in locations(&document, &section) {
                let candidates = paths
                    .iter()
                    .map(|path| (path, part(&document, path, &component)))
                    .filter(|(_, part)| part.pointer(&component).is_some());
                let smallest = candidates.min_by_key(|(_, part)| size(part));
                let Some((path, of_component)) = smallest else {
                    continue;
                };
                let properties = locations(&document, &format!("{component}/properties"));
                let of_properties = properties.iter();
                parts.extend(of_properties.map(|property| part(&document, path, property)));
                parts.push(of_component);
            }
        }
        parts.sort_by_cached_key(size);
        parts.push(document);
        Self(parts)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.0.iter()
    }

    pub fn whole(&self) -> &Value {
        self.0.last().unwrap()
    }

    /// Returns the smallest part that has the value of the whole document at a location.
    pub fn at(&self, location: &str) -> &Value {
        // An operation has all of its keys, because they can depend on each other.
        let unit = match location.split('/').collect::<Vec<_>>()[..] {
            ["", "paths", path, ..] => format!("/paths/{path}"),
            _ => location.to_owned(),
        };
        let value = self.whole().pointer(&unit);
        let mut parts = self.0.iter();
        parts
            .find(|part| part.pointer(&unit) == value)
            .unwrap_or(self.whole())
    }
}

fn size(document: &Value) -> usize {
    document.to_string().len()
}

/// Returns the document with a single path and the components that the path needs, but
/// only those bodies, error responses, headers, examples and optional properties that contain
/// `location` or lead to it.
fn part(document: &Value, path: &str, location: &str) -> Value {
    let mut part = document.clone();
    retain(&mut part, "/paths", |other| other == path);
    let shrink = Shrink { document, location };
    shrink.apply(part.pointer_mut(path).unwrap(), path);
    let sections = locations(document, "/components");
    for section in &sections {
        shrink.apply(part.pointer_mut(section).unwrap(), section);
    }
    let needed = references(&part, &part["paths"]);
    for section in sections {
        let is_used_everywhere = section == "/components/securitySchemes";
        retain(&mut part, &section, |component| {
            is_used_everywhere || needed.contains(component)
        });
    }
    part
}

/// The keys that an object of OpenAPI does not need.
const OPTIONAL: [&str; 3] = ["externalDocs", "requestBody", "tags"];

/// Removes what does not lead to a location.
struct Shrink<'a> {
    document: &'a Value,
    location: &'a str,
}

impl Shrink<'_> {
    fn apply(&self, value: &mut Value, pointer: &str) {
        if is_within(pointer, self.location) {
            return;
        }
        let Value::Object(object) = value else {
            return;
        };
        let required = object.get("required").cloned();
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            let pointer = format!("{pointer}/properties");
            let is_required = |name: &str| {
                required
                    .iter()
                    .filter_map(Value::as_array)
                    .flatten()
                    .any(|required| required == name)
            };
            let mut kept = properties.clone();
            kept.retain(|name, property| {
                is_required(name) || self.is_needed(property, &json_pointer::join(&pointer, name))
            });
            // An object without properties has another type.
            if !kept.is_empty() {
                *properties = kept;
            }
        }
        object.retain(|key, child| {
            !OPTIONAL.contains(&key.as_str())
                || self.is_needed(child, &json_pointer::join(pointer, key))
        });
        for (key, child) in object {
            let pointer = json_pointer::join(pointer, key);
            if let ("examples" | "headers" | "responses", Value::Object(entries)) =
                (key.as_str(), &mut *child)
            {
                entries.retain(|name, entry| {
                    reference(entry).is_none()
                        || name.starts_with('2')
                        || self.is_needed(entry, &json_pointer::join(&pointer, name))
                });
            }
            match (key.as_str(), child) {
                // The names of properties and the keys of data are not keys of OpenAPI.
                ("properties", Value::Object(properties)) => {
                    for (name, property) in properties {
                        self.apply(property, &json_pointer::join(&pointer, name));
                    }
                }
                ("default" | "enum" | "example" | "value", _) => {}
                (_, child) => self.apply(child, &pointer),
            }
        }
    }

    /// Whether a value contains the location, or refers to what contains it.
    fn is_needed(&self, value: &Value, pointer: &str) -> bool {
        let mut targets = references(self.document, value).into_iter();
        is_within(self.location, pointer) || targets.any(|target| is_within(self.location, &target))
    }
}

/// Whether a location is another one or below it.
fn is_within(location: &str, other: &str) -> bool {
    let rest = location.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the locations directly below a location, if there is a value.
fn locations(document: &Value, below: &str) -> Vec<String> {
    let nodes = document.pointer(below).map(|value| children(value, below));
    let nodes = nodes.into_iter().flatten();
    nodes.map(|node| node.pointer).collect()
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

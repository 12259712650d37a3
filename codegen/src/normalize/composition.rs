//! Merges the objects of an `allOf` into one object.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::document::{Document, local_pointer, reference};

/// The keys of an object that can be merged.
const MERGED: [&str; 4] = ["allOf", "properties", "required", "type"];

/// The keys that describe an object, and that each schema has for itself.
const OWN: [&str; 6] = [
    "deprecated",
    "description",
    "example",
    "externalDocs",
    "nullable",
    "title",
];

/// Merges each composition of objects. A name in `required` can then be that of a property of
/// any part; in a part on its own, it is removed.
pub(crate) fn merge(document: &mut Document) {
    let mut components = BTreeSet::new();
    let mut compositions = Vec::new();
    for schema in document.schemas() {
        let mut whole = Object::default();
        if is_composition(schema.value) && whole.add(document, schema.value).is_some() {
            components.append(&mut whole.components);
            compositions.push((schema.pointer, whole.into_schema(schema.value)));
        }
    }
    // An inner composition is part of the outer one.
    for (pointer, merged) in compositions {
        if let Some(schema) = document.at_mut(&pointer) {
            *schema = merged;
        }
    }
    for pointer in components {
        if let Some(Value::Object(part)) = document.at_mut(&pointer) {
            keep_declared(part);
        }
    }
}

/// Whether a schema has more than one part. A single part is only a `$ref` with a description.
pub(crate) fn is_composition(schema: &Value) -> bool {
    let parts = schema.get("allOf").and_then(Value::as_array);
    let has_own = ["properties", "required"]
        .into_iter()
        .any(|key| schema.get(key).is_some());
    parts.is_some_and(|parts| parts.len() > 1 || has_own)
}

#[derive(Default)]
struct Object {
    properties: Map<String, Value>,
    required: Vec<Value>,
    /// The locations of the parts that are components.
    components: BTreeSet<String>,
    parts: usize,
}

/// The number of parts that are merged. Only parts that contain themselves have more.
const MAX_PARTS: usize = 256;

impl Object {
    /// Adds a schema and its parts. Returns `None` if one of them is not a plain object.
    fn add(&mut self, document: &Document, schema: &Value) -> Option<()> {
        self.parts += 1;
        let component = reference(schema).and_then(local_pointer);
        self.components.extend(component.map(str::to_owned));
        let schema = document.resolve(schema)?.as_object()?;
        let is_plain = schema.keys().all(|key| {
            MERGED.contains(&key.as_str()) || OWN.contains(&key.as_str()) || key.starts_with("x-")
        });
        let is_object = schema.get("type").is_none_or(|name| name == "object");
        if !is_plain || !is_object || self.parts > MAX_PARTS {
            return None;
        }
        for part in list(schema, "allOf") {
            self.add(document, part)?;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            match self.properties.get_mut(name) {
                None => {
                    self.properties.insert(name.clone(), property.clone());
                }
                Some(first) if first == property => {}
                // A later part restricts a property.
                Some(first) => *first = both(first, property),
            }
        }
        for name in list(schema, "required") {
            if !self.required.contains(name) {
                self.required.push(name.clone());
            }
        }
        Some(())
    }

    /// Returns the object as a schema, with the description of `schema`.
    fn into_schema(self, schema: &Value) -> Value {
        let mut object = Map::from_iter([
            ("type".to_owned(), "object".into()),
            ("properties".to_owned(), self.properties.into()),
        ]);
        if !self.required.is_empty() {
            object.insert("required".to_owned(), self.required.into());
        }
        for key in OWN {
            if let Some(value) = schema.get(key) {
                object.insert(key.to_owned(), value.clone());
            }
        }
        object.into()
    }
}

fn list<'a>(schema: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    schema
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Returns the schema of the values that both schemas accept.
fn both(first: &Value, second: &Value) -> Value {
    let mut both = json!({ "allOf": [first, second] });
    let schemas = [second, first].into_iter();
    let mut described = schemas.filter(|schema| reference(schema).is_none());
    if let Some(description) = described.find_map(|schema| schema.get("description")) {
        both["description"] = description.clone();
    }
    both
}

/// Removes the names of other properties from `required`. Typify would add a property of any
/// type for each of them.
fn keep_declared(schema: &mut Map<String, Value>) {
    if schema.contains_key("allOf") {
        return;
    }
    let Some(Value::Array(mut required)) = schema.remove("required") else {
        return;
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    required.retain(|name| {
        let name = name.as_str().unwrap_or_default();
        properties.is_some_and(|properties| properties.contains_key(name))
    });
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
}

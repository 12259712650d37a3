//! Finds components that are equal up to documentation.

use duvo_codegen::document::Document;
use duvo_codegen::json_pointer::last_key;
use serde_json::{Map, Value};

const PREFIX: &str = "#/components/schemas/";

/// Keys that document a schema, or that the maintainer decides about.
const DOCUMENTATION: [&str; 5] = [
    "description",
    "example",
    "externalDocs",
    "title",
    "x-secret",
];

/// A component of our document, with where it is used.
struct Component {
    name: String,
    is_in_request: bool,
    is_in_response: bool,
}

/// The schemas of our document.
pub(super) struct Existing {
    schemas: Map<String, Value>,
    components: Vec<Component>,
}

impl Existing {
    pub(super) fn new(document: &Document) -> Self {
        let requests = document.request_schemas();
        let responses = document.response_schemas();
        let schemas = document.children("/components/schemas");
        Self {
            components: schemas
                .iter()
                .map(|schema| Component {
                    name: schema.key.clone(),
                    is_in_request: requests.contains(&schema.pointer),
                    is_in_response: responses.contains(&schema.pointer),
                })
                .collect(),
            schemas: schemas
                .into_iter()
                .map(|schema| (schema.key, schema.value.clone()))
                .collect(),
        }
    }

    /// Returns the names of the components that a request, or a response, can refer to.
    pub(super) fn names(&self, is_in_response: bool) -> impl Iterator<Item = &str> {
        let is_allowed = move |component: &&Component| {
            if is_in_response {
                !component.is_in_request
            } else {
                !component.is_in_response
            }
        };
        let components = self.components.iter().filter(is_allowed);
        components.map(|component| component.name.as_str())
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        self.schemas.get(name).cloned()
    }
}

/// Returns a schema with its references replaced by their targets, without documentation.
/// Equivalent forms become equal.
pub(super) fn expand(schema: &Value, target: &dyn Fn(&str) -> Option<Value>) -> Value {
    expand_below(schema, target, &mut Vec::new())
}

fn expand_below(
    schema: &Value,
    target: &dyn Fn(&str) -> Option<Value>,
    open: &mut Vec<String>,
) -> Value {
    match schema {
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str) {
                return expand_reference(name, target, open);
            }
            let mut expanded = Map::new();
            for (key, value) in object {
                let value = match (key.as_str(), value) {
                    (key, _) if DOCUMENTATION.contains(&key) => continue,
                    ("default", value) => value.clone(),
                    ("properties", Value::Object(properties)) => {
                        let expand = |(name, schema): (&String, &Value)| {
                            (name.clone(), expand_below(schema, target, open))
                        };
                        properties.iter().map(expand).collect::<Map<_, _>>().into()
                    }
                    ("required" | "enum" | "x-extensible-enum", Value::Array(values)) => {
                        sorted(values)
                    }
                    (_, value) => expand_below(value, target, open),
                };
                let key = if key == "x-extensible-enum" {
                    "enum"
                } else {
                    key
                };
                expanded.insert(key.to_owned(), value);
            }
            if expanded.get("additionalProperties") == Some(&Value::Object(Map::new())) {
                expanded.insert("additionalProperties".to_owned(), true.into());
            }
            unwrap_all_of(&mut expanded);
            expanded.into()
        }
        Value::Array(array) => array
            .iter()
            .map(|item| expand_below(item, target, open))
            .collect(),
        value => value.clone(),
    }
}

/// A reference to a schema that contains it becomes the distance to that schema.
fn expand_reference(
    reference: &str,
    target: &dyn Fn(&str) -> Option<Value>,
    open: &mut Vec<String>,
) -> Value {
    let name = last_key(reference);
    if let Some(distance) = open.iter().rev().position(|other| *other == name) {
        return serde_json::json!({ "cycle": distance });
    }
    match target(&name).filter(|_| reference.starts_with(PREFIX)) {
        Some(schema) => {
            open.push(name);
            let expanded = expand_below(&schema, target, open);
            open.pop();
            expanded
        }
        None => Value::from(reference),
    }
}

fn sorted(values: &[Value]) -> Value {
    let mut values = values.to_vec();
    values.sort_by_key(Value::to_string);
    values.into()
}

/// `allOf` with one schema is the same as the schema.
fn unwrap_all_of(object: &mut Map<String, Value>) {
    if let Some(Value::Array(members)) = object.get("allOf")
        && let [Value::Object(only)] = members.as_slice()
    {
        let only = only.clone();
        object.remove("allOf");
        for (key, value) in only {
            object.entry(key).or_insert(value);
        }
    }
}

//! The schemas of a document as JSON Schema, to validate examples.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::Result;

/// The schemas of a document.
pub struct Schemas(Value);

impl Schemas {
    pub fn new(document: &Value) -> Self {
        Self(json_schema(document))
    }

    /// Creates schemas that accept documented properties only, because an example should have
    /// no others. If the document combines objects by `allOf`, each of them accepts all
    /// properties, as the schemas of [`new`](Self::new) do.
    pub fn closed(document: &Value) -> Self {
        let mut schemas = json_schema(document);
        if !combines_objects(document) {
            close(&mut schemas);
        }
        Self(schemas)
    }

    /// Returns the validator of the schema at a JSON pointer.
    pub fn validator(&self, schema: &str) -> Result<Validator> {
        let mut root = self.0.clone();
        let fragment = schema.replace('{', "%7B").replace('}', "%7D");
        root["allOf"] = json!([{ "$ref": format!("#{fragment}") }]);
        // OpenAPI 3.0 is based on this draft.
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&root)
            .map_err(|error| format!("#{schema}: {error}"))
    }
}

/// Converts a document so that its schemas are those of JSON Schema, draft 4, where null is a
/// type. References within the document stay valid.
///
/// An open enum becomes an enum, because an example should have one of the known values.
fn json_schema(document: &Value) -> Value {
    match document {
        Value::Object(object) => {
            let mut object: Map<String, Value> = object
                .iter()
                .map(|(key, value)| match key.as_str() {
                    "value" | "example" | "default" => (key.clone(), value.clone()),
                    // The names of properties are not keys of a schema.
                    "properties" => (key.clone(), each(value)),
                    "x-extensible-enum" => ("enum".to_owned(), value.clone()),
                    _ => (key.clone(), json_schema(value)),
                })
                .collect();
            match object.remove("nullable") {
                Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, object] }),
                _ => object.into(),
            }
        }
        Value::Array(array) => array.iter().map(json_schema).collect(),
        value => value.clone(),
    }
}

fn each(schemas: &Value) -> Value {
    let Value::Object(schemas) = schemas else {
        return json_schema(schemas);
    };
    let converted = schemas
        .iter()
        .map(|(name, schema)| (name.clone(), json_schema(schema)));
    converted.collect::<Map<_, _>>().into()
}

fn combines_objects(value: &Value) -> bool {
    let members = value.get("allOf").and_then(Value::as_array);
    members.is_some_and(|members| members.len() > 1)
        || match value {
            Value::Object(object) => object.values().any(combines_objects),
            Value::Array(array) => array.iter().any(combines_objects),
            _ => false,
        }
}

fn close(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                if !matches!(key.as_str(), "value" | "example" | "default") {
                    close(value);
                }
            }
            let has_properties = object.get("properties").is_some_and(Value::is_object);
            let is_schema = object.get("type").is_some_and(Value::is_string);
            if has_properties && is_schema && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(array) => array.iter_mut().for_each(close),
        _ => {}
    }
}

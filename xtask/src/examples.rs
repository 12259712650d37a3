//! Validates the examples of an OpenAPI document against their schemas.

use duvo_codegen::Diagnostic;
use duvo_codegen::document::Document;
use jsonschema::Draft;
use serde_json::{Map, Value, json};

use crate::Result;

/// Returns every example and default of the document that does not fit its schema.
pub fn invalid(document: &Document) -> Result<Vec<Diagnostic>> {
    let schemas = as_json_schema(document.root());
    let mut errors = Vec::new();
    for example in document.examples() {
        let mut schema = schemas.clone();
        let fragment = example.schema.replace('{', "%7B").replace('}', "%7D");
        schema["allOf"] = json!([{ "$ref": format!("#{fragment}") }]);
        // OpenAPI 3.0 is based on this draft.
        let validator = jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|error| format!("#{}: {error}", example.schema))?;
        let value = document.at(&example.pointer).unwrap_or(&Value::Null);
        errors.extend(validator.iter_errors(value).map(|error| {
            let location = format!("{}{}", example.pointer, error.instance_path());
            Diagnostic::at_value(&location, error.to_string()).help(format!(
                "correct the example, or the schema #{}",
                example.schema
            ))
        }));
    }
    Ok(errors)
}

/// Converts the document to JSON Schema, where null is a type. An open enum becomes an
/// enum, because an example should have one of the known values.
fn as_json_schema(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut object: Map<String, Value> = object
                .iter()
                .map(|(key, value)| match key.as_str() {
                    "value" | "example" | "default" => (key.clone(), value.clone()),
                    "x-extensible-enum" => ("enum".to_owned(), value.clone()),
                    _ => (key.clone(), as_json_schema(value)),
                })
                .collect();
            match object.remove("nullable") {
                Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, object] }),
                Some(other) if other.is_object() => {
                    object.insert("nullable".to_owned(), other);
                    object.into()
                }
                _ => object.into(),
            }
        }
        Value::Array(array) => array.iter().map(as_json_schema).collect(),
        value => value.clone(),
    }
}

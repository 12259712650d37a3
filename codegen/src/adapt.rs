use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::check::success;
use super::document::Document;
use super::open_enum::OpenEnum;

/// The document in the shape that suits the generator, and what is generated
/// beside it.
pub struct Adapted {
    pub document: Value,
    pub open_enums: Vec<OpenEnum>,
}

/// Shapes the document for the generator. The document that maintainers edit
/// says what the API is; each change here says what the client makes of it.
pub fn adapt(mut document: Document) -> Adapted {
    let open_enums = document
        .schemas()
        .iter()
        .filter_map(|node| OpenEnum::read(node)?.ok())
        .collect();
    for pointer in document.answered_schemas() {
        let nullable = nullable_properties(&document, &pointer);
        if let Some(Value::Object(schema)) = document.at_mut(&pointer) {
            accept_more(schema, &nullable);
        }
    }
    let schemas: Vec<String> = document
        .schemas()
        .into_iter()
        .map(|node| node.pointer)
        .collect();
    for pointer in schemas {
        if let Some(Value::Object(schema)) = document.at_mut(&pointer) {
            keep_only_our_formats(schema);
        }
    }
    keep_only_the_success(&mut document);
    Adapted {
        document: document.into_root(),
        open_enums,
    }
}

/// Names of the properties of a schema that may be null, by themselves or by
/// what they refer to.
fn nullable_properties(document: &Document, schema: &str) -> BTreeSet<String> {
    let is_nullable = |value: &Value| {
        let of_all = value
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let mut parts = of_all
            .filter_map(|part| document.resolve(part))
            .chain(document.resolve(value))
            .chain([value]);
        parts.any(|part| part.get("nullable") == Some(&Value::Bool(true)))
    };
    let properties = document
        .children(&format!("{schema}/properties"))
        .into_iter();
    properties
        .filter(|property| is_nullable(property.value))
        .map(|property| property.key)
        .collect()
}

/// In an answer, a missing value and null are the same, a new property breaks
/// nobody, and a value is not held against rules that the server may change.
fn accept_more(schema: &mut Map<String, Value>, nullable: &BTreeSet<String>) {
    let is_natural = schema.get("type") == Some(&"integer".into())
        && schema.get("minimum").and_then(Value::as_u64).is_some();
    schema.retain(|key, _| {
        !matches!(
            key.as_str(),
            "default"
                | "pattern"
                | "minLength"
                | "maxLength"
                | "minimum"
                | "maximum"
                | "minItems"
                | "maxItems"
        )
    });
    // What counts has no sign.
    if is_natural {
        schema.insert("minimum".into(), 0.into());
    }
    if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
        schema.remove("additionalProperties");
    }
    let mut required = match schema.remove("required") {
        Some(Value::Array(names)) => names,
        _ => Vec::new(),
    };
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        required.retain(|name| !name.as_str().is_some_and(|name| nullable.contains(name)));
        for (name, property) in properties {
            // A `$ref` can have no siblings. The generator makes an `Option`
            // of it in any case, which takes null.
            if let Value::Object(property) = property
                && !required.iter().any(|required| required == name)
                && !property.contains_key("$ref")
            {
                property.insert("nullable".into(), true.into());
            }
        }
    }
    if !required.is_empty() {
        schema.insert("required".into(), required.into());
    }
}

/// The generator maps a schema to a type of ours only if the two are equal, so
/// whatever else the schema says is dropped: the type holds the rules. Any other
/// format would need a crate more, and is a string.
fn keep_only_our_formats(schema: &mut Map<String, Value>) {
    match schema.get("format").and_then(Value::as_str) {
        Some("password" | "date-time") => {
            schema.retain(|key, _| {
                matches!(key.as_str(), "type" | "format" | "nullable" | "description")
            });
        }
        Some(_) if schema.get("type").and_then(Value::as_str) == Some("string") => {
            schema.remove("format");
        }
        _ => {}
    }
}

/// With one range for success and no described errors, the generated client
/// decodes any 2xx and hands every other response over as it came.
fn keep_only_the_success(document: &mut Document) {
    let successes: Vec<_> = document
        .operations()
        .iter()
        .filter_map(|operation| {
            let response = success(operation).first()?.value.clone();
            Some((format!("{}/responses", operation.node.pointer), response))
        })
        .collect();
    for (pointer, success) in successes {
        if let Some(responses) = document.at_mut(&pointer) {
            *responses = serde_json::json!({ "2XX": success });
        }
    }
}

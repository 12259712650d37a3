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
    for pointer in answered_schemas(&document) {
        if let Some(Value::Object(schema)) = document.at_mut(&pointer) {
            accept_more(schema);
        }
    }
    let schemas: Vec<String> = document
        .schemas()
        .into_iter()
        .map(|node| node.pointer)
        .collect();
    for pointer in schemas {
        if let Some(Value::Object(schema)) = document.at_mut(&pointer) {
            keep_only_the_format(schema);
        }
    }
    let operations: Vec<String> = document
        .operations()
        .into_iter()
        .map(|operation| operation.node.pointer)
        .collect();
    for pointer in operations {
        keep_only_the_success(&mut document, &pointer);
    }
    Adapted {
        document: document.into_root(),
        open_enums,
    }
}

/// Schemas of what the server answers, its errors included.
fn answered_schemas(document: &Document) -> Vec<String> {
    let mut pointers: Vec<String> = document
        .operations()
        .iter()
        .flat_map(|operation| {
            document.schemas_reached_from(&format!("{}/responses", operation.node.pointer))
        })
        .collect();
    pointers.sort();
    pointers.dedup();
    pointers
}

/// In an answer, a missing value and null are the same, a new property breaks
/// nobody, and a value is not held against rules that the server may change.
fn accept_more(schema: &mut Map<String, Value>) {
    schema.retain(|key, _| {
        !matches!(
            key.as_str(),
            "pattern" | "minLength" | "maxLength" | "minimum" | "maximum" | "minItems" | "maxItems"
        )
    });
    if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
        schema.remove("additionalProperties");
    }
    let mut required = match schema.remove("required") {
        Some(Value::Array(names)) => names,
        _ => Vec::new(),
    };
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        required.retain(|name| {
            let property = name.as_str().and_then(|name| properties.get(name));
            property.and_then(|property| property.get("nullable")) != Some(&Value::Bool(true))
        });
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

/// The generator maps a schema to a type of ours only if the two are equal,
/// so whatever else the schema says is dropped. The type holds the rules.
fn keep_only_the_format(schema: &mut Map<String, Value>) {
    if matches!(
        schema.get("format").and_then(Value::as_str),
        Some("password" | "date-time")
    ) {
        schema.retain(|key, _| {
            matches!(key.as_str(), "type" | "format" | "nullable" | "description")
        });
    }
}

/// With one range for success and no described errors, the generated client
/// decodes any 2xx and hands every other response over as it came.
fn keep_only_the_success(document: &mut Document, pointer: &str) {
    let success = document
        .operations()
        .iter()
        .find(|operation| operation.node.pointer == pointer)
        .and_then(|operation| {
            success(operation)
                .first()
                .map(|response| response.value.clone())
        });
    if let Some(success) = success
        && let Some(responses) = document.at_mut(&format!("{pointer}/responses"))
    {
        *responses = serde_json::json!({ "2XX": success });
    }
}

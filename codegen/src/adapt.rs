use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::media_type::json_content;
use crate::open_enum::OpenEnum;
use crate::operation::{OperationSpec, SuccessBody, request_body, success_body, success_response};

/// The document in the form that progenitor needs, and the types that are generated
/// without progenitor.
pub(crate) struct Adapted {
    pub(crate) document: Value,
    pub(crate) open_enums: Vec<OpenEnum>,
    /// How the client calls each operation, by its Rust name.
    pub(crate) operations: BTreeMap<String, OperationSpec>,
}

/// Adapts the document for progenitor. The document describes the API; the changes here
/// decide how the client treats it.
pub(crate) fn adapt(mut document: Document) -> Adapted {
    let schemas = document.schemas();
    let open_enums = schemas
        .iter()
        .filter(|node| node.is_named_schema())
        .filter_map(|node| OpenEnum::parse(node)?.ok());
    let open_enums = open_enums.collect();
    let operations = document.operations();
    let operations = operations
        .iter()
        .filter_map(|operation| OperationSpec::new(&document, operation))
        .collect();
    let schemas: Vec<String> = schemas.into_iter().map(|node| node.pointer).collect();
    for pointer in document.response_schemas() {
        let nullable = nullable_properties(&document, &pointer);
        if let Some(Value::Object(schema)) = document.at_mut(&pointer) {
            relax_response_schema(schema, &nullable);
        }
    }
    for pointer in schemas {
        if let Some(Value::Object(schema)) = document.at_mut(&pointer) {
            drop_annotations(schema);
            // Typify would check it with a regex engine, which the client does not need.
            schema.remove("pattern");
            unify_unions(schema);
            unify_free_form_maps(schema);
            keep_supported_formats(schema);
        }
    }
    keep_json(&mut document);
    Adapted {
        document: document.into_root(),
        open_enums,
        operations,
    }
}

/// Returns the names of the properties of a schema that can be null, directly or through
/// a `$ref`.
fn nullable_properties(document: &Document, schema: &str) -> BTreeSet<String> {
    let is_nullable = |value: &Value| {
        let members = value.get("allOf").and_then(Value::as_array);
        let mut parts = members
            .into_iter()
            .flatten()
            .filter_map(|member| document.resolve(member))
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

/// Rules on values, which the client does not enforce on responses.
const RULES: [&str; 15] = [
    "default",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

/// Makes a schema of a response lenient, so that changes of the API do not break the
/// client: a missing value is the same as null, new properties are allowed, and limits
/// are not enforced.
fn relax_response_schema(schema: &mut Map<String, Value>, nullable: &BTreeSet<String>) {
    let is_unsigned = is_unsigned(schema);
    schema.retain(|key, _| !RULES.contains(&key.as_str()));
    // The format of a number would limit its range or its precision.
    if let Some("integer" | "number") = schema.get("type").and_then(Value::as_str) {
        schema.remove("format");
    }
    // typify maps a minimum of 0 to `u64`.
    if is_unsigned {
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
            // A `$ref` can have no siblings. For an optional `$ref`, progenitor generates
            // an `Option`, which accepts null anyway.
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

/// Whether a schema describes a count: an integer without negative values.
fn is_unsigned(schema: &Map<String, Value>) -> bool {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let is_format = text("format").is_some_and(|format| format.starts_with("uint"));
    let minimum = schema.get("minimum").and_then(Value::as_f64);
    text("type") == Some("integer") && (is_format || minimum.is_some_and(|minimum| minimum >= 0.0))
}

/// Removes the keys that are not part of the schema, but from which typify would choose
/// the type: two schemas with one `title` would become one type.
fn drop_annotations(schema: &mut Map<String, Value>) {
    schema.retain(|key, _| key != "title" && !key.starts_with("x-"));
}

/// Replaces `anyOf` by `oneOf`. For an `anyOf` whose schemas typify cannot distinguish, it
/// generates a struct of optional parts instead of an enum.
fn unify_unions(schema: &mut Map<String, Value>) {
    if !schema.contains_key("oneOf")
        && let Some(arms) = schema.remove("anyOf")
    {
        schema.insert("oneOf".into(), arms);
    }
}

/// Replaces `additionalProperties: {}` by `true`, which has the same meaning. For an object
/// that also has properties, typify would generate a field for all others.
fn unify_free_form_maps(schema: &mut Map<String, Value>) {
    if let Some(additional) = schema.get_mut("additionalProperties")
        && additional.as_object().is_some_and(Map::is_empty)
    {
        *additional = true.into();
    }
}

/// Keeps the formats that the consumer has types for. Other formats would need more
/// dependencies, so their values are plain strings.
///
/// progenitor converts a schema to the consumer's type only if the schema is equal to
/// the registered one, so its other keys are dropped. The type enforces the rules.
fn keep_supported_formats(schema: &mut Map<String, Value>) {
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

/// Replaces the responses of each operation by one for `2XX`, and every media type by
/// `application/json`. The client then decodes every success, and returns every other
/// response unmodified.
fn keep_json(document: &mut Document) {
    let mut changes = Vec::new();
    for operation in document.operations() {
        let mut success = json!({ "description": "" });
        if success_body(document, &operation) != SuccessBody::Empty
            && let Some(response) = success_response(document, &operation)
            && let Some(content) = json_content(&response)
        {
            success["content"] = json!({ "application/json": content.value });
        }
        changes.push((operation.node.child("responses"), json!({ "2XX": success })));
        if let Some(body) = request_body(document, &operation)
            && let Some(content) = json_content(&body)
        {
            let mut value = body.value.clone();
            value["content"] = json!({ "application/json": content.value });
            changes.push((operation.node.child("requestBody"), value));
        }
    }
    for (pointer, changed) in changes {
        if let Some(value) = document.at_mut(&pointer) {
            *value = changed;
        }
    }
}

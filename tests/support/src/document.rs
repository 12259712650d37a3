//! The examples of the OpenAPI document, which are the fixtures.

use std::sync::LazyLock;

use serde_json::Value;

/// A documented response, by one of its examples.
pub struct Response {
    pub status: u16,
    pub key: String,
    pub body: Value,
}

/// A property of the schema `Integration`.
pub struct Field {
    pub name: String,
    /// Whether every response must have a value for it.
    pub is_required: bool,
}

const OPERATION: &str = "/paths/~1v2~1teams~1{teamId}~1integrations~1custom/post";

/// Parsed once: a debug build takes 10 ms for it.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("../../../openapi/duvo.yaml")).expect("the document is YAML")
});

fn at(pointer: &str) -> &'static Value {
    let value = DOCUMENT.pointer(pointer);
    value.unwrap_or_else(|| panic!("the document has no {pointer}"))
}

fn resolve(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(target) => at(&target[1..]),
        None => value,
    }
}

fn examples(holder: &'static Value) -> Vec<(String, Value)> {
    let examples = &resolve(holder)["content"]["application/json"]["examples"];
    let examples = examples.as_object().expect("the document has examples");
    let value = |example| resolve(example)["value"].clone();
    examples
        .iter()
        .map(|(key, example)| (key.clone(), value(example)))
        .collect()
}

/// Returns every example of the request body of a registration, by its key.
pub fn requests() -> Vec<(String, Value)> {
    examples(&at(OPERATION)["requestBody"])
}

/// Returns the values of the request's `auth_method`.
pub fn auth_methods() -> Vec<String> {
    let values = at("/components/schemas/AuthMethod/enum");
    serde_json::from_value(values.clone()).expect("the values are strings")
}

/// Returns every field of an integration.
pub fn integration_fields() -> Vec<Field> {
    let schema = at("/components/schemas/Integration");
    let required = schema["required"]
        .as_array()
        .expect("the schema has required properties");
    let properties = schema["properties"]
        .as_object()
        .expect("the schema has properties");
    let field = |(name, property): (&String, &Value)| Field {
        name: name.clone(),
        is_required: required.contains(&name.as_str().into()) && property["nullable"] != true,
    };
    properties.iter().map(field).collect()
}

/// Returns every example of every response to a registration.
pub fn responses() -> Vec<Response> {
    let responses = at(OPERATION)["responses"]
        .as_object()
        .expect("the operation has responses");
    let responses = responses.iter().flat_map(|(status, response)| {
        let status = status.parse().expect("the status is a number");
        examples(response)
            .into_iter()
            .map(move |(key, body)| Response { status, key, body })
    });
    responses.collect()
}

/// Returns the example of the request body with this key.
pub fn request(key: &str) -> Value {
    let found = requests().into_iter().find(|(name, _)| name == key);
    found
        .unwrap_or_else(|| panic!("no request example `{key}`"))
        .1
}

/// Returns the example of the response of this status with this key.
pub fn response(status: u16, key: &str) -> Value {
    let found = responses()
        .into_iter()
        .find(|response| response.status == status && response.key == key);
    found
        .unwrap_or_else(|| panic!("no example `{key}` of {status}"))
        .body
}

/// Returns the example of this name among the document's components.
pub fn example(name: &str) -> Value {
    at(&format!("/components/examples/{name}/value")).clone()
}

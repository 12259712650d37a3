//! The examples of the OpenAPI document, which are the fixtures.

#![allow(dead_code, clippy::expect_used, clippy::panic)]

use serde_json::Value;

/// An answer that the document describes, by one of its examples.
pub struct Answer {
    pub status: u16,
    pub key: String,
    pub body: Value,
}

const PATH: &str = "/paths/~1v2~1teams~1{teamId}~1integrations~1custom/post";

fn document() -> Value {
    serde_yaml::from_str(include_str!("../../openapi/duvo.yaml")).expect("the document is YAML")
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(target) => document
            .pointer(&target[1..])
            .expect("the $ref has a target"),
        None => value,
    }
}

fn examples(document: &Value, holder: &Value) -> Vec<(String, Value)> {
    let examples = &resolve(document, holder)["content"]["application/json"]["examples"];
    let examples = examples.as_object().expect("there are examples");
    let value = |example| resolve(document, example)["value"].clone();
    examples
        .iter()
        .map(|(key, example)| (key.clone(), value(example)))
        .collect()
}

/// Every example of the request body, by its key.
pub fn requests() -> Vec<(String, Value)> {
    let document = document();
    let operation = document.pointer(PATH).expect("the operation is there");
    examples(&document, &operation["requestBody"])
}

/// The values of the request's `auth_method`.
pub fn auth_methods() -> Vec<String> {
    let document = document();
    let values = document
        .pointer("/components/schemas/AuthMethod/enum")
        .expect("the enum is there");
    serde_json::from_value(values.clone()).expect("they are strings")
}

/// A field of an integration, and whether an answer must have a value for it.
pub struct Field {
    pub name: String,
    pub must_be_there: bool,
}

/// Every field of an integration.
pub fn integration_fields() -> Vec<Field> {
    let document = document();
    let schema = document
        .pointer("/components/schemas/Integration")
        .expect("the schema is there");
    let required = schema["required"]
        .as_array()
        .expect("some fields are required");
    let properties = schema["properties"]
        .as_object()
        .expect("there are properties");
    let field = |(name, property): (&String, &Value)| Field {
        name: name.clone(),
        must_be_there: required.contains(&name.as_str().into()) && property["nullable"] != true,
    };
    properties.iter().map(field).collect()
}

/// Every example of every response.
pub fn answers() -> Vec<Answer> {
    let document = document();
    let operation = document.pointer(PATH).expect("the operation is there");
    let responses = operation["responses"]
        .as_object()
        .expect("there are responses");
    let answers = responses.iter().flat_map(|(status, response)| {
        let status = status.parse().expect("the status is a number");
        examples(&document, response)
            .into_iter()
            .map(move |(key, body)| Answer { status, key, body })
    });
    answers.collect()
}

/// The example of the request body with this key.
pub fn request(key: &str) -> Value {
    let found = requests().into_iter().find(|(name, _)| name == key);
    found
        .unwrap_or_else(|| panic!("no request example `{key}`"))
        .1
}

/// The example of the response of this status with this key.
pub fn answer(status: u16, key: &str) -> Value {
    let found = answers()
        .into_iter()
        .find(|answer| answer.status == status && answer.key == key);
    found
        .unwrap_or_else(|| panic!("no example `{key}` of {status}"))
        .body
}

/// The example of this name among the document's components.
pub fn example(name: &str) -> Value {
    let document = document();
    let pointer = format!("/components/examples/{name}/value");
    let example = document.pointer(&pointer);
    example
        .unwrap_or_else(|| panic!("no example `{name}`"))
        .clone()
}

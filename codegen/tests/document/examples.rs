//! The examples and deerrors of the document are valid against their schemas.

use duvo_codegen::document::Document;
use duvo_codegen::{Diagnostic, Report, Source};
use jsonschema::Draft;
use serde_json::{Map, Value, json};

use crate::support::{DOCUMENT, SAMPLE};

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

fn errors(text: &str) -> Vec<Diagnostic> {
    let document = Document::load(text).unwrap();
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
            .unwrap();
        let value = document.at(&example.pointer).unwrap_or(&Value::Null);
        errors.extend(validator.iter_errors(value).map(|error| {
            let location = format!("{}{}", example.pointer, error.instance_path());
            Diagnostic::at_value(&location, error.to_string()).help(format!(
                "correct the example, or the schema #{}",
                example.schema
            ))
        }));
    }
    errors
}

fn report(text: &str) -> Report {
    Report::new(&errors(text), &Source::parse(text).0)
}

#[test]
fn examples_are_valid() {
    let report = report(DOCUMENT);
    let text = report.to_text("openapi/duvo.yaml", DOCUMENT);
    assert!(report.diagnostics().is_empty(), "\n{text}\n");
}

#[test]
fn reports_invalid_example_in_its_line() {
    for (from, to, underlined, message) in [
        (
            "        name: Price list\n        type",
            "        name: 7\n        type",
            "7",
            "7 is not of type \"string\"",
        ),
        (
            "        auth_method: apikey\n        server_url",
            "        auth_method: api_key\n        server_url",
            "api_key",
            "\"api_key\" is not one of",
        ),
        (
            "        transport_type: http\n",
            "        transport_type: htp\n",
            "htp",
            "\"htp\" is not one of",
        ),
        (
            "        created_at: \"2026-08-03T09:16:02Z\"",
            "        created_at: \"yesterday\"",
            "\"yesterday\"",
            "\"yesterday\" is not a \"date-time\"",
        ),
        (
            "        name: Price list\n        type: custom\n",
            "        name: Price list\n",
            "value",
            "\"type\" is a required property",
        ),
        (
            "      example: 12\n",
            "      example: soon\n",
            "soon",
            "\"soon\" is not of type",
        ),
        (
            "        user_id: null\n        team_id: team_01hzx3f8q2\n",
            "        user_id: null\n        team_id: null\n",
            "null",
            "null is not of type \"string\"",
        ),
    ] {
        assert!(SAMPLE.contains(from), "{from}");
        let text = SAMPLE.replacen(from, to, 1);
        let report = report(&text);
        let said: Vec<_> = report
            .diagnostics()
            .iter()
            .map(|diagnostic| (&text[diagnostic.range.clone()], &diagnostic.message))
            .collect();
        assert!(
            said.iter()
                .any(|(text, said)| *text == underlined && said.starts_with(message)),
            "{message}: {said:#?}"
        );
    }
}

#[test]
fn every_request_and_response_has_an_example() {
    let document = Document::load(DOCUMENT).unwrap();
    let with_examples: Vec<_> = document
        .examples()
        .into_iter()
        .map(|example| example.schema)
        .collect();
    for section in ["requestBodies", "responses"] {
        for component in document.children(&format!("/components/{section}")) {
            for content in component.children("content") {
                let schema = content.child("schema");
                assert!(with_examples.contains(&schema), "{schema} has no example");
            }
        }
    }
}

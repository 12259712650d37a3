//! The examples of the document are what its schemas say.

use duvo_codegen as build;

use build::diagnostic::Fault;
use build::document::{Document, join};
use build::report::Report;
use build::source::Source;
use jsonschema::Draft;
use serde_json::{Map, Value, json};

const DOCUMENT: &str = include_str!("../../../openapi/duvo.yaml");
const SAMPLE: &str = include_str!("sample.yaml");

/// An example or a default, and the schema that it must fit.
#[derive(Debug)]
struct Example {
    pointer: String,
    schema: String,
}

/// Every example and default of the document.
fn examples(document: &Document) -> Vec<Example> {
    let mut found = Vec::new();
    for part in document.parts() {
        let node = part.node;
        let has_schema = node.value.get("schema").is_some_and(Value::is_object);
        if has_schema {
            let schema = node.child("schema");
            found.extend(node.value.get("example").map(|_| Example {
                pointer: node.child("example"),
                schema: schema.clone(),
            }));
            for example in node.children("examples") {
                let target = example.text("$ref").map(|target| target[1..].to_owned());
                found.push(Example {
                    pointer: join(&target.unwrap_or(example.pointer), "value"),
                    schema: schema.clone(),
                });
            }
        }
    }
    for schema in document.schemas() {
        let of_schema = ["example", "default"]
            .into_iter()
            .filter(|key| schema.value.get(key).is_some());
        found.extend(of_schema.map(|key| Example {
            pointer: schema.child(key),
            schema: schema.pointer.clone(),
        }));
    }
    found
}

/// The document as JSON Schema has it: there, null is a type, and the known
/// values of an open enum are those that an example should show.
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

fn faults(text: &str) -> Vec<Fault> {
    let document = Document::load(text).unwrap();
    let schemas = as_json_schema(document.root());
    let mut faults = Vec::new();
    for example in examples(&document) {
        let mut schema = schemas.clone();
        let fragment = example.schema.replace('{', "%7B").replace('}', "%7D");
        schema["allOf"] = json!([{ "$ref": format!("#{fragment}") }]);
        // OpenAPI 3.0 builds on this draft.
        let validator = jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        let value = document.at(&example.pointer).unwrap_or(&Value::Null);
        faults.extend(validator.iter_errors(value).map(|error| {
            let place = format!("{}{}", example.pointer, error.instance_path());
            Fault::at_value(&place, error.to_string()).help(format!(
                "correct the example, or the schema #{}",
                example.schema
            ))
        }));
    }
    faults
}

fn report(text: &str) -> Report {
    Report::new(&faults(text), &Source::read(text).0)
}

#[test]
fn every_example_fits_its_schema() {
    let report = report(DOCUMENT);
    let text = report.to_text("openapi/duvo.yaml", DOCUMENT);
    assert!(report.diagnostics().is_empty(), "\n{text}\n");
}

#[test]
fn an_example_that_does_not_fit_is_shown_in_its_line() {
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
fn there_are_examples_of_every_request_and_response() {
    let document = Document::load(DOCUMENT).unwrap();
    let with_examples: Vec<_> = examples(&document)
        .into_iter()
        .map(|example| example.schema)
        .collect();
    for section in ["requestBodies", "responses"] {
        for described in document.children(&format!("/components/{section}")) {
            for content in described.children("content") {
                let schema = content.child("schema");
                assert!(with_examples.contains(&schema), "{schema} has no example");
            }
        }
    }
}

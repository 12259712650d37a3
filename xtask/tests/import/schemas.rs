//! How published schemas are converted.

use duvo_codegen::document::Document;
use serde_json::Value;
use xtask::import::import_into;

use crate::support::{OURS, errors, structure};

/// Imports an operation with one property in its request and in its response. Returns what the
/// document then describes for both.
fn converted(property: &str) -> [Value; 2] {
    let object = format!("{{ type: object, properties: {{ thing: {property} }} }}");
    let content = format!("content: {{ application/json: {{ schema: {object} }} }}");
    let published = format!(
        "openapi: 3.1.0\npaths: {{ /things: {{ post: {{ operationId: sendThing, \
         requestBody: {{ {content} }}, responses: {{ '200': {{ {content} }} }} }} }} }}\n\
         components: {{ schemas: {{ \
         Any: {{ anyOf: [{{ type: [boolean, number, string, 'null'] }}, \
         {{ type: array, items: {{ $ref: '#/components/schemas/Any' }} }}, \
         {{ type: object, additionalProperties: {{ $ref: '#/components/schemas/Any' }} }}] }}, \
         Own: {{ anyOf: [{{ $ref: '#/components/schemas/Own' }}, {{ type: string }}] }} }} }}"
    );
    let imported = import_into(OURS, "sendThing", &published).unwrap();
    let decided = imported.replace("TODO", "Written");
    assert_eq!(errors(&decided), [""; 0], "{property}");
    let document = Document::load(&imported).unwrap();
    ["SendThingRequest", "SendThingResponse"].map(|schema| {
        let schema = format!("/components/schemas/{schema}/properties/thing");
        structure(&document, document.at(&schema).unwrap())
    })
}

#[track_caller]
fn assert_converted(property: &str, request: &str, response: &str) {
    let expected = [request, response].map(|text| serde_yaml::from_str::<Value>(text).unwrap());
    assert_eq!(converted(property), expected, "{property}");
}

#[test]
fn schemas_become_those_of_openapi_3_0() {
    for (published, expected) in [
        (
            "{ type: [string, 'null'] }",
            "{ type: string, nullable: true }",
        ),
        (
            "{ anyOf: [{ type: boolean }, { type: 'null' }] }",
            "{ type: boolean, nullable: true }",
        ),
        (
            "{ oneOf: [{ type: string, nullable: true, enum: [null] }, { type: boolean }] }",
            "{ type: boolean, nullable: true }",
        ),
        (
            "{ type: integer, exclusiveMinimum: 0 }",
            "{ type: integer, minimum: 0, exclusiveMinimum: true }",
        ),
        (
            "{ type: integer, minimum: -9007199254740991, maximum: 9 }",
            "{ type: integer, maximum: 9 }",
        ),
        (
            "{ type: number, exclusiveMaximum: true }",
            "{ type: number }",
        ),
        (
            "{ type: object, patternProperties: { '^a': { type: string } } }",
            "{ type: object, additionalProperties: { type: string } }",
        ),
        (
            "{ type: object }",
            "{ type: object, additionalProperties: {} }",
        ),
        (
            "{ items: { title: Item, type: string, x-order: 1 } }",
            "{ type: array, items: { type: string } }",
        ),
        (
            "{ type: string, contentEncoding: base64, examples: [YQ==], $comment: x }",
            "{ type: string }",
        ),
        (
            "{ type: object, format: uri }",
            "{ type: object, additionalProperties: {} }",
        ),
        ("true", "{}"),
        ("{ $ref: '#/components/schemas/Any' }", "{ nullable: true }"),
        ("{ $ref: '#/components/schemas/Own' }", "{ type: string }"),
    ] {
        assert_converted(published, expected, expected);
    }
}

#[test]
fn compositions_are_merged_where_the_client_cannot_distinguish() {
    for (published, expected) in [
        (
            "{ anyOf: [{ type: string, minLength: 1 }, { type: string, format: uuid }] }",
            "{ type: string }",
        ),
        (
            "{ anyOf: [{ type: integer }, { type: number }] }",
            "{ type: number }",
        ),
        (
            "{ anyOf: [{ type: string }, { anyOf: [{ type: boolean }, { type: string }] }] }",
            "{ anyOf: [{ type: string }, { type: boolean }] }",
        ),
        ("{ allOf: [{ type: boolean }] }", "{ type: boolean }"),
        (
            "{ allOf: [{ required: [a], properties: { a: { type: string } } }, { properties: { b: { type: string } } }] }",
            "{ type: object, required: [a], properties: { a: { type: string }, b: { type: string } } }",
        ),
        (
            "{ type: object, properties: { a: { type: string } }, anyOf: [{ required: [a] }, {}] }",
            "{ type: object, properties: { a: { type: string } } }",
        ),
    ] {
        assert_converted(published, expected, expected);
    }
}

#[test]
fn responses_are_lenient_and_requests_are_strict() {
    for (published, request, response) in [
        (
            "{ const: a }",
            "{ type: string, enum: [a] }",
            "{ type: string, x-extensible-enum: [a] }",
        ),
        (
            "{ anyOf: [{ enum: [a] }, { enum: [b, null] }], default: b }",
            "{ type: string, enum: [a, b], nullable: true, default: b }",
            "{ type: string, x-extensible-enum: [a, b], nullable: true }",
        ),
        (
            "{ type: boolean, enum: [true] }",
            "{ type: boolean, enum: [true] }",
            "{ type: boolean }",
        ),
        (
            "{ type: string, pattern: '^a' }",
            "{ type: string }",
            "{ type: string, pattern: ^a }",
        ),
        (
            "{ oneOf: [{ type: object, required: [kind, a], properties: { kind: { const: a }, a: { type: string } } }, \
             { type: object, required: [kind], properties: { kind: { const: b } } }] }",
            "{ oneOf: [{ type: object, required: [a, kind], properties: { kind: { type: string, enum: [a] }, a: { type: string } } }, \
             { type: object, required: [kind], properties: { kind: { type: string, enum: [b] } } }] }",
            "{ type: object, required: [kind], properties: { kind: { type: string, x-extensible-enum: [a, b] }, a: { type: string } } }",
        ),
        (
            "{ oneOf: [{ type: object, required: [a], properties: { a: { type: string } } }, \
             { type: object, properties: { b: { type: string } } }] }",
            "{ oneOf: [{ type: object, required: [a], properties: { a: { type: string } } }, \
             { type: object, properties: { b: { type: string } } }] }",
            "{ oneOf: [{ type: object, required: [a], properties: { a: { type: string } } }, \
             { type: object, properties: { b: { type: string } } }] }",
        ),
    ] {
        assert_converted(published, request, response);
    }
}

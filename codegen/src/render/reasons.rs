//! The reasons for the changes in `adapt.rs`: what progenitor and typify generate for a
//! document that was not adapted. If one of these tests fails after an upgrade, the change
//! that it names may be unnecessary or insufficient.

use serde_json::{Value, json};

use super::*;

/// Returns the code for schemas, and for an operation with these responses.
fn generated(schemas: &Value, responses: &Value) -> Result<String, String> {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Books", "version": "1" },
        "paths": { "/books": { "get": { "operationId": "getBooks", "responses": responses } } },
        "components": { "schemas": schemas },
    });
    let adapted = Adapted {
        document,
        open_enums: Vec::new(),
        operations: std::collections::BTreeMap::new(),
    };
    let file = run_progenitor(&adapted, &Settings::default())?;
    Ok(prettyplease::unparse(&file))
}

#[track_caller]
fn assert_generated(schemas: &Value, code: &str) {
    let responses = json!({ "200": { "description": "" } });
    let generated = generated(schemas, &responses).unwrap();
    assert!(generated.contains(code), "{generated}");
}

/// A schema with one property, which is not required.
fn book(property: &Value) -> Value {
    json!({ "Book": { "type": "object", "properties": { "value": property } } })
}

#[test]
fn drop_annotations_because_title_names_the_type() {
    let values = json!({ "type": "string", "title": "Cover", "enum": ["soft", "hard"] });
    assert_generated(&book(&values), "pub value: ::std::option::Option<Cover>");
}

#[test]
fn unify_unions_because_any_of_becomes_optional_parts() {
    let part = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let named = json!({
        "type": "object",
        "required": ["name", "pages"],
        "properties": { "name": { "type": "string" }, "pages": { "type": "integer" } },
    });
    let any = json!({ "anyOf": [part("Novel"), part("Atlas")] });
    let schemas = json!({ "Book": any, "Novel": named, "Atlas": named });
    assert_generated(&schemas, "pub subtype_0: ");
}

#[test]
fn unify_free_form_maps_because_an_empty_schema_becomes_a_field() {
    let mut schemas = book(&json!({ "type": "string" }));
    schemas["Book"]["additionalProperties"] = json!({});
    assert_generated(&schemas, "#[serde(flatten)]\n        pub extra: ");
}

#[test]
fn keep_supported_formats_because_others_need_crates() {
    let id = json!({ "type": "string", "format": "uuid" });
    assert_generated(&book(&id), "pub value: ::std::option::Option<::uuid::Uuid>");
}

#[test]
fn keep_supported_formats_because_rules_prevent_the_conversion() {
    let secret = json!({ "type": "string", "format": "password" });
    assert_generated(
        &book(&secret),
        "pub value: ::std::option::Option<crate::Secret>",
    );
    let secret = json!({ "type": "string", "format": "password", "minLength": 1 });
    assert_generated(
        &book(&secret),
        "pub value: ::std::option::Option<BookValue>",
    );
}

#[test]
fn relax_response_schema_keeps_minimum_because_it_makes_counts_unsigned() {
    let count = json!({ "type": "integer", "minimum": 0 });
    assert_generated(&book(&count), "pub value: ::std::option::Option<u64>");
}

#[test]
fn relax_response_schema_because_rules_become_types() {
    let text = json!({ "type": "string", "minLength": 1 });
    assert_generated(&book(&text), "pub value: ::std::option::Option<BookValue>");
}

#[test]
fn relax_response_schema_because_closed_objects_reject_new_properties() {
    let mut schemas = book(&json!({ "type": "string" }));
    schemas["Book"]["additionalProperties"] = json!(false);
    assert_generated(&schemas, "#[serde(deny_unknown_fields)]");
}

#[test]
fn relax_response_schema_because_a_required_nullable_value_must_be_present() {
    let mut schemas = book(&json!({ "type": "string", "nullable": true }));
    schemas["Book"]["required"] = json!(["value"]);
    assert_generated(
        &schemas,
        "#[serde(deserialize_with = \"::std::option::Option::deserialize\")]",
    );
}

#[test]
fn relax_response_schema_because_an_optional_list_rejects_null() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    assert_generated(
        &book(&list),
        "pub value: ::std::vec::Vec<::std::string::String>",
    );
}

#[test]
fn drop_error_responses_because_several_types_panic() {
    let response = |name: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        json!({ "description": "", "content": { "application/json": { "schema": schema } } })
    };
    let error = json!({ "type": "object", "properties": { "message": { "type": "string" } } });
    let schemas = json!({ "One": error, "Other": error });
    let responses = json!({ "400": response("One"), "401": response("Other") });
    assert_eq!(generated(&schemas, &responses).err().as_deref(), Some(""));
}

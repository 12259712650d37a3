//! Request bodies and success responses.

use crate::support::{SAMPLE, assert_edit, assert_error, edited, errors, generate};

const CREATED: &str = "        \"201\":\n          $ref: \"#/components/responses/Registered\"\n";
const EMPTY: &str = "        \"204\":\n          description: Nothing.\n";

#[test]
fn success_responses_need_one_schema() {
    assert_edit(CREATED, "", "responses", "no 2xx response is declared");
    let other = "        \"202\":\n          $ref: \"#/components/responses/Conflict\"\n";
    assert_edit(
        CREATED,
        &format!("{CREATED}{other}"),
        "\"202\"",
        "the 2xx responses have different schemas; use one schema, for example a `oneOf` with both",
    );
    let same = CREATED.replace("201", "200");
    assert_eq!(errors(&edited(CREATED, &format!("{CREATED}{same}"))), []);
}

#[test]
fn body_is_optional_if_one_success_has_none() {
    let none = edited(CREATED, EMPTY);
    let optional = edited(CREATED, &format!("{CREATED}{EMPTY}"));
    for (document, method, returned) in [
        (SAMPLE, "self.exec(", "ResponseValue<types::Integration>"),
        (&none, "self.exec_empty(", "ResponseValue<()>"),
        (
            &optional,
            "self.exec_optional(",
            "ResponseValue<Option<types::Integration>>",
        ),
    ] {
        let operations = generate(document).unwrap().operations;
        let (first, _) = operations.split_once("async fn create_").unwrap();
        assert!(first.contains(method), "{first}");
        assert!(first.contains(&format!("Result<{returned}>")), "{first}");
    }
}

#[test]
fn reports_bodies_that_are_not_json_once() {
    let registered = "      description: The integration is in the catalogue.\n      content:\n        application/json:\n";
    for media_type in [
        "text/csv",
        "application/*",
        "application/json; charset=latin1",
    ] {
        let other = registered.replace("application/json", media_type);
        // Two operations use the component.
        assert_edit(
            registered,
            &other,
            "content",
            "the 2xx response is not JSON in UTF-8; return JSON, as `application/json` or a type that ends with `+json`",
        );
    }
    let body = "      required: true\n      content:\n        application/json:\n";
    assert_edit(
        body,
        &body.replace("application/json", "multipart/form-data"),
        "content",
        "the request body is not JSON in UTF-8; send JSON",
    );
    let schema =
        "          schema:\n            $ref: \"#/components/schemas/CustomIntegrationRequest\"\n";
    assert_edit(
        schema,
        "",
        "application/json",
        "the request body has no `schema`; add the schema",
    );
}

#[test]
fn misspelled_media_type_is_the_only_error() {
    assert_error(
        &edited("        application/json:\n", "        aplication/json:\n"),
        "aplication/json",
        "unknown media type `aplication/json`; did you mean `application/json`?",
    );
}

#[test]
fn other_contents_next_to_json_are_ignored() {
    let json = "        application/json:\n";
    let plain = generate(SAMPLE).unwrap();
    let document = SAMPLE.replace(
        json,
        &format!("        application/xml: {{ schema: {{ type: string }} }}\n{json}"),
    );
    assert!(generate(&document).unwrap().operations == plain.operations);
}

//! How parameters are written into a request.

use crate::support::{SAMPLE, edited, errors};

/// Returns the sample with a further parameter.
fn with_parameter(rest: &str) -> String {
    let own = "      parameters:\n        - name: teamId\n";
    let document = edited(
        own,
        &format!(
            "      parameters:\n        - {{ name: ids, description: P., {rest} }}\n        - name: teamId\n"
        ),
    );
    if rest.contains("in: path") {
        document
            .replace("{teamId}/", "{teamId}/{ids}/")
            .replace("in: path,", "in: path, required: true,")
    } else {
        document
    }
}

#[track_caller]
fn assert_refused(rest: &str, underlined: &str, expected: &str) {
    let found = errors(&with_parameter(rest));
    assert!(
        matches!(&found[..], [(text, line)] if text == underlined && line.starts_with(expected)),
        "{rest}: {found:#?}"
    );
}

const TEXT: &str = "schema: { type: string }";
const LIST: &str = "schema: { type: array, items: { type: string } }";
const OBJECT: &str =
    "schema: { type: object, properties: { a: { type: string, description: A. } } }";

#[test]
fn reports_other_styles() {
    for (place, style, default) in [
        ("query", "spaceDelimited", "form"),
        ("query", "pipeDelimited", "form"),
        ("query", "deepObject", "form"),
        ("path", "matrix", "simple"),
        ("path", "label", "simple"),
        ("header", "form", "simple"),
    ] {
        assert_refused(
            &format!("in: {place}, style: {style}, {TEXT}"),
            style,
            &format!(
                "`style: {style}` is not supported; remove it; the client writes the parameter in the default style, `{default}`"
            ),
        );
    }
}

#[test]
fn reports_lists_and_objects_in_one_value() {
    for schema in [LIST, OBJECT] {
        assert_refused(
            &format!("in: query, explode: false, {schema}"),
            "false",
            "`explode: false` is not supported for lists and objects; remove it",
        );
    }
    let component =
        with_parameter("in: query, explode: false, schema: { $ref: \"#/components/schemas/Ids\" }")
            .replacen(
                "  schemas:\n",
                "  schemas:\n    Ids: { description: I., type: array, items: { type: string } }\n",
                1,
            );
    assert!(matches!(&errors(&component)[..], [(text, _)] if text == "false"));
}

#[test]
fn reports_values_without_text_form() {
    let any = "schema: { description: Anything. }";
    let composed = "schema: { allOf: [{ type: array, items: { type: string } }] }";
    let union = "schema: { oneOf: [{ type: string }, { type: array, items: { type: string } }] }";
    for place in ["path", "header"] {
        for schema in [LIST, OBJECT, any, composed, union] {
            let found = errors(&with_parameter(&format!("in: {place}, {schema}")));
            assert!(
                matches!(&found[..], [(_, line)] if line.starts_with("the parameter `ids` has no text form")),
                "{schema}: {found:#?}"
            );
        }
    }
}

#[test]
fn reports_options_that_are_not_carried_out() {
    assert_refused(
        &format!("in: query, allowReserved: true, {TEXT}"),
        "true",
        "`allowReserved: true` is not supported; remove it",
    );
    assert_refused(
        &format!("in: query, allowEmptyValue: true, {TEXT}"),
        "true",
        "`allowEmptyValue: true` is not supported; remove it",
    );
    let content = "content: { application/json: { schema: { type: string } } }";
    for rest in [content.to_owned(), format!("{TEXT}, {content}")] {
        assert_refused(
            &format!("in: query, {rest}"),
            "content",
            "`content` is not supported in a parameter; replace it by `schema`",
        );
    }
}

#[test]
fn accepts_defaults() {
    for rest in [
        format!(
            "in: query, style: form, explode: true, allowReserved: false, allowEmptyValue: false, {TEXT}"
        ),
        format!("in: query, style: form, explode: true, {LIST}"),
        format!("in: query, explode: false, {TEXT}"),
        format!("in: path, style: simple, explode: false, {TEXT}"),
        format!("in: path, explode: true, {TEXT}"),
        format!("in: header, style: simple, explode: false, {TEXT}"),
    ] {
        assert_eq!(errors(&with_parameter(&rest)), [], "{rest}");
    }
    assert_eq!(errors(SAMPLE), []);
}

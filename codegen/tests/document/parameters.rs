//! How parameters are written into a request.

use crate::support::{SAMPLE, edited, errors, generate};

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
    let comma = "with `explode: false`, the client separates items by commas";
    let keys = "declare one parameter for each key, such as `filter[name]`";
    let form = "remove it; the client writes the parameter in the default style, `form`";
    let simple = "remove it; the client writes the parameter in the default style, `simple`";
    for (place, style, help) in [
        ("query", "spaceDelimited", comma),
        ("query", "pipeDelimited", comma),
        ("query", "deepObject", keys),
        ("query", "simple", form),
        ("path", "matrix", simple),
        ("path", "label", simple),
        ("header", "form", simple),
    ] {
        let help = help
            .strip_prefix("with")
            .map_or(help.to_owned(), |rest| format!("remove it; with{rest}"));
        assert_refused(
            &format!("in: {place}, style: {style}, explode: false, {OBJECT}"),
            style,
            &format!("`style: {style}` is not supported; {help}"),
        );
    }
}

#[test]
fn reports_object_in_one_value() {
    assert_refused(
        &format!("in: query, explode: false, {OBJECT}"),
        "false",
        "`explode: false` is not supported for objects; remove it; the client writes one `name=value` pair for each property",
    );
}

#[test]
fn reports_values_without_text_form() {
    let any = "schema: { description: Anything. }";
    let nullable = "schema: { type: string, nullable: true }";
    let composed = "schema: { allOf: [{ type: array, items: { type: string } }] }";
    let union = "schema: { oneOf: [{ type: string }, { type: array, items: { type: string } }] }";
    for place in ["path", "header"] {
        for schema in [OBJECT, any, nullable, composed, union] {
            let found = errors(&with_parameter(&format!("in: {place}, {schema}")));
            assert!(
                matches!(&found[..], [(_, line)] if line.starts_with("the parameter `ids` has no text form; use `type` boolean")),
                "{schema}: {found:#?}"
            );
        }
    }
}

#[test]
fn reports_items_without_text_form() {
    for place in ["path", "header", "query"] {
        for items in [
            "{ type: array, items: { type: string } }",
            "{ type: string, nullable: true }",
            "{ type: object, properties: { a: { type: string, description: A. } } }",
        ] {
            let rest = format!("in: {place}, schema: {{ type: array, items: {items} }}");
            let found = errors(&with_parameter(&rest));
            assert!(
                matches!(&found[..], [(_, line)] if line.starts_with("the items of the parameter `ids` have no text form; use items of")),
                "{rest}: {found:#?}"
            );
        }
    }
}

#[test]
fn reports_content_of_a_parameter() {
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
fn operation_can_replace_a_parameter_of_its_path() {
    let own = "    post:\n      operationId: createCustomIntegration\n";
    let shared = "    parameters:\n        - { name: teamId, in: path, required: true, description: P., schema: { type: string } }\n";
    assert_eq!(errors(&edited(own, &format!("{shared}{own}"))), []);
}

#[test]
fn operations_share_the_open_enum_of_a_component() {
    let document = edited(
        "    IdempotencyKey:\n",
        "    Kind: { name: X-Kind, in: header, description: K., schema: { type: string, x-extensible-enum: [a, b] } }\n    IdempotencyKey:\n",
    );
    let document = document.replace(
        "        - $ref: \"#/components/parameters/IdempotencyKey\"\n",
        "        - $ref: \"#/components/parameters/Kind\"\n",
    );
    let generated = generate(&document).unwrap();
    assert_eq!(generated.types.matches("pub enum Kind {").count(), 1);
    let argument = "x_kind: Option<&'a crate::generated::types::Kind>";
    assert_eq!(generated.operations.matches(argument).count(), 2);
}

#[test]
fn accepts_defaults() {
    for rest in [
        format!(
            "in: query, style: form, explode: true, allowReserved: true, allowEmptyValue: true, {TEXT}"
        ),
        format!("in: query, explode: false, {LIST}"),
        format!("in: query, style: form, explode: false, {LIST}"),
        format!("in: path, {LIST}"),
        format!("in: header, explode: true, {LIST}"),
        "in: query, schema: { type: string, pattern: '^a' }".to_owned(),
        "in: query, schema: { $ref: \"#/components/schemas/AuthMethod\" }".to_owned(),
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

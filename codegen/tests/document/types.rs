//! Which schema becomes which Rust type.

use crate::support::{SAMPLE, assert_error, edited, errors, generate};

const NAME: &str = "          description: Name of the integration, as teammates see it in the catalogue.\n          type: string\n          minLength: 1\n";

/// Adds schemas to the components of the sample, and uses the first in its response.
fn with_schemas(schemas: &str) -> String {
    edited("  schemas:\n", &format!("  schemas:\n{schemas}"))
}

#[test]
fn title_does_not_choose_the_type() {
    let titled = edited(
        NAME,
        "          description: Name.\n          type: string\n          title: AuthMethod\n          enum: [short, long]\n",
    )
    .replacen(
        "          format: uri\n",
        "          title: AuthMethod\n          enum: [a, b]\n",
        1,
    );
    let untitled = titled.replace("          title: AuthMethod\n", "");
    let types = generate(&titled).unwrap().types;
    assert!(types == generate(&untitled).unwrap().types, "{types}");
    assert!(
        types.contains("pub name: CustomIntegrationRequestName"),
        "{types}"
    );
    assert!(
        types.contains("pub server_url: CustomIntegrationRequestServerUrl"),
        "{types}"
    );
}

#[test]
fn property_can_have_the_name_title() {
    let types = generate(&SAMPLE.replace("        icon_url:\n", "        title:\n"))
        .unwrap()
        .types;
    assert!(types.contains("pub title: "), "{types}");
}

#[test]
fn extension_does_not_choose_the_type() {
    let extended = edited(
        NAME,
        &format!(
            "{NAME}          x-rust-type:\n            crate: std\n            version: '1'\n            path: std::time::Duration\n"
        ),
    );
    assert_eq!(
        generate(&extended).unwrap().types,
        generate(SAMPLE).unwrap().types
    );
}

#[test]
fn reports_inline_schema_with_the_type_name_of_a_component() {
    let document = with_schemas(
        "    CustomIntegrationRequestName:\n      description: Another type.\n      type: object\n      properties:\n        a:\n          description: A.\n          type: string\n",
    );
    assert_error(
        &document,
        "name",
        "this schema and `CustomIntegrationRequestName` have the same Rust type name `CustomIntegrationRequestName`; move it to `components.schemas` under another name",
    );
}

#[test]
fn reports_two_inline_schemas_with_the_same_type_name() {
    let object = |property: &str, schema: &str| {
        format!("{{ description: O., type: object, properties: {{ {property}: {schema} }} }}")
    };
    let text = "{ description: T., type: string }";
    let document = with_schemas(&format!(
        "    Thing:\n      description: T.\n      type: object\n      properties:\n        a: {}\n        a_b: {}\n",
        object("b", &object("x", text)),
        object("y", text)
    ));
    assert_error(
        &document,
        "a_b",
        "this schema and another have the same Rust type name `ThingAB`",
    );
    // In lists, maps and responses.
    let object =
        "{ type: object, description: D., properties: { k: { type: string, description: K. } } }";
    for (written, said) in [
        (format!("type: array, items: {object}"), "LItem"),
        (
            format!("type: object, additionalProperties: {object}"),
            "LValue",
        ),
        (
            format!("type: object, properties: {{ item: {object} }}"),
            "LItem",
        ),
    ] {
        let document = with_schemas(&format!(
            "    {said}: {object}\n    L: {{ description: L., {written} }}\n"
        ));
        let found = errors(&document);
        assert!(
            matches!(&found[..], [(_, line)] if line.starts_with("this schema and `L") && line.contains(said)),
            "{found:#?}"
        );
    }
    let document = SAMPLE.replacen(
        "          $ref: \"#/components/responses/Registered\"\n",
        &format!("          description: D.\n          content: {{ application/json: {{ schema: {object} }} }}\n"),
        1,
    )
    .replacen("  schemas:\n", &format!("  schemas:\n    RegisterCustomIntegrationResponse: {object}\n"), 1);
    let found = errors(&document);
    assert!(
        matches!(&found[..], [(_, line)] if line.contains("`RegisterCustomIntegrationResponse`")),
        "{found:#?}"
    );
}

#[test]
fn accepts_plain_values_below_a_name_of_a_component() {
    let document = with_schemas(
        "    IntegrationName:\n      description: Another type.\n      type: string\n      minLength: 1\n",
    );
    assert_eq!(errors(&document), []);
}

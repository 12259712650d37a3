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

/// Adds a property to the request and to the response of the sample.
fn with_properties(in_request: &str, in_response: &str) -> String {
    edited(
        "        oauth_client_secret:\n",
        &format!("{in_request}        oauth_client_secret:\n"),
    )
    .replacen(
        "        icon_url:\n",
        &format!("{in_response}        icon_url:\n"),
        1,
    )
}

const JSON_MAP: &str = "::serde_json::Map<::std::string::String,::serde_json::Value";

/// Removes the white space, which depends on the lengths of names.
fn without_spaces(code: &str) -> String {
    code.split_whitespace().collect()
}

#[test]
fn free_form_object_is_a_map_of_json_values() {
    let map = |additional: &str| {
        format!(
            "        settings:\n          description: Settings.\n          type: object\n{additional}"
        )
    };
    let any = map("          additionalProperties: {}\n");
    let types = generate(&with_properties(&any, &any)).unwrap().types;
    let text = without_spaces(&types);
    for settings in ["pubsettings:", "pubsettings:::std::option::Option<"] {
        let settings = format!("{settings}{JSON_MAP}");
        assert_eq!(text.matches(&settings).count(), 1, "{types}");
    }
    for same in [map("          additionalProperties: true\n"), map("")] {
        let document = with_properties(&same, &same);
        assert_eq!(generate(&document).unwrap().types, types, "{same}");
    }
}

#[test]
fn named_free_form_object_and_nested_ones_are_maps_of_json_values() {
    let document = with_schemas(
        "    Settings:\n      description: Settings.\n      type: object\n      additionalProperties: {}\n    Groups:\n      description: Groups.\n      type: object\n      additionalProperties:\n        type: object\n        additionalProperties: {}\n",
    );
    let types = without_spaces(&generate(&document).unwrap().types);
    let settings = format!("pubstructSettings(pub{JSON_MAP}");
    assert!(types.contains(&settings), "{types}");
    let groups =
        format!("pubstructGroups(pub::std::collections::BTreeMap<::std::string::String,{JSON_MAP}");
    assert!(types.contains(&groups), "{types}");
}

#[test]
fn additional_values_of_an_object_with_properties_are_ignored() {
    let object = |additional: &str| {
        with_schemas(&format!(
            "    Settings:\n      description: Settings.\n      type: object\n      properties:\n        a:\n          description: A.\n          type: string\n{additional}"
        ))
    };
    let any = generate(&object("      additionalProperties: {}\n")).unwrap();
    let absent = generate(&object("")).unwrap();
    assert_eq!(any.types, absent.types);
}

#[test]
fn reports_property_without_type_that_is_named_like_a_keyword() {
    let found = errors(&with_properties("        additionalProperties: {}\n", ""));
    assert!(
        matches!(&found[..], [_, (text, line)] if text == "{}" && line.starts_with("the schema has no `type`")),
        "{found:#?}"
    );
}

const SECRETS: &str = "        tokens:\n          description: Tokens by name.\n          type: object\n          additionalProperties:\n            type: string\n            format: password\n";

#[test]
fn map_of_secrets_is_a_map_of_the_secret_type() {
    let generated = generate(&with_properties(SECRETS, "")).unwrap();
    let field = "pubtokens:::std::collections::BTreeMap<::std::string::String,crate::Secret>";
    let types = without_spaces(&generated.types);
    assert!(types.contains(field), "{types}");
    let mock = generated.mock;
    assert!(mock.contains("Matcher::Secret(\"tokens\""), "{mock}");
    assert!(!mock.contains("Matcher::Property(\"tokens\""), "{mock}");
}

#[test]
fn map_of_secrets_can_be_a_component_or_within_another_map() {
    let secrets = "type: object\n      additionalProperties:\n        type: string\n        format: password\n        minLength: 1\n";
    let document = with_schemas(&format!(
        "    Tokens:\n      description: Tokens.\n      {secrets}    Groups:\n      description: Tokens of groups.\n      type: object\n      properties:\n        tokens:\n          description: Tokens.\n          type: object\n          additionalProperties:\n            type: object\n            additionalProperties: {{ type: string, format: password }}\n"
    ));
    let types = without_spaces(&generate(&document).unwrap().types);
    let map = "::std::collections::BTreeMap<::std::string::String,";
    for field in [
        format!("pubstructTokens(pub{map}crate::Secret>"),
        format!("pubtokens:{map}{map}crate::Secret>"),
    ] {
        assert!(types.contains(&field), "{field}: {types}");
    }
}

#[test]
fn reports_map_of_secrets_that_is_not_marked_or_not_enforced() {
    for (from, to, underlined, said) in [
        (
            "            format: password\n",
            "",
            "tokens",
            "`tokens` looks like a secret but would be printed in logs",
        ),
        (
            "            format: password\n",
            "            format: password\n            minLength: 2\n",
            "2",
            "a `minLength` above 1 is not enforced on `format: password`",
        ),
        (
            "            format: password\n",
            "            format: password\n            nullable: true\n",
            "nullable",
            "a secret of a map cannot be null; remove it",
        ),
        (
            "            format: password\n",
            "            format: pasword\n",
            "pasword",
            "unknown format `pasword`; did you mean `password`?",
        ),
        (
            "            type: string\n",
            "            type: integer\n",
            "password",
            "`format: password` is not allowed with `type: integer`",
        ),
    ] {
        let found = errors(&with_properties(&SECRETS.replace(from, to), ""));
        assert!(
            found
                .iter()
                .any(|(text, line)| text == underlined && line.starts_with(said)),
            "{said}: {found:#?}"
        );
    }
}

const OPEN: &str = "type: string, x-extensible-enum: [a, 2b, unknown]";

#[test]
fn inline_open_enum_is_named_after_its_parent() {
    let in_request = format!("        kind: {{ description: K., {OPEN} }}\n");
    let in_response = format!(
        "        kinds: {{ description: K., type: array, items: {{ {OPEN} }} }}\n        state: {{ description: S., nullable: true, {OPEN} }}\n        states: {{ description: S., type: object, additionalProperties: {{ {OPEN} }} }}\n"
    );
    let generated = generate(&with_properties(&in_request, &in_response)).unwrap();
    let types = without_spaces(&generated.types);
    for field in [
        "pubkind:::std::option::Option<crate::generated::types::CustomIntegrationRequestKind",
        "pubkinds:::std::option::Option<::std::vec::Vec<crate::generated::types::IntegrationKindsItem>",
        "pubstate:::std::option::Option<crate::generated::types::IntegrationState",
        "BTreeMap<::std::string::String,crate::generated::types::IntegrationStatesValue",
    ] {
        assert!(types.contains(field), "{field}: {}", generated.types);
    }
    // A value `unknown` is one that callers receive as a string.
    assert!(types.contains("pubenumIntegrationState{///`a`A,///`2b`X2b,///Avalue"));
    assert!(generated.types.contains("///A value of `kinds`."));
    let matcher = "with_kind(self, value: types::CustomIntegrationRequestKind)";
    assert!(generated.mock.contains(matcher), "{}", generated.mock);
}

#[test]
fn reports_inline_open_enum_with_the_name_of_a_component() {
    let document = with_properties(
        "",
        &format!("        state: {{ description: S., {OPEN} }}\n"),
    );
    let document = document.replacen(
        "  schemas:\n",
        "  schemas:\n    IntegrationState: { description: I., type: string }\n",
        1,
    );
    assert_error(
        &document,
        "state",
        "this schema and `IntegrationState` have the same Rust type name `IntegrationState`",
    );
}

#[test]
fn scalar_can_be_in_requests_and_responses() {
    let property =
        "        code: { description: C., allOf: [{ $ref: \"#/components/schemas/Code\" }] }\n";
    let document = with_properties(property, property).replacen(
        "  schemas:\n",
        "  schemas:\n    Code: { description: C., type: string, minLength: 2 }\n",
        1,
    );
    assert_eq!(errors(&document), []);
}

#[test]
fn pattern_is_left_to_the_api() {
    let pattern = "          pattern: ^[a-z]\n";
    let document = edited(NAME, &format!("{NAME}{pattern}"));
    assert_eq!(
        generate(&document).unwrap().types,
        generate(SAMPLE).unwrap().types
    );
}

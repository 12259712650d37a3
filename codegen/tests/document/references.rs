//! Errors of `$ref`s. Each cause is reported once, whatever refers to it.

use crate::support::{SAMPLE, assert_edit, assert_error, edited, errors, generate};

fn with_schemas(schemas: &str) -> String {
    edited("  schemas:\n", &format!("  schemas:\n{schemas}"))
}

#[test]
fn reports_reference_to_wrong_section_and_ignored_sibling() {
    assert_edit(
        "#/components/schemas/Integration\"",
        "#/components/responses/Conflict\"",
        "\"#/components/responses/Conflict\"",
        "`#/components/responses/Conflict` is not one of `#/components/schemas`; refer to one of `#/components/schemas`",
    );
    let found = errors(&edited(
        "          allOf:\n            - $ref: \"#/components/schemas/TransportType\"\n",
        "          $ref: \"#/components/schemas/TransportType\"\n",
    ));
    let [(underlined, said)] = &found[..] else {
        panic!("{found:#?}")
    };
    assert_eq!(underlined, "description");
    assert!(
        said.starts_with(
            "`description` is ignored next to `$ref`; remove it, or replace `$ref` by `allOf`"
        ),
        "{said}"
    );
}

#[test]
fn reports_missing_target_with_the_nearest_name() {
    let target = "\"#/components/responses/Registered\"";
    assert_edit(
        target,
        "\"#/components/responses/Registred\"",
        "\"#/components/responses/Registred\"",
        "`#/components/responses/Registred` does not exist; did you mean `#/components/responses/Registered`?",
    );
    assert_edit(
        target,
        "\"#/components/responses/Created\"",
        "\"#/components/responses/Created\"",
        "`#/components/responses/Created` does not exist; define it, or correct the name",
    );
    assert_edit(
        target,
        "\"common.yaml#/Registered\"",
        "\"common.yaml#/Registered\"",
        "`common.yaml#/Registered` is outside this document; copy the target to `components`",
    );
}

#[test]
fn renamed_component_is_one_error() {
    for (name, renamed, count) in [
        (
            "    Registered:\n",
            "    Created:\n",
            "; 2 `$ref`s refer to it",
        ),
        (
            "    IdempotencyKey:\n",
            "    RepeatKey:\n",
            "; 2 `$ref`s refer to it",
        ),
        ("    TransportType:\n", "    Transport:\n", ""),
        ("    RetryAfter:\n", "    Wait:\n", ""),
    ] {
        let found = errors(&edited(name, renamed));
        let [(underlined, message)] = &found[..] else {
            panic!("{found:#?}")
        };
        let name = name.trim().trim_end_matches(':');
        let target = underlined.trim_matches('"');
        assert!(target.ends_with(&format!("/{name}")), "{target}");
        let renamed = target.replace(name, renamed.trim().trim_end_matches(':'));
        let expected = format!("`{target}` does not exist{count}; did you mean `{renamed}`?");
        assert_eq!(*message, expected);
    }
}

#[test]
fn missing_section_is_one_error() {
    assert_edit(
        "  schemas:\n",
        "  x-schemas:\n",
        "\"#/components/schemas/CustomIntegrationRequest\"",
        "`#/components/schemas` does not exist; 4 `$ref`s refer to it; did you mean `#/components/x-schemas`?",
    );
}

#[test]
fn missing_schema_of_a_union_is_one_error() {
    let union = "    Union: { description: U., oneOf: [{ $ref: \"#/components/schemas/PlainError\" }, { $ref: \"#/components/schemas/Plain\" }] }\n";
    assert_error(
        &with_schemas(union),
        "\"#/components/schemas/Plain\"",
        "`#/components/schemas/Plain` does not exist; define it",
    );
}

#[test]
fn cycle_is_one_error_at_its_first_reference() {
    let schema = |name: &str, target: &str| {
        format!("    {name}:\n      $ref: \"#/components/schemas/{target}\"\n")
    };
    let all_of = |name: &str, target: &str| {
        format!(
            "    {name}:\n      description: D.\n      allOf: [{{ $ref: \"#/components/schemas/{target}\" }}]\n"
        )
    };
    for (schemas, first, message) in [
        (
            schema("B", "B"),
            "\"#/components/schemas/B\"",
            "`B` refers to itself;",
        ),
        (
            schema("B", "A") + &schema("A", "B"),
            "\"#/components/schemas/A\"",
            "`A` refers to itself through `B`; replace a `$ref` of this cycle",
        ),
        (
            all_of("B", "C") + &all_of("C", "A") + &all_of("A", "B"),
            "B",
            "`A` refers to itself through `B` and `C`;",
        ),
    ] {
        assert_error(&with_schemas(&schemas), first, message);
    }
    let two = schema("A", "A") + &schema("B", "C") + &schema("C", "B");
    assert_eq!(errors(&with_schemas(&two)).len(), 2);
}

#[test]
fn cycle_of_a_component_that_all_operations_use_is_one_error() {
    for (name, section) in [
        ("Registered", "responses"),
        ("IdempotencyKey", "parameters"),
        ("CustomIntegration", "requestBodies"),
        ("Integration", "schemas"),
        ("AuthMethod", "schemas"),
    ] {
        let target = format!("\"#/components/{section}/{name}\"");
        let key = format!("    {name}:\n");
        let cycle = format!("{key}      $ref: {target}\n    {name}Before:\n");
        assert_edit(
            &key,
            &cycle,
            &target,
            &format!("`{name}` refers to itself;"),
        );
    }
}

#[test]
fn component_can_refer_to_another_one() {
    let alias = |section: &str, name: &str| {
        format!("    {name}Alias:\n      $ref: \"#/components/{section}/{name}\"\n")
    };
    let mut document = SAMPLE.to_owned();
    for (section, name) in [
        ("responses", "Registered"),
        ("parameters", "IdempotencyKey"),
        ("requestBodies", "CustomIntegration"),
        ("examples", "ApiKeyIntegration"),
        ("headers", "RetryAfter"),
    ] {
        let target = format!("#/components/{section}/{name}\"");
        document = document.replace(&target, &target.replace('"', "Alias\""));
        let key = format!("\n  {section}:\n");
        document = document.replacen(&key, &format!("{key}{}", alias(section, name)), 1);
    }
    let generated = generate(&document).unwrap();
    assert!(generated.operations == generate(SAMPLE).unwrap().operations);
    assert!(generated.types == generate(SAMPLE).unwrap().types);
}

#[test]
fn schema_can_refer_to_itself_through_a_property_or_items() {
    let node = "    Node: { description: N., type: object, properties: { next: { description: N., allOf: [{ $ref: \"#/components/schemas/Node\" }] }, all: { description: A., type: array, items: { $ref: \"#/components/schemas/Node\" } } } }\n";
    assert_eq!(errors(&with_schemas(node)), []);
}

//! Schemas with `allOf`.

use crate::support::{assert_error, edited, errors, generate};

/// Returns the sample with schemas, and the first of them, `Whole`, in its response.
fn with_schemas(schemas: &str) -> String {
    let document = edited("  schemas:\n", &format!("  schemas:\n{schemas}"));
    document.replace(
        "            $ref: \"#/components/schemas/Integration\"\n          examples:\n            apikey:\n              $ref: \"#/components/examples/ApiKeyIntegration\"\n",
        "            $ref: \"#/components/schemas/Whole\"\n",
    )
}

const PARTS: &str = "
    Properties:
      description: P.
      type: object
      properties:
        a: { description: A., type: string }
        b: { description: B., type: string, nullable: true }
    Required:
      description: R.
      type: object
      required: [a, b]
";

/// Returns the fields of the generated type `Whole`.
fn fields(whole: &str) -> Vec<String> {
    let other = "    Other: { description: O., allOf: [{ $ref: \"#/components/schemas/Properties\" }, { $ref: \"#/components/schemas/Required\" }] }\n";
    let types = generate(&with_schemas(&format!("{whole}{other}{PARTS}")))
        .unwrap()
        .types;
    let (_, whole) = types.split_once("pub struct Whole {").unwrap();
    let (fields, _) = whole.split_once('}').unwrap();
    let fields = fields
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub "));
    fields
        .map(|field| field.trim_end_matches(',').to_owned())
        .collect()
}

#[test]
fn required_can_name_a_property_of_another_part() {
    let text = "::std::string::String";
    let expected = [
        format!("a: {text}"),
        format!("b: ::std::option::Option<{text}>"),
    ];
    let properties = "{ $ref: \"#/components/schemas/Properties\" }";
    let required = "{ $ref: \"#/components/schemas/Required\" }";
    let inline = "{ type: object, required: [a, b] }";
    for whole in [
        format!("allOf: [{properties}, {required}]"),
        format!("allOf: [{required}, {properties}]"),
        format!("allOf: [{properties}, {inline}]"),
        format!("required: [a, b], allOf: [{properties}]"),
        format!("required: [b], allOf: [{{ allOf: [{properties}, {inline}] }}]"),
    ] {
        let whole = format!("    Whole: {{ description: W., {whole} }}\n");
        assert_eq!(fields(&whole), expected, "{whole}");
    }
}

#[test]
fn reports_required_name_that_a_whole_does_not_declare() {
    let whole = "    Whole: { description: W., allOf: [{ $ref: \"#/components/schemas/Properties\" }, { $ref: \"#/components/schemas/Required\" }] }\n";
    let misspelled = with_schemas(&format!("{whole}{PARTS}")).replace("[a, b]", "[a, bb]");
    let expected = "`required` names `bb`, which is not in `properties`";
    assert_error(&misspelled, "bb", expected);
    // Another whole lacks `b`.
    let other = "    Other: { description: W., allOf: [{ $ref: \"#/components/schemas/Required\" }, { type: object, properties: { a: { description: A., type: string } } }] }\n";
    let document = with_schemas(&format!("{whole}{other}{PARTS}"));
    assert_error(
        &document,
        "b",
        "`required` names `b`, which is not in `properties`",
    );
    // Nothing is composed with it.
    let unused = "    Whole: { description: W., type: object }\n";
    let found = errors(&with_schemas(&format!("{unused}{PARTS}")));
    let underlined: Vec<_> = found.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(underlined, ["a", "b"]);
}

#[test]
fn request_and_response_can_share_a_part() {
    let response = "    Whole: { description: W., allOf: [{ $ref: \"#/components/schemas/Properties\" }, { type: object, required: [a] }] }\n";
    let document = with_schemas(&format!("{response}{PARTS}").replace("      required: [a, b]\n", ""))
        .replacen(
            "    CustomIntegrationRequest:\n      description: A custom integration to add to the team's catalogue.\n",
            "    CustomIntegrationRequest:\n      description: C.\n      allOf: [{ $ref: \"#/components/schemas/Properties\" }]\n",
            1,
        );
    assert_eq!(errors(&document), []);
}

#[test]
fn mock_matches_the_properties_of_all_parts() {
    let document = edited(
        "      required: [name, auth_method, server_url]\n",
        "      required: [name, auth_method, server_url, more]\n      allOf: [{ type: object, properties: { more: { description: M., type: string }, less: { description: L., type: string } } }]\n",
    );
    let mock = generate(&document).unwrap().mock;
    for (method, count) in [("with_more", 2), ("without_more", 0), ("without_less", 2)] {
        let found = mock.matches(&format!("pub fn {method}(")).count();
        assert_eq!(found, count, "{method}");
    }
}

#[test]
fn read_only_properties_are_not_sent_and_write_only_ones_not_received() {
    let document = edited(
        "required: [name, auth_method, server_url]\n      properties:\n",
        "required: [id, name, auth_method, server_url]\n      properties:\n        id: { description: I., type: string, readOnly: true }\n",
    );
    let document = document.replacen(
        "        icon_url:\n",
        "        pin: { description: P., type: string, writeOnly: true }\n        icon_url:\n",
        1,
    );
    let generated = generate(&document).unwrap();
    assert!(!generated.types.contains("pub pin:"), "{}", generated.types);
    assert_eq!(generated.types.matches("pub id:").count(), 1);
    assert!(!generated.mock.contains("fn with_id("));
}

#[test]
fn required_of_a_schema_that_is_not_a_part_is_kept() {
    let union = "    Union: { description: U., type: object, required: [kind], properties: { kind: { description: K., type: string } }, oneOf: [{ type: object, required: [a], properties: { a: { description: A., type: string } } }, { type: object, required: [b], properties: { b: { description: B., type: integer } } }] }\n";
    let before = edited("  schemas:\n", &format!("  schemas:\n{union}"));
    // The same with an unrelated composition.
    let whole = "    Whole: { description: W., allOf: [{ $ref: \"#/components/schemas/Properties\" }, { $ref: \"#/components/schemas/Required\" }] }\n";
    let after = before.replacen("  schemas:\n", &format!("  schemas:\n{whole}{PARTS}"), 1);
    let union = |document: &str| {
        let types = generate(document).unwrap().types;
        let (_, union) = types.split_once("pub enum Union {").unwrap();
        union.split_once('}').unwrap().0.to_owned()
    };
    assert!(
        union(&before).contains("kind: ::std::string::String"),
        "{}",
        union(&before)
    );
    assert_eq!(union(&after), union(&before));
}

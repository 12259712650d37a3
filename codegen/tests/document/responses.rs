//! The client accepts responses that violate a rule of their schema.

use crate::support::{edited, generate};

const TYPE: &str = "          description: Type of the integration.\n          type: string\n";

/// Returns the type of a property of a response, and the generated types.
fn field(schema: &str) -> (String, String) {
    let document = edited(TYPE, &format!("          description: T.\n{schema}"))
        .replacen("        type:\n", "        kind:\n", 1)
        .replacen("name, type, user_id", "name, kind, user_id", 1);
    let types = generate(&document).unwrap().types;
    let field = types
        .lines()
        .find_map(|line| line.trim().strip_prefix("pub kind: "));
    let field = field.unwrap_or_default().trim_end_matches(',').to_owned();
    (field, types)
}

#[test]
fn rules_of_responses_are_not_enforced() {
    for (schema, expected) in [
        ("type: integer, format: int32", "i64"),
        ("type: integer, format: int64", "i64"),
        ("type: integer, format: int8, maximum: 9", "i64"),
        ("type: integer, maximum: 9, exclusiveMaximum: true", "i64"),
        ("type: integer, minimum: -9, exclusiveMinimum: true", "i64"),
        ("type: integer, minimum: -128, maximum: 127", "i64"),
        ("type: integer, minimum: 0, exclusiveMinimum: true", "u64"),
        ("type: integer, minimum: 1", "u64"),
        ("type: integer, minimum: 0, maximum: 255", "u64"),
        ("type: integer, format: uint8", "u64"),
        ("type: integer, format: uint64", "u64"),
        ("type: integer, multipleOf: 5", "i64"),
        ("type: integer, enum: [1, 2]", "i64"),
        ("type: number, format: float", "f64"),
        (
            "type: number, minimum: 1, exclusiveMinimum: true, multipleOf: 0.5",
            "f64",
        ),
        (
            "type: string, minLength: 2, maxLength: 3, pattern: a",
            "::std::string::String",
        ),
        (
            "type: array, items: { type: string }, uniqueItems: true",
            "::std::vec::Vec<::std::string::String>",
        ),
        (
            "type: array, items: { type: string }, minItems: 2, maxItems: 2",
            "::std::vec::Vec<::std::string::String>",
        ),
        (
            "type: array, items: { type: integer, format: int32 }",
            "::std::vec::Vec<i64>",
        ),
        (
            "type: object, additionalProperties: { type: integer, format: uint8 }, minProperties: 1, maxProperties: 2",
            "::std::collections::BTreeMap<::std::string::String, u64>",
        ),
    ] {
        let lines: Vec<_> = schema
            .split(", ")
            .map(|line| format!("          {line}\n"))
            .collect();
        let lines = if schema.contains('{') {
            format!("          allOf: [{{ {schema} }}]\n")
        } else {
            lines.concat()
        };
        let (field, types) = field(&lines);
        assert_eq!(field, expected, "{schema}: {types}");
    }
}

#[test]
fn rules_of_components_in_responses_are_not_enforced() {
    let document = edited(
        "  schemas:\n",
        "  schemas:\n    Port: { description: P., type: integer, format: uint16, minimum: 1, exclusiveMinimum: true, multipleOf: 2 }\n    Tags: { description: T., type: array, items: { type: string }, uniqueItems: true, maxItems: 2 }\n",
    )
    .replacen(
        "        icon_url:\n",
        "        port: { description: P., allOf: [{ $ref: \"#/components/schemas/Port\" }] }\n        tags: { description: P., allOf: [{ $ref: \"#/components/schemas/Tags\" }] }\n        icon_url:\n",
        1,
    );
    let types = generate(&document).unwrap().types;
    assert!(types.contains("pub struct Port(pub u64);"), "{types}");
    assert!(
        types.contains("pub struct Tags(pub ::std::vec::Vec<::std::string::String>);"),
        "{types}"
    );
}

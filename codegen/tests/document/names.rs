//! Names of the document that are not usable in Rust, or that collide there.

use duvo_codegen::Settings;

use crate::support::{assert_edit, edited, errors, generate};

const PROPERTY: &str = "        oauth_client_secret:\n";

fn with_properties(names: &[&str]) -> String {
    let property = |name: &&str| {
        format!("        {name}:\n          description: P.\n          type: string\n")
    };
    let properties: String = names.iter().map(property).collect();
    edited(PROPERTY, &format!("{properties}{PROPERTY}"))
}

fn with_parameters(names: &[&str]) -> String {
    let own = "      parameters:\n        - name: teamId\n";
    let parameter = |name: &&str| {
        format!(
            "        - {{ name: {name}, in: query, description: P., schema: {{ type: string }} }}\n"
        )
    };
    let parameters: String = names.iter().map(parameter).collect();
    edited(
        own,
        &format!("      parameters:\n{parameters}        - name: teamId\n"),
    )
}

#[test]
fn reports_schema_with_a_name_of_the_prelude() {
    for name in [
        "Box", "Clone", "Debug", "Default", "Err", "From", "Into", "None", "Ok", "Option",
        "Result", "Some", "String", "ToString", "TryFrom", "Vec",
    ] {
        assert_edit(
            "  schemas:\n",
            &format!("  schemas:\n    {name}:\n      description: D.\n      type: object\n"),
            name,
            &format!("the generated code uses the type name `{name}`; choose another name"),
        );
    }
    assert_edit(
        "  schemas:\n",
        "  schemas:\n    Self:\n      description: D.\n      type: object\n",
        "Self",
        "the schema name `Self` is not a valid Rust type name; choose another name",
    );
    let inline = "    Try:\n      description: T.\n      type: object\n      properties:\n        from:\n          description: F.\n          type: object\n          properties:\n            a:\n              description: A.\n              type: string\n";
    assert_edit(
        "  schemas:\n",
        &format!("  schemas:\n{inline}"),
        "from",
        "the generated code uses the type name `TryFrom`, which this schema gets",
    );
}

#[test]
fn reports_operation_id_that_is_a_keyword_or_of_the_prelude() {
    for id in [
        "gen", "async", "await", "try", "dyn", "abstract", "self", "crate", "'",
    ] {
        let found = errors(&edited("createCustomIntegration", &format!("\"{id}\"")));
        assert!(
            matches!(&found[..], [(_, line)] if line.contains("is not a valid Rust method name; use a verb and a noun")),
            "{id}: {found:#?}"
        );
    }
    for id in ["option", "result", "from"] {
        assert_edit(
            "createCustomIntegration",
            id,
            id,
            &format!(
                "the generated code uses the name of the operationId `{id}`; use a verb and a noun"
            ),
        );
    }
}

#[test]
fn reports_properties_with_the_same_rust_name() {
    for (one, other) in [
        ("\"9\"", "x9"),
        ("a'b", "ab"),
        ("type", "type_"),
        ("\"+1\"", "plus1"),
        ("a-b", "a.b"),
        ("\"\u{2603}\"", "x"),
    ] {
        let document = with_properties(&[one, other]);
        let found = errors(&document);
        assert!(
            matches!(&found[..], [(_, line)] if line.contains("have the same Rust name; remove one of them")),
            "{one} {other}: {found:#?}"
        );
    }
}

#[test]
fn reports_properties_of_one_type_with_the_same_rust_name() {
    let member = |name: &str| {
        format!(
            "        - {{ type: object, properties: {{ {name}: {{ description: P., type: string }} }} }}\n"
        )
    };
    let schema = format!(
        "    Merged:\n      description: M.\n      allOf:\n{}{}",
        member("a-b"),
        member("a_b")
    );
    let found = errors(&edited("  schemas:\n", &format!("  schemas:\n{schema}")));
    assert!(
        matches!(&found[..], [(text, line)] if text == "Merged" && line.starts_with("two properties have the same Rust name `a_b`")),
        "{found:#?}"
    );
    let schema = "    Open:\n      description: M.\n      type: object\n      properties:\n        extra:\n          description: E.\n          type: string\n      additionalProperties: { type: string }\n";
    let found = errors(&edited("  schemas:\n", &format!("  schemas:\n{schema}")));
    assert!(
        matches!(&found[..], [(text, line)] if text == "Open" && line.starts_with("two properties have the same Rust name `extra`")),
        "{found:#?}"
    );
}

#[test]
fn reports_empty_name() {
    let found = errors(&with_properties(&["\"\""]));
    assert!(
        matches!(&found[..], [(_, line)] if line.starts_with("the property has an empty name; ")),
        "{found:#?}"
    );
    let found = errors(&with_parameters(&["\"\""]));
    assert!(
        matches!(&found[..], [(_, line)] if line.starts_with("the parameter has an empty name; ")),
        "{found:#?}"
    );
}

#[test]
fn properties_can_have_names_of_keywords() {
    let generated = generate(&with_properties(&[
        "gen", "async", "self", "Self", "\"9\"", "type",
    ]))
    .err();
    // `self` and `Self` are one name in snake case.
    assert!(generated.is_some());
    let generated = generate(&with_properties(&["gen", "async", "self", "\"9\"", "type"])).unwrap();
    for field in ["gen_", "async_", "self_", "x9", "type_"] {
        assert!(
            generated.types.contains(&format!("pub {field}: ")),
            "{field}"
        );
        assert!(
            generated.mock.contains(&format!("pub fn {field}(")),
            "{field}"
        );
    }
}

#[test]
fn reports_parameters_with_the_same_rust_name() {
    for (one, other) in [
        ("a-b", "aB"),
        ("self", "self_"),
        ("a'b", "ab"),
        ("team_id", "team-id"),
    ] {
        let found = errors(&with_parameters(&[one, other]));
        assert!(
            !found.is_empty()
                && found
                    .iter()
                    .all(|(_, line)| line.contains("have the same Rust name")),
            "{found:#?}"
        );
    }
    for name in ["body", "Body", "header_map", "encode_path"] {
        let found = errors(&with_parameters(&[name]));
        assert!(
            matches!(&found[..], [(_, line)] if line.starts_with(&format!("the generated code uses the argument name `{name}`"))),
            "{found:#?}"
        );
    }
}

#[test]
fn parameters_can_have_names_of_local_variables() {
    for name in [
        "self", "url", "request", "response", "result", "info", "value", "client", "gen", "types",
    ] {
        let found = errors(&with_parameters(&[name]));
        assert_eq!(found, [], "{name}");
    }
    let mock = generate(&with_parameters(&["gen"])).unwrap().mock;
    assert!(mock.contains("pub fn gen_("), "{mock}");
}

#[test]
fn inputs_do_not_collide_with_methods_of_the_mock() {
    let settings = Settings {
        reserved_methods: vec!["with_api_key".to_owned(), "start".to_owned()],
        ..Settings::default()
    };
    let document = with_parameters(&["matcher", "api_key", "start"]);
    let mock = duvo_codegen::generate(&document, &settings).unwrap().mock;
    for method in ["with_other_matcher", "with_other_api_key", "with_start"] {
        assert!(mock.contains(&format!("pub fn {method}(")), "{mock}");
    }
}

//! What a maintainer reads after a mistake in the document.

use duvo_codegen as build;

const DOCUMENT: &str = include_str!("sample.yaml");

/// The document with one text replaced.
fn edited(from: &str, to: &str) -> String {
    assert!(DOCUMENT.contains(from), "the document has no {from:?}");
    DOCUMENT.replacen(from, to, 1)
}

/// Each fault of a document: the text that is underlined, and what is said.
fn faults(document: &str) -> Vec<(String, String)> {
    let report = build::generate(document).err();
    let diagnostics = report.iter().flat_map(build::report::Report::diagnostics);
    diagnostics
        .map(|diagnostic| {
            let line = document.lines().nth(diagnostic.line - 1).unwrap_or("");
            let underlined = &document[diagnostic.range.clone()];
            let from_column: String = line.chars().skip(diagnostic.column - 1).collect();
            assert!(from_column.starts_with(underlined), "{diagnostic:?}");
            let place = format!("duvo.yaml:{}:{}: ", diagnostic.line, diagnostic.column);
            let said = diagnostic.to_line("duvo.yaml");
            assert!(!said.contains('\n'), "{said}");
            let said = said.strip_prefix(&place).unwrap().to_owned();
            (underlined.to_owned(), said)
        })
        .collect()
}

/// The one fault of the document after an edit.
#[track_caller]
fn assert_fault(document: &str, underlined: &str, said: &str) {
    match &faults(document)[..] {
        [(text, line)] if text == underlined && line.starts_with(said) => {}
        other => panic!("expected {said:?} at {underlined:?}, got {other:#?}"),
    }
}

#[track_caller]
fn assert_edit(from: &str, to: &str, underlined: &str, said: &str) {
    assert_fault(&edited(from, to), underlined, said);
}

#[test]
fn the_document_has_none() {
    assert_eq!(faults(DOCUMENT), []);
}

#[test]
fn a_report_shows_the_line_with_a_caret_and_the_way_out() {
    let document = edited("      summary: Register", "      sumary: Register");
    let line = 1 + document
        .find("sumary")
        .map_or(0, |at| document[..at].matches('\n').count());
    let report = build::generate(&document).unwrap_err();
    let expected = format!(
        "error: `sumary` is no key of an operation\n  \
           --> openapi/duvo.yaml:{line}:7\n   \
            |\n\
         {line} |       sumary: Register a custom integration (v1)\n   \
            |       ^^^^^^\n   \
            |\n   \
            = help: did you mean `summary`?"
    );
    assert_eq!(report.to_text("openapi/duvo.yaml", &document), expected);
    assert_eq!(
        report.diagnostics()[0].to_line("openapi/duvo.yaml"),
        format!(
            "openapi/duvo.yaml:{line}:7: `sumary` is no key of an operation; did you mean `summary`?"
        )
    );
}

#[test]
fn a_syntax_error_has_its_line_and_column() {
    let line = 1 + DOCUMENT
        .lines()
        .position(|line| line == "components:")
        .unwrap();
    let document = edited("components:\n", "components: :\n");
    let report = build::generate(&document).unwrap_err();
    let [diagnostic] = report.diagnostics() else {
        panic!("{report:#?}")
    };
    assert_eq!((diagnostic.line, diagnostic.column), (line, 13));
    assert_eq!(
        diagnostic.message,
        "mapping values are not allowed in this context"
    );
    assert!(
        report
            .to_text("duvo.yaml", &document)
            .contains("components: :\n")
    );
}

#[test]
fn a_column_is_counted_in_characters() {
    let document = edited(
        "          items:\n            type: string\n",
        "          items: {description: é, type: strng}\n",
    );
    assert_fault(&document, "strng", "`type` is `strng`");
    let report = build::generate(&document).unwrap_err();
    assert_eq!(report.diagnostics()[0].column, 41);
}

#[test]
fn a_duplicate_key_is_shown_with_the_first() {
    let document = edited("    PlainError:\n", "    PlainError: {}\n    PlainError:\n");
    let expected = "`PlainError` is here twice; an object has a key once";
    let found = faults(&document);
    assert!(
        found
            .iter()
            .any(|(text, line)| text == "PlainError" && line.starts_with(expected)),
        "{found:#?}"
    );
    let report = build::generate(&document).unwrap_err();
    let text = report.to_text("duvo.yaml", &document);
    assert!(text.contains("---------- it is here already"), "{text}");
    // Within a schema too, and together with what is wrong with the second.
    let twice = edited(
        "          format: uri\n",
        "          format: uri\n          type: strng\n",
    );
    let underlined: Vec<_> = faults(&twice).into_iter().map(|(text, _)| text).collect();
    assert_eq!(underlined, ["type", "strng"]);
}

#[test]
fn another_version_of_openapi_is_refused() {
    let said = "and the generator reads OpenAPI 3.0 only; write the document as OpenAPI 3.0";
    assert_edit(
        "openapi: 3.0.3",
        "openapi: 3.1.0",
        "3.1.0",
        &format!("this is version 3.1.0, {said}"),
    );
    assert_edit(
        "openapi: 3.0.3",
        "swagger: '2.0'",
        "'2.0'",
        &format!("this is version 2.0, {said}"),
    );
    assert_edit(
        "openapi: 3.0.3",
        "openapi: 3.0",
        "3.0",
        "`openapi` is the number 3.0, and must be text; write it in quotes",
    );
}

#[test]
fn a_document_that_is_none_is_refused() {
    assert_fault(
        "",
        "",
        "the document is empty; begin it with `openapi: 3.0.3`",
    );
    assert_fault("[1]", "[1]", "the document is a list, and must be");
}

#[test]
fn a_misspelt_key_is_named_with_the_right_one() {
    for (from, misspelt, expected) in [
        (
            "minLength",
            "minLenght",
            "`minLenght` is no key of a schema; did you mean `minLength`?",
        ),
        (
            "summary",
            "sumary",
            "`sumary` is no key of an operation; did you mean `summary`?",
        ),
        (
            "operationId",
            "operationID",
            "`operationID` is no key of an operation; did you mean `operationId`?",
        ),
        (
            "nullable",
            "nulable",
            "`nulable` is no key of a schema; did you mean `nullable`?",
        ),
        (
            "post",
            "POST",
            "`POST` is no key of a path; did you mean `post`?",
        ),
        (
            "requestBodies",
            "requestBodys",
            "`requestBodys` is no key of `components`; did you mean `requestBodies`?",
        ),
        (
            "x-extensible-enum",
            "x-extensible-enums",
            "`x-extensible-enums` is no key of a schema; did you mean `x-extensible-enum`?",
        ),
        (
            "application/json",
            "aplication/json",
            "`aplication/json` is no media type; did you mean `application/json`?",
        ),
    ] {
        let document = edited(&format!("{from}:"), &format!("{misspelt}:"));
        let found = faults(&document);
        assert!(
            found
                .iter()
                .any(|(text, line)| text == misspelt && line.starts_with(expected)),
            "{misspelt}: {found:#?}"
        );
    }
}

#[test]
fn a_key_of_another_place_is_refused_with_those_that_belong_there() {
    assert_edit(
        "          format: uri\n",
        "          format: uri\n          operationId: x\n",
        "operationId",
        "`operationId` is no key of a schema; its keys are title, multipleOf, ",
    );
    assert_edit(
        "          format: uri\n",
        "          format: uri\n          x-internal: true\n          <<: {}\n",
        "<<",
        "`<<` merges nothing here; write the keys out",
    );
    assert_edit(
        "  /v1/integrations/custom:\n",
        "  /v1/other:\n    $ref: \"#/paths/x\"\n  /v1/integrations/custom:\n",
        "$ref",
        "`$ref` cannot stand in the place of a path; write out what it refers to",
    );
}

#[test]
fn a_value_of_another_type_is_refused() {
    for (from, to, underlined, said) in [
        (
            "      tags: [Integrations]",
            "      tags: Integrations",
            "Integrations",
            "`tags` is `Integrations`, and must be a list; write `[first, second]`",
        ),
        (
            "minLength: 1",
            "minLength: one",
            "one",
            "`minLength` is `one`, and must be a whole number; write it in digits",
        ),
        (
            "minLength: 1",
            "minLength: -1",
            "-1",
            "`minLength` is the number -1, and must be a whole number",
        ),
        (
            "      required: [error]",
            "      required: error",
            "error",
            "`required` is `error`, and must be a list",
        ),
        (
            "          in: path",
            "          in: pth",
            "pth",
            "`in` is `pth`, and must be one of `cookie`, `header`, `path`, `query`; did you mean `path`?",
        ),
        (
            "type: boolean",
            "type: bolean",
            "bolean",
            "`type` is `bolean`, and must be one of",
        ),
        (
            "type: boolean",
            "type: [boolean, 'null']",
            "[boolean, 'null']",
            "`type` is a list, and must be one of `array`, `boolean`, `integer`, `number`, `object`, `string`; OpenAPI 3.0 has one type; if null is allowed, add `nullable: true`",
        ),
        (
            "nullable: true",
            "nullable: 'true'",
            "'true'",
            "`nullable` is `true`, and must be `true` or `false`; write it without quotes",
        ),
        (
            "  version: 1.0.0",
            "  version: 1.0",
            "1.0",
            "`version` is the number 1.0, and must be text; write it in quotes",
        ),
        (
            "      summary: Register a custom integration (v1)",
            "      summary:",
            "summary",
            "`summary` is nothing, and must be text; write the value, or remove the key",
        ),
        (
            "$ref: \"#/components/parameters/IdempotencyKey\"",
            "$ref: 7",
            "7",
            "`$ref` is the number 7, and must be text",
        ),
    ] {
        assert_edit(from, to, underlined, said);
    }
}

#[test]
fn a_key_that_openapi_needs_is_missed() {
    for (from, to, underlined, said) in [
        (
            "  title: Duvo, custom integrations\n",
            "",
            "info",
            "`info` has no `title`; add `title`",
        ),
        (
            "          in: path\n",
            "",
            "name: teamId",
            "a parameter has no `in`; add `in`",
        ),
        (
            "      description: The integration is in the catalogue.\n",
            "",
            "Registered",
            "a response has no `description`",
        ),
        (
            "      schema:\n        type: integer\n        minimum: 0\n",
            "",
            "RetryAfter",
            "a header has no `schema`",
        ),
    ] {
        assert_edit(from, to, underlined, said);
    }
}

#[test]
fn a_reference_that_comes_back_to_itself_is_refused() {
    let unauthorized = "    Unauthorized:\n";
    assert_edit(
        "  requestBodies:\n",
        "  requestBodies:\n    Loop:\n      $ref: \"#/components/requestBodies/Loop\"\n",
        "\"#/components/requestBodies/Loop\"",
        "`#/components/requestBodies/Loop` is a reference itself",
    );
    assert_edit(
        unauthorized,
        &format!("    Loop:\n      $ref: \"#/components/responses/Loop\"\n{unauthorized}"),
        "\"#/components/responses/Loop\"",
        "`#/components/responses/Loop` is a reference itself",
    );
    let found = faults(&edited(
        "  schemas:\n",
        "  schemas:\n    A:\n      description: A.\n      allOf: [{ $ref: \"#/components/schemas/B\" }]\n    B:\n      description: B.\n      allOf: [{ $ref: \"#/components/schemas/A\" }]\n",
    ));
    assert!(!found.is_empty());
    for (_, line) in found {
        assert!(
            line.starts_with("this refers to itself, and so to nothing"),
            "{line}"
        );
    }
}

#[test]
fn a_reference_fits_its_place() {
    assert_edit(
        "#/components/schemas/Integration\"",
        "#/components/responses/Conflict\"",
        "\"#/components/responses/Conflict\"",
        "`#/components/responses/Conflict` is of another kind than belongs here; refer to one of `#/components/schemas`",
    );
    let found = faults(&edited(
        "          allOf:\n            - $ref: \"#/components/schemas/TransportType\"\n",
        "          $ref: \"#/components/schemas/TransportType\"\n",
    ));
    let [(underlined, said)] = &found[..] else {
        panic!("{found:#?}")
    };
    assert_eq!(underlined, "description");
    assert!(
        said.starts_with("`description` is ignored beside `$ref`; remove it, or write `allOf`"),
        "{said}"
    );
}

#[test]
fn a_reference_without_a_target_is_shown() {
    let target = r##""#/components/responses/Registered""##;
    assert_edit(
        target,
        r##""#/components/responses/Registred""##,
        r##""#/components/responses/Registred""##,
        "`#/components/responses/Registred` does not exist; define it, or correct the name",
    );
    assert_edit(
        target,
        r#""common.yaml#/Registered""#,
        r#""common.yaml#/Registered""#,
        "`common.yaml#/Registered` is outside of this document; copy what it names to `components`",
    );
}

#[test]
fn an_operation_needs_an_id_of_its_own() {
    assert_edit(
        "      operationId: createCustomIntegration\n",
        "",
        "post",
        "the operation has no `operationId`; add it; it names the Rust method",
    );
    let document = edited(
        "operationId: createCustomIntegration",
        "operationId: registerCustomIntegration",
    );
    assert_fault(
        &document,
        "registerCustomIntegration",
        "the operationId `registerCustomIntegration` is taken; give each operation an id of its own",
    );
    let text = build::generate(&document)
        .unwrap_err()
        .to_text("duvo.yaml", &document);
    assert!(
        text.contains("------------------------- by this operation"),
        "{text}"
    );
}

#[test]
fn path_and_path_parameters_belong_together() {
    let found = faults(&edited(
        "  /v2/teams/{teamId}/integrations/custom:",
        "  /v2/teams/{team}/integrations/custom:",
    ));
    let [(undeclared_at, undeclared), (unused_at, unused)] = &found[..] else {
        panic!("{found:#?}")
    };
    assert_eq!(
        (undeclared_at.as_str(), unused_at.as_str()),
        ("post", "name: teamId")
    );
    assert!(
        undeclared
            .starts_with("the path has `{team}`, but no path parameter `team` is declared; add"),
        "{undeclared}"
    );
    assert!(
        unused.starts_with("the path parameter `teamId` is declared, but"),
        "{unused}"
    );
}

#[test]
fn the_responses_of_2xx_have_one_schema() {
    let created = "        \"201\":\n          $ref: \"#/components/responses/Registered\"\n";
    assert_edit(created, "", "responses", "no 2xx response is described");
    let empty = "        \"204\":\n          description: Nothing.\n";
    assert_edit(
        created,
        empty,
        "\"204\"",
        "the 2xx response has no `application/json` schema",
    );
    assert_edit(
        created,
        &format!("{created}{empty}"),
        "\"204\"",
        "the 2xx responses have different schemas",
    );
    let same = created.replace("201", "200");
    assert_eq!(faults(&edited(created, &format!("{created}{same}"))), []);
}

#[test]
fn a_security_scheme_is_declared() {
    assert_edit(
        "  - bearerAuth: []",
        "  - bearerauth: []",
        "bearerauth",
        "the security scheme `bearerauth` is not declared; declare it in `components.securitySchemes`, or correct the name",
    );
}

#[test]
fn a_required_property_is_declared() {
    assert_edit(
        "required: [name, auth_method, server_url]",
        "required: [nmae, auth_method, server_url]",
        "nmae",
        "`required` names `nmae`, which is not in `properties`; add it there, or correct the name",
    );
}

#[test]
fn an_enum_of_a_response_is_open() {
    let open = "x-extensible-enum: [stdio, sse, http]";
    for (replaced, underlined, said) in [
        (
            "enum: [stdio, sse, http]",
            "enum",
            "a response has a closed enum; write `x-extensible-enum` in its place",
        ),
        (
            "x-extensible-enum: stdio",
            "stdio",
            "`x-extensible-enum` is no list of strings",
        ),
        (
            "x-extensible-enum: [1, 2]",
            "[1, 2]",
            "`x-extensible-enum` is no list of strings",
        ),
        (
            "x-extensible-enum: [http, HTTP]",
            "[http, HTTP]",
            "two values of `x-extensible-enum` make the same variant",
        ),
        (
            "x-extensible-enum: [unknown]",
            "[unknown]",
            "two values of `x-extensible-enum` make the same variant, or one makes `Unknown`",
        ),
        (
            "x-extensible-enum: [\"1\"]",
            "[\"1\"]",
            "a value of `x-extensible-enum` does not make the name of a Rust variant",
        ),
    ] {
        assert_edit(open, replaced, underlined, said);
    }
    let inline =
        "          description: Name of the integration, as teammates see it in the catalogue.\n";
    assert_edit(
        inline,
        &format!("{inline}          x-extensible-enum: [a]\n"),
        "[a]",
        "`x-extensible-enum` works in `components.schemas` only",
    );
}

#[test]
fn a_secret_has_no_rule_that_is_not_enforced() {
    assert_edit(
        "          format: password\n",
        "          format: password\n          maxLength: 9\n",
        "maxLength",
        "`maxLength` is not enforced on `format: password`; remove it",
    );
}

#[test]
fn what_looks_like_a_secret_is_one_or_says_that_it_is_not() {
    let secret = "          format: password\n";
    assert_edit(
        secret,
        "",
        "oauth_client_secret",
        "`oauth_client_secret` looks like a secret, but would show itself in logs; make it a string with `format: password`; or, if everybody may read it, add `x-secret: false`",
    );
    assert_eq!(faults(&edited(secret, "          x-secret: false\n")), []);
    for name in [
        "apiKey",
        "accessToken",
        "api_keys",
        "private-key",
        "credentials",
        "Passwords",
    ] {
        assert_edit(
            "        icon_url:\n",
            &format!("        {name}:\n"),
            name,
            &format!("`{name}` looks like a secret"),
        );
    }
    for name in ["key", "monkey", "provider_key", "tokenizer", "secretary"] {
        assert_eq!(
            faults(&edited(
                "        icon_url:\n",
                &format!("        {name}:\n")
            )),
            [],
            "{name}"
        );
    }
}

#[test]
fn several_faults_are_reported_together_in_the_order_of_the_text() {
    let document = DOCUMENT
        .replace("  - bearerAuth: []", "  - bearerauth: []")
        .replace(
            "      summary: Register a custom integration (v1)",
            "      sumary: Register",
        )
        .replace("      operationId: createCustomIntegration\n", "")
        .replace("          type: boolean", "          type: bolean")
        .replace("    PlainError:\n", "    PlainError: {}\n    PlainError:\n")
        .replace("required: [error]", "required: [eror]");
    let underlined: Vec<_> = faults(&document)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    let expected = [
        "bearerauth",
        "sumary",
        "post",
        "bolean",
        "PlainError",
        "eror",
    ];
    assert_eq!(underlined, expected);
}

#[test]
fn a_fault_is_not_reported_again_for_what_follows_from_it() {
    // What the key holds is not missed, and what is in it is looked at.
    assert_edit(
        "      properties:\n        error:\n",
        "      propertes:\n        error:\n",
        "propertes",
        "`propertes` is no key of a schema",
    );
    assert_edit(
        "  schemas:\n",
        "  shemas:\n",
        "shemas",
        "`shemas` is no key of `components`",
    );
    // Nor is the rest of an object with a value that cannot be read.
    assert_edit(
        "      required: [code, message, request_id]\n      properties:\n",
        "      required: [code, message, request_id]\n      properties: 7\n      x-was:\n",
        "7",
        "`properties` is the number 7",
    );
}

#[test]
fn a_type_is_there_and_fits_its_rules() {
    let name = "          type: string\n          minLength: 1\n";
    assert_edit(
        name,
        "          type: integer\n          minLength: 1\n",
        "minLength",
        "`minLength` means nothing for `type: integer`; remove it, or write `type: string`",
    );
    assert_edit(
        name,
        "          minLength: 1\n",
        "name",
        "the schema has no `type`; `minLength` is for `type: string`; add that",
    );
    assert_edit(
        "          type: array\n          nullable: true\n          items:\n            type: string\n",
        "          type: array\n          nullable: true\n",
        "array",
        "the array has no `items`",
    );
    assert_edit(
        "          schema:\n            type: string\n          example: team",
        "          schema: {}\n          example: team",
        "{}",
        "the schema has no `type`; add it, or a `$ref`",
    );
}

#[test]
fn a_value_of_an_enum_is_of_its_type() {
    assert_edit(
        "enum: [url, apikey",
        "enum: [url, 7",
        "7",
        "a value of the `enum` is no string; put it in quotes, or remove it",
    );
}

#[test]
fn a_path_parameter_is_required() {
    assert_edit(
        "          required: true\n          description: Identifier",
        "          description: Identifier",
        "name: teamId",
        "the path parameter `teamId` is not `required: true`",
    );
}

#[test]
fn every_operation_parameter_schema_and_property_has_a_description() {
    assert_edit(
        "          description: Identifier of the integration.\n",
        "",
        "id",
        "the property `id` has no `description`; add it",
    );
    assert_edit(
        "      description: A transport of MCP.\n",
        "",
        "TransportType",
        "the schema has no `description`",
    );
    assert_edit(
        "      summary: Register a custom integration (v1)\n",
        "",
        "post",
        "the operation has no `summary`",
    );
    assert_edit(
        "      summary: Register a custom integration (v1)\n",
        "      summary: \"\"\n",
        "post",
        "the operation has no `summary`",
    );
    assert_edit(
        "          description: Identifier of the team whose catalogue gets the integration.\n",
        "",
        "name: teamId",
        "the parameter `teamId` has no `description`",
    );
    assert_edit(
        "description: A transport of MCP.",
        "description: \"A transport.\\n\\n    let x;\"",
        "description",
        "the `description` has a block of code",
    );
}

#[test]
fn a_secret_stands_where_the_generator_sees_it() {
    let components = "  schemas:\n";
    assert_edit(
        components,
        &format!(
            "{components}    Token:\n      description: T.\n      type: string\n      format: password\n"
        ),
        "password",
        "`format: password` works on a property only",
    );
    let secret = "          type: string\n          format: password\n          minLength: 1\n";
    for (replaced, underlined, said) in [
        (
            "          type: string\n          format: password\n          minLength: 8\n",
            "8",
            "on `format: password`, no length but 1 is enforced",
        ),
        (
            "          type: integer\n          format: password\n",
            "password",
            "`format: password` is not for `type: integer`",
        ),
        (
            "          format: password\n",
            "password",
            "`format: password` has no `type`",
        ),
        (
            "          allOf:\n            - type: string\n              format: password\n",
            "password",
            "`format: password` works on a property only",
        ),
    ] {
        assert_edit(secret, replaced, underlined, said);
    }
}

#[test]
fn a_schema_is_sent_or_answered_but_not_both() {
    let found = faults(&edited(
        "$ref: \"#/components/schemas/Integration\"",
        "$ref: \"#/components/schemas/CustomIntegrationRequest\"",
    ));
    let said =
        "this schema is both sent and answered; give the request and the response a schema each";
    assert!(
        found.contains(&("CustomIntegrationRequest".to_owned(), said.to_owned())),
        "{found:#?}"
    );
}

#[test]
fn names_make_rust_names_of_their_own() {
    assert_fault(
        &DOCUMENT.replace("TransportType", "transportType"),
        "transportType",
        "`transportType` is not written as a Rust type is; write `TransportType`",
    );
    let id = "operationId: createCustomIntegration";
    for (other, said) in [
        (
            "exec",
            "the method `exec` is the client's own; choose another operationId",
        ),
        (
            "register_custom_integration",
            "the operationIds `register_custom_integration` and `registerCustomIntegration` make the same Rust method",
        ),
        (
            "2fast",
            "the operationId `2fast` does not make the name of a Rust method",
        ),
    ] {
        assert_edit(id, &format!("operationId: {other}"), other, said);
    }
    let field = "        team_id:\n";
    assert_edit(
        field,
        &format!("        teamId:\n          description: T.\n          type: string\n{field}"),
        "team_id",
        "the properties `teamId` and `team_id` make the same Rust field",
    );
}

#[test]
fn a_path_and_its_statuses_are_well_formed() {
    assert_edit(
        "  /v1/integrations/custom:\n",
        "  v1/integrations/custom:\n",
        "v1/integrations/custom",
        "a path begins with `/`; write `/v1/integrations/custom`",
    );
    assert_edit(
        "        \"400\":\n",
        "        \"4000\":\n",
        "\"4000\"",
        "`4000` is no status",
    );
    assert_eq!(faults(&edited("        \"400\":\n", "        400:\n")), []);
}

#[test]
fn the_security_is_the_one_that_the_client_has() {
    assert_edit(
        "      scheme: bearer",
        "      scheme: basic",
        "bearerAuth",
        "the security scheme `bearerAuth` is no bearer token",
    );
    let found = faults(&edited("security:\n  - bearerAuth: []\n", ""));
    assert!(
        found[0]
            .1
            .starts_with("the document has no `security`; require the bearer scheme"),
        "{found:#?}"
    );
    assert_edit(
        "security:\n  - bearerAuth: []\n",
        "security: []\n",
        "[]",
        "no security is required, but the client sends its API key",
    );
}

#[test]
fn what_the_generator_does_not_handle_has_its_place_and_no_panic_text() {
    let document = edited(
        "          in: path\n",
        "          in: path\n          style: matrix\n",
    );
    let found = faults(&document);
    let [(underlined, said)] = &found[..] else {
        panic!("{found:#?}")
    };
    assert_eq!(underlined, "/v2/teams/{teamId}/integrations/custom");
    assert!(
        said.starts_with("progenitor cannot generate this"),
        "{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_document_that_is_no_text_or_too_deep_is_refused() {
    assert_fault(
        &format!("\u{feff}{DOCUMENT}"),
        "\u{feff}",
        "the file begins with a byte order mark; save it as UTF-8 without one",
    );
    let deep = (0..5000).fold("x-a:\n".to_owned(), |text, depth| {
        text + &" ".repeat(depth + 1) + "a:\n"
    });
    let found = faults(&format!("{DOCUMENT}{deep}"));
    assert!(found[0].1.contains("recursion limit"), "{found:#?}");
}

#[test]
fn what_is_below_a_misspelt_key_is_shown_where_it_is_written() {
    let document = edited("components:\n", "componets:\n").replacen(
        "      description: A transport of MCP.\n",
        "      descripton: A transport of MCP.\n",
        1,
    );
    let underlined: Vec<_> = faults(&document)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(underlined, ["componets", "descripton"]);
}

#[test]
fn a_fault_does_not_hide_those_elsewhere() {
    let document = edited("required: [error]", "required: [eror]").replacen(
        "  - bearerAuth: []",
        "  - bearerauth: []",
        1,
    );
    let document = document.replacen("components:\n", "tags: none\ncomponents:\n", 1);
    let underlined: Vec<_> = faults(&document)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(underlined, ["bearerauth", "none", "eror"]);
}

#[test]
fn there_is_a_server_that_requests_can_be_sent_to() {
    let servers = "servers:\n  - url: https://api.duvo.ai\n";
    assert_edit(
        servers,
        "servers: []\n",
        "servers",
        "the document has no server",
    );
    let found = faults(&edited(servers, ""));
    assert!(
        found[0].1.starts_with("the document has no server"),
        "{found:#?}"
    );
    for url in [
        "/api",
        "http://api.duvo.ai",
        "https://{host}.duvo.ai",
        "api.duvo.ai",
        "https://",
    ] {
        assert_edit(
            "https://api.duvo.ai",
            &format!("\"{url}\""),
            &format!("\"{url}\""),
            "the client cannot send requests to this URL",
        );
    }
    assert_edit(
        "      operationId: createCustomIntegration\n",
        "      operationId: createCustomIntegration\n      servers:\n        - url: https://other.duvo.ai\n",
        "servers",
        "the client knows one server only",
    );
}

#[test]
fn types_and_arguments_have_names_of_their_own() {
    let schema =
        |name| format!("  schemas:\n    {name}:\n      description: D.\n      type: object\n");
    assert_edit(
        "  schemas:\n",
        &schema("String"),
        "String",
        "`String` is a type that the generated code uses",
    );
    let found = faults(&edited(
        "  schemas:\n",
        &schema("CustomIntegrationRequestName"),
    ));
    assert!(
        found[0]
            .1
            .contains("two schemas make the Rust type CustomIntegrationRequestName"),
        "{found:#?}"
    );
    for (name, said) in [
        (
            "team_id",
            "the parameters `teamId` and `team_id` make the same Rust argument",
        ),
        (
            "teamId",
            "the parameters `teamId` and `teamId` make the same Rust argument",
        ),
        (
            "body",
            "the parameter `body` makes an argument that the generated code has",
        ),
    ] {
        let parameter = format!(
            "        - name: {name}\n          in: query\n          description: D.\n          schema:\n            type: string\n"
        );
        let last = "          example: team_01hzx3f8q2\n";
        assert_edit(
            last,
            &format!("{last}{parameter}"),
            &format!("name: {name}"),
            said,
        );
    }
}

#[test]
fn a_parameter_is_written_as_text() {
    let schema = "          schema:\n            type: string\n          example";
    for (replaced, said) in [
        (
            "          schema:\n            type: string\n            nullable: true\n          example",
            "the parameter `teamId` cannot be written as text",
        ),
        (
            "          schema:\n            type: array\n            items:\n              type: string\n          example",
            "the parameter `teamId` cannot be written as text",
        ),
        (
            "          schema:\n            type: string\n            pattern: a\n          example",
            "the `pattern` of `teamId` needs a regex engine",
        ),
    ] {
        assert_edit(schema, replaced, "name: teamId", said);
    }
    assert_edit(
        "    post:\n      operationId: registerCustomIntegration\n",
        "    trace:\n      operationId: registerCustomIntegration\n",
        "trace",
        "the generator cannot send `trace`",
    );
}

#[test]
fn a_header_of_the_clients_own_is_no_parameter() {
    for name in ["Authorization", "content-type", "User-Agent"] {
        assert_edit(
            "      name: Idempotency-Key\n",
            &format!("      name: {name}\n"),
            "IdempotencyKey",
            &format!("the client sends a header `{name}` of its own"),
        );
    }
}

#[test]
fn a_header_has_a_name_that_http_can_send() {
    for name in ["Idempotency Key", "Idempotency:Key", "Clé"] {
        assert_edit(
            "      name: Idempotency-Key\n",
            &format!("      name: \"{name}\"\n"),
            "IdempotencyKey",
            &format!("`{name}` is not the name of a header"),
        );
    }
}

#[test]
fn a_path_is_there_once_whatever_its_parameters_are_called() {
    let other = "  /v2/teams/{team}/integrations/custom:\n    summary: Another.\n";
    let own = "  /v2/teams/{teamId}/integrations/custom:\n";
    assert_edit(
        own,
        &format!("{other}{own}"),
        "/v2/teams/{team}/integrations/custom",
        "this is the same path as another",
    );
}

#[test]
fn paths_differ_by_what_is_around_their_parameters() {
    let other = "  /v2/teams/{team}.json/integrations/custom:\n    summary: Another.\n";
    let own = "  /v2/teams/{teamId}/integrations/custom:\n";
    assert_eq!(faults(&edited(own, &format!("{other}{own}"))), []);
}

#[test]
fn what_no_rust_type_says_is_refused() {
    let composed = "          allOf:\n            - $ref: \"#/components/schemas/TransportType\"\n";
    for (replaced, underlined, said) in [
        ("          allOf: []\n", "allOf", "`allOf` is empty"),
        (
            "          not:\n            type: string\n",
            "not",
            "no Rust type says what `not` does",
        ),
    ] {
        assert_edit(composed, replaced, underlined, said);
    }
    assert_edit(
        "enum: [url, apikey, headers, oauth]",
        "enum: [a-b, a_b]",
        "enum",
        "two values of the `enum` make the same Rust variant",
    );
    assert_edit(
        "          minLength: 1\n",
        "          default: 5\n",
        "5",
        "the `default` is of another type than the schema",
    );
    assert_edit(
        "          format: date-time\n",
        "          format: datetime\n",
        "datetime",
        "`datetime` is no format; did you mean `date-time`?",
    );
    let part = "\"#/components/schemas/PlainError/properties/error\"";
    assert_edit(
        "\"#/components/schemas/TransportType\"",
        part,
        part,
        "`#/components/schemas/PlainError/properties/error` is a part of a component",
    );
}

#[test]
fn code_in_the_documentation_of_operations_is_refused_too() {
    for code in ["~~~", "```", "    let x;", "\\tlet x;"] {
        let description = format!("      description: \"Adds.\\n{code}\"\n");
        assert_edit(
            "      description: Adds a custom integration to the catalogue.\n",
            &description,
            "description",
            "the `description` has a block of code",
        );
    }
}

#[test]
fn what_is_declared_through_others_is_declared() {
    let alias = "  schemas:\n    Alias:\n      $ref: \"#/components/schemas/PlainError\"\n    Stricter:\n      description: D.\n      allOf:\n        - $ref: \"#/components/schemas/Alias\"\n        - type: object\n          required: [error]\n";
    assert_eq!(faults(&edited("  schemas:\n", alias)), []);
}

#[test]
fn a_component_that_is_pasted_twice_is_one_fault() {
    let plain = "    PlainError:\n      description: The error body of Duvo's published OpenAPI document.\n      type: object\n      required: [error]\n      properties:\n        error:\n          description: What went wrong, in a word or a few.\n          type: string\n";
    assert_edit(
        plain,
        &format!("{plain}{plain}"),
        "PlainError",
        "`PlainError` is here twice",
    );
}

#[test]
fn formats_that_need_another_crate_are_strings() {
    let source = build::generate(&edited(
        "          description: Identifier of the integration.\n          type: string\n",
        "          description: Identifier of the integration.\n          type: string\n          format: uuid\n",
    ))
    .unwrap();
    assert!(source.client.contains("pub id: ::std::string::String"));
}

#[test]
fn an_example_of_an_answer_makes_a_fixture() {
    let value = "id: 5f3c1f0e-8f0a-4bb5-8a7d-1c2f6d0f3b21\n        name: Price list\n";
    for (from, to, reason) in [
        (value, "name: Price list\n", "`id` is missing"),
        (
            "type: custom\n",
            "type: 7\n",
            "`type` is not of the type that its schema has",
        ),
        (
            "transport_type: http\n        auth_method",
            "transport_type: [http]\n        auth_method",
            "`transport_type` is no text",
        ),
        (
            "transport_type: http\n        auth_method",
            "oauth_scopes: [7]\n        auth_method",
            "`oauth_scopes` is not of the type that its schema has",
        ),
    ] {
        let said = format!("this example makes no fixture: {reason}");
        assert_edit(from, to, "value", &said);
    }
}

#[test]
fn the_test_kit_has_names_of_its_own() {
    assert_edit(
        "operationId: createCustomIntegration",
        "operationId: unmatchedRequests",
        "unmatchedRequests",
        "the method `unmatched_requests` is the client's own",
    );
}

#[test]
fn words_on_answers_are_free_of_code() {
    for (from, underlined) in [
        (
            "description: The request conflicts with the present state of the team.",
            "description",
        ),
        ("    ApiKeyIntegration:\n", "summary"),
    ] {
        let code = "\"Like\\n\\n```\\nthis\\n```\"";
        let to = match underlined {
            "description" => format!("description: {code}"),
            _ => format!("    ApiKeyIntegration:\n      summary: {code}\n"),
        };
        let said = format!("the `{underlined}` has a block of code");
        assert_edit(from, &to, underlined, &said);
    }
}

#[test]
fn two_examples_do_not_make_one_fixture() {
    let conflict = "            $ref: \"#/components/schemas/PlainError\"\n";
    let with_examples = format!(
        "{conflict}          examples:\n            plain:\n              value:\n                error: one\n            other:\n              $ref: \"#/components/examples/ConflictPlain\"\n"
    );
    let document = edited(conflict, &with_examples).replacen(
        "  examples:\n    ApiKeyRequest:\n",
        "  examples:\n    ConflictPlain:\n      value:\n        error: other\n    ApiKeyRequest:\n",
        1,
    );
    assert_fault(
        &document,
        "value",
        "two examples make the fixture `conflict_plain`",
    );
}

#[test]
fn names_of_the_document_may_be_those_of_the_test_kit() {
    let renamed = DOCUMENT
        .replace("schemas/PlainError", "schemas/Response")
        .replace("    PlainError:", "    Response:")
        .replace("schemas/CodedError", "schemas/Server")
        .replace("    CodedError:", "    Server:");
    let mock = build::generate(&renamed).unwrap().mock;
    assert!(mock.contains("pub fn conflict("), "{mock}");
    assert!(mock.contains("impl Into<types::Response>"), "{mock}");
}

#[test]
fn a_secret_within_a_property_is_not_shown_by_the_test_kit() {
    let document = edited(
        "        oauth_client_secret:\n          description: Client secret.\n          type: string\n          format: password\n          minLength: 1\n",
        "        oauth_client:\n          description: Client.\n          type: object\n          properties:\n            oauth_client_secret:\n              description: Its secret.\n              type: string\n              format: password\n",
    );
    let mock = build::generate(&document).unwrap().mock;
    assert!(
        mock.contains("Condition::Secret(\"oauth_client\""),
        "{mock}"
    );
}

#[test]
fn an_example_of_a_type_that_no_literal_has_is_no_fixture() {
    let document = edited(
        "        shared:\n          description: Whether the integration is shared.\n          type: boolean\n",
        "        shared:\n          description: Whether the integration is shared.\n          type: boolean\n      additionalProperties:\n        type: string\n",
    );
    let mock = build::generate(&document).unwrap().mock;
    assert!(!mock.contains("pub fn api_key_integration()"), "{mock}");
    assert!(mock.contains("pub fn registered("), "{mock}");
}

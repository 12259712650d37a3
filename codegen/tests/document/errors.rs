//! The errors that a maintainer reads after a wrong edit of the document.

use crate::support::{SAMPLE, assert_edit, assert_error, edited, errors, generate};

#[test]
fn reports_nothing_for_valid_document() {
    assert_eq!(errors(SAMPLE), []);
}

#[test]
fn report_underlines_error_and_prints_help() {
    let document = edited("      summary: Register", "      sumary: Register");
    let line = 1 + document
        .find("sumary")
        .map_or(0, |at| document[..at].matches('\n').count());
    let report = generate(&document).unwrap_err();
    let expected = format!(
        "error: unknown key `sumary` in an operation\n  \
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
            "openapi/duvo.yaml:{line}:7: unknown key `sumary` in an operation; did you mean `summary`?"
        )
    );
}

#[test]
fn reports_position_of_syntax_error() {
    let line = 1 + SAMPLE
        .lines()
        .position(|line| line == "components:")
        .unwrap();
    let document = edited("components:\n", "components: :\n");
    let report = generate(&document).unwrap_err();
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
fn counts_columns_in_characters() {
    let document = edited(
        "          items:\n            type: string\n",
        "          items: {description: é, type: strng}\n",
    );
    assert_error(&document, "strng", "`type` is `strng`");
    let report = generate(&document).unwrap_err();
    assert_eq!(report.diagnostics()[0].column, 41);
}

#[test]
fn reports_duplicate_key_with_first_use() {
    let document = edited("    PlainError:\n", "    PlainError: {}\n    PlainError:\n");
    let expected = "duplicate key `PlainError`; remove or rename one of the two";
    let found = errors(&document);
    assert!(
        found
            .iter()
            .any(|(text, line)| text == "PlainError" && line.starts_with(expected)),
        "{found:#?}"
    );
    let report = generate(&document).unwrap_err();
    let text = report.to_text("duvo.yaml", &document);
    assert!(text.contains("---------- first used here"), "{text}");
    // Within a schema too, and together with what is wrong with the second.
    let twice = edited(
        "          format: uri\n",
        "          format: uri\n          type: strng\n",
    );
    let underlined: Vec<_> = errors(&twice).into_iter().map(|(text, _)| text).collect();
    assert_eq!(underlined, ["type", "strng"]);
    // What only the first value had is not reported as missing.
    let responses = "      responses:\n        \"201\":\n";
    let document = edited(
        responses,
        "      responses: { \"201\": { $ref: \"#/components/responses/Registered\" } }\n      responses:\n        \"401\":\n",
    );
    assert_error(&document, "responses", "duplicate key `responses`");
}

#[test]
fn rejects_other_openapi_versions() {
    let said = "is not supported, only OpenAPI 3.0; convert the document to OpenAPI 3.0";
    assert_edit(
        "openapi: 3.0.3",
        "openapi: 3.1.0",
        "3.1.0",
        &format!("version 3.1.0 {said}"),
    );
    assert_edit(
        "openapi: 3.0.3",
        "swagger: '2.0'",
        "'2.0'",
        &format!("version 2.0 {said}"),
    );
    assert_edit(
        "openapi: 3.0.3",
        "openapi: 3.0",
        "3.0",
        "`openapi` is the number 3.0, but must be a string; put the value in quotes",
    );
}

#[test]
fn rejects_empty_document_and_list() {
    assert_error(
        "",
        "",
        "the document is empty; start it with `openapi: 3.0.3`",
    );
    assert_error("[1]", "[1]", "the document is a list, but must be");
}

#[test]
fn reports_unknown_key_with_suggestion() {
    for (from, misspelled, expected) in [
        (
            "minLength",
            "minLenght",
            "unknown key `minLenght` in a schema; did you mean `minLength`?",
        ),
        (
            "summary",
            "sumary",
            "unknown key `sumary` in an operation; did you mean `summary`?",
        ),
        (
            "operationId",
            "operationID",
            "unknown key `operationID` in an operation; did you mean `operationId`?",
        ),
        (
            "nullable",
            "nulable",
            "unknown key `nulable` in a schema; did you mean `nullable`?",
        ),
        (
            "post",
            "POST",
            "unknown key `POST` in a path; did you mean `post`?",
        ),
        (
            "requestBodies",
            "requestBodys",
            "unknown key `requestBodys` in `components`; did you mean `requestBodies`?",
        ),
        (
            "x-extensible-enum",
            "x-extensible-enums",
            "unknown key `x-extensible-enums` in a schema; did you mean `x-extensible-enum`?",
        ),
        (
            "application/json",
            "aplication/json",
            "unknown media type `aplication/json`; did you mean `application/json`?",
        ),
    ] {
        let document = edited(&format!("{from}:"), &format!("{misspelled}:"));
        let found = errors(&document);
        assert!(
            found
                .iter()
                .any(|(text, line)| text == misspelled && line.starts_with(expected)),
            "{misspelled}: {found:#?}"
        );
    }
}

#[test]
fn reports_unknown_key_with_known_keys() {
    assert_edit(
        "          format: uri\n",
        "          format: uri\n          operationId: x\n",
        "operationId",
        "unknown key `operationId` in a schema; the known keys are title, multipleOf, ",
    );
    assert_edit(
        "          format: uri\n",
        "          format: uri\n          x-internal: true\n          <<: {}\n",
        "<<",
        "merge keys (`<<`) are not supported; write the keys out",
    );
    assert_edit(
        "  /v1/integrations/custom:\n",
        "  /v1/other:\n    $ref: \"#/paths/x\"\n  /v1/integrations/custom:\n",
        "$ref",
        "`$ref` is not allowed in place of a path; write out the target of the reference",
    );
}

#[test]
fn reports_value_of_wrong_type() {
    for (from, to, underlined, said) in [
        (
            "      tags: [Integrations]",
            "      tags: Integrations",
            "Integrations",
            "`tags` is `Integrations`, but must be a list; write `[first, second]`",
        ),
        (
            "minLength: 1",
            "minLength: one",
            "one",
            "`minLength` is `one`, but must be a non-negative integer; write digits",
        ),
        (
            "minLength: 1",
            "minLength: -1",
            "-1",
            "`minLength` is the number -1, but must be a non-negative integer",
        ),
        (
            "      required: [error]",
            "      required: error",
            "error",
            "`required` is `error`, but must be a list",
        ),
        (
            "          in: path",
            "          in: pth",
            "pth",
            "`in` is `pth`, but must be one of `cookie`, `header`, `path`, `query`; did you mean `path`?",
        ),
        (
            "type: boolean",
            "type: bolean",
            "bolean",
            "`type` is `bolean`, but must be one of",
        ),
        (
            "type: boolean",
            "type: [boolean, 'null']",
            "[boolean, 'null']",
            "`type` is a list, but must be one of `array`, `boolean`, `integer`, `number`, `object`, `string`; OpenAPI 3.0 allows one type; to allow null, add `nullable: true`",
        ),
        (
            "nullable: true",
            "nullable: 'true'",
            "'true'",
            "`nullable` is `true`, but must be `true` or `false`; remove the quotes",
        ),
        (
            "  version: 1.0.0",
            "  version: 1.0",
            "1.0",
            "`version` is the number 1.0, but must be a string; put the value in quotes",
        ),
        (
            "      summary: Register a custom integration (v1)",
            "      summary:",
            "summary",
            "`summary` is empty, but must be a string; add a value, or remove the key",
        ),
        (
            "$ref: \"#/components/parameters/IdempotencyKey\"",
            "$ref: 7",
            "7",
            "`$ref` is the number 7, but must be a string",
        ),
    ] {
        assert_edit(from, to, underlined, said);
    }
}

#[test]
fn reports_missing_key() {
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
fn reports_missing_and_duplicate_operation_id() {
    assert_edit(
        "      operationId: createCustomIntegration\n",
        "",
        "post",
        "the operation has no `operationId`; add `operationId`; it is the name of the Rust method",
    );
    let document = edited(
        "operationId: createCustomIntegration",
        "operationId: registerCustomIntegration",
    );
    assert_error(
        &document,
        "registerCustomIntegration",
        "duplicate operationId `registerCustomIntegration`; use a different operationId for each operation",
    );
    let text = generate(&document)
        .unwrap_err()
        .to_text("duvo.yaml", &document);
    assert!(
        text.contains("------------------------- first used here"),
        "{text}"
    );
}

#[test]
fn reports_undeclared_and_unused_path_parameter() {
    let path = "  /v2/teams/{teamId}/integrations/custom:";
    assert_edit(
        path,
        "  /v2/teams/{team}/integrations/custom:",
        "name: teamId",
        "`/v2/teams/{team}/integrations/custom` contains `{team}`, but the parameter is named `teamId`; rename one of the two",
    );
    assert_edit(
        path,
        "  /v2/teams/{teamId}/{kind}/custom:",
        "post",
        "the path contains `{kind}`, but declares no such parameter; add",
    );
    assert_edit(
        path,
        "  /v2/teams/integrations/custom:",
        "name: teamId",
        "the path parameter `teamId` is declared, but the path has no `{teamId}`; remove it",
    );
}

#[test]
fn reports_undeclared_security_scheme() {
    assert_edit(
        "  - bearerAuth: []",
        "  - bearerauth: []",
        "bearerauth",
        "the security scheme `bearerauth` is not declared; declare it in `components.securitySchemes`, or correct the name",
    );
}

#[test]
fn reports_undeclared_required_property() {
    assert_edit(
        "required: [name, auth_method, server_url]",
        "required: [nmae, auth_method, server_url]",
        "nmae",
        "`required` names `nmae`, which is not in `properties`; add it to `properties`, or correct the name",
    );
}

#[test]
fn reports_closed_enum_in_response_and_invalid_open_enum() {
    let open = "x-extensible-enum: [stdio, sse, http]";
    for (replaced, underlined, said) in [
        (
            "enum: [stdio, sse, http]",
            "enum",
            "closed enum in a response; use `x-extensible-enum` instead",
        ),
        (
            "x-extensible-enum: stdio",
            "stdio",
            "`x-extensible-enum` is not a list of strings",
        ),
        (
            "x-extensible-enum: [1, 2]",
            "[1, 2]",
            "`x-extensible-enum` is not a list of strings",
        ),
        (
            "x-extensible-enum: [http, HTTP]",
            "[http, HTTP]",
            "two values of `x-extensible-enum` have the same Rust name; remove one value",
        ),
    ] {
        assert_edit(open, replaced, underlined, said);
    }
}

#[test]
fn reports_unenforced_rule_on_secret() {
    assert_edit(
        "          format: password\n",
        "          format: password\n          maxLength: 9\n",
        "maxLength",
        "`maxLength` is not enforced on `format: password`; remove it",
    );
}

#[test]
fn reports_unmarked_secret() {
    let secret = "          format: password\n";
    assert_edit(
        secret,
        "",
        "oauth_client_secret",
        "`oauth_client_secret` looks like a secret but would be printed in logs; use `type: string` with `format: password`; if the value is not secret, add `x-secret: false`",
    );
    assert_eq!(errors(&edited(secret, "          x-secret: false\n")), []);
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
            errors(&edited(
                "        icon_url:\n",
                &format!("        {name}:\n")
            )),
            [],
            "{name}"
        );
    }
}

#[test]
fn reports_all_errors_in_text_order() {
    let document = SAMPLE
        .replace("  - bearerAuth: []", "  - bearerauth: []")
        .replace(
            "      summary: Register a custom integration (v1)",
            "      sumary: Register",
        )
        .replace("      operationId: createCustomIntegration\n", "")
        .replace("          type: boolean", "          type: bolean")
        .replace("    PlainError:\n", "    PlainError: {}\n    PlainError:\n")
        .replace("required: [error]", "required: [eror]");
    let underlined: Vec<_> = errors(&document)
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
fn does_not_report_consequences_of_an_error() {
    // What the key holds is not missed, and what is in it is looked at.
    assert_edit(
        "      properties:\n        error:\n",
        "      propertes:\n        error:\n",
        "propertes",
        "unknown key `propertes` in a schema",
    );
    assert_edit(
        "  schemas:\n",
        "  shemas:\n",
        "shemas",
        "unknown key `shemas` in `components`",
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
fn reports_missing_type_and_ineffective_rule() {
    let name = "          type: string\n          minLength: 1\n";
    assert_edit(
        name,
        "          type: integer\n          minLength: 1\n",
        "minLength",
        "`minLength` has no effect with `type: integer`; remove it, or write `type: string`",
    );
    assert_edit(
        name,
        "          minLength: 1\n",
        "name",
        "the schema has no `type`; add `type: string`, which `minLength` needs",
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
        "the schema has no `type`; add `type`, or a `$ref`",
    );
}

#[test]
fn reports_enum_value_of_wrong_type() {
    assert_edit(
        "enum: [url, apikey",
        "enum: [url, 7",
        "7",
        "a value of the `enum` is not a string; put it in quotes, or remove it",
    );
}

#[test]
fn path_parameter_must_be_required() {
    assert_edit(
        "          required: true\n          description: Identifier",
        "          description: Identifier",
        "name: teamId",
        "the path parameter `teamId` is not required; add `required: true`",
    );
}

#[test]
fn reports_missing_documentation() {
    assert_edit(
        "          description: Identifier of the integration.\n",
        "",
        "id",
        "the property `id` has no `description`; add `description`",
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
        "the `description` has a code block",
    );
}

#[test]
fn reports_secret_that_progenitor_would_ignore() {
    let components = "  schemas:\n";
    assert_edit(
        components,
        &format!(
            "{components}    Token:\n      description: T.\n      type: string\n      format: password\n"
        ),
        "password",
        "`format: password` is supported only on a property or the values of a map",
    );
    let secret = "          type: string\n          format: password\n          minLength: 1\n";
    for (replaced, underlined, said) in [
        (
            "          type: string\n          format: password\n          minLength: 8\n",
            "8",
            "a `minLength` above 1 is not enforced on `format: password`",
        ),
        (
            "          type: integer\n          format: password\n",
            "password",
            "`format: password` is not allowed with `type: integer`",
        ),
        (
            "          format: password\n",
            "password",
            "`format: password` has no `type`",
        ),
        (
            "          allOf:\n            - type: string\n              format: password\n",
            "password",
            "`format: password` is supported only on a property or the values of a map",
        ),
    ] {
        assert_edit(secret, replaced, underlined, said);
    }
}

#[test]
fn reports_schema_in_both_requests_and_responses() {
    let found = errors(&edited(
        "$ref: \"#/components/schemas/Integration\"",
        "$ref: \"#/components/schemas/CustomIntegrationRequest\"",
    ));
    let said = "schema is used in both requests and responses; declare one schema for the request and one for the response; they can share a third by `allOf`";
    assert!(
        found.contains(&("CustomIntegrationRequest".to_owned(), said.to_owned())),
        "{found:#?}"
    );
}

#[test]
fn reports_invalid_and_colliding_rust_names() {
    assert_error(
        &SAMPLE.replace("TransportType", "transportType"),
        "transportType",
        "the schema name `transportType` is not in PascalCase; rename it to `TransportType`",
    );
    let id = "operationId: createCustomIntegration";
    for (other, said) in [
        (
            "exec",
            "the method name `exec` is reserved; choose another operationId",
        ),
        (
            "register_custom_integration",
            "the operationIds `register_custom_integration` and `registerCustomIntegration` have the same Rust name",
        ),
        (
            "2fast",
            "the operationId `2fast` is not a valid Rust method name",
        ),
    ] {
        assert_edit(id, &format!("operationId: {other}"), other, said);
    }
    let field = "        team_id:\n";
    assert_edit(
        field,
        &format!("        teamId:\n          description: T.\n          type: string\n{field}"),
        "team_id",
        "the properties `teamId` and `team_id` have the same Rust name",
    );
}

#[test]
fn reports_malformed_path_and_status() {
    assert_edit(
        "  /v1/integrations/custom:\n",
        "  v1/integrations/custom:\n",
        "v1/integrations/custom",
        "a path must start with `/`; write `/v1/integrations/custom`",
    );
    assert_edit(
        "        \"400\":\n",
        "        \"4000\":\n",
        "\"4000\"",
        "`4000` is not a status",
    );
    assert_eq!(errors(&edited("        \"400\":\n", "        400:\n")), []);
}

#[test]
fn locates_input_that_progenitor_panics_on() {
    let document = edited(
        "            $ref: \"#/components/schemas/CustomIntegrationRequest\"\n",
        "            $ref: \"#/components/schemas/CustomIntegrationRequest\"\n          encoding:\n            name: { contentType: text/plain }\n",
    );
    let found = errors(&document);
    let [(underlined, said)] = &found[..] else {
        panic!("{found:#?}")
    };
    assert_eq!(underlined, "/v1/integrations/custom");
    assert!(
        said.starts_with("progenitor cannot generate code for this"),
        "{said}"
    );
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn rejects_deep_nesting() {
    let deep = (0..5000).fold("x-a:\n".to_owned(), |text, depth| {
        text + &" ".repeat(depth + 1) + "a:\n"
    });
    let found = errors(&format!("{SAMPLE}{deep}"));
    assert!(found[0].1.contains("recursion limit"), "{found:#?}");
}

#[test]
fn reports_errors_below_misspelled_key() {
    let document = edited("components:\n", "componets:\n").replacen(
        "      description: A transport of MCP.\n",
        "      descripton: A transport of MCP.\n",
        1,
    );
    let underlined: Vec<_> = errors(&document)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(underlined, ["componets", "descripton"]);
}

#[test]
fn error_does_not_hide_unrelated_errors() {
    let document = edited("required: [error]", "required: [eror]").replacen(
        "  - bearerAuth: []",
        "  - bearerauth: []",
        1,
    );
    let document = document.replacen("components:\n", "tags: none\ncomponents:\n", 1);
    let underlined: Vec<_> = errors(&document)
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(underlined, ["bearerauth", "none", "eror"]);
}

#[test]
fn reports_missing_and_invalid_server() {
    let servers = "servers:\n  - url: https://api.duvo.ai\n";
    assert_edit(
        servers,
        "servers: []\n",
        "servers",
        "the document has no server",
    );
    let found = errors(&edited(servers, ""));
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
            "the URL is not an absolute https URL",
        );
    }
    // The default of a variable is part of the URL.
    let variables = "https://{host}.duvo.ai\n    variables: { host: { default: api } }";
    let types = generate(&edited("https://api.duvo.ai", variables))
        .unwrap()
        .types;
    assert_eq!(types, generate(SAMPLE).unwrap().types);
    assert_edit(
        "      operationId: createCustomIntegration\n",
        "      operationId: createCustomIntegration\n      servers:\n        - url: https://other.duvo.ai\n",
        "servers",
        "`servers` is supported only at the top level",
    );
}

#[test]
fn reports_colliding_types_and_arguments() {
    let schema =
        |name| format!("  schemas:\n    {name}:\n      description: D.\n      type: object\n");
    assert_edit(
        "  schemas:\n",
        &schema("String"),
        "String",
        "the generated code uses the type name `String`",
    );
    let found = errors(&edited(
        "  schemas:\n",
        &schema("CustomIntegrationRequestName"),
    ));
    assert!(
        found[0]
            .1
            .contains("have the same Rust type name `CustomIntegrationRequestName`"),
        "{found:#?}"
    );
    for (name, said) in [
        (
            "team_id",
            "the parameters `teamId` and `team_id` have the same Rust name",
        ),
        (
            "teamId",
            "the parameters `teamId` and `teamId` have the same Rust name",
        ),
        ("body", "the generated code uses the argument name `body`"),
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
fn reports_method_that_progenitor_ignores() {
    assert_edit(
        "    post:\n      operationId: registerCustomIntegration\n",
        "    trace:\n      operationId: registerCustomIntegration\n",
        "trace",
        "the method `trace` is not supported",
    );
}

#[test]
fn reports_header_that_the_client_sets() {
    for name in ["Authorization", "content-type", "User-Agent"] {
        assert_edit(
            "      name: Idempotency-Key\n",
            &format!("      name: {name}\n"),
            "IdempotencyKey",
            &format!("the client sets the header `{name}` itself"),
        );
    }
}

#[test]
fn reports_invalid_header_name() {
    for name in ["Idempotency Key", "Idempotency:Key", "Clé"] {
        assert_edit(
            "      name: Idempotency-Key\n",
            &format!("      name: \"{name}\"\n"),
            "IdempotencyKey",
            &format!("`{name}` is not a valid header name"),
        );
    }
}

#[test]
fn reports_duplicate_path_with_other_parameter_names() {
    let other = "  /v2/teams/{team}/integrations/custom:\n    summary: Another.\n";
    let own = "  /v2/teams/{teamId}/integrations/custom:\n";
    assert_edit(
        own,
        &format!("{other}{own}"),
        "/v2/teams/{team}/integrations/custom",
        "duplicate path",
    );
}

#[test]
fn accepts_paths_that_differ_around_parameters() {
    let other = "  /v2/teams/{team}.json/integrations/custom:\n    summary: Another.\n";
    let own = "  /v2/teams/{teamId}/integrations/custom:\n";
    assert_eq!(errors(&edited(own, &format!("{other}{own}"))), []);
}

#[test]
fn reports_schemas_without_rust_type() {
    let composed = "          allOf:\n            - $ref: \"#/components/schemas/TransportType\"\n";
    for (replaced, underlined, said) in [
        ("          allOf: []\n", "allOf", "`allOf` is empty"),
        (
            "          not:\n            type: string\n",
            "not",
            "`not` is not supported",
        ),
    ] {
        assert_edit(composed, replaced, underlined, said);
    }
    assert_edit(
        "enum: [url, apikey, headers, oauth]",
        "enum: [a-b, a_b]",
        "enum",
        "two values of the `enum` have the same Rust name",
    );
    assert_edit(
        "          minLength: 1\n",
        "          default: 5\n",
        "5",
        "the `default` is not of `type: string`",
    );
    assert_edit(
        "          format: date-time\n",
        "          format: datetime\n",
        "datetime",
        "unknown format `datetime`; did you mean `date-time`?",
    );
    let part = "\"#/components/schemas/PlainError/properties/error\"";
    assert_edit(
        "\"#/components/schemas/TransportType\"",
        part,
        part,
        "`#/components/schemas/PlainError/properties/error` is only a part of a component",
    );
}

#[test]
fn reports_code_block_in_operation_description() {
    for code in ["~~~", "```", "    let x;", "\\tlet x;"] {
        let description = format!("      description: \"Adds.\\n{code}\"\n");
        assert_edit(
            "      description: Adds a custom integration to the catalogue.\n",
            &description,
            "description",
            "the `description` has a code block",
        );
    }
}

#[test]
fn accepts_required_property_of_referenced_schema() {
    let alias = "  schemas:\n    Alias:\n      $ref: \"#/components/schemas/PlainError\"\n    Stricter:\n      description: D.\n      allOf:\n        - $ref: \"#/components/schemas/Alias\"\n        - type: object\n          required: [error]\n";
    assert_eq!(errors(&edited("  schemas:\n", alias)), []);
}

#[test]
fn reports_duplicate_component_once() {
    let plain = "    PlainError:\n      description: The error body of Duvo's published OpenAPI document.\n      type: object\n      required: [error]\n      properties:\n        error:\n          description: What went wrong, in a word or a few.\n          type: string\n";
    assert_edit(
        plain,
        &format!("{plain}{plain}"),
        "PlainError",
        "duplicate key `PlainError`",
    );
}

#[test]
fn unsupported_formats_become_strings() {
    let source = generate(&edited(
        "          description: Identifier of the integration.\n          type: string\n",
        "          description: Identifier of the integration.\n          type: string\n          format: uuid\n",
    ))
    .unwrap();
    assert!(source.types.contains("pub id: ::std::string::String"));
}

#[test]
fn reports_reserved_method_name() {
    assert_edit(
        "operationId: createCustomIntegration",
        "operationId: unmatchedRequests",
        "unmatchedRequests",
        "the method name `unmatched_requests` is reserved",
    );
}

#[test]
fn reports_code_block_in_response_documentation() {
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
        let said = format!("the `{underlined}` has a code block");
        assert_edit(from, &to, underlined, &said);
    }
}

#[test]
fn reports_examples_with_the_same_name() {
    let conflict = "            $ref: \"#/components/schemas/PlainError\"\n";
    let with_examples = format!(
        "{conflict}          examples:\n            plain:\n              value:\n                error: one\n            other:\n              $ref: \"#/components/examples/ConflictPlain\"\n"
    );
    let document = edited(conflict, &with_examples).replacen(
        "  examples:\n    ApiKeyRequest:\n",
        "  examples:\n    ConflictPlain:\n      value:\n        error: other\n    ApiKeyRequest:\n",
        1,
    );
    assert_error(
        &document,
        "value",
        "two examples have the same Rust name `conflict_plain`",
    );
}

#[test]
fn schema_names_can_equal_mock_names() {
    let renamed = SAMPLE
        .replace("schemas/PlainError", "schemas/Response")
        .replace("    PlainError:", "    Response:")
        .replace("schemas/CodedError", "schemas/Server")
        .replace("    CodedError:", "    Server:");
    let mock = generate(&renamed).unwrap().mock;
    assert!(mock.contains("pub fn conflict("), "{mock}");
    assert!(mock.contains("impl Into<types::Response>"), "{mock}");
}

#[test]
fn mock_redacts_secret_within_property() {
    let document = edited(
        "        oauth_client_secret:\n          description: Client secret.\n          type: string\n          format: password\n          minLength: 1\n",
        "        oauth_client:\n          description: Client.\n          type: object\n          properties:\n            oauth_client_secret:\n              description: Its secret.\n              type: string\n              format: password\n",
    );
    let mock = generate(&document).unwrap().mock;
    assert!(mock.contains("Matcher::Secret(\"oauth_client\""), "{mock}");
}

#[test]
fn generates_examples_of_maps() {
    let document = edited(
        "        shared:\n          description: Whether the integration is shared.\n          type: boolean\n",
        "        shared:\n          description: Whether the integration is shared.\n          type: boolean\n      additionalProperties:\n        type: string\n",
    );
    let mock = generate(&document).unwrap().mock;
    assert!(mock.contains("pub fn api_key_integration()"), "{mock}");
}

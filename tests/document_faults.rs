//! What a maintainer reads after a mistake in the document.

#[allow(dead_code)]
#[path = "../build/mod.rs"]
mod build;

const DOCUMENT: &str = include_str!("../openapi/duvo.yaml");

/// The lines that the build prints for the document with one text replaced.
fn lines_after(from: &str, to: &str) -> Vec<String> {
    assert!(DOCUMENT.contains(from), "the document has no {from:?}");
    lines(&DOCUMENT.replacen(from, to, 1))
}

fn lines(document: &str) -> Vec<String> {
    let faults = build::generate(document).err().unwrap_or_default();
    faults
        .iter()
        .map(|fault| fault.to_line("duvo.yaml"))
        .collect()
}

fn assert_one_line(lines: &[String], expected: &str) {
    let [line] = lines else { panic!("{lines:#?}") };
    assert!(line.starts_with(expected), "{line}");
    assert!(!line.contains('\n'));
}

#[test]
fn the_document_has_none() {
    assert_eq!(lines(DOCUMENT), Vec::<String>::new());
}

#[test]
fn a_syntax_error_has_its_line_and_column() {
    let line = 1 + DOCUMENT
        .lines()
        .position(|line| line == "components:")
        .unwrap();
    assert_one_line(
        &lines_after("components:\n", "components: :\n"),
        &format!("duvo.yaml:{line}:13: "),
    );
}

#[test]
fn a_duplicate_key_is_named() {
    let lines = lines_after("    PlainError:\n", "    PlainError: {}\n    PlainError:\n");
    assert_one_line(&lines, "duvo.yaml:");
    assert!(lines[0].contains("PlainError"), "{}", lines[0]);
}

#[test]
fn another_version_of_openapi_is_refused() {
    let expected =
        "duvo.yaml#/openapi: the generator reads OpenAPI 3.0 only; write `openapi: 3.0.3`";
    assert_one_line(&lines_after("openapi: 3.0.3", "openapi: 3.1.0"), expected);
    assert_one_line(&lines_after("openapi: 3.0.3", "swagger: '2.0'"), expected);
    assert_one_line(&lines(""), expected);
}

#[test]
fn a_wrong_structure_has_its_place() {
    for (from, to, place) in [
        (
            "      tags: [Integrations]",
            "      tags: Integrations",
            "/paths/~1v1~1integrations~1custom/post",
        ),
        (
            "          type: string\n          minLength: 1",
            "          type: string\n          minLength: one",
            "/components/schemas/CustomIntegrationRequest/properties/name",
        ),
        (
            "      required: [error]",
            "      required: error",
            "/components/schemas/PlainError",
        ),
        (
            "          in: path",
            "          in: pth",
            "/paths/~1v2~1teams~1{teamId}~1integrations~1custom/post/parameters/0",
        ),
    ] {
        assert_one_line(&lines_after(from, to), &format!("duvo.yaml#{place}: "));
    }
}

#[test]
fn a_reference_that_comes_back_to_itself_is_refused() {
    let unauthorized = "    Unauthorized:\n";
    assert_one_line(
        &lines_after(
            "  requestBodies:\n",
            "  requestBodies:\n    Loop:\n      $ref: \"#/components/requestBodies/Loop\"\n",
        ),
        "duvo.yaml#/components/requestBodies/Loop: `#/components/requestBodies/Loop` is a reference itself",
    );
    assert_one_line(
        &lines_after(
            unauthorized,
            &format!("    Loop:\n      $ref: \"#/components/responses/Loop\"\n{unauthorized}"),
        ),
        "duvo.yaml#/components/responses/Loop: `#/components/responses/Loop` is a reference itself",
    );
    let lines = lines_after(
        "  schemas:\n",
        "  schemas:\n    A:\n      allOf: [{ $ref: \"#/components/schemas/B\" }]\n    B:\n      allOf: [{ $ref: \"#/components/schemas/A\" }]\n",
    );
    assert!(!lines.is_empty());
    for line in lines {
        assert!(
            line.contains("this refers to itself, and so to nothing"),
            "{line}"
        );
    }
}

#[test]
fn a_reference_fits_its_place() {
    assert_one_line(
        &lines_after(
            "#/components/schemas/Integration\"",
            "#/components/responses/Conflict\"",
        ),
        "duvo.yaml#/components/responses/Registered/content/application~1json/schema: \
         `#/components/responses/Conflict` is of another kind; here belongs one of `components/schemas`",
    );
    assert_one_line(
        &lines_after(
            "          allOf:\n            - $ref: \"#/components/schemas/TransportType\"\n",
            "          $ref: \"#/components/schemas/TransportType\"\n",
        ),
        "duvo.yaml#/components/schemas/Integration/properties/transport_type: beside `$ref`, everything else is ignored",
    );
}

#[test]
fn a_reference_without_a_target_is_named_with_its_place() {
    assert_one_line(
        &lines_after(
            r##""#/components/responses/Registered""##,
            r##""#/components/responses/Registred""##,
        ),
        "duvo.yaml#/paths/~1v1~1integrations~1custom/post/responses/201: \
         `#/components/responses/Registred` does not exist; define it or correct the name",
    );
    assert_one_line(
        &lines_after(
            r##""#/components/responses/Registered""##,
            r#""common.yaml#/Registered""#,
        ),
        "duvo.yaml#/paths/~1v1~1integrations~1custom/post/responses/201: \
         `common.yaml#/Registered` is outside of this document; copy what it names to `components`",
    );
}

#[test]
fn an_operation_needs_an_id_of_its_own() {
    assert_one_line(
        &lines_after("      operationId: createCustomIntegration\n", ""),
        "duvo.yaml#/paths/~1v2~1teams~1{teamId}~1integrations~1custom/post: the operation has no `operationId`",
    );
    assert_one_line(
        &lines_after(
            "operationId: createCustomIntegration",
            "operationId: registerCustomIntegration",
        ),
        "duvo.yaml#/paths/~1v2~1teams~1{teamId}~1integrations~1custom/post: \
         the operationId `registerCustomIntegration` is taken by /paths/~1v1~1integrations~1custom/post",
    );
}

#[test]
fn path_and_path_parameters_belong_together() {
    let operation = "duvo.yaml#/paths/~1v2~1teams~1{team}~1integrations~1custom/post";
    let lines = lines_after(
        "  /v2/teams/{teamId}/integrations/custom:",
        "  /v2/teams/{team}/integrations/custom:",
    );
    let [undeclared, unused] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        undeclared.starts_with(&format!("{operation}: the path has `{{team}}`, but")),
        "{undeclared}"
    );
    assert!(
        unused.starts_with(&format!(
            "{operation}: the path parameter `teamId` is declared, but"
        )),
        "{unused}"
    );
}

#[test]
fn the_responses_of_2xx_have_one_schema() {
    let place = "duvo.yaml#/paths/~1v1~1integrations~1custom/post: ";
    let created = "        \"201\":\n          $ref: \"#/components/responses/Registered\"\n";
    assert_one_line(
        &lines_after(created, ""),
        &format!("{place}no 2xx response is described"),
    );
    let empty = "        \"204\":\n          description: Nothing.\n";
    assert_one_line(
        &lines_after(created, empty),
        &format!("{place}the 2xx response has no `application/json` schema"),
    );
    assert_one_line(
        &lines_after(created, &format!("{created}{empty}")),
        &format!("{place}the 2xx responses have different schemas"),
    );
    let same = created.replace("201", "200");
    assert_eq!(
        lines_after(created, &format!("{created}{same}")),
        Vec::<String>::new()
    );
}

#[test]
fn a_security_scheme_is_declared() {
    assert_one_line(
        &lines_after("  - bearerAuth: []", "  - bearerauth: []"),
        "duvo.yaml#/security/0/bearerauth: the security scheme `bearerauth` is not in `components.securitySchemes`",
    );
}

#[test]
fn a_required_property_is_declared() {
    assert_one_line(
        &lines_after(
            "required: [name, auth_method, server_url]",
            "required: [nmae, auth_method, server_url]",
        ),
        "duvo.yaml#/components/schemas/CustomIntegrationRequest: `required` names `nmae`, which is not in `properties`",
    );
}

#[test]
fn an_enum_of_a_response_is_open() {
    let place = "duvo.yaml#/components/schemas/TransportType: ";
    let open = "x-extensible-enum: [stdio, sse, http]";
    for (replaced, expected) in [
        (
            "enum: [stdio, sse, http]",
            "a response must not have a closed enum; write `x-extensible-enum`",
        ),
        (
            "x-extensible-enum: stdio",
            "`x-extensible-enum` must be a list of strings",
        ),
        (
            "x-extensible-enum: [1, 2]",
            "`x-extensible-enum` must be a list of strings",
        ),
        (
            "x-extensible-enum: [http, HTTP]",
            "two values of `x-extensible-enum` make the same variant",
        ),
        (
            "x-extensible-enum: [unknown]",
            "two values of `x-extensible-enum` make the same variant, or one makes `Unknown`",
        ),
        (
            "x-extensible-enum: [\"1\"]",
            "a value of `x-extensible-enum` does not make the name of a Rust variant",
        ),
    ] {
        assert_one_line(&lines_after(open, replaced), &format!("{place}{expected}"));
    }
    let inline =
        "          description: Name of the integration, as teammates see it in the catalogue.\n";
    assert_one_line(
        &lines_after(
            inline,
            &format!("{inline}          x-extensible-enum: [a]\n"),
        ),
        "duvo.yaml#/components/schemas/CustomIntegrationRequest/properties/name: \
         `x-extensible-enum` works in `components.schemas` only",
    );
}

#[test]
fn a_secret_has_no_rule_that_is_not_enforced() {
    assert_one_line(
        &lines_after(
            "          format: password\n",
            "          format: password\n          maxLength: 9\n",
        ),
        "duvo.yaml#/components/schemas/CustomIntegrationRequest/properties/oauth_client_secret: \
         `maxLength` is not enforced on `format: password`",
    );
}

#[test]
fn several_faults_are_reported_together() {
    let document = DOCUMENT
        .replace("  - bearerAuth: []", "  - bearerauth: []")
        .replace("required: [error]", "required: [eror]")
        .replace("      operationId: createCustomIntegration\n", "");
    assert_eq!(lines(&document).len(), 3);
}

#[test]
fn an_unknown_type_is_named() {
    assert_one_line(
        &lines_after(
            "          type: string\n          minLength: 1",
            "          type: strng\n          minLength: 1",
        ),
        "duvo.yaml#/components/schemas/CustomIntegrationRequest/properties/name: `strng` is no type",
    );
}

#[test]
fn a_path_parameter_is_required() {
    assert_one_line(
        &lines_after(
            "          required: true\n          description: Identifier",
            "          description: Identifier",
        ),
        "duvo.yaml#/paths/~1v2~1teams~1{teamId}~1integrations~1custom/post: \
         the path parameter `teamId` is not `required: true`",
    );
}

#[test]
fn every_operation_schema_and_property_has_a_description() {
    assert_one_line(
        &lines_after(
            "          description: Identifier of the integration.\n",
            "",
        ),
        "duvo.yaml#/components/schemas/Integration/properties/id: the property has no `description`",
    );
    assert_one_line(
        &lines_after("      description: A transport of MCP.\n", ""),
        "duvo.yaml#/components/schemas/TransportType: the schema has no `description`",
    );
    assert_one_line(
        &lines_after("      summary: Register a custom integration (v1)\n", ""),
        "duvo.yaml#/paths/~1v1~1integrations~1custom/post: the operation has no `summary`",
    );
    assert_one_line(
        &lines_after(
            "description: A transport of MCP.",
            "description: \"A transport.\\n\\n    let x;\"",
        ),
        "duvo.yaml#/components/schemas/TransportType: the `description` has a block of code",
    );
}

#[test]
fn a_secret_stands_where_the_generator_sees_it() {
    let components = "  schemas:\n";
    assert_one_line(
        &lines_after(
            components,
            &format!(
                "{components}    Token:\n      description: T.\n      type: string\n      format: password\n"
            ),
        ),
        "duvo.yaml#/components/schemas/Token: `format: password` works on a property only",
    );
    let secret = "          type: string\n          format: password\n          minLength: 1\n";
    for (replaced, expected) in [
        (
            "          type: string\n          format: password\n          minLength: 8\n",
            "of `minLength`, only 1 is enforced",
        ),
        (
            "          type: integer\n          format: password\n",
            "`format: password` is for `type: string`, not `integer`",
        ),
        (
            "          format: password\n",
            "`format: password` has no `type`",
        ),
    ] {
        assert_one_line(
            &lines_after(secret, replaced),
            &format!(
                "duvo.yaml#/components/schemas/CustomIntegrationRequest/properties/oauth_client_secret: {expected}"
            ),
        );
    }
    assert_one_line(
        &lines_after(
            secret,
            "          allOf:\n            - type: string\n              format: password\n",
        ),
        "duvo.yaml#/components/schemas/CustomIntegrationRequest/properties/oauth_client_secret/allOf/0: \
         `format: password` works on a property only",
    );
}

#[test]
fn a_schema_is_sent_or_answered_but_not_both() {
    let lines = lines_after(
        "                $ref: \"#/components/schemas/Integration\"".trim_start(),
        "$ref: \"#/components/schemas/CustomIntegrationRequest\"",
    );
    assert!(
        lines
            .iter()
            .any(|line| line.contains("CustomIntegrationRequest: this is both sent and answered")),
        "{lines:#?}"
    );
}

#[test]
fn names_make_rust_names_of_their_own() {
    assert_one_line(
        &lines(&DOCUMENT.replace("TransportType", "transportType")),
        "duvo.yaml#/components/schemas/transportType: the name of a schema is that of a Rust type; write `TransportType`",
    );
    assert_one_line(
        &lines_after("operationId: createCustomIntegration", "operationId: exec"),
        "duvo.yaml#/paths/~1v2~1teams~1{teamId}~1integrations~1custom/post: the method `exec` is the client's own",
    );
    assert_one_line(
        &lines_after(
            "operationId: createCustomIntegration",
            "operationId: register_custom_integration",
        ),
        "duvo.yaml#/paths/~1v2~1teams~1{teamId}~1integrations~1custom/post: the operationIds",
    );
    let field = "        team_id:\n";
    assert_one_line(
        &lines_after(
            field,
            &format!("        teamId:\n          description: T.\n          type: string\n{field}"),
        ),
        "duvo.yaml#/components/schemas/Integration: the properties `teamId` and `team_id` make the same Rust field",
    );
}

#[test]
fn a_path_and_its_statuses_are_well_formed() {
    assert_one_line(
        &lines_after(
            "  /v1/integrations/custom:\n",
            "  v1/integrations/custom:\n",
        ),
        "duvo.yaml#/paths/v1~1integrations~1custom: a path begins with `/`",
    );
    assert_one_line(
        &lines_after("        \"400\":\n", "        \"4000\":\n"),
        "duvo.yaml#/paths/~1v1~1integrations~1custom/post: `4000` is no status",
    );
}

#[test]
fn the_security_is_the_one_that_the_client_has() {
    assert_one_line(
        &lines_after("      scheme: bearer", "      scheme: basic"),
        "duvo.yaml#/security/0/bearerAuth: the security scheme `bearerAuth` is not `type: http` with `scheme: bearer`",
    );
    assert_one_line(
        &lines_after("security:\n  - bearerAuth: []\n", ""),
        "duvo.yaml: has no `security`",
    );
}

#[test]
fn what_the_generator_does_not_handle_has_its_place_and_no_panic_text() {
    let lines = lines_after(
        "      type: string\n      enum: [url, apikey, headers, oauth]",
        "      type: string\n      enum: [a-b, a_b]",
    );
    assert_one_line(
        &lines,
        "duvo.yaml#/components/schemas/AuthMethod: progenitor cannot generate this",
    );
    assert!(!lines[0].contains("panicked"), "{}", lines[0]);
}

#[test]
fn formats_that_need_another_crate_are_strings() {
    let source = build::generate(&DOCUMENT.replacen(
        "          description: Identifier of the integration.\n          type: string\n",
        "          description: Identifier of the integration.\n          type: string\n          format: uuid\n",
        1,
    ))
    .unwrap();
    assert!(source.contains("pub id: ::std::string::String"));
}

/// The document with this many more operations, each with schemas of its own.
fn grown(operations: usize) -> String {
    let schema = |n| {
        format!(
            "    Extra{n}Thing:\n      description: T.\n      type: object\n      properties:\n        id:\n          \
             description: I.\n          type: string\n"
        )
    };
    let path = |n| {
        format!(
            "  /v2/extra{n}:\n    get:\n      operationId: getExtra{n}\n      summary: S.\n      description: D.\n      \
             responses:\n        \"200\":\n          description: R.\n          content:\n            \
             application/json:\n              schema:\n                $ref: \"#/components/schemas/Extra{n}Thing\"\n"
        )
    };
    let schemas: Vec<_> = (0..operations).map(schema).collect();
    let paths: Vec<_> = (0..operations).map(path).collect();
    let (schemas, paths) = (schemas.concat(), paths.concat());
    DOCUMENT
        .replacen("paths:\n", &format!("paths:\n{paths}"), 1)
        .replacen("  schemas:\n", &format!("  schemas:\n{schemas}"), 1)
}

#[test]
fn more_operations_make_more_methods() {
    let source = build::generate(&grown(3)).unwrap();
    for n in 0..3 {
        assert!(source.contains(&format!("pub async fn get_extra{n}<")));
    }
}

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
fn a_wrong_structure_has_its_line_and_column() {
    let lines = lines_after("      tags: [Integrations]", "      tags: Integrations");
    assert_one_line(&lines, "duvo.yaml:");
    assert!(lines[0].contains("expected a sequence"), "{}", lines[0]);
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
fn what_the_generator_does_not_handle_is_told_without_a_panic() {
    assert_one_line(
        &lines_after(
            "          required: true\n          description: Identifier",
            "          description: Identifier",
        ),
        "duvo.yaml: the generator does not handle something in it: assertion failed",
    );
}

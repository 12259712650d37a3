//! What `cargo xtask check` derives from the generated source, without compiling the crate.

use duvo_codegen::{Settings, generate};
use xtask::check::summary::{self, Change};
use xtask::check::surface::Surface;
use xtask::version::Impact::{self, Addition, Breaking, Nothing};
use xtask::{DOCUMENT, root};

fn document() -> String {
    std::fs::read_to_string(root().join(DOCUMENT)).unwrap()
}

fn surface(document: &str) -> Surface {
    let generated = generate(document, &Settings::default());
    let generated = generated.unwrap_or_else(|report| panic!("{}", report.to_text("x", document)));
    Surface::parse(&generated.types, &generated.operations, &generated.mock).unwrap()
}

/// Replaces the first occurrence of a text after an anchor.
fn edit(document: &str, anchor: &str, from: &str, to: &str) -> String {
    let anchor = document.find(anchor).expect(anchor);
    let (before, after) = document.split_at(anchor);
    assert!(after.contains(from), "{from}");
    format!("{before}{}", after.replacen(from, to, 1))
}

/// Asserts the changes of an edit, with their impact on users of the crate.
#[track_caller]
fn assert_changes(anchor: &str, from: &str, to: &str, expected: &[(Impact, &str)]) {
    let document = document();
    let edited = edit(&document, anchor, from, to);
    let changes = summary::changes(&surface(&document), &surface(&edited));
    let line = |change: &Change| (change.impact, change.text.clone());
    let changes: Vec<_> = changes.iter().map(line).collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(impact, text)| (*impact, (*text).to_owned()))
        .collect();
    assert_eq!(changes, expected, "\n{changes:#?}");
}

const INTEGRATION: &str = "    Integration:\n";
const REQUEST: &str = "    CustomIntegrationRequest:\n";
const LISTING: &str = "  /v2/teams/{teamId}/integrations:\n";

#[test]
fn unchanged_document_has_no_changes() {
    assert_changes(INTEGRATION, "provider:\n", "provider:\n", &[]);
}

#[test]
fn changed_description_is_no_change() {
    assert_changes(INTEGRATION, "Provider of the", "The provider of the", &[]);
}

#[test]
fn nullable_response_property() {
    assert_changes(
        INTEGRATION,
        "provider:\n",
        "provider:\n          nullable: true\n",
        &[(
            Breaking,
            "`Integration.provider`: String → Option<String>, response of 3 operations",
        )],
    );
}

#[test]
fn removed_response_property() {
    assert_changes(
        INTEGRATION,
        "        icon_url:\n          description: URL of the integration's icon.\n          type: string\n          nullable: true\n",
        "",
        &[(
            Breaking,
            "removed `Integration.icon_url`: Option<String>, response of 3 operations",
        )],
    );
}

#[test]
fn response_property_with_another_name_is_renamed() {
    assert_changes(
        INTEGRATION,
        "        icon_url:\n",
        "        logo_url:\n",
        &[(
            Breaking,
            "renamed `Integration.icon_url` to `Integration.logo_url`: Option<String>, response of 3 operations",
        )],
    );
}

#[test]
fn property_with_another_name_and_another_description_is_another_property() {
    assert_changes(
        INTEGRATION,
        "        icon_url:\n          description: URL of the integration's icon.\n",
        "        logo_url:\n          description: URL of the logo.\n",
        &[
            (
                Breaking,
                "removed `Integration.icon_url`: Option<String>, response of 3 operations",
            ),
            (
                Addition,
                "added `Integration.logo_url`: Option<String>, response of 3 operations",
            ),
        ],
    );
}

#[test]
fn renamed_type() {
    let document = document();
    let edited = document
        .replace("    TransportType:\n", "    Transport:\n")
        .replace("schemas/TransportType\"", "schemas/Transport\"");
    let changes = summary::changes(&surface(&document), &surface(&edited));
    let texts: Vec<_> = changes.iter().map(|change| change.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "renamed type `TransportType` to `Transport`, response of 3 operations",
            "`Integration.transport_type`: Option<TransportType> → Option<Transport>, response of 3 operations",
        ]
    );
}

#[test]
fn response_property_renamed_in_json_only() {
    assert_changes(
        INTEGRATION,
        "        icon_url:\n",
        "        iconUrl:\n",
        &[(
            Nothing,
            "`Integration.icon_url`: `icon_url` → `iconUrl` in JSON, response of 3 operations",
        )],
    );
}

#[test]
fn added_response_property() {
    assert_changes(
        INTEGRATION,
        "        icon_url:\n",
        "        region:\n          description: Region.\n          type: integer\n        icon_url:\n",
        &[(
            Addition,
            "added `Integration.region`: Option<i64>, response of 3 operations",
        )],
    );
}

#[test]
fn added_value_of_a_closed_enum() {
    assert_changes(
        "    AuthMethod:\n",
        "headers, oauth]",
        "headers, oauth, mtls]",
        &[(
            Breaking,
            "added `AuthMethod::Mtls`, `mtls` in JSON, request of 2 operations",
        )],
    );
}

#[test]
fn added_value_of_an_open_enum() {
    assert_changes(
        "    TransportType:\n",
        "sse, http]",
        "sse, http, websocket]",
        &[(
            Addition,
            "added `TransportType::Websocket`, response of 3 operations",
        )],
    );
}

#[test]
fn added_required_request_property() {
    assert_changes(
        REQUEST,
        "required: [name, auth_method, server_url]\n      properties:\n",
        "required: [name, auth_method, server_url, region]\n      properties:\n        region:\n          description: Region.\n          type: string\n",
        &[
            (
                Nothing,
                "added `CustomIntegrationRequest.region`: String, request of 2 operations",
            ),
            (
                Addition,
                "added `Call<RegisterCustomIntegration>::region` of the mock server",
            ),
            (
                Addition,
                "added `Call<RegisterCustomIntegrationV1>::region` of the mock server",
            ),
            (
                Addition,
                "added `Mock<RegisterCustomIntegration>::with_region` of the mock server",
            ),
            (
                Addition,
                "added `Mock<RegisterCustomIntegrationV1>::with_region` of the mock server",
            ),
        ],
    );
}

#[test]
fn changed_validation_of_a_request_property() {
    assert_changes(
        REQUEST,
        "minLength: 1\n",
        "minLength: 2\n",
        &[(
            Nothing,
            "changed validation of `CustomIntegrationRequestName`, request of 2 operations",
        )],
    );
}

#[test]
fn changed_path() {
    assert_changes(
        "",
        LISTING,
        "  /v3/teams/{teamId}/integrations:\n",
        &[(
            Nothing,
            "operation `list_integrations`: GET /v2/teams/{teamId}/integrations (safe) → GET /v3/teams/{teamId}/integrations (safe)",
        )],
    );
}

#[test]
fn added_query_parameter() {
    assert_changes(
        LISTING,
        "        - name: limit\n",
        "        - name: cursor\n          in: query\n          description: Cursor.\n          schema:\n            type: string\n        - name: limit\n",
        &[
            (
                Nothing,
                "added parameter `cursor` of `list_integrations`: Option<&'a str>",
            ),
            (
                Addition,
                "added `Call<ListIntegrations>::cursor` of the mock server",
            ),
            (
                Addition,
                "added `Mock<ListIntegrations>::with_cursor` of the mock server",
            ),
            (
                Addition,
                "added `Mock<ListIntegrations>::without_cursor` of the mock server",
            ),
        ],
    );
}

#[test]
fn added_error_status() {
    assert_changes(
        LISTING,
        "        \"429\":\n",
        "        \"404\":\n          $ref: \"#/components/responses/NotFound\"\n        \"429\":\n",
        &[(
            Addition,
            "added `Responses<ListIntegrations>::not_found` of the mock server",
        )],
    );
}

#[test]
fn added_response_header() {
    assert_changes(
        "    Integrations:\n",
        "      headers:\n",
        "      headers:\n        x-region:\n          description: Region.\n          schema:\n            type: string\n",
        &[],
    );
}

#[test]
fn added_operation() {
    assert_changes(
        "",
        LISTING,
        "  /v2/teams/{teamId}:\n    get:\n      operationId: getTeam\n      summary: Return a team\n      description: Returns a team.\n      parameters:\n        - name: teamId\n          in: path\n          required: true\n          description: Identifier of the team.\n          schema:\n            type: string\n          example: team_01hzx3f8q2\n      responses:\n        \"200\":\n          $ref: \"#/components/responses/Integrations\"\n  /v2/teams/{teamId}/integrations:\n",
        &[(
            Addition,
            "added operation `get_team`: GET /v2/teams/{teamId} (safe)",
        )],
    );
}

#[test]
fn renamed_operation() {
    assert_changes(
        "",
        "operationId: listTeams",
        "operationId: getTeams",
        &[(
            Breaking,
            "renamed operation `list_teams` to `get_teams`: GET /v2/teams (safe)",
        )],
    );
}

#[test]
fn removed_operation() {
    assert_changes(
        "",
        "  /v2/teams:\n    get:\n",
        "  /v2/teams:\n    x-get:\n",
        &[
            (
                Breaking,
                "removed operation `list_teams`: GET /v2/teams (safe)",
            ),
            (Breaking, "removed `TeamPage::example` of the mock server"),
            (Breaking, "removed `examples::no_team` of the mock server"),
            (
                Breaking,
                "removed `examples::several_teams` of the mock server",
            ),
            (Breaking, "removed `examples::team_page` of the mock server"),
        ],
    );
}

#[test]
fn changed_example() {
    assert_changes(
        "",
        "        provider: mcp\n",
        "        provider: other\n",
        &[(Nothing, "changed value of the example `url_integration`")],
    );
}

#[test]
fn safe_operation() {
    assert_changes(
        "  /v2/teams/{teamId}/connections/mcp/probe:",
        "      x-safe: true\n",
        "",
        &[(
            Nothing,
            "operation `probe_mcp_server`: POST /v2/teams/{teamId}/connections/mcp/probe (safe) → POST /v2/teams/{teamId}/connections/mcp/probe",
        )],
    );
}

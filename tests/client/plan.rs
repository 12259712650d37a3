//! Comparing a catalogue with a list.

use duvo::mock::Fault;
use duvo::{
    Auth, AuthMethod, CustomIntegration, Decision, ErrorKind, Integration, IntegrationPage, Plan,
    PlanCounts, Undecidable,
};
use duvo_test_support::mock_server::Provisioning;
use serde_json::{Value, json};

const URL: &str = "https://mcp.example.com/";

/// What the tests do with a server.
trait Planning {
    fn add(&self, name: &str, path: &str, method: AuthMethod) -> Integration;
    async fn plan(&self, wanted: &[CustomIntegration]) -> Plan;
}

impl Planning for Provisioning {
    fn add(&self, name: &str, path: &str, method: AuthMethod) -> Integration {
        self.catalogue
            .add_custom(name, format!("{URL}{path}"), method)
    }

    async fn plan(&self, wanted: &[CustomIntegration]) -> Plan {
        self.team.plan(wanted).await.unwrap()
    }
}

fn wanted(name: &str, path: &str, auth: Auth) -> CustomIntegration {
    CustomIntegration::new(name, format!("{URL}{path}"), auth).unwrap()
}

/// Returns a catalogue and a list with every kind of finding.
fn everything() -> (Provisioning, Vec<CustomIntegration>) {
    let setup = Provisioning::start();
    setup.add("Wiki", "wiki", AuthMethod::Url);
    setup.add("Wiki", "wiki", AuthMethod::Url);
    setup.add("Price list", "prices", AuthMethod::Url);
    setup.add("Old CRM", "old?token=hunter2", AuthMethod::Url);
    setup.add("Quarterly rep", "reports", AuthMethod::Url);
    let mut broken = setup.add("Tickets", "tickets", AuthMethod::OAuth);
    broken.id += "-broken";
    broken.custom_integration_id = Some(broken.id.clone());
    broken.name = String::from("Calendar");
    broken.server_url = Some(format!("{URL}calendar"));
    broken.broken_at = Some(broken.created_at);
    broken.broken_reason = Some("The MCP server\nis unreachable".to_owned());
    setup.catalogue.add(broken);
    setup
        .catalogue
        .add(IntegrationPage::example().integrations.remove(0));
    let wanted = vec![
        wanted("Internal CRM", "crm?token=hunter2", Auth::oauth()),
        wanted("Wiki", "wiki", Auth::Url),
        wanted("Price list", "price-list", Auth::ApiKey),
        wanted("Quarterly reports", "reports", Auth::Url),
        wanted("Tickets", "tickets", Auth::oauth()),
        wanted("Calendar", "calendar", Auth::oauth()),
    ];
    (setup, wanted)
}

#[tokio::test]
async fn plan_takes_one_listing_and_changes_nothing() {
    let (setup, wanted) = everything();
    let before = setup.catalogue.integrations();
    let plan = setup.plan(&wanted).await;
    assert_eq!(setup.server.requests().len(), 1);
    assert_eq!(setup.server.requests()[0].method(), "GET");
    assert_eq!(setup.catalogue.integrations(), before);
    assert!(!plan.is_empty());
    assert!(!plan.is_converged());
}

#[tokio::test]
async fn decisions_are_in_the_order_of_the_list() {
    let (setup, wanted) = everything();
    let plan = setup.plan(&wanted).await;
    let decisions: Vec<_> = plan
        .integrations()
        .iter()
        .map(|planned| (planned.integration.name(), planned.decision.as_str()))
        .collect();
    assert_eq!(
        decisions,
        [
            ("Internal CRM", "create"),
            ("Wiki", "unchanged"),
            ("Price list", "differs"),
            ("Quarterly reports", "undecidable"),
            ("Tickets", "unchanged"),
            ("Calendar", "unchanged"),
        ]
    );
    let Decision::Differs { differences, .. } = &plan.integrations()[2].decision else {
        panic!("{plan}");
    };
    let differences: Vec<_> = differences
        .iter()
        .map(|value| (value.field, value.stored.as_str(), value.requested.as_str()))
        .collect();
    assert_eq!(
        differences,
        [
            (
                "server_url",
                "https://mcp.example.com/prices",
                "https://mcp.example.com/price-list"
            ),
            ("auth_method", "url", "apikey"),
        ]
    );
    let names = |integrations: &[Integration]| -> Vec<String> {
        let names = integrations.iter().map(|found| found.name.clone());
        names.collect()
    };
    assert_eq!(names(plan.unwanted()), ["Old CRM"]);
    assert_eq!(names(plan.broken()), ["Calendar"]);
    assert_eq!(names(&plan.integrations()[1].duplicates), ["Wiki"]);
}

#[tokio::test]
async fn counts_follow_from_the_settings() {
    let (setup, wanted) = everything();
    let plan = setup.plan(&wanted).await;
    let numbers = |counts: PlanCounts| {
        [
            counts.create,
            counts.replace,
            counts.delete,
            counts.unchanged,
            counts.differs,
            counts.undecidable,
            counts.duplicates,
            counts.unwanted,
            counts.broken,
            counts.unreadable,
        ]
    };
    assert_eq!(numbers(plan.counts()), [1, 0, 0, 3, 1, 1, 1, 1, 1, 0]);
    let plan = plan.replace(true).prune(true).remove_duplicates(true);
    assert_eq!(numbers(plan.counts()), [1, 1, 2, 3, 1, 1, 1, 1, 1, 0]);
    let changes: Vec<_> = plan
        .changes()
        .map(|change| format!("{} {}", change.as_str(), change.name()))
        .collect();
    assert_eq!(
        changes,
        [
            "create Internal CRM",
            "replace Price list",
            "delete_duplicate Wiki",
            "delete_unwanted Old CRM",
        ]
    );
}

#[tokio::test]
async fn plan_is_printed_aligned_and_without_secrets() {
    let (setup, wanted) = everything();
    let plan = setup.plan(&wanted).await;
    let ids: Vec<_> = setup.catalogue.integrations();
    let id = |index: usize| ids[index].custom_integration_id.clone().unwrap();
    let at = |index: usize| ids[index].created_at;
    let expected = format!(
        "\
Team team_01hzx3f8q2:

  + Internal CRM       https://mcp.example.com/crm?[redacted] (oauth)
  ~ Price list         server_url: \"https://mcp.example.com/prices\" → \"https://mcp.example.com/price-list\", auth_method: \"url\" → \"apikey\"; not replaced
  ? Quarterly reports  may be \"Quarterly rep\", https://mcp.example.com/reports, created {}, id {}, if the API truncated the name; shorten the name
  ! Wiki               duplicate, https://mcp.example.com/wiki, created {}, id {}; not deleted
  ! Old CRM            not wanted, https://mcp.example.com/old?[redacted], created {}, id {}; not deleted
  ! Calendar           reported as broken since {}: The MCP server is unreachable; fix its server, or delete it and register it again

Plan: 1 to create; 3 unchanged, 1 different, 1 undecidable.",
        at(4),
        id(4),
        at(1),
        id(1),
        at(3),
        id(3),
        at(5),
    );
    assert_eq!(plan.to_string(), expected);

    let plan = plan.replace(true).prune(true).remove_duplicates(true);
    let text = plan.to_string();
    let lost = "the connections that teammates created from it are lost";
    for line in ["  -/+ Price list ", "  -   Wiki ", "  -   Old CRM "] {
        let line = text.lines().find(|found| found.starts_with(line));
        assert!(line.is_some_and(|line| line.ends_with(lost)), "{text}");
    }
    assert!(
        text.ends_with("Plan: 1 to create, 1 to replace, 2 to delete; 3 unchanged, 1 undecidable."),
        "{text}"
    );
}

#[tokio::test]
async fn converged_plan_is_one_line() {
    let setup = Provisioning::start();
    setup.add("Wiki", "wiki", AuthMethod::Url);
    let plan = setup.plan(&[wanted("Wiki", "wiki", Auth::Url)]).await;
    assert!(plan.is_empty());
    assert!(plan.is_converged());
    assert_eq!(
        plan.to_string(),
        "Team team_01hzx3f8q2:\n\nNothing to change: 1 unchanged."
    );
}

#[tokio::test]
async fn plan_serializes_in_its_documented_form() {
    let setup = Provisioning::start();
    let existing = setup.add("Price list", "prices?token=hunter2", AuthMethod::Url);
    let unwanted = setup.add("Old", "old", AuthMethod::Url);
    let list = [
        wanted("Internal CRM", "crm", Auth::oauth()),
        wanted("Price list", "price-list", Auth::Url),
    ];
    let plan = setup.plan(&list).await.prune(true);
    assert_eq!(
        serde_json::to_value(&plan).unwrap(),
        json!({
            "team": "team_01hzx3f8q2",
            "converged": false,
            "settings": {"replace": false, "prune": true, "remove_duplicates": false},
            "counts": {
                "create": 1, "unchanged": 0, "differs": 1, "undecidable": 0, "replace": 0,
                "delete": 1, "duplicates": 0, "unwanted": 1, "broken": 0, "will_not_work": 0,
                "unreadable": 0,
            },
            "integrations": [
                {
                    "name": "Internal CRM",
                    "server_url": "https://mcp.example.com/crm",
                    "auth_method": "oauth",
                    "decision": "create",
                    "action": "create",
                },
                {
                    "name": "Price list",
                    "server_url": "https://mcp.example.com/price-list",
                    "auth_method": "url",
                    "decision": "differs",
                    "action": null,
                    "existing": summary(&existing, "https://mcp.example.com/prices?[redacted]"),
                    "differences": [{
                        "field": "server_url",
                        "requested": "https://mcp.example.com/price-list",
                        "stored": "https://mcp.example.com/prices?[redacted]",
                    }],
                    "stored_differently": [{
                        "field": "server_url",
                        "requested": "https://mcp.example.com/price-list",
                        "stored": "https://mcp.example.com/prices?[redacted]",
                    }],
                },
            ],
            "unwanted": [{
                "id": unwanted.id,
                "name": "Old",
                "created_at": unwanted.created_at,
                "custom_integration_id": unwanted.custom_integration_id,
                "server_url": "https://mcp.example.com/old",
                "auth_method": "url",
                "action": "delete",
            }],
            "broken": [],
            "unreadable": [],
        })
    );
}

fn summary(integration: &Integration, server_url: &str) -> Value {
    json!({
        "id": integration.id,
        "name": integration.name,
        "created_at": integration.created_at,
        "custom_integration_id": integration.custom_integration_id,
        "server_url": server_url,
        "auth_method": integration.auth_method,
    })
}

#[tokio::test]
async fn equal_names_in_a_list_are_an_error_before_any_request() {
    let setup = Provisioning::start();
    let list = [
        wanted("Internal CRM", "crm", Auth::Url),
        wanted("Wiki", "wiki", Auth::Url),
        wanted(" internal  crm", "other", Auth::oauth()),
        wanted("WIKI", "wiki", Auth::Url),
    ];
    let error = setup.team.plan(&list).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let fields: Vec<_> = error
        .invalid_fields()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(fields.len(), 2);
    assert!(
        fields[0].starts_with("`name` of integration 3"),
        "{}",
        fields[0]
    );
    assert!(fields[0].contains("integration 1"), "{}", fields[0]);
    assert!(
        fields[1].starts_with("`name` of integration 4"),
        "{}",
        fields[1]
    );
    assert!(setup.server.requests().is_empty());
}

#[tokio::test]
async fn equal_idempotency_keys_in_a_list_are_an_error_before_any_request() {
    let setup = Provisioning::start();
    let keyed = |name| {
        let integration = wanted(name, "crm", Auth::Url);
        integration.with_idempotency_key("key").unwrap()
    };
    let error = setup
        .team
        .plan(&[keyed("A"), keyed("B")])
        .await
        .unwrap_err();
    assert_eq!(error.invalid_fields()[0].field(), "Idempotency-Key");
    assert!(setup.server.requests().is_empty());
}

#[tokio::test]
async fn wanted_integration_is_not_a_truncated_form_of_another_one() {
    let setup = Provisioning::start();
    setup.add("CRM", "crm", AuthMethod::Url);
    let list = [
        wanted("CRM v2", "crm", Auth::Url),
        wanted("CRM", "crm", Auth::Url),
    ];
    let plan = setup.plan(&list).await;
    assert!(matches!(plan.integrations()[0].decision, Decision::Create));
    let alone = setup.plan(&list[..1]).await;
    assert!(matches!(
        alone.integrations()[0].decision,
        Decision::Undecidable {
            reason: Undecidable::TruncatedName { .. }
        }
    ));
    assert!(
        alone.unwanted().is_empty(),
        "a possible match is not unwanted"
    );
}

#[tokio::test]
async fn unreadable_record_makes_only_its_name_undecidable() {
    let setup = Provisioning::start();
    setup.add("Wiki", "wiki", AuthMethod::Url);
    setup.add("Internal CRM", "crm", AuthMethod::Url);
    setup
        .catalogue
        .next_listing(Fault::changed(|mut page: Value| {
            page["integrations"][1]["provider"] = Value::Null;
            duvo::mock::Response::json(200, &page)
        }));
    let list = [
        wanted("Internal CRM", "crm", Auth::Url),
        wanted("Wiki", "wiki", Auth::Url),
        wanted("Price list", "price-list", Auth::Url),
    ];
    let plan = setup.plan(&list).await;
    let decisions: Vec<_> = plan
        .integrations()
        .iter()
        .map(|planned| planned.decision.as_str())
        .collect();
    assert_eq!(decisions, ["undecidable", "unchanged", "create"]);
    assert_eq!(plan.unreadable().count(), 1);
    let text = plan.to_string();
    assert!(text.contains("may be record 1 of the catalogue"), "{text}");
    assert!(text.contains("provider"), "{text}");
}

#[tokio::test]
async fn integrations_of_other_teams_and_built_in_ones_are_never_unwanted() {
    let setup = Provisioning::start();
    let mut other = setup.add("Other", "other", AuthMethod::Url);
    let mut page = IntegrationPage::example();
    other.team_id = "team_other".to_owned();
    page.integrations = vec![IntegrationPage::example().integrations.remove(0), other];
    page.integrations[0].custom_integration_id = None;
    (page.total, page.offset) = (2, 0);
    setup
        .server
        .list_integrations()
        .respond(move |then| then.integrations(page));
    let plan = setup.plan(&[]).await.prune(true);
    assert!(plan.unwanted().is_empty());
    assert!(plan.is_empty());
}

#[tokio::test]
async fn plan_is_not_made_from_an_incomplete_listing() {
    let setup = Provisioning::start();
    setup
        .catalogue
        .next_listing(Fault::rejected(duvo::mock::Response::new(403)));
    let error = setup.team.plan(&[]).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 403);
    setup
        .catalogue
        .next_listing(Fault::changed(|mut page: Value| {
            page["total"] = json!(7);
            page["integrations"] = json!([]);
            duvo::mock::Response::json(200, &page)
        }));
    let error = setup.team.plan(&[]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
    assert_eq!(error.delivery(), duvo::Delivery::NotSent);
}

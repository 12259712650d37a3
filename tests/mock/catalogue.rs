//! The catalogue of a mock server.

use std::time::Duration;

use duvo::mock::Server;
use duvo::{AuthMethod, Integration, IntegrationPage, RetryPolicy, Team};
use serde_json::{Value, json};

use super::{integration, register, start};

fn team(server: &Server) -> Team {
    server.client().unwrap().team("team_1")
}

/// Sends a request without the client, and returns the status and the JSON body.
async fn send(server: &Server, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request =
        reqwest::Client::new().request(method.parse().unwrap(), format!("{}{path}", server.url()));
    let response = request.body(body.to_string()).send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap())
}

fn names(integrations: &[Integration]) -> Vec<&str> {
    integrations.iter().map(|found| &*found.name).collect()
}

#[tokio::test]
async fn registered_integration_is_listed() {
    let server = start();
    let catalogue = server.catalogue();
    let team = team(&server);
    assert!(team.integrations().all().await.unwrap().is_empty());
    let created = team.register_custom_integration(&integration("CRM")).await;
    let created = created.unwrap();
    assert_eq!(created.status(), 201);
    assert_eq!(
        serde_json::to_value(&*created).unwrap(),
        json!({
            "id": "00000000-0000-4000-8000-000000000001",
            "name": "CRM",
            "type": "custom",
            "provider": "mcp",
            "team_id": "team_1",
            "created_at": "2026-08-03T09:16:03Z",
            "updated_at": "2026-08-03T09:16:03Z",
            "server_url": "https://mcp.example.com/crm",
            "transport_type": "http",
            "auth_method": "url",
            "custom_integration_id": "00000000-0000-4000-9000-000000000001",
            "has_headers": false,
            "has_oauth_tokens": false,
            "shared": true,
            "created_by": "user_01hzx2c7me",
        })
    );
    let listed = team.integrations().all().await.unwrap();
    assert_eq!(*listed, [created.into_inner()]);
    assert_eq!(catalogue.integrations(), *listed);
}

#[tokio::test]
async fn added_integrations_are_listed_before_later_registrations() {
    let server = start();
    let catalogue = server.catalogue();
    catalogue.set_team_id("team_1");
    for mut existing in IntegrationPage::example().integrations {
        existing.team_id = "team_1".to_owned();
        existing.created_at = serde_json::from_value("2030-01-01T00:00:00Z".into()).unwrap();
        catalogue.add(existing);
    }
    let added = catalogue.add_custom("Files", "https://mcp.example.com", AuthMethod::OAuth);
    assert_eq!(added.auth_method.as_deref(), Some("oauth"));
    assert_eq!(added.created_at.to_string(), "2030-01-01T00:00:01Z");
    let team = team(&server);
    let created = team.register_custom_integration(&integration("CRM")).await;
    let created = created.unwrap();
    assert_eq!(created.created_at.to_string(), "2030-01-01T00:00:02Z");
    assert_ne!(created.id, added.id);
    assert_ne!(created.custom_integration_id, added.custom_integration_id);
    let listed = team.integrations().all().await.unwrap();
    assert_eq!(names(&listed), ["Slack", "Internal CRM", "Files", "CRM"]);
}

#[tokio::test]
async fn listing_has_only_integrations_of_its_team() {
    let server = start();
    let catalogue = server.catalogue();
    catalogue.add(Integration::example());
    let client = server.client().unwrap();
    register(&client, "team_1", "CRM").await.unwrap();
    register(&client, "team_2", "Files").await.unwrap();
    for (team, expected) in [
        ("team_01hzx3f8q2", vec!["Price list"]),
        ("team_1", vec!["CRM"]),
        ("team_2", vec!["Files"]),
        ("team_3", vec![]),
    ] {
        let listed = client.team(team).integrations().all().await.unwrap();
        assert_eq!(names(&listed), expected, "{team}");
    }
    assert_eq!(catalogue.integrations().len(), 3);
}

#[tokio::test]
async fn listing_has_pages_and_filters_by_type() {
    let server = start();
    let catalogue = server.catalogue();
    for integration in IntegrationPage::example().integrations {
        catalogue.add(integration);
    }
    for number in 1..=3 {
        catalogue.add_custom(
            format!("Other {number}"),
            "https://mcp.example.com",
            AuthMethod::Url,
        );
    }
    let list = server
        .client()
        .unwrap()
        .team(catalogue.team_id())
        .integrations();
    let page = list.clone().limit(2).offset(1).page().await.unwrap();
    assert_eq!(names(&page.integrations), ["Internal CRM", "Other 1"]);
    assert_eq!((page.total, page.limit, page.offset), (5, 2, 1));
    let page = list.clone().integration_type("slack").page().await.unwrap();
    assert_eq!(names(&page.integrations), ["Slack"]);
    assert_eq!((page.total, page.limit, page.offset), (1, 100, 0));
    let page = list.clone().offset(u64::MAX).page().await.unwrap();
    assert!(page.integrations.is_empty());
    assert_eq!(page.total, 5);
    assert_eq!(list.limit(2).all().await.unwrap().len(), 5);
}

#[tokio::test]
async fn deleted_integration_is_no_longer_listed() {
    let server = start();
    let catalogue = server.catalogue();
    let id = |integration: &Integration| integration.custom_integration_id.clone().unwrap();
    let first = catalogue.add_custom("CRM", "https://mcp.example.com", AuthMethod::Url);
    let second = catalogue.add_custom("CRM", "https://mcp.example.com", AuthMethod::Url);
    let client = server.client().unwrap();
    let deleted = client.delete_custom_integration(&id(&first)).await.unwrap();
    assert!(deleted.into_inner().unwrap().success);
    assert_eq!(catalogue.integrations(), [second]);
    let error = client.delete_custom_integration(&id(&first)).await;
    let error = error.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.api_message(), Some("Custom integration not found"));
}

#[tokio::test]
async fn registration_that_is_not_as_documented_receives_400() {
    let server = start();
    let catalogue = server.catalogue();
    for (changes, message) in [
        (json!({"name": null}), "at `name`: invalid type: null"),
        (json!({"name": ""}), "at `name`: shorter than 1 characters"),
        (
            json!({"auth_method": "basic"}),
            "at `auth_method`: unknown variant",
        ),
        (
            json!({"server_url": "crm"}),
            "server_url must match format \"uri\"",
        ),
        (json!({"oauth_client_id": null}), "both oauth_client_id and"),
        (
            json!({"oauth_client_secret": null}),
            "both oauth_client_id and",
        ),
        (
            json!({"oauth_client_id": ""}),
            "at `oauth_client_id`: shorter",
        ),
        (
            json!({"oauth_client_secret": ""}),
            "oauth_client_secret must not be",
        ),
        (
            json!({"auth_method": "url"}),
            "requires the auth method oauth",
        ),
    ] {
        let mut body = json!({
            "name": "CRM",
            "auth_method": "oauth",
            "server_url": "https://mcp.example.com",
            "oauth_client_id": "duvo-crm",
            "oauth_client_secret": "hunter2",
        });
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        let path = "/v2/teams/team_1/integrations/custom";
        let (status, error) = send(&server, "POST", path, &body).await;
        assert_eq!(status, 400, "{body}");
        assert_eq!(error["error"], "Bad Request");
        let found = error["message"].as_str().unwrap();
        assert!(found.contains(message), "{found}");
    }
    assert!(catalogue.integrations().is_empty());
}

#[tokio::test]
async fn limit_and_offset_that_are_not_as_documented_receive_400() {
    let server = start();
    server.catalogue();
    for query in ["limit=0", "limit=101", "limit=all", "offset=-1"] {
        let path = format!("/v2/teams/team_1/integrations?{query}");
        let (status, error) = send(&server, "GET", &path, &Value::Null).await;
        assert_eq!(status, 400, "{query}");
        assert_eq!(error["error"], "Bad Request");
    }
}

#[tokio::test]
async fn version_1_registers_for_the_team_of_the_api_key() {
    let server = start();
    let catalogue = server.catalogue();
    catalogue.set_team_id("team_1");
    let body = json!({
        "name": "CRM",
        "auth_method": "url",
        "server_url": "https://mcp.example.com",
    });
    let (status, created) = send(&server, "POST", "/v1/integrations/custom", &body).await;
    assert_eq!(status, 201);
    assert_eq!(created["team_id"], "team_1");
    assert_eq!(created.get("composio_mcp_id"), Some(&Value::Null));
    let listed = team(&server).integrations().all().await.unwrap();
    assert_eq!(names(&listed), ["CRM"]);
}

#[tokio::test]
async fn exhausted_rate_limit_receives_429_until_its_reset() {
    let server = start();
    let catalogue = server.catalogue();
    catalogue.set_rate_limit(2, Duration::from_secs(3600));
    // Each client is unaware of the requests of the others.
    let policy = RetryPolicy::never().with_max_retry_after(Duration::ZERO);
    let team = || {
        let builder = server.client_builder().retry_policy(policy.clone());
        builder.build().unwrap().team("team_1")
    };
    for remaining in ["1", "0"] {
        let created = team()
            .register_custom_integration(&integration("CRM"))
            .await;
        let created = created.unwrap();
        let headers = created.headers();
        assert_eq!(headers["x-ratelimit-limit"], "2");
        assert_eq!(headers["x-ratelimit-remaining"], remaining);
        assert!(headers.contains_key("x-ratelimit-reset"));
        assert!(headers.contains_key("date"));
    }
    let error = team()
        .register_custom_integration(&integration("CRM"))
        .await;
    let error = error.unwrap_err();
    assert_eq!(error.status().unwrap(), 429);
    assert_eq!(error.api_code(), Some("rate_limited"));
    assert_eq!(error.api_message(), Some("More than 2 requests in 3600s"));
    let delay = error.retry_after().unwrap();
    assert!((3_590..=3_600).contains(&delay.as_secs()), "{delay:?}");
    assert_eq!(error.headers().unwrap()["x-ratelimit-remaining"], "0");
    let error = team().integrations().page().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 429);
    assert_eq!(catalogue.integrations().len(), 2);
    // The limit is that of an API key.
    let other = server.client_builder().api_key("another").build().unwrap();
    let listed = other.team("team_1").integrations().all().await.unwrap();
    assert_eq!(listed.len(), 2);
}

#[tokio::test]
async fn responses_have_distinct_request_ids() {
    let server = start();
    server.catalogue();
    let team = team(&server);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let created = team.register_custom_integration(&integration("CRM")).await;
        ids.push(created.unwrap().request_id().unwrap().to_owned());
        let page = team.integrations().page().await.unwrap();
        ids.push(page.request_id().unwrap().to_owned());
    }
    assert_eq!(
        ids,
        ["req_000000", "req_000001", "req_000002", "req_000003"]
    );
}

#[tokio::test]
async fn stored_form_differs_from_the_registration() {
    let server = start();
    let catalogue = server.catalogue();
    let handle = catalogue.clone();
    catalogue.set_stored_form(move |stored| {
        // The function can use the catalogue.
        stored.name = format!("{} {}", stored.name.trim(), handle.integrations().len());
        stored.has_headers = Some(true);
    });
    let team = team(&server);
    for name in ["CRM 0", "CRM 1"] {
        let created = team
            .register_custom_integration(&integration(" CRM "))
            .await;
        assert_eq!(created.unwrap().name, name);
    }
    let listed = team.integrations().all().await.unwrap();
    assert_eq!(names(&listed), ["CRM 0", "CRM 1"]);
    assert_eq!(listed[0].has_headers, Some(true));
}

#[tokio::test]
async fn idempotency_key_has_an_effect_only_if_it_is_honored() {
    let server = start();
    let catalogue = server.catalogue();
    let team = team(&server);
    let crm = integration("CRM").with_idempotency_key("key-1").unwrap();
    let first = team.register_custom_integration(&crm).await.unwrap();
    let second = team.register_custom_integration(&crm).await.unwrap();
    assert_ne!(first.id, second.id);
    catalogue.set_honors_idempotency_key(true);
    let third = team.register_custom_integration(&crm).await.unwrap();
    assert_eq!(third.status(), 201);
    assert_eq!(*third, *second);
    let other = crm.clone().with_idempotency_key("key-2").unwrap();
    let fourth = team.register_custom_integration(&other).await.unwrap();
    assert_ne!(fourth.id, second.id);
    assert_eq!(catalogue.integrations().len(), 3);
}

#[tokio::test]
async fn concurrent_registrations_take_effect_one_after_another() {
    let server = start();
    let catalogue = server.catalogue();
    catalogue.set_honors_idempotency_key(true);
    let crm = integration("CRM").with_idempotency_key("key-1").unwrap();
    let team = team(&server);
    let calls = (0..16).map(|_| team.register_custom_integration(&crm));
    for created in futures_util::future::join_all(calls).await {
        assert_eq!(created.unwrap().id, "00000000-0000-4000-8000-000000000001");
    }
    assert_eq!(catalogue.integrations().len(), 1);
}

#[tokio::test]
async fn later_mock_takes_precedence() {
    let server = start();
    let catalogue = server.catalogue();
    let registration = server
        .register_custom_integration()
        .with_name("CRM")
        .respond(|then| then.registered(Integration::example()));
    let client = server.client().unwrap();
    let id = register(&client, "team_1", "CRM").await.unwrap();
    assert_eq!(id, Integration::example().id);
    register(&client, "team_1", "Files").await.unwrap();
    registration.assert_calls(1);
    assert_eq!(names(&catalogue.integrations()), ["Files"]);
    let later = server.catalogue();
    register(&client, "team_1", "CRM").await.unwrap();
    assert_eq!(names(&later.integrations()), ["CRM"]);
    assert_eq!(catalogue.integrations().len(), 1);
}

#[tokio::test]
async fn request_to_another_path_is_unmatched() {
    let server = start();
    let catalogue = server.catalogue();
    let (status, _) = send(&server, "GET", "/v2/teams/team_1", &Value::Null).await;
    assert_eq!(status, 501);
    let [request] = server.unmatched_requests().try_into().unwrap();
    assert_eq!(request.path(), "/v2/teams/team_1");
    assert!(catalogue.integrations().is_empty());
}

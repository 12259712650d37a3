//! What a registration returns.

use duvo::{Client, Integration, Response, TransportType};
use duvo_test_support::api::Api;
use duvo_test_support::client::{TEAM, registration_error};
use duvo_test_support::document;
use duvo_test_support::integrations::any_integration;
use serde_json::{Value, json};

async fn register(client: &Client) -> Response<Integration> {
    let team = client.team(TEAM);
    let created = team.register_custom_integration(&any_integration()).await;
    created.unwrap()
}

/// Registers with an API that sends this response.
async fn register_with(status: u16, body: &Value) -> Response<Integration> {
    register(&Api::responding_json(status, body).client()).await
}

/// Registers with an API that sends the documented response, with one field replaced.
async fn register_with_field(name: &str, value: Value) -> Response<Integration> {
    let mut body = document::response(201, "oauth");
    body[name] = value;
    register_with(201, &body).await
}

fn documented_successes() -> impl Iterator<Item = document::Response> {
    document::responses()
        .into_iter()
        .filter(|response| response.status == 201)
}

#[tokio::test]
async fn documented_responses_are_parsed_without_loss() {
    let api = Api::registering();
    let client = api.client();
    for response in documented_successes() {
        api.respond_json(201, &response.body);
        let created = register(&client).await;
        let mut expected = response.body;
        expected
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        assert_eq!(
            serde_json::to_value(created.into_inner()).unwrap(),
            expected,
            "{}",
            response.key
        );
    }
}

#[tokio::test]
async fn v1_and_v2_return_the_same_integration() {
    let api = Api::registering();
    let client = api.client();
    #[expect(deprecated, reason = "v1 is compared with v2")]
    let v1 = client
        .register_custom_integration_v1(&any_integration())
        .await;
    let v2 = register(&client).await;
    assert_eq!(v1.unwrap().into_inner(), v2.into_inner());
}

#[tokio::test]
async fn fields_are_typed() {
    let created = register_with(201, &document::response(201, "oauth")).await;
    assert_eq!(created.name, "Internal CRM");
    assert_eq!(created.transport_type, Some(TransportType::Http));
    assert_eq!(
        created.oauth_scopes.as_deref(),
        Some(&["crm.read".to_owned(), "crm.write".to_owned()][..])
    );
    assert_eq!(created.created_at.unix_seconds(), 1_785_748_873);
    assert_eq!(created.created_at.to_string(), "2026-08-03T09:21:13Z");
    assert_eq!(created.user_id, None);
}

#[tokio::test]
async fn status_headers_and_request_id_are_exposed() {
    let headers = [("x-request-id", "req_1"), ("x-ratelimit-remaining", "299")];
    let body = document::response(201, "oauth").to_string();
    let created = register(&Api::responding(201, &headers, body).client()).await;
    assert_eq!(created.status(), 201);
    assert_eq!(created.headers()["x-ratelimit-remaining"], "299");
    assert_eq!(created.request_id(), Some("req_1"));
}

#[tokio::test]
async fn every_2xx_is_a_success() {
    for status in [200, 202, 299] {
        let created = register_with(status, &document::response(201, "oauth")).await;
        assert_eq!(created.status(), status);
        assert_eq!(created.name, "Internal CRM");
    }
}

#[tokio::test]
async fn unknown_field_is_ignored() {
    let created = register_with_field("accent", json!({ "hue": 12 })).await;
    assert_eq!(created.name, "Internal CRM");
}

#[tokio::test]
async fn unknown_transport_keeps_its_text() {
    let created = register_with_field("transport_type", json!("carrier-pigeon")).await;
    assert_eq!(
        created.transport_type,
        Some(TransportType::Unknown("carrier-pigeon".to_owned()))
    );
    assert_eq!(
        serde_json::to_value(&created.transport_type).unwrap(),
        "carrier-pigeon"
    );
}

#[tokio::test]
async fn timestamp_without_seconds_is_parsed() {
    let created = register_with_field("created_at", json!("2020-01-01T06:15Z")).await;
    assert_eq!(created.created_at.to_string(), "2020-01-01T06:15:00Z");
}

#[tokio::test]
async fn content_type_is_ignored() {
    let body = document::response(201, "oauth").to_string();
    let api = Api::responding(201, &[("content-type", "text/plain")], body);
    assert_eq!(register(&api.client()).await.name, "Internal CRM");
}

/// Returns a response with a value for every documented field, from the examples.
fn complete_response() -> Value {
    let mut complete = json!({
        // No example has a value for these.
        "composio_mcp_id": "composio-1",
        "oauth_provider_key": "key-1",
    });
    for response in documented_successes() {
        let fields = response.body.as_object().unwrap().clone();
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_null()) {
            complete[name] = value;
        }
    }
    complete
}

#[tokio::test]
async fn every_documented_field_is_parsed() {
    let complete = complete_response();
    for field in document::integration_fields() {
        assert!(
            complete.get(&field.name).is_some(),
            "no example has a value for {}",
            field.name
        );
    }
    assert_eq!(
        serde_json::to_value(register_with(201, &complete).await.into_inner()).unwrap(),
        complete
    );
}

#[tokio::test]
async fn only_required_fields_must_have_a_value() {
    let api = Api::registering();
    let client = api.client();
    for field in document::integration_fields() {
        let mut missing = complete_response();
        missing.as_object_mut().unwrap().remove(&field.name);
        let mut null = complete_response();
        null[&field.name] = Value::Null;
        if field.is_required {
            for body in [missing, null] {
                api.respond_json(201, &body);
                let error = registration_error(&client).await;
                assert!(error.is_unreadable_response(), "{error}");
                assert!(error.to_string().contains(&field.name), "{error}");
            }
        } else {
            api.respond_json(201, &missing);
            let missing = register(&client).await.into_inner();
            api.respond_json(201, &null);
            let null = register(&client).await.into_inner();
            assert_eq!(missing, null, "{}", field.name);
        }
    }
}

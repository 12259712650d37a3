//! What a registration gives back.

mod support;

use duvo::{Integration, Response, TransportType};
use serde_json::{Value, json};
use support::{Api, any_integration, document};

async fn registered(status: u16, body: &Value) -> Response<Integration> {
    let api = Api::answering_json(status, body);
    api.client()
        .register_custom_integration_v1(&any_integration())
        .await
        .unwrap()
}

fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = document::answer(201, "oauth");
    change(&mut body);
    body
}

#[tokio::test]
async fn each_documented_answer_is_read_without_loss() {
    for answer in document::answers()
        .into_iter()
        .filter(|answer| answer.status == 201)
    {
        let created = registered(201, &answer.body).await;
        let mut expected = answer.body;
        expected
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        assert_eq!(
            serde_json::to_value(created.into_inner()).unwrap(),
            expected,
            "{}",
            answer.key
        );
    }
}

#[tokio::test]
async fn both_versions_give_the_same_integration() {
    let api = Api::registering();
    let v1 = api
        .client()
        .register_custom_integration_v1(&any_integration())
        .await
        .unwrap();
    let v2 = api
        .client()
        .team(support::TEAM)
        .register_custom_integration(&any_integration())
        .await
        .unwrap();
    assert_eq!(v1.into_inner(), v2.into_inner());
}

#[tokio::test]
async fn fields_have_their_types() {
    let created = registered(201, &document::answer(201, "oauth")).await;
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
async fn status_headers_and_request_id_are_there_when_asked_for() {
    let headers = [("x-request-id", "req_1"), ("x-ratelimit-remaining", "299")];
    let api = Api::answering(201, &headers, document::answer(201, "oauth").to_string());
    let created = api
        .client()
        .register_custom_integration_v1(&any_integration())
        .await
        .unwrap();
    assert_eq!(created.status(), 201);
    assert_eq!(created.headers()["x-ratelimit-remaining"], "299");
    assert_eq!(created.request_id(), Some("req_1"));
}

#[tokio::test]
async fn another_2xx_is_as_good_as_201() {
    for status in [200, 202, 299] {
        let created = registered(status, &document::answer(201, "oauth")).await;
        assert_eq!(created.status(), status);
        assert_eq!(created.name, "Internal CRM");
    }
}

#[tokio::test]
async fn an_unknown_field_is_ignored() {
    let created = registered(201, &changed(|body| body["colour"] = json!({ "hue": 12 }))).await;
    assert_eq!(created.name, "Internal CRM");
}

#[tokio::test]
async fn an_unknown_transport_keeps_its_text() {
    let created = registered(
        201,
        &changed(|body| body["transport_type"] = json!("carrier-pigeon")),
    )
    .await;
    assert_eq!(
        created.transport_type,
        Some(TransportType::Unknown("carrier-pigeon".to_owned()))
    );
    assert_eq!(
        serde_json::to_value(&created.transport_type).unwrap(),
        "carrier-pigeon"
    );
}

/// An answer with a value for every field of the document, taken from its
/// examples.
fn full() -> Value {
    let mut full = json!({});
    for answer in document::answers()
        .into_iter()
        .filter(|answer| answer.status == 201)
    {
        for (name, value) in answer
            .body
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, value)| !value.is_null())
        {
            full[name] = value.clone();
        }
    }
    full["composio_mcp_id"] = json!("composio-1");
    full["oauth_provider_key"] = json!("key-1");
    full
}

#[tokio::test]
async fn every_field_of_the_document_is_read() {
    let full = full();
    for field in document::integration_fields() {
        assert!(
            full.get(&field.name).is_some(),
            "no example has a value for {}",
            field.name
        );
    }
    assert_eq!(
        serde_json::to_value(registered(201, &full).await.into_inner()).unwrap(),
        full
    );
}

#[tokio::test]
async fn a_field_may_be_missing_or_null_unless_it_must_be_there() {
    for field in document::integration_fields() {
        let mut missing = full();
        missing.as_object_mut().unwrap().remove(&field.name);
        let mut null = full();
        null[&field.name] = Value::Null;
        if field.must_be_there {
            for body in [missing, null] {
                let api = Api::answering_json(201, &body);
                let error = api
                    .client()
                    .register_custom_integration_v1(&any_integration())
                    .await
                    .unwrap_err();
                assert!(error.to_string().contains(&field.name), "{error}");
            }
        } else {
            let missing = registered(201, &missing).await.into_inner();
            assert_eq!(
                missing,
                registered(201, &null).await.into_inner(),
                "{}",
                field.name
            );
        }
    }
}

#[tokio::test]
async fn a_timestamp_may_lack_its_seconds() {
    let created = registered(
        201,
        &changed(|body| body["created_at"] = json!("2020-01-01T06:15Z")),
    )
    .await;
    assert_eq!(created.created_at.to_string(), "2020-01-01T06:15:00Z");
}

#[tokio::test]
async fn the_content_type_does_not_matter() {
    let api = Api::answering(
        201,
        &[("content-type", "text/plain")],
        document::answer(201, "oauth").to_string(),
    );
    let created = api
        .client()
        .register_custom_integration_v1(&any_integration())
        .await
        .unwrap();
    assert_eq!(created.name, "Internal CRM");
}

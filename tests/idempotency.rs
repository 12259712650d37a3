//! One `Idempotency-Key` for each call, and the caller's own if there is one.

mod support;

use duvo::{Auth, CustomIntegration};
use support::{Api, any_integration};

fn keys(api: &Api) -> Vec<String> {
    let key = |request: &httpmock::HttpMockRequest| {
        request.headers()["idempotency-key"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    api.requests().iter().map(key).collect()
}

#[tokio::test]
async fn every_call_has_a_key_of_its_own() {
    let api = Api::registering();
    for _ in 0..2 {
        api.client()
            .register_custom_integration_v1(&any_integration())
            .await
            .unwrap();
        api.client()
            .team("t")
            .register_custom_integration(&any_integration())
            .await
            .unwrap();
    }
    let mut keys = keys(&api);
    assert!(
        keys.iter().all(|key| key.len() == 36),
        "they are UUIDs: {keys:?}"
    );
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 4);
}

#[tokio::test]
async fn a_key_of_the_callers_own_is_sent_as_it_is() {
    let api = Api::registering();
    let integration = any_integration()
        .with_idempotency_key("deploy-17/crm")
        .unwrap();
    for _ in 0..2 {
        api.client()
            .register_custom_integration_v1(&integration)
            .await
            .unwrap();
    }
    assert_eq!(keys(&api), ["deploy-17/crm", "deploy-17/crm"]);
}

#[test]
fn a_key_that_no_header_can_hold_is_refused() {
    for key in ["", " ", "a b", "a\nb", "é"] {
        let integration =
            CustomIntegration::new("CRM", "https://mcp.example.com", Auth::Url).unwrap();
        let error = integration.with_idempotency_key(key).unwrap_err();
        assert_eq!(
            error.invalid_fields()[0].field(),
            "Idempotency-Key",
            "{key:?}"
        );
    }
}

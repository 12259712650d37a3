//! The `Idempotency-Key`: one for each call, or the caller's own.

use std::collections::HashSet;

use duvo::{Auth, CustomIntegration};
use duvo_test_support::api::Api;
use duvo_test_support::client::{TEAM, builder, policy_without_backoff, registration_error};
use duvo_test_support::integrations::any_integration;

const HEADER: &str = "idempotency-key";

#[tokio::test]
async fn each_call_has_a_key_of_its_own() {
    let api = Api::registering();
    let (client, other) = (api.client(), api.client());
    let integration = any_integration();
    for client in [&client, &other, &client] {
        #[expect(deprecated, reason = "v1 has a key too")]
        let v1 = client.register_custom_integration_v1(&integration);
        v1.await.unwrap();
        let team = client.team(TEAM);
        team.register_custom_integration(&integration)
            .await
            .unwrap();
    }
    let keys = api.header_values(HEADER);
    assert!(
        keys.iter().all(|key| key.len() == 36),
        "the keys are UUIDs: {keys:?}"
    );
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 6, "{keys:?}");
}

#[tokio::test]
async fn attempts_of_a_call_share_one_key() {
    let api = Api::responding(429, &[], "");
    let client = builder(&api.url())
        .retry_policy(policy_without_backoff().with_max_attempts(3))
        .build()
        .unwrap();
    registration_error(&client).await;
    let keys = api.header_values(HEADER);
    assert_eq!(keys.len(), 3);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

#[tokio::test]
async fn callers_key_is_sent_unmodified_with_every_call() {
    let api = Api::registering();
    let client = api.client();
    let integration = any_integration()
        .with_idempotency_key("deploy-17/crm")
        .unwrap();
    #[expect(deprecated, reason = "v1 sends the key too")]
    let v1 = client.register_custom_integration_v1(&integration);
    v1.await.unwrap();
    let team = client.team(TEAM);
    team.register_custom_integration(&integration)
        .await
        .unwrap();
    assert_eq!(
        api.header_values(HEADER),
        ["deploy-17/crm", "deploy-17/crm"]
    );
}

#[test]
fn key_that_is_not_a_header_value_is_invalid() {
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

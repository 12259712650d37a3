//! Deleting a custom integration.

use duvo::{Delivery, ErrorKind};
use duvo_test_support::catalogue::{Catalogue, entry};

fn catalogue() -> Catalogue {
    let entry = |number| entry(number, "CRM", "https://mcp.example.com");
    Catalogue::new(vec![entry(1), entry(2)])
}

#[tokio::test]
async fn deletes_the_integration_with_this_id_only() {
    let catalogue = catalogue();
    let deleted = catalogue
        .client()
        .delete_custom_integration("custom-1")
        .await
        .unwrap();
    assert!(deleted.success);
    assert!(!deleted.message.is_empty());
    assert_eq!(
        catalogue.requests(),
        ["DELETE /v2/integrations/custom/custom-1"]
    );
    assert!(catalogue.header(0, "idempotency-key").is_some());
    let [rest] = catalogue.entries().try_into().unwrap();
    assert_eq!(rest.custom_integration_id.as_deref(), Some("custom-2"));
}

#[tokio::test]
async fn missing_integration_is_a_rejected_404() {
    let catalogue = catalogue();
    let client = catalogue.client();
    client.delete_custom_integration("custom-1").await.unwrap();
    let error = client
        .delete_custom_integration("custom-1")
        .await
        .unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(error.delivery(), Delivery::Rejected);
}

#[tokio::test]
async fn invalid_id_is_not_sent() {
    let catalogue = catalogue();
    let client = catalogue.client();
    for id in ["", ".", "..", "a/b", "a?b", "a b", "%2e"] {
        let error = client.delete_custom_integration(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
        assert_eq!(error.invalid_fields()[0].field(), "custom_integration_id");
    }
    assert_eq!(catalogue.requests().len(), 0);
}

//! Deleting a custom integration.

mod support;

use duvo::{Delivery, ErrorKind};
use support::catalogue::{Catalogue, entry};

fn catalogue() -> Catalogue {
    let entry = |number| entry(number, "CRM", "https://mcp.example.com");
    Catalogue::of(vec![entry(1), entry(2)])
}

#[tokio::test]
async fn an_integration_is_deleted_by_its_custom_integration_id() {
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
    assert_eq!(catalogue.entries().len(), 1);
}

#[tokio::test]
async fn an_integration_that_is_not_there_is_a_404() {
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
async fn what_is_no_identifier_is_refused_and_nothing_is_sent() {
    let catalogue = catalogue();
    for id in ["", ".", "..", "a/b", "a?b", "a b", "%2e"] {
        let error = catalogue
            .client()
            .delete_custom_integration(id)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
        assert_eq!(error.invalid_fields()[0].field(), "custom_integration_id");
    }
    assert_eq!(catalogue.requests().len(), 0);
}

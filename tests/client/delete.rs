//! Deleting a custom integration.

use duvo::mock::{Catalogue, Server};
use duvo::{Delivery, ErrorKind};
use duvo_test_support::api::Api;
use duvo_test_support::client::client;
use duvo_test_support::fault_server::FaultServer;
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{request_lines, start_with};

fn start() -> (Server, Catalogue) {
    let entry = |number| entry(number, "CRM", "https://mcp.example.com");
    start_with([entry(1), entry(2)])
}

#[tokio::test]
async fn deletes_the_integration_with_this_id_only() {
    let (server, catalogue) = start();
    let client = server.client().unwrap();
    let deleted = client.delete_custom_integration("custom-1").await.unwrap();
    let deletion = deleted.into_inner().unwrap();
    assert!(deletion.success);
    assert!(!deletion.message.is_empty());
    assert_eq!(
        request_lines(&server),
        ["DELETE /v2/integrations/custom/custom-1"]
    );
    assert!(server.requests()[0].header("idempotency-key").is_some());
    let [rest] = catalogue.integrations().try_into().unwrap();
    assert_eq!(rest.custom_integration_id.as_deref(), Some("custom-2"));
}

#[tokio::test]
async fn missing_integration_is_a_rejected_404() {
    let (server, _) = start();
    let client = server.client().unwrap();
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
    let (server, _) = start();
    let client = server.client().unwrap();
    for id in ["", ".", "..", "a/b", "a?b", "a b", "%2e"] {
        let error = client.delete_custom_integration(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
        assert_eq!(error.invalid_fields()[0].field(), "custom_integration_id");
    }
    assert_eq!(request_lines(&server).len(), 0);
}

#[tokio::test]
async fn success_without_a_body_is_a_deletion() {
    let api = Api::responding(204, &[], "");
    let client = api.client();
    for (status, body) in [
        (204, ""),
        (200, ""),
        (202, ""),
        (205, ""),
        (299, ""),
        (200, " \r\n"),
        (200, "null"),
        (200, "{}"),
    ] {
        api.respond(status, &[("x-request-id", "req_1")], body);
        let deleted = client.delete_custom_integration("7").await.unwrap();
        assert_eq!(*deleted, None, "{body:?}");
        assert_eq!(deleted.status(), status);
        assert_eq!(deleted.request_id(), Some("req_1"));
        assert!(deleted.failed_attempts().is_empty());
    }
}

#[tokio::test]
async fn deletion_without_a_message_reports_its_success() {
    let api = Api::responding(204, &[], "");
    let client = api.client();
    for (body, success, message) in [
        (r#"{"success":true}"#, true, ""),
        (r#"{"success":false,"message":null}"#, false, ""),
        (r#"{"success":false,"message":["a","b"]}"#, false, "a; b"),
    ] {
        api.respond(200, &[], body);
        let deleted = client.delete_custom_integration("7").await.unwrap();
        let deletion = deleted.into_inner().unwrap();
        assert_eq!(deletion.success, success, "{body}");
        assert_eq!(deletion.message, message, "{body}");
    }
}

/// A proxy can respond with HTML, and JSON without `success` does not report the outcome.
#[tokio::test]
async fn success_with_an_undocumented_body_is_unreadable() {
    let api = Api::responding(204, &[], "");
    let client = api.client();
    for body in [
        "<html>Sign in</html>",
        "deleted",
        r#"{"message":"queued"}"#,
        r#"{"success":"yes"}"#,
        r#"{"success":null}"#,
        "[]",
        "true",
        "null null",
        "{",
    ] {
        api.respond(200, &[], body);
        let error = client.delete_custom_integration("7").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnreadableResponse, "{body}");
        assert_eq!(error.delivery(), Delivery::Unknown, "{body}");
        assert_eq!(error.body(), Some(body.as_bytes()));
    }
}

/// A body that was lost is not an absent one.
#[tokio::test]
async fn interrupted_body_is_not_absent() {
    let server = FaultServer::responding("HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n").await;
    let deleted = client(&server.url).delete_custom_integration("7").await;
    let error = deleted.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
    assert_eq!(error.delivery(), Delivery::Unknown);
}

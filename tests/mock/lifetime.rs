//! The lifetime of a mock server, and its use from several threads.

use duvo::{Delivery, ErrorKind, RetryPolicy};

use super::{register, start};

#[tokio::test]
async fn dropped_server_refuses_connections() {
    let server = start();
    let client = server.client_builder().retry_policy(RetryPolicy::never());
    let client = client.build().unwrap();
    drop(server);
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[test]
fn server_and_mocks_are_send_and_sync() {
    fn assert_shareable<T: Send + Sync + 'static>(_: &T) {}
    let server = start();
    assert_shareable(&server);
    assert_shareable(&server.register_custom_integration());
}

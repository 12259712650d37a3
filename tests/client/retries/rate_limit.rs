//! The rate limit, which the clones of a client share.

use std::time::Duration;

use duvo::mock::{Response, Server};
use duvo::{Integration, RetryPolicy};
use duvo_test_support::client::{TEAM, registration_error};
use duvo_test_support::integrations::any_integration;

#[tokio::test]
async fn clone_waits_for_the_rate_limit_and_another_client_does_not() {
    let server = Server::start().unwrap();
    let registration = server
        .register_custom_integration()
        .respond(|_| Response::new(429).with_retry_after(Duration::from_secs(50)))
        .respond(|then| then.registered(Integration::example()));
    let client = || server.client_builder().retry_policy(RetryPolicy::never());
    let (first, other) = (client().build().unwrap(), client().build().unwrap());
    let clone = first.clone();
    registration_error(&first).await;
    let integration = any_integration();
    let (clone, other) = (clone.team(TEAM), other.team(TEAM));
    tokio::select! {
        biased;
        _ = clone.register_custom_integration(&integration) => panic!("the clone does not wait"),
        created = other.register_custom_integration(&integration) => {
            created.unwrap();
        }
    }
    registration.assert_calls(2);
}

//! The attempts of a call, as its error lists them.

use std::time::Duration;

use duvo::{Delivery, ErrorKind, RetryPolicy};
use duvo_test_support::api::Api;
use duvo_test_support::client::{builder, policy_without_backoff, registration_error};
use duvo_test_support::closed_port::ClosedPort;
use duvo_test_support::fault_server::{Ending, Fault, FaultServer, response};

#[tokio::test]
async fn refused_connection_is_retried_unless_the_policy_is_never() {
    let port = ClosedPort::new();
    let policy = policy_without_backoff().with_max_attempts(3);
    for (policy, attempts) in [
        (RetryPolicy::never(), 1),
        (policy.clone(), 3),
        (policy.with_retry_ambiguous(true), 3),
    ] {
        let client = builder(&port.url).retry_policy(policy).build().unwrap();
        let error = registration_error(&client).await;
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert_eq!(error.attempts().len(), attempts);
    }
}

#[tokio::test]
async fn error_lists_each_attempt_with_its_request_id_and_wait() {
    let api = Api::responding(429, &[("x-request-id", "req_1")], "");
    let client = builder(&api.url())
        .retry_policy(policy_without_backoff().with_max_attempts(3))
        .build()
        .unwrap();
    let error = registration_error(&client).await;
    assert_eq!(api.requests().len(), 3);
    let attempts: Vec<_> = error
        .attempts()
        .iter()
        .map(|attempt| {
            let status = attempt.status().unwrap().as_u16();
            (status, attempt.request_id(), attempt.wait())
        })
        .collect();
    let retried = (429, Some("req_1"), Some(Duration::ZERO));
    let last = (429, Some("req_1"), None);
    assert_eq!(attempts, [retried, retried, last]);
}

#[tokio::test]
async fn delivery_is_the_least_certain_of_all_attempts() {
    let server = FaultServer::start().await;
    server.script([
        Fault::ReadThenClose,
        Fault::Respond(response(401, "", ""), Ending::Close),
    ]);
    let client = builder(&server.url)
        .retry_policy(policy_without_backoff().with_retry_ambiguous(true))
        .build()
        .unwrap();
    let error = registration_error(&client).await;
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.attempts()[1].delivery(), Delivery::Rejected);
    assert_eq!(error.delivery(), Delivery::Unknown);
}

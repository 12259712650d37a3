//! Timeouts: which one ends a call, and what may have been sent by then.

use std::time::Duration;

use duvo::{ClientBuilder, Delivery, Error, ErrorKind, RetryPolicy, Timeout};
use duvo_test_support::client::{builder, policy_without_backoff, registration_error};
use duvo_test_support::fault_server::{Fault, FaultServer};
use duvo_test_support::paused_time::with_paused_time;
use tokio::time::Instant;

#[test]
fn total_timeout_ends_an_attempt() {
    let error = with_paused_time(async {
        let server = FaultServer::with_fault(Fault::ReadThenStall).await;
        let client = builder(&server.url)
            .attempt_timeout(Duration::from_secs(30))
            .total_timeout(Duration::from_secs(15))
            .build()
            .unwrap();
        registration_error(&client).await
    });
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.timeout(), Some(Timeout::Total));
}

#[test]
fn timeout_of_the_reqwest_client_is_a_timeout() {
    let error = with_paused_time(async {
        let server = FaultServer::with_fault(Fault::ReadThenStall).await;
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5));
        let client = builder(&server.url).reqwest_client_builder(http);
        registration_error(&client.build().unwrap()).await
    });
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.timeout(), None);
}

/// Never resolves a host name.
struct HangingResolver;

impl reqwest::dns::Resolve for HangingResolver {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(std::future::pending())
    }
}

/// Returns a client that never connects, with these timeouts in seconds.
fn unconnectable(connect: u64, attempt: u64, total: u64) -> ClientBuilder {
    let http = reqwest::Client::builder()
        .no_proxy()
        .dns_resolver(HangingResolver);
    builder("http://localhost:9")
        .reqwest_client_builder(http)
        .connect_timeout(Duration::from_secs(connect))
        .attempt_timeout(Duration::from_secs(attempt))
        .total_timeout(Duration::from_secs(total))
}

fn assert_connect_timeout(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert_eq!(error.timeout(), Some(Timeout::Connect));
    assert_eq!(error.delivery(), Delivery::NotSent);
}

/// Returns the error of a call that never connects. Advances paused time.
pub async fn connect_timeout_error() -> Error {
    let client = unconnectable(10, 30, 120)
        .retry_policy(RetryPolicy::never())
        .build()
        .unwrap();
    let pass_time = async {
        loop {
            tokio::time::advance(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        error = registration_error(&client) => error,
        () = pass_time => unreachable!("the loop does not end"),
    }
}

#[tokio::test(start_paused = true)]
async fn connect_timeout_is_at_most_half_of_the_others() {
    for (connect, attempt, total, elapsed) in [(10, 30, 120, 10), (10, 6, 120, 3), (10, 30, 4, 2)] {
        let start = Instant::now();
        let client = unconnectable(connect, attempt, total)
            .retry_policy(RetryPolicy::never())
            .build()
            .unwrap();
        assert_connect_timeout(&registration_error(&client).await);
        assert_eq!(start.elapsed().as_secs(), elapsed);
    }
}

#[tokio::test(start_paused = true)]
async fn call_that_never_connects_is_not_sent_whichever_attempt_is_the_last() {
    for (total, attempts) in [(1, 1), (10, 1), (30, 2), (40, 3), (120, 4)] {
        let start = Instant::now();
        let client = unconnectable(10, 30, total)
            .retry_policy(policy_without_backoff())
            .build()
            .unwrap();
        let error = registration_error(&client).await;
        assert_connect_timeout(&error);
        assert_eq!(error.attempts().len(), attempts, "{total}");
        assert!(start.elapsed() <= Duration::from_secs(total));
    }
}

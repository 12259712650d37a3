//! Clients of the test servers.

use std::time::Duration;

use duvo::{Client, ClientBuilder, Error, RetryPolicy};

use crate::integrations::any_integration;

pub const API_KEY: &str = "duvo-test-key";
pub const TEAM: &str = "team_01hzx3f8q2";

pub fn builder(base_url: &str) -> ClientBuilder {
    Client::builder().api_key(API_KEY).base_url(base_url)
}

/// Returns a client that never retries.
pub fn client(base_url: &str) -> Client {
    builder(base_url)
        .retry_policy(RetryPolicy::never())
        .build()
        .unwrap()
}

/// The default policy, without a pause between attempts.
pub fn policy_without_backoff() -> RetryPolicy {
    RetryPolicy::default().with_backoff(Duration::ZERO, Duration::ZERO)
}

/// Registers an integration, which must fail, and returns the error.
pub async fn registration_error(client: &Client) -> Error {
    let result = client
        .team(TEAM)
        .register_custom_integration(&any_integration())
        .await;
    result.expect_err("the registration fails")
}

/// Registers an integration with a client that never retries, which must fail, and
/// returns the error.
pub async fn registration_error_at(base_url: &str) -> Error {
    registration_error(&client(base_url)).await
}

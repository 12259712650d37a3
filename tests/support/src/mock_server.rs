//! Settings of `duvo::mock` that several tests share.

use duvo::mock::Server;
use duvo::{Client, IntegrationPage};

use crate::client::policy_without_backoff;

/// Returns a client of the mock server that retries without a pause.
pub fn client_without_backoff(server: &Server) -> Client {
    server
        .client_builder()
        .retry_policy(policy_without_backoff())
        .build()
        .unwrap()
}

/// Interrupts the next listing within its body. Later listings succeed.
pub fn interrupt_next_listing(server: &Server) {
    server
        .list_integrations()
        .respond(|then| {
            then.integrations(IntegrationPage::example())
                .truncated_at(40)
        })
        .respond(|then| then.integrations(IntegrationPage::example()));
}

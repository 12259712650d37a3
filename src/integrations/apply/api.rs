use std::time::Duration;

use crate::client::Team;
use crate::error::{Error, Result};
use crate::generated::types::Integration;
use crate::integrations::CustomIntegration;
use crate::integrations::pager::ListingPolicy;
use crate::retry::InFlight;

/// The calls that applying a plan makes. A test implements them with a simulated catalogue.
pub(in crate::integrations) trait Api: Sync {
    /// Lists the catalogue. Returns an error for each unreadable record.
    fn list(
        &self,
        policy: ListingPolicy,
        expected_total: u64,
    ) -> impl Future<Output = Result<(Vec<Integration>, Vec<Error>)>> + Send;

    /// Registers an integration with this `Idempotency-Key`.
    fn register(
        &self,
        integration: &CustomIntegration,
        idempotency_key: &str,
        in_flight: &InFlight,
    ) -> impl Future<Output = Result<Integration>> + Send;

    /// Deletes an integration. A missing one is an error.
    fn delete(
        &self,
        custom_integration_id: &str,
        in_flight: &InFlight,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Returns the time until the rate limit resets, if it is exhausted.
    fn time_until_reset(&self) -> Option<Duration>;
}

impl Api for Team {
    async fn list(
        &self,
        policy: ListingPolicy,
        expected_total: u64,
    ) -> Result<(Vec<Integration>, Vec<Error>)> {
        self.integrations()
            .collect(policy, Some(expected_total))
            .await
    }

    async fn register(
        &self,
        integration: &CustomIntegration,
        idempotency_key: &str,
        in_flight: &InFlight,
    ) -> Result<Integration> {
        let response = self.register(integration, idempotency_key, Some(in_flight));
        Ok(response.await?.into_inner())
    }

    async fn delete(&self, custom_integration_id: &str, in_flight: &InFlight) -> Result<()> {
        self.client
            .delete_or_fail(custom_integration_id, in_flight)
            .await
    }

    fn time_until_reset(&self) -> Option<Duration> {
        self.client.rate_limit().time_until_reset()
    }
}

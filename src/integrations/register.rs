use std::borrow::Cow;

use uuid::Uuid;

use super::CustomIntegration;
use super::page::escape_invalid_utf8;
use crate::call::{Call, validate_path_segment};
use crate::client::{Client, Team};
use crate::error::{Error, Result, UnreadableRecord};
use crate::generated::types::Integration;
use crate::json::decode_json;
use crate::response::Response;
use crate::retry::InFlight;

impl Team {
    /// Registers a custom integration with this team:
    /// `POST /v2/teams/{teamId}/integrations/custom`.
    ///
    /// The call creates an entry in the catalogue, but no live connection. Calling it
    /// again creates another entry; to avoid that, use
    /// [`ensure_custom_integration`](Self::ensure_custom_integration). See Duvo's
    /// [API reference].
    ///
    /// # Errors
    ///
    /// Returns an error of any [`ErrorKind`](crate::ErrorKind). Unless
    /// [`Error::delivery`](crate::Error::delivery) is `Unknown`, nothing was registered.
    /// If the response is not as documented, but has an identifier,
    /// [`Error::unreadable_record`] returns it. A 2xx response without a body is an
    /// [`UnreadableResponse`](crate::ErrorKind::UnreadableResponse), because the
    /// identifier is unknown.
    ///
    /// The team id is the invalid field `teamId` if it is empty, begins with a dot, is
    /// too long for a URL, or contains a character that a URL path would have to escape,
    /// such as `/`, `%` or a space.
    ///
    /// [API reference]: https://docs.duvo.ai/api-reference
    pub async fn register_custom_integration(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Response<Integration>> {
        let key = integration.idempotency_key_or_new();
        self.register(integration, &key, None).await
    }

    /// Registers an integration with this `Idempotency-Key`.
    pub(super) async fn register(
        &self,
        integration: &CustomIntegration,
        idempotency_key: &str,
        in_flight: Option<&InFlight>,
    ) -> Result<Response<Integration>> {
        let team_id = validate_path_segment("teamId", &self.id)?;
        let call = Call::new(&self.client, integration.secret()).tracked_by(in_flight);
        call.register_custom_integration(team_id, Some(idempotency_key), &integration.body)
            .await
            .map_err(|error| with_record(error, &call))
    }
}

impl Client {
    /// Registers a custom integration with the team of the API key, through API v1:
    /// `POST /v1/integrations/custom`.
    ///
    /// The call creates an entry in the catalogue, but no live connection. Calling it
    /// again creates another entry. See [Register custom integration].
    ///
    /// # Errors
    ///
    /// Returns an error of any [`ErrorKind`](crate::ErrorKind). Unless
    /// [`Error::delivery`](crate::Error::delivery) is `Unknown`, nothing was registered.
    ///
    /// [Register custom integration]: https://docs.duvo.ai/api-reference/integrations/register-custom-integration
    #[deprecated(
        note = "Duvo announced the end of API v1 for 15 June 2026; use `Team::register_custom_integration`"
    )]
    pub async fn register_custom_integration_v1(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Response<Integration>> {
        let key = integration.idempotency_key_or_new();
        let call = Call::new(self, integration.secret());
        call.register_custom_integration_v1(Some(&key), &integration.body)
            .await
            .map_err(|error| with_record(error, &call))
    }
}

/// Attaches the record to the error of a response that identifies an integration, but is
/// otherwise not as documented.
fn with_record(error: Error, call: &Call<'_>) -> Error {
    let record = error.complete_body().and_then(|body| {
        let reason = decode_json::<Integration>(body).err()?;
        let json = escape_invalid_utf8(body);
        Some(UnreadableRecord::new(0, &reason, json, &call.redactor()))
    });
    let has_id = |record: &UnreadableRecord| {
        record.id().is_some() || record.custom_integration_id().is_some()
    };
    match record.filter(has_id) {
        Some(record) => error.with_unreadable_record(record),
        None => error,
    }
}

impl CustomIntegration {
    /// Returns the `Idempotency-Key` of one call, which all its attempts share.
    pub(super) fn idempotency_key_or_new(&self) -> Cow<'_, str> {
        match &self.idempotency_key {
            Some(key) => key.into(),
            None => Uuid::new_v4().to_string().into(),
        }
    }
}

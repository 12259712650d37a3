use std::sync::OnceLock;

use serde_json::Value;
use uuid::Uuid;

use crate::call::{Call, validate_path_segment};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::Deletion;
use crate::outcome::string_or_joined;
use crate::response::Response;
use crate::retry::InFlight;

impl Client {
    /// Deletes a custom integration, and the connections that teammates created from it:
    /// `DELETE /v2/integrations/custom/{custom_integration_id}`. This cannot be undone.
    ///
    /// The identifier is the
    /// [`custom_integration_id`](crate::Integration::custom_integration_id) of an
    /// integration, not its `id`. See Duvo's [API reference].
    ///
    /// A response without a body is a success, and returns `None`: a 204, or any other 2xx
    /// status with a complete body that is empty, `null` or `{}`. After a 202, the deletion
    /// may still be pending. With a body, [`Deletion::success`] can be `false` although the
    /// status is 2xx. [`Deletion::message`] is empty if the API returns none.
    ///
    /// ```no_run
    /// # async fn delete(client: duvo::Client, integration: duvo::Integration) -> duvo::Result<()> {
    /// if let Some(id) = &integration.custom_integration_id {
    ///     let response = client.delete_custom_integration(id).await?;
    ///     match response.into_inner() {
    ///         Some(deletion) if !deletion.success => println!("not deleted: {}", deletion.message),
    ///         _ => println!("deleted {id}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of any [`ErrorKind`](crate::ErrorKind). The status 404 means that
    /// the integration does not exist. A call that is repeated after
    /// [`Delivery::Unknown`](crate::Delivery::Unknown) thus reports whether the first one
    /// took effect. An invalid identifier is the invalid field `custom_integration_id`,
    /// by the rules for the team id of
    /// [`register_custom_integration`](crate::Team::register_custom_integration).
    ///
    /// A 2xx response with any other body is an
    /// [`UnreadableResponse`](crate::ErrorKind::UnreadableResponse): HTML is often the
    /// response of a proxy, which the request did not pass, and JSON without `success` does
    /// not report the outcome.
    ///
    /// [API reference]: https://docs.duvo.ai/api-reference
    pub async fn delete_custom_integration(
        &self,
        custom_integration_id: &str,
    ) -> Result<Response<Option<Deletion>>> {
        self.delete(custom_integration_id, None).await
    }

    /// Deletes a custom integration. Returns an error unless the API reports that it was
    /// deleted.
    pub(super) async fn delete_or_fail(
        &self,
        custom_integration_id: &str,
        in_flight: &InFlight,
    ) -> Result<()> {
        let response = self.delete(custom_integration_id, Some(in_flight)).await?;
        match &*response {
            Some(deletion) if !deletion.success => {
                let reason = format!("the integration was not deleted: {}", deletion.message);
                let body = response.body().clone();
                let redactor = Call::new(self, None).redactor();
                Err(Error::from_response(&response, body, &reason, &redactor))
            }
            _ => Ok(()),
        }
    }

    async fn delete(
        &self,
        custom_integration_id: &str,
        in_flight: Option<&InFlight>,
    ) -> Result<Response<Option<Deletion>>> {
        let id = validate_path_segment("custom_integration_id", custom_integration_id)?;
        let key = Uuid::new_v4().to_string();
        let accepted = OnceLock::new();
        let accept = |body: &[u8]| {
            decode_leniently(body).is_some_and(|deletion| accepted.set(deletion).is_ok())
        };
        let deletion = Call::new(self, None)
            .accepting(&accept)
            .tracked_by(in_flight)
            .delete_custom_integration(id, Some(&key))
            .await;
        match deletion {
            Ok(deletion) => Ok(deletion.map(Some)),
            Err(error) => error.into_response(accepted.into_inner()),
        }
    }
}

/// Decodes a body that may be absent. Returns `None` if the body does not report the
/// outcome.
#[allow(clippy::option_option, reason = "an absent body is a value")]
fn decode_leniently(body: &[u8]) -> Option<Option<Deletion>> {
    if body.trim_ascii().is_empty() {
        return Some(None);
    }
    match serde_json::from_slice(body).ok()? {
        Value::Null => Some(None),
        Value::Object(fields) if fields.is_empty() => Some(None),
        Value::Object(fields) => Some(Some(Deletion {
            success: fields.get("success")?.as_bool()?,
            message: fields
                .get("message")
                .and_then(string_or_joined)
                .unwrap_or_default(),
        })),
        _ => None,
    }
}

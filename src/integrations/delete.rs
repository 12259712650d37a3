use uuid::Uuid;

use crate::call::{Call, validate_path_segment};
use crate::client::Client;
use crate::error::Result;
use crate::generated::types::Deletion;
use crate::response::Response;

impl Client {
    /// Deletes a custom integration, and the connections that teammates created from it:
    /// `DELETE /v2/integrations/custom/{custom_integration_id}`. This cannot be undone.
    ///
    /// The identifier is the
    /// [`custom_integration_id`](crate::Integration::custom_integration_id) of an
    /// integration, not its `id`. [`Deletion::success`] can be `false` although the
    /// status is 2xx. See Duvo's [API reference].
    ///
    /// ```no_run
    /// # async fn delete(client: duvo::Client, integration: duvo::Integration) -> duvo::Result<()> {
    /// if let Some(id) = &integration.custom_integration_id {
    ///     let deletion = client.delete_custom_integration(id).await?;
    ///     println!("{}: {}", deletion.success, deletion.message);
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
    /// [API reference]: https://docs.duvo.ai/api-reference
    pub async fn delete_custom_integration(
        &self,
        custom_integration_id: &str,
    ) -> Result<Response<Deletion>> {
        let id = validate_path_segment("custom_integration_id", custom_integration_id)?;
        let key = Uuid::new_v4().to_string();
        Call::new(self, None)
            .delete_custom_integration(id, Some(&key))
            .await
    }
}

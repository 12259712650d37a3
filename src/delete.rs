use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::generated::types::Deletion;
use crate::path_segment::path_segment;
use crate::response::Response;
use crate::transport::Call;

impl Client {
    /// Deletes a custom integration, and with it the connections that teammates
    /// made from it: `DELETE /v2/integrations/custom/{custom_integration_id}`.
    /// There is no way back.
    ///
    /// The identifier is the
    /// [`custom_integration_id`](crate::Integration::custom_integration_id) of
    /// an integration, not its `id`. [`Deletion::success`] may be `false`
    /// although the status is 2xx. See Duvo's [API reference].
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
    /// Every [`ErrorKind`](crate::ErrorKind). The status 404 says that there is no
    /// such integration, so that a call that is made again after
    /// [`Delivery::Unknown`](crate::Delivery::Unknown) tells whether the first one
    /// deleted it. An identifier that is not plainly one segment of a path is
    /// refused as the invalid field `custom_integration_id`.
    ///
    /// [API reference]: https://docs.duvo.ai/api-reference
    pub async fn delete_custom_integration(
        &self,
        custom_integration_id: &str,
    ) -> Result<Response<Deletion>> {
        let id = path_segment("custom_integration_id", custom_integration_id)?;
        let mut buffer = Uuid::encode_buffer();
        let key = self.idempotency_keys().make(&mut buffer);
        Call::new(self, None)
            .delete_custom_integration(id, Some(key))
            .await
    }
}

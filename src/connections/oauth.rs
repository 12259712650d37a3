use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, InvalidField, Result};
use crate::generated::types::{McpOAuth, McpOAuthCheckRequest};
use crate::response::Response;
use crate::server_url::validate_url;

impl Client {
    /// Checks whether an MCP server supports OAuth with dynamic client registration:
    /// `POST /v2/connections/oauth/mcp/check`. The call changes nothing.
    ///
    /// If [`supports_dcr`](McpOAuth::supports_dcr) is `false`, an integration with the auth
    /// method `oauth` requires a client, as by [`Auth::oauth_client`](crate::Auth::oauth_client).
    /// See Duvo's [API reference].
    ///
    /// # Errors
    ///
    /// Returns an error of any [`ErrorKind`](crate::ErrorKind). The call is retried after any
    /// transient failure. A URL that is invalid by the rules of
    /// [`CustomIntegration::new`](crate::CustomIntegration::new) is the invalid field
    /// `mcp_server_url`.
    ///
    /// [API reference]: https://docs.duvo.ai/api-reference
    pub async fn check_mcp_oauth(
        &self,
        mcp_server_url: impl Into<String>,
    ) -> Result<Response<McpOAuth>> {
        let mcp_server_url = mcp_server_url.into();
        validate_url(&mcp_server_url).map_err(|reason| {
            Error::invalid_request(vec![InvalidField::new("mcp_server_url", reason)])
        })?;
        let body = McpOAuthCheckRequest { mcp_server_url };
        Call::new(self, None).check_mcp_oauth(&body).await
    }
}

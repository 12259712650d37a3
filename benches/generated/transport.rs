use http::header::{AUTHORIZATION, HeaderValue};
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::{Error, Result};
use crate::generated::types::{CustomIntegrationRequest, Integration};
use crate::request::{Methods, OperationInfo, Request};
use crate::response::Response;

/// What the generated operations are methods of.
pub struct Call<'a> {
    pub(crate) baseurl: &'a str,
    pub(crate) client: Methods,
    http: reqwest::Client,
    base_url: Url,
    authorization: HeaderValue,
    integration: CustomIntegrationRequest,
}

impl Call<'_> {
    /// # Errors
    ///
    /// If the key does not fit into a header, or the integration is none.
    pub fn new(
        http: reqwest::Client,
        base_url: Url,
        api_key: &str,
        integration: serde_json::Value,
    ) -> Result<Self> {
        let authorization = HeaderValue::try_from(format!("Bearer {api_key}"));
        let authorization = authorization.map_err(|error| Error(error.to_string()))?;
        Ok(Self {
            baseurl: "",
            client: Methods,
            http,
            base_url,
            authorization,
            integration: serde_json::from_value(integration)
                .map_err(|error| Error(error.to_string()))?,
        })
    }

    /// # Errors
    ///
    /// If there is no answer, or it is no integration.
    pub async fn register(&self, team_id: &str) -> Result<impl Sized + use<>> {
        let created = self.create_custom_integration(team_id, None, &self.integration);
        created
            .await
            .map(|Response(integration): Response<Integration>| integration)
    }

    pub(crate) async fn exec<T: DeserializeOwned>(
        &self,
        request: Request,
        _: &OperationInfo,
    ) -> Result<Response<T>> {
        let mut url = self.base_url.clone();
        url.set_path(request.path());
        let own = [(AUTHORIZATION, &self.authorization)];
        let response = self.http.execute(request.to_http(url, &own)).await?;
        let body = response.error_for_status()?.bytes().await?;
        serde_json::from_slice(&body)
            .map(Response)
            .map_err(|error| Error(error.to_string()))
    }
}

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Result;
use crate::example::{API_KEY, NAME, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, SERVER_URL, TEAM_ID};

pub struct Plain {
    http: reqwest::Client,
    base_url: String,
}

#[derive(Serialize)]
pub(crate) struct CustomIntegration<'a> {
    name: &'a str,
    auth_method: &'a str,
    server_url: &'a str,
    oauth_client_id: Option<&'a str>,
    oauth_client_secret: Option<&'a str>,
}

#[derive(Deserialize)]
#[allow(dead_code, clippy::struct_field_names)]
pub(crate) struct Integration {
    id: String,
    name: String,
    #[serde(rename = "type")]
    type_: String,
    provider: String,
    user_id: Option<String>,
    team_id: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    server_url: Option<String>,
    transport_type: Option<String>,
    auth_method: Option<String>,
    custom_integration_id: Option<String>,
    created_by: Option<String>,
    shared: Option<bool>,
    has_headers: Option<bool>,
    has_oauth_tokens: Option<bool>,
    oauth_provider: Option<String>,
    oauth_provider_key: Option<String>,
    oauth_scopes: Option<Vec<String>>,
    icon_url: Option<String>,
    integration_id: Option<String>,
    composio_mcp_id: Option<String>,
    broken_at: Option<DateTime<Utc>>,
    broken_reason: Option<String>,
}

pub(crate) const REQUEST: CustomIntegration<'_> = CustomIntegration {
    name: NAME,
    auth_method: "oauth",
    server_url: SERVER_URL,
    oauth_client_id: Some(OAUTH_CLIENT_ID),
    oauth_client_secret: Some(OAUTH_CLIENT_SECRET),
};

impl Plain {
    pub fn new(base_url: String) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { http, base_url })
    }

    pub async fn call(&self) -> Result<impl Sized + use<>> {
        let url = format!("{}/v2/teams/{TEAM_ID}/integrations/custom", self.base_url);
        let integration = self
            .http
            .post(url)
            .bearer_auth(API_KEY)
            .json(&REQUEST)
            .send()
            .await?
            .error_for_status()?
            .json::<Integration>()
            .await?;
        Ok(integration)
    }
}

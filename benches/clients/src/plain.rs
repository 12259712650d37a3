//! The client that uses reqwest and serde, as a user writes it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::example::{API_KEY, NAME, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, SERVER_URL, TEAM_ID};

pub struct Plain {
    http: reqwest::Client,
    base_url: String,
}

#[derive(Serialize)]
pub struct CustomIntegration<'a> {
    name: &'a str,
    auth_method: &'a str,
    server_url: &'a str,
    oauth_client_id: Option<&'a str>,
    oauth_client_secret: Option<&'a str>,
}

#[derive(Deserialize)]
pub struct Integration {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub type_: String,
    pub provider: String,
    pub user_id: Option<String>,
    pub team_id: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub server_url: Option<String>,
    pub transport_type: Option<String>,
    pub auth_method: Option<String>,
    pub custom_integration_id: Option<String>,
    pub created_by: Option<String>,
    pub shared: Option<bool>,
    pub has_headers: Option<bool>,
    pub has_oauth_tokens: Option<bool>,
    pub oauth_provider: Option<String>,
    pub oauth_provider_key: Option<String>,
    pub oauth_scopes: Option<Vec<String>>,
    pub icon_url: Option<String>,
    pub integration_id: Option<String>,
    pub composio_mcp_id: Option<String>,
    pub broken_at: Option<DateTime<Utc>>,
    pub broken_reason: Option<String>,
}

pub const REQUEST: CustomIntegration<'_> = CustomIntegration {
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

    pub async fn call(&self) -> Result<Integration> {
        let url = format!("{}/v2/teams/{TEAM_ID}/integrations/custom", self.base_url);
        let response = self
            .http
            .post(url)
            .bearer_auth(API_KEY)
            .json(&REQUEST)
            .send()
            .await?
            .error_for_status()?;
        Ok(response.json().await?)
    }
}

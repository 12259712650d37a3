use std::hint::black_box;

use duvo::{Auth, Client, CustomIntegration, Team};

use super::Result;
use crate::example::{API_KEY, NAME, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, SERVER_URL, TEAM_ID};

pub struct Duvo {
    client: Client,
    team: Team,
    integration: CustomIntegration,
    call: Call,
}

#[derive(Clone, Copy)]
pub enum Call {
    V1,
    V2,
    V2WithHeaders,
}

impl Duvo {
    pub fn new(base_url: String, call: Call) -> Result<Self> {
        let client = Client::builder()
            .api_key(API_KEY)
            .base_url(base_url)
            .build()?;
        let auth = Auth::oauth_client(OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET);
        Ok(Self {
            team: client.team(TEAM_ID),
            integration: CustomIntegration::new(NAME, SERVER_URL, auth)?,
            client,
            call,
        })
    }

    pub async fn call(&self) -> Result<impl Sized + use<>> {
        let response = match self.call {
            Call::V1 => {
                self.client
                    .register_custom_integration(&self.integration)
                    .await?
            }
            Call::V2 | Call::V2WithHeaders => {
                self.team
                    .register_custom_integration(&self.integration)
                    .await?
            }
        };
        if matches!(self.call, Call::V2WithHeaders) {
            black_box((
                response.status(),
                response.request_id(),
                response.headers().get("x-ratelimit-remaining"),
            ));
        }
        Ok(response.into_inner())
    }
}

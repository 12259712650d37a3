use std::cell::Cell;
use std::hint::black_box;

use duvo::{Auth, Client, CustomIntegration, Team};

use super::Result;
use crate::example::{API_KEY, NAME, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, SERVER_URL, TEAM_ID};

pub struct Duvo {
    client: Client,
    /// More than one only where each call is for another.
    teams: Vec<Team>,
    next_team: Cell<usize>,
    integration: CustomIntegration,
    call: Call,
}

#[derive(Clone, Copy)]
pub enum Call {
    V1,
    V2,
    V2WithHeaders,
    V2MadeAnew,
}

impl Duvo {
    pub fn new(base_url: String, call: Call) -> Result<Self> {
        let client = Client::builder()
            .api_key(API_KEY)
            .base_url(base_url)
            .build()?;
        let teams = match call {
            Call::V2MadeAnew => (0..100)
                .map(|number| client.team(format!("team_01hzx3f8{number:02}")))
                .collect(),
            _ => vec![client.team(TEAM_ID)],
        };
        Ok(Self {
            teams,
            next_team: Cell::new(0),
            integration: integration()?,
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
                self.teams[0]
                    .register_custom_integration(&self.integration)
                    .await?
            }
            Call::V2MadeAnew => {
                let team = self.next_team.get();
                self.next_team.set((team + 1) % self.teams.len());
                self.teams[team]
                    .register_custom_integration(&integration()?)
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

fn integration() -> duvo::Result<CustomIntegration> {
    let auth = Auth::oauth_client(OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET);
    CustomIntegration::new(NAME, SERVER_URL, auth)
}

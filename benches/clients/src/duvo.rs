//! The clients that use duvo.

use std::cell::Cell;
use std::hint::black_box;

use duvo::{Auth, Client, CustomIntegration, Integration, Team};

use crate::Result;
use crate::example::{API_KEY, NAME, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, SERVER_URL, TEAM_ID};

/// A client that registers the same value for the same team in each call.
pub struct Duvo {
    client: Client,
    team: Team,
    integration: CustomIntegration,
}

impl Duvo {
    pub fn new(base_url: String) -> Result<Self> {
        let client = client(base_url)?;
        Ok(Self {
            team: client.team(TEAM_ID),
            integration: integration()?,
            client,
        })
    }

    pub async fn call(&self) -> Result<Integration> {
        let team = &self.team;
        let response = team.register_custom_integration(&self.integration).await?;
        Ok(response.into_inner())
    }

    pub async fn call_and_read_headers(&self) -> Result<Integration> {
        let team = &self.team;
        let response = team.register_custom_integration(&self.integration).await?;
        black_box((
            response.status(),
            response.request_id(),
            response.headers().get("x-ratelimit-remaining"),
        ));
        Ok(response.into_inner())
    }

    #[expect(deprecated, reason = "API v1 is compared too")]
    pub async fn call_v1(&self) -> Result<Integration> {
        let client = &self.client;
        let response = client
            .register_custom_integration_v1(&self.integration)
            .await?;
        Ok(response.into_inner())
    }
}

/// A client that creates a new value for each call, and calls for 100 teams in turn.
pub struct DuvoNewValue {
    teams: Vec<Team>,
    next: Cell<usize>,
}

impl DuvoNewValue {
    pub fn new(base_url: String) -> Result<Self> {
        let client = client(base_url)?;
        let teams = (0..100).map(|number| client.team(format!("team_01hzx3f8{number:02}")));
        Ok(Self {
            teams: teams.collect(),
            next: Cell::new(0),
        })
    }

    pub async fn call(&self) -> Result<Integration> {
        let next = self.next.get();
        self.next.set((next + 1) % self.teams.len());
        let team = &self.teams[next];
        let response = team.register_custom_integration(&integration()?).await?;
        Ok(response.into_inner())
    }
}

fn client(base_url: String) -> duvo::Result<Client> {
    Client::builder()
        .api_key(API_KEY)
        .base_url(base_url)
        .build()
}

fn integration() -> duvo::Result<CustomIntegration> {
    let auth = Auth::oauth_client(OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET);
    CustomIntegration::new(NAME, SERVER_URL, auth)
}

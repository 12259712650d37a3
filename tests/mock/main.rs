//! `duvo::mock`, as the tests of a user's program use it.

mod assertions;
mod catalogue;
mod catalogue_faults;
mod fixtures;
mod invalid_responses;
mod lifetime;
mod matching;
mod network_failures;
mod provisioning;
mod responses;
mod user_closures;

use duvo::mock::Server;
use duvo::{Auth, Client, CustomIntegration, Error};

fn start() -> Server {
    Server::start().unwrap()
}

fn integration(name: &str) -> CustomIntegration {
    CustomIntegration::new(name, "https://mcp.example.com/crm", Auth::Url).unwrap()
}

/// Registers an integration, and returns its id.
async fn register(client: &Client, team: &str, name: &str) -> Result<String, Error> {
    let team = client.team(team);
    let created = team.register_custom_integration(&integration(name)).await?;
    Ok(created.into_inner().id)
}

//! A mock server in this process.

use duvo::mock::types;
use duvo::mock::{Server, examples};
use duvo::{AuthMethod, Integration};

/// The team of the mock server.
pub(crate) const TEAM: &str = "team_01hzx3f8q2";

const REQUEST_ID: &str = "req_embedded_mock";

/// Starts a mock server. It returns the documented example for the auth method, with the
/// values of the request.
pub(crate) fn start() -> std::io::Result<Server> {
    let server = Server::start()?;
    server
        .register_custom_integration_v1()
        .respond_with(|call, then| {
            let example = example(call.auth_method(), call.oauth_client_id());
            let integration = with_values(example, TEAM, call.name(), call.server_url());
            then.registered(integration)
                .with_header("x-request-id", REQUEST_ID)
        });
    server
        .register_custom_integration()
        .respond_with(|call, then| {
            let example = example(call.auth_method(), call.oauth_client_id());
            let team = call.team_id().unwrap_or_default();
            let integration = with_values(example, team, call.name(), call.server_url());
            then.registered(integration)
                .with_header("x-request-id", REQUEST_ID)
        });
    Ok(server)
}

fn example(auth_method: Option<types::AuthMethod>, oauth_client_id: Option<&str>) -> Integration {
    match (auth_method.map(AuthMethod::from), oauth_client_id) {
        (Some(AuthMethod::ApiKey), _) => examples::api_key_integration(),
        (Some(AuthMethod::Headers), _) => examples::headers_integration(),
        (Some(AuthMethod::OAuth), Some(_)) => examples::oauth_integration(),
        (Some(AuthMethod::OAuth), None) => examples::oauth_dynamic_integration(),
        _ => examples::url_integration(),
    }
}

fn with_values(
    mut integration: Integration,
    team: &str,
    name: Option<&str>,
    server_url: Option<&str>,
) -> Integration {
    team.clone_into(&mut integration.team_id);
    name.unwrap_or_default().clone_into(&mut integration.name);
    integration.server_url = server_url.map(str::to_owned);
    integration
}

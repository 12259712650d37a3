//! A mock of the API in this process.

use duvo::Integration;
use duvo::mock::types::AuthMethod;
use duvo::mock::{Server, examples};

const REQUEST_ID: &str = "req_embedded_mock";

/// Starts the mock. It answers the documented example for the auth method, with
/// what the request says in it.
pub(crate) fn start() -> std::io::Result<Server> {
    let server = Server::start()?;
    server
        .register_custom_integration_v1()
        .respond_with(|call, then| {
            let documented = documented(call.auth_method(), call.oauth_client_id());
            then.registered(named(documented, call.name(), call.server_url()))
                .with_header("x-request-id", REQUEST_ID)
        });
    server
        .register_custom_integration()
        .respond_with(|call, then| {
            let documented = documented(call.auth_method(), call.oauth_client_id());
            let mut integration = named(documented, call.name(), call.server_url());
            call.team_id()
                .unwrap_or_default()
                .clone_into(&mut integration.team_id);
            then.registered(integration)
                .with_header("x-request-id", REQUEST_ID)
        });
    Ok(server)
}

fn documented(auth_method: Option<AuthMethod>, oauth_client_id: Option<&str>) -> Integration {
    match (auth_method, oauth_client_id) {
        (Some(AuthMethod::Apikey), _) => examples::api_key_integration(),
        (Some(AuthMethod::Headers), _) => examples::headers_integration(),
        (Some(AuthMethod::Oauth), Some(_)) => examples::oauth_integration(),
        (Some(AuthMethod::Oauth), None) => examples::oauth_dynamic_integration(),
        (Some(AuthMethod::Url) | None, _) => examples::url_integration(),
    }
}

fn named(mut integration: Integration, name: Option<&str>, url: Option<&str>) -> Integration {
    name.unwrap_or_default().clone_into(&mut integration.name);
    integration.server_url = url.map(str::to_owned);
    integration
}

//! Settings of `duvo::mock` that several tests share.

use std::sync::Arc;

use duvo::mock::{Catalogue, Fault, Request, Response, Server, examples};
use duvo::{Client, Integration, IntegrationPage, Team};
use serde_json::Value;

use crate::client::{TEAM, policy_without_backoff};

/// Starts a mock server with a catalogue of these integrations.
pub fn start_with(integrations: impl IntoIterator<Item = Integration>) -> (Server, Catalogue) {
    let server = Server::start().unwrap();
    let catalogue = server.catalogue();
    for integration in integrations {
        catalogue.add(integration);
    }
    (server, catalogue)
}

/// A mock server with an empty catalogue, and its team.
pub struct Provisioning {
    pub server: Server,
    pub catalogue: Catalogue,
    pub team: Team,
}

impl Provisioning {
    pub fn start() -> Self {
        let (server, catalogue) = start_with([]);
        let client = client_without_backoff(&server);
        Self {
            team: client.team(TEAM),
            server,
            catalogue,
        }
    }
}

/// Returns the team of the documented examples, with a client of the mock server.
pub fn team_of(server: &Server) -> Team {
    server.client().unwrap().team(TEAM)
}

/// Returns every request, as its method and its path with the query.
pub fn request_lines(server: &Server) -> Vec<String> {
    let line = |request: &Request| {
        let query = request.query().map(|query| format!("?{query}"));
        let query = query.unwrap_or_default();
        format!("{} {}{query}", request.method(), request.path())
    };
    server.requests().iter().map(line).collect()
}

/// Returns the number of requests with this method.
pub fn count(server: &Server, method: &str) -> usize {
    let requests = server.requests();
    let has_method = |request: &&Request| request.method() == method;
    requests.iter().filter(has_method).count()
}

/// Changes the body of every page. `change` receives the number of the request and the
/// correct page.
pub fn change_pages(
    catalogue: &Catalogue,
    change: impl Fn(usize, Value) -> String + Send + Sync + 'static,
) {
    let change = Arc::new(change);
    catalogue.inject(move |request, number| {
        let change = Arc::clone(&change);
        let changed = move |page| Response::new(200).with_body(change(number, page));
        (request.method() == "GET").then(|| Fault::changed(changed))
    });
}

/// Returns a fault without effect, whose response is a 403.
pub fn forbidden() -> Fault {
    Fault::rejected(Response::json(403, &examples::forbidden_plain()))
}

/// Returns a fault without effect, whose response is a 500.
pub fn internal_server_error() -> Fault {
    Fault::rejected(Response::json(
        500,
        &examples::internal_server_error_plain(),
    ))
}

/// Returns a client of the mock server that retries without a pause.
pub fn client_without_backoff(server: &Server) -> Client {
    server
        .client_builder()
        .retry_policy(policy_without_backoff())
        .build()
        .unwrap()
}

/// Interrupts the next listing within its body. Later listings succeed.
pub fn interrupt_next_listing(server: &Server) {
    server
        .list_integrations()
        .respond(|then| {
            then.integrations(IntegrationPage::example())
                .truncated_at(40)
        })
        .respond(|then| then.integrations(IntegrationPage::example()));
}

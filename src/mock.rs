//! A mock server of Duvo's API, to test your own code against. Requires the feature `mock`,
//! which is meant for tests:
//!
//! ```toml
//! [dev-dependencies]
//! duvo = { path = "../duvo", features = ["mock"] }
//! ```
//!
//! The mock server is generated from the same OpenAPI document as the client. It expects and
//! returns the types of the API, so that your tests stop compiling when the API changes.
//!
//! ```
//! use std::time::Duration;
//!
//! use duvo::mock::{Server, examples};
//! use duvo::{Auth, Client, CustomIntegration, Error, Integration, RetryPolicy};
//!
//! /// The code under test.
//! async fn provision(duvo: &Client) -> Result<String, Error> {
//!     let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
//!     let created = duvo.team("team_1").register_custom_integration(&crm).await?;
//!     Ok(created.into_inner().id)
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::start()?;
//! let registration = server
//!     .register_custom_integration()
//!     .with_team_id("team_1")
//!     .with_name("Internal CRM")
//!     .respond(|then| {
//!         then.too_many_requests(examples::too_many_requests_coded())
//!             .with_retry_after(Duration::ZERO)
//!     })
//!     .respond(|then| then.registered(Integration::example()));
//! let without_backoff = RetryPolicy::default().with_backoff(Duration::ZERO, Duration::ZERO);
//! let duvo = server.client_builder().retry_policy(without_backoff).build()?;
//!
//! let id = provision(&duvo).await?;
//!
//! assert_eq!(id, Integration::example().id);
//! registration.assert_calls(2);
//! let calls = registration.calls();
//! assert_eq!(calls[0].idempotency_key(), calls[1].idempotency_key());
//! # Ok(())
//! # }
//! ```
//!
//! # Operations
//!
//! Each operation of the API is a method of [`Server`], with the name of the client's method;
//! [`Client::teams`](crate::Client::teams) and [`Client::own_team`](crate::Client::own_team) call
//! [`list_teams`](Server::list_teams),
//! [`Team::integrations`](crate::Team::integrations) calls
//! [`list_integrations`](Server::list_integrations), and
//! [`Team::ensure_custom_integration`](crate::Team::ensure_custom_integration) calls
//! [`list_integrations`](Server::list_integrations) and
//! [`register_custom_integration`](Server::register_custom_integration). By default, a mock
//! returns the documented example, the first by name if there are several. It does not echo the
//! request.
//!
//! # Expectations
//!
//! A mock matches every request to its operation; the methods `with_…` and `without_…` restrict
//! the requests. Values are compared literally; patterns are not supported. A missing query parameter counts as its documented
//! default, if it has one. The first page of a listing has no `offset`.
//!
//! If several mocks match a request, the one that was created last responds. A request that no mock
//! matches receives the status 501 and a body that describes the mismatch, which the error of the
//! call displays. [`Server::unmatched_requests`] returns the mismatches too, and
//! [`Mock::assert_calls`] prints them.
//!
//! # Responses
//!
//! [`Mock::respond`] appends a response to the sequence of a mock; the last one is repeated. Its
//! argument provides the documented responses of the operation, typed. [`examples`] contains the
//! bodies from the document, and [`Integration::example`](crate::Integration::example) is one of
//! them; change them field by field. Response headers are not generated; add them with
//! [`Response::with_header`]. [`Mock::respond_with`] computes the response from the request.
//! [`Response`] also simulates what no document describes: HTML from a proxy, delays,
//! `retry-after`, truncated bodies, resets and hanging connections:
//!
//! ```
//! # use duvo::mock::{Response, Server};
//! # fn main() -> std::io::Result<()> {
//! # let server = Server::start()?;
//! server
//!     .register_custom_integration()
//!     .respond(|_| Response::html(504, "<h1>Gateway Timeout</h1>"))
//!     .respond(|_| Response::reset());
//! # Ok(())
//! # }
//! ```
//!
//! To simulate an unreachable API, drop the server: its port is then closed.
//!
//! # Catalogue
//!
//! [`Server::catalogue`] creates mocks that share a state, for tests of programs that provision
//! integrations: a [`Catalogue`] lists what was registered, and no longer lists what was
//! deleted. It can enforce a rate limit, store names in another form, and inject a [`Fault`] into
//! a single request:
//!
//! ```
//! use duvo::mock::{Fault, Response, Server};
//! use duvo::{Auth, CustomIntegration, EnsureOutcome};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::start()?;
//! let catalogue = server.catalogue();
//! catalogue.set_stored_form(|integration| integration.name = integration.name.to_lowercase());
//! // A proxy loses the response to the first registration, which takes effect.
//! catalogue.next_registration(Fault::lost(Response::html(504, "<h1>Gateway Timeout</h1>")));
//! let team = server.client()?.team("team_1");
//! let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
//!
//! for _ in 0..2 {
//!     let ensured = team.ensure_custom_integration(&crm).await?;
//!     assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
//! }
//!
//! let [registered] = catalogue.integrations().try_into().unwrap();
//! assert_eq!(registered.name, "internal crm");
//! assert_eq!(registered.team_id, "team_1");
//! # Ok(())
//! # }
//! ```
//!
//! # Time
//!
//! Delays are real, and so are the delays of a client between attempts; the policy above disables
//! them. Do not pause Tokio's time (`start_paused`): it advances while bytes are in transit, and the
//! client's timeouts with it. To test a timeout, set a short
//! [`attempt_timeout`](crate::ClientBuilder::attempt_timeout), and let the mock
//! [`hang`](Response::hang).
//!
//! The server runs on a background thread, so it also works with
//! [`duvo::blocking`](crate::blocking): `server.client_builder().build_blocking()`.

mod body;
mod catalogue;
mod example;
mod expectation;
mod operation;
mod request;
mod response;
mod server;
mod socket;
mod state;

/// The mocks generated from `openapi/duvo.yaml`.
#[allow(clippy::all, clippy::pedantic, unused_qualifications)]
mod api {
    include_generated!("mock.rs");
}

pub use api::*;
pub use catalogue::Catalogue;
pub use catalogue::fault::Fault;
pub use operation::{Call, Mock, Operation, Responses};
pub use request::{Request, UnmatchedRequest};
pub use response::Response;
pub use server::Server;

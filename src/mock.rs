//! A mock of Duvo's API, to test your own code against. With the cargo feature
//! `mock`, which is for tests:
//!
//! ```toml
//! [dev-dependencies]
//! duvo = { path = "../duvo", features = ["mock"] }
//! ```
//!
//! It is generated from the same OpenAPI document as the client: what it takes
//! and answers has the types of the API, so that your tests stop compiling when
//! the API changes.
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
//! let at_once = RetryPolicy::default().with_backoff(Duration::ZERO, Duration::ZERO);
//! let duvo = server.client_builder().retry_policy(at_once).build()?;
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
//! # Which mock answers which call
//!
//! Each operation of the API is a method of [`Server`], and answers its documented
//! example until it is told otherwise; of several, the first by name. It does not
//! repeat what was sent:
//!
//! | call | mock |
//! |---|---|
//! | [`Team::register_custom_integration`](crate::Team::register_custom_integration) | [`register_custom_integration`](Server::register_custom_integration) |
//! | [`Team::integrations`](crate::Team::integrations) | [`list_integrations`](Server::list_integrations) |
//! | [`Team::ensure_custom_integration`](crate::Team::ensure_custom_integration) | both |
//! | [`Client::delete_custom_integration`](crate::Client::delete_custom_integration) | [`delete_custom_integration`](Server::delete_custom_integration) |
//! | [`Client::register_custom_integration_v1`](crate::Client::register_custom_integration_v1), which is version 1 | [`register_custom_integration_v1`](Server::register_custom_integration_v1) |
//!
//! # What is expected
//!
//! `with_…` and `without_…` narrow what a mock answers; without any, it answers every
//! request to its operation. Values are compared as they are, none is a pattern. A
//! parameter of the query that is left out counts as its documented default, if it
//! has one; the first page of a listing has no `offset`.
//!
//! Of the mocks that fit a request, the one that was made last answers it. A request
//! that none fits gets the status 501 and a body that says what differs, which is then
//! in the error of the call. [`Server::unmatched_requests`] has it too, and
//! [`Mock::assert_calls`] shows it.
//!
//! # What is answered
//!
//! [`Mock::respond`] adds an answer to the sequence of a mock; the last one is
//! repeated. Its argument has the documented answers of the operation, typed;
//! [`examples`] has the bodies that the document shows, and
//! [`Integration::example`](crate::Integration::example) is one of them. They can be
//! changed, field by field. Headers are yours to add. [`Mock::respond_with`] makes the
//! answer of the request. What no document has is in [`Response`]: HTML of a proxy,
//! delays, `retry-after`, bodies that are cut off, resets, silence:
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
//! To test against an API that cannot be reached, drop the server: nothing listens
//! at its [`url`](Server::url) any more.
//!
//! # Time
//!
//! Delays are real, as are the waits of a client that tries again; the policy above
//! makes it not wait. Do not pause Tokio's time (`start_paused`): it runs ahead while
//! bytes are on their way, and the client's timeouts with it. For a timeout, give the
//! client a short [`attempt_timeout`](crate::ClientBuilder::attempt_timeout) and the
//! mock [`Response::hang`].
//!
//! The server has a thread of its own, and so works with
//! [`duvo::blocking`](crate::blocking) too:
//! `server.client_builder().build_blocking()`.

mod body;
mod expectation;
mod operation;
mod request;
mod response;
mod server;
mod socket;
mod state;

/// Made by `build.rs` from `openapi/duvo.yaml`.
#[allow(clippy::all, clippy::pedantic, unused_qualifications)]
mod api {
    include_generated!("mock.rs");
}

pub use api::*;
pub use operation::{Call, Mock, Operation, Responses};
pub use request::{Request, UnmatchedRequest};
pub use response::Response;
pub use server::Server;

impl crate::Timestamp {
    /// The instant that an example of the document has.
    fn of_example(text: &str) -> Self {
        Self::parse(text).unwrap_or(Self(chrono::DateTime::UNIX_EPOCH))
    }
}

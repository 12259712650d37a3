//! A mock of Duvo's API, to test your own code against. With the cargo feature
//! `mock`, which is for `[dev-dependencies]`.
//!
//! It is generated from the same OpenAPI document as the client: what it takes
//! and answers has the types of the API, so that your tests stop compiling when
//! the API changes. Each operation of the API is a method of [`Server`], and
//! answers its documented example until it is told otherwise:
//!
//! ```
//! use std::time::Duration;
//!
//! use duvo::mock::{CodedError, Server};
//! use duvo::{Auth, Client, CustomIntegration, Error, Integration};
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
//!     .create_custom_integration()
//!     .with_team_id("team_1")
//!     .with_name("Internal CRM")
//!     .respond(|then| {
//!         then.too_many_requests(CodedError::example()).with_retry_after(Duration::ZERO)
//!     })
//!     .respond(|then| then.registered(Integration::example()));
//!
//! let id = provision(&server.client()?).await?;
//!
//! assert_eq!(id, Integration::example().id);
//! registration.assert_calls(2);
//! let calls = registration.calls();
//! assert_eq!(calls[0].idempotency_key(), calls[1].idempotency_key());
//! # Ok(())
//! # }
//! ```
//!
//! # What is expected
//!
//! A `with_…` method narrows what a mock answers; without any, it answers every
//! request to its operation. Values are compared as they are, none is a pattern.
//! Of the mocks that fit a request, the one that was made last answers it. A
//! request that none fits gets the status 501 and a body that says what differs,
//! which is then in the error of the call; [`Server::unmatched_requests`] has it
//! too.
//!
//! # What is answered
//!
//! [`Mock::respond`] adds an answer to the sequence of a mock; the last one is
//! repeated. Its argument has the documented answers of the operation, typed;
//! [`examples`] has the bodies that the document shows, and
//! [`Integration::example`](crate::Integration::example) is one of them. They
//! can be changed, field by field. [`Mock::respond_with`] makes the answer of
//! the request. What no document has is in [`Response`]: HTML of a proxy, delays,
//! `retry-after`, bodies that are cut off, resets, silence:
//!
//! ```
//! # use duvo::mock::{Response, Server};
//! # fn main() -> std::io::Result<()> {
//! # let server = Server::start()?;
//! server
//!     .create_custom_integration()
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
//! Delays are real, as are the waits of a client that tries again. A test need
//! not wait: give the client a policy without backoff, by
//! [`Server::client_builder`], and a `retry-after` of zero. The server has a
//! thread of its own, and so works with [`duvo::blocking`](crate::blocking) too.

mod expectation;
mod operation;
mod request;
mod response;
mod server;
mod socket;

/// Made by `build.rs` from `openapi/duvo.yaml`.
#[allow(clippy::all, clippy::pedantic, unused_qualifications)]
mod api {
    include_generated!("mock.rs");
}

pub use api::*;
pub use operation::{Call, Mock, Operation, Responses};
pub use request::Request;
pub use response::Response;
pub use server::Server;

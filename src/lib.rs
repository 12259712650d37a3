//! Register custom integrations with [Duvo](https://duvo.ai).
//!
//! Duvo runs AI assignments that reach other systems through MCP (Model Context
//! Protocol) servers. A *custom integration* is an entry in a team's catalogue that
//! points Duvo at an MCP server of yours; teammates can then connect to it. This crate
//! adds such entries, lists them and deletes them: from a provisioning tool, a CI job
//! or a service. It takes care that you know after each call whether it was made.
//!
//! It is not made by Duvo, nor endorsed by it. What it says of the API is from
//! Duvo's [API reference](https://docs.duvo.ai/api-reference), from the page
//! [Register custom integration] above all, and from Duvo's published OpenAPI
//! document, developer pages and user guide; `CONTRIBUTING.md` in the repository says
//! which fact is from where.
//!
//! [Register custom integration]: https://docs.duvo.ai/api-reference/integrations/register-custom-integration
//!
//! This page is the manual, from top to bottom: [first call](#first-call),
//! [the lifecycle](#the-lifecycle), [versions of the API](#versions-of-the-api),
//! [configuration](#configuration), [errors](#errors), [retries](#retries),
//! [testing your code](#testing-your-code), [without async](#without-async),
//! [security](#security), [logging](#logging),
//! [compatibility](#compatibility).
//!
//! # First call
//!
//! You need an API key of a user with the manager role or above, from the Duvo
//! dashboard; the identifier of the team, which is the `team_id` of each of its
//! integrations; and an MCP server that is reachable from
//! the internet over public HTTPS and speaks streamable HTTP.
//!
//! ```no_run
//! use duvo::{Auth, Client, CustomIntegration};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), duvo::Error> {
//! let duvo = Client::from_env()?; // DUVO_API_KEY, DUVO_API_BASE_URL
//! let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
//! let created = duvo.team("team_01hzx3f8q2").register_custom_integration(&crm).await?;
//! println!("registered {} at {}", created.id, created.created_at);
//! # Ok(())
//! # }
//! ```
//!
//! [`Auth`] has one arm for each `auth_method` of the API: how teammates'
//! connections authenticate to your server. An OAuth client is an id and a secret;
//! half of one cannot be written. [`CustomIntegration::new`] refuses what the API
//! would refuse, with every fault at once, before anything is sent.
//!
//! What comes back is a [`Response`]: it dereferences to the [`Integration`], and
//! has the status, the headers and the request id for those who ask.
//!
//! Make one [`Client`] for the program and keep it; clones share its connections.
//! Calls need a Tokio runtime with time and I/O enabled, or
//! [none at all](#without-async).
//!
//! # The lifecycle
//!
//! | to | call | request |
//! |---|---|---|
//! | see to it that an integration is registered | [`Team::ensure_custom_integration`] | the next two |
//! | register an integration | [`Team::register_custom_integration`] | `POST /v2/teams/{teamId}/integrations/custom` |
//! | list the catalogue | [`Team::integrations`], then `page`, `stream` or `all` | `GET /v2/teams/{teamId}/integrations` |
//! | delete a custom integration | [`Client::delete_custom_integration`] | `DELETE /v2/integrations/custom/{custom_integration_id}` |
//!
//! A tool that runs on every deploy wants the first: it looks for the integration
//! by its name and server URL, registers it if it is absent, and says whether it was
//! created, was there already, or is there with other settings. It never deletes or
//! changes anything:
//!
//! ```
//! use duvo::EnsureOutcome;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = duvo::mock::Server::start()?;
//! # server.list_integrations();
//! # let duvo = server.client()?;
//! # let crm = duvo::CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", duvo::Auth::ApiKey)?;
//! let ensured = duvo.team("team_01hzx3f8q2").ensure_custom_integration(&crm).await?;
//! match ensured.outcome {
//!     EnsureOutcome::Created => println!("created {}", ensured.integration.id),
//!     EnsureOutcome::Differs { fields } => println!("look at its {}", fields.join(", ")),
//!     _ => println!("{} was there", ensured.integration.id),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The method's documentation says what that guarantees where callers race or an
//! answer is lost, and what the API does not allow to be guaranteed. In the
//! repository, `examples/provision.rs` does this for every integration of a TOML file.
//!
//! # Versions of the API
//!
//! Use version 2, through [`Client::team`]. Duvo announced the end of version 1 for
//! 15 June 2026. It is there as [`Client::register_custom_integration_v1`]
//! (`POST /v1/integrations/custom`), for keys and base URLs that still answer it, and
//! registers with the team that the key belongs to. Both take the same request and
//! give the same [`Integration`]; the docs of its fields say which of them only one
//! version answers. A field that is new, missing or null, an unknown value of an
//! enum, and another 2xx status do not break a program.
//!
//! # Configuration
//!
//! [`Client::from_env`] reads the variables that Duvo's own command line reads;
//! [`Client::builder`] and [`ClientBuilder::from_env`] have everything:
//!
//! | setting | default |
//! |---|---|
//! | [`api_key`](ClientBuilder::api_key), or `DUVO_API_KEY` | none, it is required |
//! | [`base_url`](ClientBuilder::base_url), or `DUVO_API_BASE_URL` | `https://api.duvo.ai` |
//! | [`allow_http`](ClientBuilder::allow_http) | `false`: plain http goes to loopback only |
//! | [`connect_timeout`](ClientBuilder::connect_timeout) | 10 seconds, and at most half of the other two |
//! | [`attempt_timeout`](ClientBuilder::attempt_timeout) | 30 seconds, from connecting to the last byte |
//! | [`total_timeout`](ClientBuilder::total_timeout) | 120 seconds, with all attempts and the waits between them |
//! | [`retry_policy`](ClientBuilder::retry_policy) | up to 4 attempts, see [retries](#retries) |
//! | [`user_agent`](ClientBuilder::user_agent) | `duvo-rs/` and the version of the crate |
//! | [`root_certificate_pem`](ClientBuilder::root_certificate_pem) | none beside those that the system trusts |
//! | [`proxy`](ClientBuilder::proxy) | the environment's (`HTTPS_PROXY` and the like), and with `system-proxy` the system's; none if the base URL is loopback |
//! | [`reqwest_client_builder`](ClientBuilder::reqwest_client_builder) | `reqwest`'s own settings, without decompression |
//!
//! Cargo features, in `reqwest`'s words where they are about HTTP:
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `codegen` | yes | the client is generated from the OpenAPI document when the crate is built; without it, the committed copy of the same source is compiled, and no generator |
//! | `rustls` | yes | TLS by rustls, with the certificates that the system trusts; without any TLS, https is refused |
//! | `native-tls` | no | TLS by the system's own library, in place of rustls if both are on |
//! | `http2` | no | HTTP/2, if the server has it |
//! | `system-proxy` | yes | the proxy that Windows or macOS is set to, beside that of the environment |
//! | `tracing` | yes | spans and events, see [logging](#logging); it brings no further crate |
//! | `blocking` | no | [`duvo::blocking`](crate::blocking): the same calls without async |
//! | `mock` | no | [`duvo::mock`](crate::mock): a mock of the API, to test against; it brings no further crate |
//!
//! If you do not want a generator in your build, set `default-features = false` and
//! name the features that you keep, such as `["rustls", "system-proxy", "tracing"]`.
//! Nothing changes but the time that a build takes.
//!
//! # Errors
//!
//! An [`Error`] says what happened ([`kind`](Error::kind)), whether the API may have
//! acted all the same ([`delivery`](Error::delivery)), and keeps all that came back:
//! status, headers, request id, the API's own words, and the body, whatever its form.
//! [`timeout`](Error::timeout) says which of the three timeouts ended it, if one did;
//! [`attempts`](Error::attempts) lists what each attempt came to.
//!
//! | kind | what happened | delivery |
//! |---|---|---|
//! | [`Configuration`](ErrorKind::Configuration) | the client cannot be made, or not be used here | `NotSent` |
//! | [`InvalidRequest`](ErrorKind::InvalidRequest) | the request is not as documented | `NotSent` |
//! | [`Connect`](ErrorKind::Connect) | no connection came about, or not in time | `NotSent` |
//! | [`Timeout`](ErrorKind::Timeout) | no answer in time | `Unknown` |
//! | [`Network`](ErrorKind::Network) | the connection broke before an answer | `Unknown` |
//! | [`Status`](ErrorKind::Status) | a status other than 2xx | `Rejected` for 307, 308, 4xx but 408, and a 503 with `retry-after`; else `Unknown` |
//! | [`UnreadableResponse`](ErrorKind::UnreadableResponse) | a 2xx whose body is not what the API documents | `Unknown`, though the API probably acted |
//!
//! The delivery is that of one attempt. After several, the kind is that of the last,
//! and the delivery the least certain of all.
//!
//! After [`Delivery::Unknown`], look in the catalogue before you register again, or let
//! [`ensure_custom_integration`](Team::ensure_custom_integration) do so. Do the same
//! after you dropped a call before it ended. What to check after each kind, and after
//! each status, is under [troubleshooting](Error#troubleshooting):
//!
//! ```
//! use duvo::{Delivery, Error};
//!
//! fn next_step(error: &Error) -> &'static str {
//!     match error.delivery() {
//!         Delivery::Unknown => "it may have taken effect: look before you try again",
//!         _ if error.retry_after().is_some() => "try again later",
//!         _ if error.is_connect() => "check the network, then try again",
//!         _ if error.is_status() => "read what the API says",
//!         _ => "correct the fields that are named",
//!     }
//! }
//! ```
//!
//! # Retries
//!
//! A call is tried again only where the API did not act: no connection came about, or
//! the answer is 429, or 503 with `retry-after`. So nothing is registered twice by
//! default. A listing changes nothing, and is tried again after any failure that may
//! pass. [`RetryPolicy`] sets how often, how long, and whether also ambiguous failures
//! are tried again. Every attempt of a call that changes something carries one
//! `Idempotency-Key`; [`CustomIntegration::with_idempotency_key`] sets your own.
//!
//! The wait is what the server asks for, and up to as much again at random; or a random
//! part of a backoff that doubles from 0.5 to 8 seconds. If the server asks for more
//! than 60 seconds, or the wait does not fit into the total timeout, the call ends at
//! once, and [`retry_after`](Error::retry_after) says what was asked for. Clones of a
//! client share what they know of the rate limit: once an answer says that it is used
//! up, they wait rather than ask, if they have the time.
//!
//! The defaults suit a call that someone waits for. Where many processes share the
//! 300 requests a minute of an API key, give them time:
//!
//! ```
//! use std::time::Duration;
//!
//! use duvo::{Client, RetryPolicy};
//!
//! let patient = Client::builder()
//!     .api_key("key")
//!     .total_timeout(Duration::from_secs(3600))
//!     .retry_policy(RetryPolicy::default().with_max_attempts(100))
//!     .build()?;
//! # Ok::<(), duvo::Error>(())
//! ```
//!
//! So set, and all beginning at once, a thousand processes need 2.2 requests for each
//! registration, and 1.14 to 1.23 times as long as is possible, in simulation
//! (`cargo test fleet -- --nocapture` in the repository).
//!
//! # Testing your code
//!
//! With the feature `mock` in `[dev-dependencies]`, [`duvo::mock`](crate::mock) is a
//! mock of the API on loopback, generated from the same document as the client. It
//! expects and answers typed values, so that your tests stop compiling when the API
//! changes, and it fails as networks do:
//!
//! ```
//! use duvo::mock::Server;
//! use duvo::{Auth, CustomIntegration, Integration};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::start()?;
//! let registration = server.register_custom_integration().with_name("Internal CRM");
//!
//! let duvo = server.client()?;
//! let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
//! let created = duvo.team("team_1").register_custom_integration(&crm).await?;
//!
//! assert_eq!(created.into_inner(), Integration::example());
//! registration.assert_calls(1);
//! # Ok(())
//! # }
//! ```
//!
//! In the repository, `examples/testing.rs` is a program with its tests. Any other mock
//! server will do as well: to loopback, plain http is allowed, no proxy is used, and
//! any API key will do.
//!
//! # Without async
//!
//! With the feature `blocking`, [`duvo::blocking`](crate::blocking) has the same calls
//! for programs that have no runtime. Within a runtime they are refused with an error,
//! not a panic.
//!
//! # Security
//!
//! - API keys and client secrets are [`Secret`]s: they do not show themselves, and are
//!   wiped on drop. They are in no log, nor in what `Display` and `Debug` show of an
//!   error, a client or a request, even if the server repeats them. What the server
//!   sent is handed on as it came: the [`body`](Error::body) and
//!   [`headers`](Error::headers) of an error, the headers and the request id of a
//!   [`Response`], and the fields of an [`Integration`], which its `Debug` shows, the
//!   server URL with whatever is in it. What `reqwest` buffers of a request is not
//!   wiped.
//! - Redirects are not followed: one would carry the client secret elsewhere.
//! - Plain http goes to loopback only, unless
//!   [`allow_http`](ClientBuilder::allow_http) says otherwise.
//! - Certificates are checked by the system's rules;
//!   [`root_certificate_pem`](ClientBuilder::root_certificate_pem) adds to them. Only a
//!   [`reqwest_client_builder`](ClientBuilder::reqwest_client_builder) can weaken this.
//! - What goes into a path is refused if a server on the way could read it as more than
//!   one segment.
//! - Of an answer, 1 MiB is read. Text of the server's is cleared of control characters
//!   before it is shown in a message.
//! - There is no unsafe code in this crate.
//!
//! # Logging
//!
//! With the feature `tracing`, named by [OpenTelemetry's conventions for HTTP
//! clients](https://opentelemetry.io/docs/specs/semconv/http/http-spans/):
//!
//! | level | what is logged |
//! |---|---|
//! | `WARN` | that a call is tried again: the status or the kind of failure, and the wait; that it waits for the rate limit |
//! | `DEBUG` | a span for each call, `duvo.call`, and in it one for each attempt, `duvo.attempt` |
//! | `ERROR`, `INFO`, `TRACE` | nothing |
//!
//! `duvo.call` has the field `duvo.operation`, the `operationId` of the OpenAPI
//! document; `duvo.attempt` has `http.request.method`, `url.full`, `server.address`,
//! `server.port`, `http.request.resend_count`, `http.response.status_code` and
//! `error.type`, which is the status or [`ErrorKind::as_str`]. The events have
//! `wait_seconds`, and the last two of the attempt before. Never headers, bodies or
//! fields of them.
//!
//! # Compatibility
//!
//! The crate follows semantic versioning. Structs that the API answers are
//! `#[non_exhaustive]`, as is every enum that may grow; but for two of the test kit,
//! `AuthMethod` and `ErrorResponse`, so that a test that forgets a new value does not
//! compile. It needs Rust 1.88; a newer one is asked for in a minor version only.
//!
//! Its API has types of these crates in it, and of no others: `http` 1 (statuses,
//! headers), `serde` 1 (what the API answers can be written and read), `serde_json` 1
//! (the details of an error), `chrono` 0.4 (a conversion),
//! `futures-core` 0.3 (a stream), and `reqwest` 0.13 in
//! [one setting](ClientBuilder::reqwest_client_builder).

#![deny(missing_docs)]
// The manual speaks of every module.
#![cfg_attr(
    not(all(feature = "blocking", feature = "mock")),
    allow(rustdoc::broken_intra_doc_links)
)]
#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![warn(clippy::print_stderr, clippy::print_stdout, unreachable_pub)]

/// The source in a file that `build.rs` makes; without the feature `codegen`,
/// the committed copy of it.
macro_rules! include_generated {
    ($file:literal) => {
        #[cfg(feature = "codegen")]
        include!(concat!(env!("OUT_DIR"), "/", $file));
        #[cfg(not(feature = "codegen"))]
        include!(concat!("../snapshots/", $file));
    };
}

mod attempt;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod delete;
mod ensure;
mod error;
mod error_response;
mod exchange;
mod idempotency_key;
mod integration;
mod jitter;
mod list;
#[cfg(feature = "mock")]
pub mod mock;
mod path_segment;
mod rate_limit;
mod request;
mod response;
mod retry;
mod secret;
#[cfg(feature = "tracing")]
mod telemetry;
#[cfg(not(feature = "tracing"))]
#[path = "telemetry_off.rs"]
mod telemetry;
mod timeouts;
mod timestamp;
mod transport;
mod wiped;

/// Made by `build.rs` from `openapi/duvo.yaml`.
#[allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    unreachable_pub,
    unused_mut,
    unused_qualifications
)]
mod generated {
    include_generated!("client.rs");
}

pub use attempt::Attempt;
pub use client::{Client, ClientBuilder, Team};
pub use ensure::{EnsureOutcome, Ensured};
pub use error::{Delivery, Error, ErrorKind, InvalidField, Result};
pub use generated::types::{Deletion, Integration, IntegrationPage, TransportType};
pub use integration::{Auth, CustomIntegration, OAuthClient};
pub use list::ListIntegrations;
pub use response::Response;
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use timeouts::Timeout;
pub use timestamp::Timestamp;

/// The code of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Entry points for `fuzz/`.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    /// Makes what the crate makes of an answer.
    pub fn read_answer(status: u16, body: &[u8]) {
        crate::transport::read_answer(status, body);
    }
}

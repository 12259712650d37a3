//! Register custom integrations with [Duvo](https://duvo.ai).
//!
//! Duvo runs AI assignments that reach other systems through MCP (Model Context Protocol)
//! servers. A *custom integration* is an entry in a team's catalogue that points Duvo at an
//! MCP server that you run; teammates can then connect to it. This crate registers, lists
//! and deletes such entries, and lets Duvo check a server beforehand, from a provisioning
//! tool, a CI job or a service. After every call, you know whether it took effect, did not, or may have.
//!
//! This is an unofficial client. It is not affiliated with or endorsed by Duvo. Its facts
//! about the API come from Duvo's [API reference](https://docs.duvo.ai/api-reference),
//! mainly the page [Register custom integration], and from Duvo's published OpenAPI
//! document, developer pages and user guide. `docs/api-sources.md` in the repository lists
//! the source of each fact.
//!
//! [Register custom integration]: https://docs.duvo.ai/api-reference/integrations/register-custom-integration
//!
//! This page is the manual: [first call](#first-call), [operations](#operations),
//! [API versions](#api-versions), [configuration](#configuration), [errors](#errors),
//! [retries](#retries), [testing](#testing), [blocking calls](#blocking-calls),
//! [security](#security), [logging](#logging), [compatibility](#compatibility).
//!
//! # First call
//!
//! You need:
//!
//! - an API key from the Duvo dashboard, of a user with the manager role or above
//! - an MCP server that is reachable from the internet over public HTTPS and speaks
//!   streamable HTTP
//!
//! ```no_run
//! use duvo::{Auth, Client, CustomIntegration};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), duvo::Error> {
//! let duvo = Client::from_env()?; // DUVO_API_KEY, DUVO_API_BASE_URL
//! let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
//! let created = duvo.own_team().await?.register_custom_integration(&crm).await?;
//! println!("registered {} at {}", created.id, created.created_at);
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::own_team`] is the only team of the key. If the key has several, its error names
//! them; choose one by its identifier with [`Client::team`].
//!
//! [`Auth`] has one variant for each `auth_method` of the API: the method by which
//! teammates' connections authenticate to your server. An OAuth client always has both an id
//! and a secret. [`CustomIntegration::new`] validates the form of its arguments before anything
//! is sent, and reports every invalid field at once. It accepts a URL that Duvo cannot reach, such
//! as `https://localhost/`; [`CustomIntegration::concerns`] lists the reasons to doubt a URL, and
//! [`Team::probe_mcp_server`] lets Duvo connect to it. The API has the last word about every value.
//!
//! Successful calls return a [`Response`], which dereferences to the [`Integration`] and
//! exposes the status, the headers and the request id.
//!
//! Create one [`Client`] and keep it; clones share its connections. Calls require a Tokio
//! runtime with time and I/O enabled. A client works in several runtimes, for example as a
//! `static` in tests. Each runtime has its own connections, which end with it. Only a client
//! with a [`reqwest_client_builder`](ClientBuilder::reqwest_client_builder) is limited to one
//! runtime at a time: in another, calls return an error at once. The feature `blocking` adds
//! [calls without a runtime](#blocking-calls).
//!
//! # Operations
//!
//! | to | call | request |
//! |---|---|---|
//! | bring the catalogue to a list | [`Team::plan`], then [`Plan::apply`] | one listing, one request for each change, and one listing if anything was registered |
//! | ensure an integration is registered | [`Team::ensure_custom_integration`] | the next two |
//! | register an integration | [`Team::register_custom_integration`] | `POST /v2/teams/{teamId}/integrations/custom` |
//! | list the catalogue | [`Team::integrations`], then `page`, `stream` or `all` | `GET /v2/teams/{teamId}/integrations` |
//! | delete a custom integration | [`Client::delete_custom_integration`] | `DELETE /v2/integrations/custom/{custom_integration_id}` |
//! | list the teams of the key | [`Client::teams`], or [`Client::own_team`] for the only one | `GET /v2/teams` |
//! | check whether an integration will work | [`Team::check`], [`Plan::check`] | the next one, and for OAuth the one after it |
//! | let Duvo connect to an MCP server and list its tools | [`Team::probe_mcp_server`] | `POST /v2/teams/{teamId}/connections/mcp/probe` |
//! | check the OAuth support of an MCP server | [`Client::check_mcp_oauth`] | `POST /v2/connections/oauth/mcp/check` |
//!
//! For one integration, use `ensure_custom_integration`. It looks for the integration by its
//! name and server URL, registers a missing one, and reports whether the integration was created, already existed, or differs. Names and URLs that the API stores in
//! another form are recognized. It never deletes or changes anything:
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
//!     EnsureOutcome::Differs { fields } => println!("differs in {}", fields.join(", ")),
//!     _ => println!("{} already exists", ensured.integration.id),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The method's documentation lists its guarantees for races, lost responses, incomplete
//! listings and unreadable records, and the limitations of the API.
//!
//! For a list of integrations, use a plan, as a tool that runs on every deploy does. A
//! [`Plan`] compares the catalogue with the list and changes nothing; it is printed and
//! serialized without secrets. [`Plan::apply`] makes its changes, several at a time and
//! within the rate limit of the API key, and returns a [`Report`]:
//!
//! ```
//! # use duvo::{Auth, CustomIntegration};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = duvo::mock::Server::start()?;
//! # server.catalogue();
//! # let team = server.client()?.team("team_01hzx3f8q2");
//! let wanted = [
//!     CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::oauth())?,
//!     CustomIntegration::new("Price list", "https://mcp.example.com/price-list", Auth::Url)?,
//! ];
//! let plan = team.plan(&wanted).await?;
//! println!("{plan}");
//! let report = plan.apply().await;
//! println!("{report}");
//! assert!(report.is_converged());
//! # Ok(())
//! # }
//! ```
//!
//! By default, a plan only creates what is missing. [`Plan::replace`], [`Plan::prune`] and
//! [`Plan::remove_duplicates`] allow deletions, which the plan lists. [`Apply`] has the
//! settings for concurrency, progress and a graceful shutdown. Duvo cannot change an
//! integration, so [`Plan::check`] lets Duvo connect to each MCP server before it is
//! registered; what will not work is left out.
//!
//! Integrations can be described in a configuration file: a [`CustomIntegrationConfig`] is read
//! from any format of serde, and names the environment variable or the file that contains the
//! client secret. [`AuthMethod`] is also read from a command line. In the repository,
//! `examples/provision` plans and applies a TOML file.
//!
//! # API versions
//!
//! Use API v2, through [`Client::team`]. Duvo announced the end of v1 for 15 June 2026.
//! [`Client::register_custom_integration_v1`] (`POST /v1/integrations/custom`) remains for
//! base URLs that still serve v1; it registers with the team that the key belongs to. Both
//! versions accept the same request and return the same [`Integration`]; the documentation
//! of a field states whether only one version returns it.
//!
//! New response fields, missing and null optional fields, unknown enum values and other 2xx
//! statuses do not break a program. A field is required if it is not an `Option`. A record of a
//! listing without a required field, or with a field of another type, does not break the listing:
//! it is an [`UnreadableRecord`], with its reason, its position and its raw JSON. Deleting without
//! a response body is a success too.
//!
//! # Configuration
//!
//! [`Client::from_env`] reads the environment variables of Duvo's own command line.
//! [`Client::builder`] and [`ClientBuilder::from_env`] provide every setting:
//!
//! | setting | default |
//! |---|---|
//! | [`api_key`](ClientBuilder::api_key), or `DUVO_API_KEY` | none; required |
//! | [`base_url`](ClientBuilder::base_url), or `DUVO_API_BASE_URL` | `https://api.duvo.ai` |
//! | [`allow_http`](ClientBuilder::allow_http) | `false`: plain HTTP to loopback only |
//! | [`connect_timeout`](ClientBuilder::connect_timeout) | 10 seconds, and at most half of the other two |
//! | [`attempt_timeout`](ClientBuilder::attempt_timeout) | 30 seconds, from connecting to the last byte |
//! | [`total_timeout`](ClientBuilder::total_timeout) | 120 seconds, with all attempts and delays |
//! | [`retry_policy`](ClientBuilder::retry_policy) | up to 4 attempts, see [retries](#retries) |
//! | [`user_agent`](ClientBuilder::user_agent) | `duvo-rs/` and the version of the crate |
//! | [`root_certificate_pem`](ClientBuilder::root_certificate_pem) | none, in addition to those of the system |
//! | [`proxy`](ClientBuilder::proxy) | that of the environment (`HTTPS_PROXY` and the like) or, with `system-proxy`, of the system; none for a loopback base URL; error messages name it |
//! | [`reqwest_client_builder`](ClientBuilder::reqwest_client_builder) | reqwest defaults, with decompression disabled |
//!
//! Cargo features, with reqwest's names where they concern HTTP:
//!
//! | feature | default | description |
//! |---|---|---|
//! | `codegen` | yes | generates the client from the OpenAPI document at build time; without it, the committed output is compiled |
//! | `rustls` | yes | TLS by rustls, with the certificates that the system trusts; without a TLS feature, https is an error |
//! | `native-tls` | no | TLS by the system's library; it takes precedence over rustls |
//! | `http2` | no | HTTP/2, if the server supports it |
//! | `system-proxy` | yes | the proxy settings of Windows and macOS, in addition to the environment's |
//! | `tracing` | yes | spans and events, see [logging](#logging); adds no crate |
//! | `blocking` | no | [`duvo::blocking`](crate::blocking): the same calls without async |
//! | `mock` | no | [`duvo::mock`](crate::mock): a mock server for tests; adds no crate |
//!
//! To build without the generator, set `default-features = false` and name the features to
//! keep, such as `["rustls", "system-proxy", "tracing"]`. Only the build time changes.
//!
//! # Errors
//!
//! An [`Error`] has a [`kind`](Error::kind), reports whether the request may nevertheless
//! have taken effect ([`delivery`](Error::delivery)), and preserves the full response: status,
//! headers, request id, the API's error fields, and the body in any format.
//! [`timeout`](Error::timeout) names the timeout that ended the call, and
//! [`attempts`](Error::attempts) lists the result of each attempt.
//!
//! | kind | meaning | delivery |
//! |---|---|---|
//! | [`Configuration`](ErrorKind::Configuration) | the client is misconfigured, or cannot be used in this context | `NotSent` |
//! | [`InvalidRequest`](ErrorKind::InvalidRequest) | the request does not have the documented form | `NotSent` |
//! | [`Connect`](ErrorKind::Connect) | the connection could not be established in time | `NotSent` |
//! | [`Timeout`](ErrorKind::Timeout) | no response was received in time | `Unknown` |
//! | [`Network`](ErrorKind::Network) | the connection failed before a response was received | `Unknown`; `Rejected` if the server refused the request over HTTP/2 |
//! | [`Status`](ErrorKind::Status) | the status is not 2xx | `Rejected` for 307, 308, 4xx except 408, and 503 with `retry-after`; otherwise `Unknown` |
//! | [`UnreadableResponse`](ErrorKind::UnreadableResponse) | the status is 2xx, but the body is not as documented, or a listing contradicts itself | `Unknown`; the request most likely took effect |
//!
//! The delivery in this table is that of one attempt. After several attempts, the kind is
//! that of the last one, and the delivery is the least certain of all.
//!
//! After [`Delivery::Unknown`], and after you dropped a call before it completed, look at the
//! catalogue before you register again, or use
//! [`ensure_custom_integration`](Team::ensure_custom_integration). What to check for each
//! kind and each status is described under [troubleshooting](Error#troubleshooting). For a
//! structured log, an error [serializes](Error#serialized-form) without secrets:
//!
//! ```
//! use duvo::{Delivery, Error};
//!
//! fn next_step(error: &Error) -> &'static str {
//!     match error.delivery() {
//!         Delivery::Unknown => "it may have taken effect: look before you retry",
//!         _ if error.retry_after().is_some() => "retry later",
//!         _ if error.is_connect() => "check the network, then retry",
//!         _ if error.is_status() => "read the API's message",
//!         _ => "fix the invalid fields",
//!     }
//! }
//! ```
//!
//! # Retries
//!
//! Mutating requests are retried only if the API cannot have acted on them: the connection could not
//! be established, the response was 429, or 503 with `retry-after`, or the server refused the
//! request over HTTP/2 (`REFUSED_STREAM`, or `GOAWAY` without an error). By default, nothing is
//! therefore registered twice. A listing, a probe or a check of a server changes nothing, so it is
//! retried after any transient failure. Persistent connection errors are not retried: a certificate that is
//! untrusted, expired or for another host; a TLS handshake that the server refuses; a server
//! without TLS; a connection that the system forbids; and a proxy that rejects the password,
//! because repeating it can lock an account. Failed name resolution, refused and interrupted
//! connections, and other errors of a proxy are retried. [`RetryPolicy`] sets the number of attempts, the delays, and whether
//! ambiguous failures are retried as well. Every attempt of a mutating call sends the same
//! `Idempotency-Key`; [`CustomIntegration::with_idempotency_key`] sets your own.
//!
//! The delay is the one requested by the server plus random jitter of up to a tenth of that delay,
//! but at most 5 seconds, or a random part of a backoff that doubles from 0.5 to 8 seconds. The jitter grows only
//! if the server rejects requests that waited as requested, because other clients then share the
//! rate limit. If the server requests more than 60 seconds, or the delay does not fit into the total
//! timeout, the call fails immediately. [`retry_after`](Error::retry_after) returns the requested
//! delay, and [`gave_up`](Error::gave_up) the reason.
//!
//! Clones of a client share rate-limit state: while the limit is exhausted, their calls wait.
//! They also wait while the requests in flight may exhaust it, by `x-ratelimit-remaining`, so
//! that concurrent calls of a client that has a key for itself are not rejected.
//!
//! `retry-after` is read as seconds or as an HTTP date. `x-ratelimit-reset` is read as a Unix time in
//! seconds, as Duvo documents it, and also as milliseconds, as seconds from now and as an HTTP date,
//! because servers differ; the magnitude of the number decides.
//!
//! The defaults suit interactive use. If many processes share the 300 requests a minute of an
//! API key, allow more time:
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
//! In simulation, a thousand processes with these settings, all starting at once, need 2.2
//! requests for each registration, and 1.11 to 1.17 times the minimum time
//! (`cargo test fleet -- --nocapture` in the repository).
//!
//! # Testing
//!
//! With the feature `mock` in `[dev-dependencies]`, [`duvo::mock`](crate::mock) is a mock server
//! on loopback, generated from the same OpenAPI document as the client. It expects and returns
//! typed values, so that your tests stop compiling when the API changes, and it simulates
//! network failures:
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
//! In the repository, `examples/testing.rs` is a program with its tests. Any other mock server
//! works too: for a loopback base URL, plain HTTP is allowed, no proxy is used, and any API key
//! is accepted.
//!
//! # Blocking calls
//!
//! With the feature `blocking`, [`duvo::blocking`](crate::blocking) provides the same calls for
//! programs without a runtime. A blocking client has its own runtime, and shares nothing with
//! an async one. Calling it inside a runtime returns an error; it does not panic.
//!
//! # Security
//!
//! - API keys, client secrets and the headers of a [probe](McpServerProbe) are [`Secret`]s, which are redacted in `Debug` output and
//!   zeroized on drop. They are redacted from logs, and from the `Display` and `Debug` output
//!   of errors, clients and requests, even if the server echoes them.
//! - An echoed secret is found verbatim, percent- or form-encoded, with backslash escapes
//!   (as in JSON and most languages) and with HTML entities, whichever of its characters are
//!   escaped, and escaped several times. A secret of 4 bytes or more is also found within
//!   base64, such as Basic credentials, and hexadecimal digits. Other spellings are not
//!   found, such as a part of a secret, other letter case, or base64 with line breaks.
//! - A [`Probe`] is redacted, too: a server can repeat the headers in the names, the descriptions
//!   and the schemas of its tools.
//! - The raw response is not redacted: the [`body`](Error::body) and the
//!   [`headers`](Error::headers) of an error, the headers and the request id of a [`Response`],
//!   the fields of an [`Integration`], whose `Debug` output includes the server URL, and the
//!   [`raw_json`](UnreadableRecord::raw_json) of a record.
//!   reqwest's own request buffers are not zeroized.
//! - Redirects are not followed, because a redirect would send the client secret to another
//!   host.
//! - Plain HTTP is limited to loopback, unless [`allow_http`](ClientBuilder::allow_http) is set.
//! - Certificates are verified by the system's rules.
//!   [`root_certificate_pem`](ClientBuilder::root_certificate_pem) adds root certificates. Only a
//!   [`reqwest_client_builder`](ClientBuilder::reqwest_client_builder) can weaken verification.
//! - Path parameters that an intermediary could decode into more than one segment are rejected.
//! - Response bodies are read up to 1 MiB; larger pages are requested again with a smaller limit,
//!   see [`ListIntegrations`]. Control characters are stripped from server text
//!   before it is displayed.
//! - The crate contains no unsafe code.
//!
//! # Logging
//!
//! With the feature `tracing`, the crate emits spans and events, named by [OpenTelemetry's
//! conventions for HTTP
//! clients](https://opentelemetry.io/docs/specs/semconv/http/http-spans/). Their target is `duvo`:
//!
//! | level | content |
//! |---|---|
//! | `WARN` | an event when a call is retried, and when it waits for the rate limit |
//! | `DEBUG` | a span `duvo.call` for each call, and in it a span `duvo.attempt` for each attempt; a span `duvo.plan`, `duvo.apply`, `duvo.ensure` or `duvo.list` around the calls of one [`plan`](Team::plan), [`apply`](Plan::apply), [`ensure_custom_integration`](Team::ensure_custom_integration), [`stream`](ListIntegrations::stream) or [`all`](ListIntegrations::all) |
//! | `ERROR`, `INFO`, `TRACE` | nothing: a failed call returns its [`Error`], which implements `Serialize` for a log |
//!
//! | field | where | value |
//! |---|---|---|
//! | `duvo.operation` | events, and spans except `duvo.attempt` | the `operationId` of the OpenAPI document in snake case, or `plan`, `apply` or `ensure_custom_integration` |
//! | `http.response.status_code` | spans, and the event of a retry | the status of the response, or of the error's |
//! | `error.type` | spans, and the event of a retry | the status or [`ErrorKind::as_str`]; `cancelled` if the future was dropped; absent after a success |
//! | `otel.status_code` | spans | `ERROR` after a failure; unset after a success |
//! | `otel.status_description` | spans except `duvo.attempt` | the message of the error, unless the error is a status |
//! | `otel.kind` | spans | `client` for `duvo.attempt`, `internal` for the others |
//! | `duvo.delivery` | failed spans except `duvo.attempt` | [`Delivery::as_str`] |
//! | `duvo.request_id` | failed spans except `duvo.attempt` | the request id, if the response has one |
//! | `duvo.attempts` | `duvo.call` | the number of attempts |
//! | `duvo.outcome` | `duvo.ensure`, `duvo.apply` | [`EnsureOutcome::as_str`]; `converged` or `not_converged` |
//! | `duvo.changes` | `duvo.plan` | the number of changes of the plan |
//! | `otel.name`, `http.request.method`, `http.request.resend_count`, `url.full`, `server.address`, `server.port` | `duvo.attempt` | as OpenTelemetry defines them |
//! | `duvo.attempt` | the event of a retry | the number of the failed attempt, from 1 |
//! | `wait_seconds` | events | the delay |
//!
//! Headers and bodies are never logged, except for the request id and the API's own message in
//! the description of an unreadable response, both redacted.
//! A call whose arguments are invalid has no span, because nothing is attempted.
//!
//! # Compatibility
//!
//! The crate follows semantic versioning. Response structs and enums that may grow are
//! `#[non_exhaustive]`. The exceptions are the mock server's `AuthMethod` and `ErrorResponse`, so
//! that a test that does not handle a new value fails to compile. The minimum supported Rust
//! version is 1.88; raising it is a minor version.
//!
//! The public API contains types of these crates, and of no others: `http` 1 (statuses,
//! headers, methods), `serde` 1 (response types and `AuthMethod` implement `Serialize` and
//! `Deserialize`, errors and outcomes `Serialize`, `CustomIntegrationConfig` `Deserialize`), `serde_json` 1
//! (error details, JSON bodies), `chrono` 0.4 (a conversion), `futures-core` 0.3 (a stream), and `reqwest` 0.13
//! in [one setting](ClientBuilder::reqwest_client_builder).

#![deny(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// The manual links to modules that features enable.
#![cfg_attr(
    not(all(feature = "blocking", feature = "mock")),
    allow(rustdoc::broken_intra_doc_links)
)]
#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![warn(clippy::print_stderr, clippy::print_stdout, unreachable_pub)]

/// Includes a file that the build script generated, or without the feature `codegen` its
/// committed copy.
macro_rules! include_generated {
    ($file:literal) => {
        #[cfg(feature = "codegen")]
        include!(concat!(env!("OUT_DIR"), "/", $file));
        #[cfg(not(feature = "codegen"))]
        include!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/generated/",
            $file
        ));
    };
}

mod attempt;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod client;
mod connections;
mod error;
mod generated;
mod integrations;
mod json;
#[cfg(feature = "mock")]
pub mod mock;
mod outcome;
mod redact;
mod redacted_url;
mod response;
mod retry;
mod sanitize;
mod secret;
mod serialized;
mod server_url;
mod teams;
mod telemetry;
mod timeouts;
mod timestamp;

pub use attempt::Attempt;
pub use client::builder::ClientBuilder;
pub use client::{Client, Team};
pub use connections::probe::{McpServerProbe, Probe};
pub use error::{Error, InvalidField, Result, UnreadableRecord};
pub use generated::types::{
    Deletion, Integration, IntegrationPage, McpOAuth, McpTool, TeamInfo, TransportType,
};
pub use integrations::apply::{
    AppliedDeletion, AppliedIntegration, Apply, ApplyOutcome, DeletionOutcome, Event, Report,
};
pub use integrations::auth_method::{AuthMethod, ParseAuthMethodError};
pub use integrations::checkup::{Checkup, Finding, Verdict};
pub use integrations::config::CustomIntegrationConfig;
pub use integrations::ensure::{EnsureOutcome, Ensured};
pub use integrations::list::{ListIntegrations, Listing};
pub use integrations::page::Page;
pub use integrations::plan::{Change, Decision, Plan, PlanCounts, PlannedIntegration, Undecidable};
pub use integrations::stored_value::StoredValue;
pub use integrations::url_concern::{AddressRange, UrlConcern};
pub use integrations::{Auth, CustomIntegration, OAuthClient};
pub use outcome::{Delivery, ErrorKind, GaveUp};
pub use response::Response;
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use timeouts::Timeout;
pub use timestamp::Timestamp;

/// Compiles the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Entry points for `fuzz/`.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    /// Interprets a response as a call does.
    pub fn interpret_response(status: u16, body: &[u8]) {
        crate::call::interpret_response(status, body);
    }
}

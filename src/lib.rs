#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![warn(clippy::print_stderr, clippy::print_stdout, unreachable_pub)]

mod attempt;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod delete;
mod ensure;
mod error;
mod error_response;
mod exchange;
mod integration;
mod jitter;
mod list;
#[cfg(feature = "mock")]
pub mod mock;
mod path_segment;
mod rate_limit;
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

/// Made by `build.rs` from `openapi/duvo.yaml`.
#[allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    unreachable_pub,
    unused_qualifications
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
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

/// Entry points for `fuzz/`.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    /// Makes what the crate makes of an answer.
    pub fn read_answer(status: u16, body: &[u8]) {
        crate::transport::read_answer(status, body);
    }
}

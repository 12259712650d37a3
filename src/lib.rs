#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![warn(clippy::print_stderr, clippy::print_stdout, unreachable_pub)]

mod client;
mod error;
mod integration;
mod response;
mod secret;
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

pub use client::{Client, ClientBuilder, Team};
pub use error::{Delivery, Error, ErrorKind, InvalidField, Result};
pub use generated::types::{Integration, TransportType};
pub use integration::{Auth, CustomIntegration, OAuthClient};
pub use response::Response;
pub use secret::Secret;
pub use timestamp::Timestamp;

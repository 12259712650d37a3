//! The measured clients, and the server that all of them call.

#![allow(
    clippy::missing_errors_doc,
    reason = "a benchmark prints every error and exits"
)]

mod calls;
mod floor;
#[cfg(feature = "virtual-time")]
pub mod provisioning;
pub mod server;

pub use benches_clients::Result;
pub use calls::{Calls, Client};

//! The generated operations without what the crate adds to them: one attempt,
//! without a timeout, an idempotency key, a limit for the answer, telemetry or an
//! error that keeps anything.

// The tests of what it shares with the crate are the crate's.
#![cfg(not(test))]

#[allow(dead_code)]
mod error;
#[allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    private_interfaces,
    unreachable_pub,
    unused_mut,
    unused_qualifications
)]
// The snapshot is as prettyplease lays it out.
#[rustfmt::skip]
#[path = "../../snapshots/client.rs"]
mod generated;
#[allow(dead_code)]
#[path = "../../src/request.rs"]
mod request;
mod response;
#[allow(dead_code)]
#[path = "../../src/secret.rs"]
mod secret;
#[allow(dead_code)]
#[path = "../../src/timestamp.rs"]
mod timestamp;
mod transport;
#[path = "../../src/wiped.rs"]
mod wiped;

pub use error::{Error, Result};
pub use timestamp::Timestamp;
pub use transport::Call;

//! The job "bring a team's catalogue to a list", several ways to do it, and the least that it
//! can cost.

pub mod catalogue_server;
mod job;
mod least;
pub mod picture;
pub mod virtual_time;
mod ways;

pub use job::Job;
pub use least::{Least, ensure_requests};
pub use ways::{Measured, Process, Way, run_in_virtual_time};

/// The number of changes at a time, which is the default of `Plan::apply`.
pub const CONCURRENCY: usize = 8;

/// The maximum number of integrations in a page.
pub const PAGE: usize = 100;

/// Returns the number of requests that list a catalogue.
#[must_use]
pub fn pages(records: usize) -> usize {
    records.div_ceil(PAGE).max(1)
}

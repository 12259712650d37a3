//! What `duvo` logs.
//!
//! These tests run in a separate process: `tracing` caches for the whole process whether
//! anyone is interested in a span or event, and another test's thread, without a
//! subscriber, can be the one that decides it. For the same reason they run one at a time.

mod canary;
mod log;
#[cfg(feature = "tracing")]
mod opentelemetry;
#[cfg(feature = "tracing")]
mod spans;

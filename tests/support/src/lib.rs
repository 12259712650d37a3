//! Servers, fixtures and clients for the tests of `duvo`.
//!
//! Three servers stand in for the API:
//!
//! - [`Api`](api::Api) is independent of `duvo`: it records what the client puts on the
//!   wire.
//! - `duvo::mock` keeps integrations in a catalogue; [`mock_server`] configures it.
//! - [`FaultServer`](fault_server::FaultServer) fails as no HTTP server would.

#![allow(
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "the callers are tests: a helper panics where a test would fail"
)]

pub mod api;
pub mod client;
pub mod closed_port;
pub mod document;
pub mod example_program;
pub mod exported_spans;
pub mod fault_server;
pub mod fault_table;
pub mod integrations;
pub mod mock_server;
pub mod paused_time;

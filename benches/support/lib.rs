//! The clients that are compared, and the server that all of them call.

mod clients;
mod example;
pub mod server;

pub use clients::{Calls, Client, Result};

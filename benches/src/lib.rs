//! The clients that are compared, and the server that all of them call.

mod calls;
mod floor;
pub mod server;

pub use benches_clients::Result;
pub use calls::{Calls, Client};

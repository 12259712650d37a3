//! When a call is retried, and when it ends.

mod attempts;
mod fault_matrix;
mod rate_limit;
pub mod timeouts;

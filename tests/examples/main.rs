//! The programs in `examples/`, run as a user runs them.

mod errors;
mod first_errors;
mod http_client;
mod provision;
mod readme;
mod register;

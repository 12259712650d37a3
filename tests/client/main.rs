//! The client, against servers that stand in for the API.

mod api_errors;
mod blocking;
mod connect;
mod connections;
mod concerns;
mod config;
mod debug;
mod delete;
mod ensure;
mod errors;
#[cfg(feature = "http2")]
mod http2;
mod idempotency;
mod list;
mod messages;
mod properties;
mod proxy;
mod redirects;
mod request;
mod response;
mod retries;
mod tls_server;
mod serialized;
mod stored_form;
mod transport;
mod unreadable_responses;
mod validation;

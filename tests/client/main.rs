//! The client, against servers that stand in for the API.

mod api_errors;
mod apply;
mod blocking;
mod changing_listing;
mod concerns;
mod config;
mod connect;
mod connections;
mod contradictory_listing;
mod debug;
mod delete;
mod ensure;
mod errors;
#[cfg(feature = "http2")]
mod http2;
mod idempotency;
mod large_pages;
mod list;
mod messages;
mod plan;
mod probe;
mod properties;
mod proxy;
mod redaction;
mod redirects;
mod request;
mod response;
mod retries;
mod serialized;
mod stored_form;
mod teams;
mod tls_server;
mod transport;
mod unreadable_records;
mod unreadable_responses;
mod validation;

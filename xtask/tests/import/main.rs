//! Tests `cargo xtask import` with a published document for each version of OpenAPI.

mod command;
mod messages;
mod our_operations;
mod schemas;
mod support;
mod text;

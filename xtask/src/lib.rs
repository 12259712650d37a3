//! The maintainers' tasks. CONTRIBUTING.md and docs/ describe them.

#![allow(
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    reason = "only the binary and the tests of this package use the library"
)]

// First, because its macros are used in the others.
#[macro_use]
mod stdout;

pub mod api_change;
pub mod breaking;
pub mod check;
pub mod document_file;
pub mod drift;
pub mod examples;
pub mod git;
pub mod import;
pub mod json_schema;
pub mod oasdiff;
pub mod process;
pub mod public_api;
pub mod source;
pub mod verify;
pub mod version;
pub mod watch;
pub mod wire;

use std::path::Path;

/// A result whose error is a message for the maintainer.
pub type Result<T> = std::result::Result<T, String>;

/// The path of the OpenAPI document, from the root of the repository.
pub const DOCUMENT: &str = "openapi/duvo.yaml";

/// The largest integer that JavaScript represents exactly. Generators of documents write it
/// as the limit of an integer without a limit.
pub(crate) const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// Returns the folder of the crate `duvo`.
pub fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

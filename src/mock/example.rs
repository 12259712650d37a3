//! The examples of the OpenAPI document.

use serde::de::DeserializeOwned;

/// Parses the JSON of the example called `name`.
///
/// # Panics
///
/// Panics if the JSON does not match the type. The generated test
/// `examples_match_their_types` finds such an example.
#[allow(
    clippy::panic,
    reason = "the mock server is for tests, and the examples are part of the crate"
)]
pub(super) fn parse<T: DeserializeOwned>(name: &str, json: &str) -> T {
    match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => panic!("the example `{name}` does not match its type: {error}"),
    }
}

//! Examples of the document.

use serde::de::DeserializeOwned;

/// Parses an example.
///
/// # Panics
///
/// Panics if the example does not match its type.
pub(super) fn parse<T: DeserializeOwned>(name: &str, json: &str) -> T {
    serde_json::from_str(json)
        .unwrap_or_else(|error| panic!("the example `{name}` does not match its type: {error}"))
}

//! Requests that the server received.

use std::collections::BTreeMap;

use serde_json::Value;

/// A request that the server received.
#[derive(Clone, Default)]
pub struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: BTreeMap<String, String>,
    /// The names are in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Value,
    pub(super) path_parameters: BTreeMap<&'static str, String>,
}

pub(super) fn path_parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.path_parameters.get(name).map(String::as_str)
}

pub(super) fn query_parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.query.get(name).map(String::as_str)
}

pub(super) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    request.headers.get(&name).map(String::as_str)
}

pub(super) fn property<'a>(request: &'a Request, name: &str) -> Option<&'a Value> {
    request.body.get(name)
}

//! Responses of the server.

use serde::Serialize;

/// A response of the server.
#[derive(Clone, Debug)]
pub struct Response {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Response {
    /// Creates a response without a body.
    #[must_use]
    pub fn new(status: u16) -> Self {
        let body = String::new();
        Self { status, body }
    }

    /// Creates a response with a JSON body. A body that cannot be serialized is empty.
    #[must_use]
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { status, body }
    }
}

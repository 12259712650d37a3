//! Integrations to register.

use duvo::{Auth, CustomIntegration};
use serde_json::Value;

use crate::document;

/// Returns the integration that an example of the request body describes.
pub fn integration(example: &Value) -> CustomIntegration {
    let text = |key: &str| example[key].as_str();
    let auth = match (text("auth_method").unwrap(), text("oauth_client_id")) {
        ("url", None) => Auth::Url,
        ("apikey", None) => Auth::ApiKey,
        ("headers", None) => Auth::Headers,
        ("oauth", None) => Auth::oauth(),
        ("oauth", Some(id)) => Auth::oauth_client(id, text("oauth_client_secret").unwrap()),
        other => panic!("no `Auth` for {other:?}"),
    };
    CustomIntegration::new(text("name").unwrap(), text("server_url").unwrap(), auth).unwrap()
}

/// Returns an integration with a client secret.
pub fn any_integration() -> CustomIntegration {
    integration(&document::request("oauth"))
}

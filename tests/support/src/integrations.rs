//! Integrations to register, and integrations in a catalogue.

use duvo::mock::examples;
use duvo::{Auth, CustomIntegration, Integration};
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

/// Returns an integration in a catalogue whose identifiers and creation time follow from
/// `number`.
pub fn entry(number: usize, name: &str, server_url: &str) -> Integration {
    let mut entry = examples::url_integration();
    entry.id = format!("id-{number}");
    entry.custom_integration_id = Some(format!("custom-{number}"));
    entry.created_at = serde_json::from_value(
        format!("2026-08-03T{:02}:{:02}:00Z", number / 60, number % 60).into(),
    )
    .unwrap();
    name.clone_into(&mut entry.name);
    entry.server_url = Some(server_url.to_owned());
    entry
}

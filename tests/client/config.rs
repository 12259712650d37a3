//! Auth methods as text, and integrations from a configuration file.

use std::fs;
use std::path::PathBuf;

use duvo::{Auth, AuthMethod, CustomIntegrationConfig, Error, ErrorKind, InvalidField};
use duvo_test_support::api::Api;
use duvo_test_support::client::TEAM;
use duvo_test_support::document;
use serde::Deserialize;
use serde_json::{Value, json};

#[test]
fn auth_methods_are_those_of_the_document_in_text_and_json() {
    let names: Vec<_> = AuthMethod::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(names, document::auth_methods());
    for (method, name) in AuthMethod::ALL.iter().zip(&names) {
        assert_eq!(name.parse(), Ok(*method));
        assert_eq!(json!(method), json!(name));
        let read: AuthMethod = serde_json::from_value(json!(name)).unwrap();
        assert_eq!(read, *method);
        assert_eq!(Auth::from(*method).method(), *method);
        let of_mock = duvo::mock::types::AuthMethod::from(*method);
        assert_eq!(of_mock.to_string(), *name);
        assert_eq!(AuthMethod::from(of_mock), *method);
        assert_eq!(format!("{method:>8}"), format!("{name:>8}"));
    }
}

#[test]
fn unknown_auth_method_is_an_error_that_lists_the_known_ones() {
    for text in ["", "URL", "api_key", "ApiKey", "basic", " oauth"] {
        let error = text.parse::<AuthMethod>().unwrap_err().to_string();
        for name in document::auth_methods() {
            assert!(error.contains(&name), "{error}");
        }
        assert!(serde_json::from_value::<AuthMethod>(json!(text)).is_err());
    }
}

fn config(value: &Value) -> CustomIntegrationConfig {
    serde_json::from_value(value.clone()).unwrap()
}

fn fields(error: &Error) -> Vec<&str> {
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    error
        .invalid_fields()
        .iter()
        .map(InvalidField::field)
        .collect()
}

/// Returns the fields that make a description invalid.
fn invalid_fields(value: &Value) -> Vec<String> {
    let error = config(value).resolve().unwrap_err();
    let fields = fields(&error).into_iter();
    fields.map(str::to_owned).collect()
}

fn secret_file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

fn oauth(secret: Value) -> Value {
    let mut value = json!({
        "name": "CRM",
        "server_url": "https://mcp.example.com/crm",
        "auth_method": "oauth",
        "oauth_client_id": "duvo-crm",
    });
    if let Value::Object(secret) = secret {
        value.as_object_mut().unwrap().extend(secret);
    }
    value
}

#[tokio::test]
async fn description_resolves_to_the_request() {
    let api = Api::registering();
    let team = api.client().team(TEAM);
    // Cargo sets this variable for tests.
    let version = env!("CARGO_PKG_VERSION");
    let file = secret_file("secret", "hunter2\r\n");
    for (config, body) in [
        (
            json!({"name": "CRM", "server_url": "https://mcp.example.com/crm", "auth_method": "apikey"}),
            json!({"name": "CRM", "server_url": "https://mcp.example.com/crm", "auth_method": "apikey"}),
        ),
        (
            json!({"name": "CRM", "server_url": "https://mcp.example.com/crm", "auth_method": "oauth", "oauth_client_id": null}),
            json!({"name": "CRM", "server_url": "https://mcp.example.com/crm", "auth_method": "oauth"}),
        ),
        (
            oauth(json!({"oauth_client_secret_env": "CARGO_PKG_VERSION"})),
            oauth(json!({ "oauth_client_secret": version })),
        ),
        (
            oauth(json!({"oauth_client_secret_variable": "CARGO_PKG_VERSION"})),
            oauth(json!({ "oauth_client_secret": version })),
        ),
        (
            oauth(json!({"oauth_client_secret_file": file})),
            oauth(json!({"oauth_client_secret": "hunter2"})),
        ),
    ] {
        let integration = self::config(&config).resolve().unwrap();
        api.forget_requests();
        team.register_custom_integration(&integration)
            .await
            .unwrap();
        let sent: Value = serde_json::from_str(&api.only_request().body_string()).unwrap();
        assert_eq!(sent, body);
    }
}

#[test]
fn every_missing_or_invalid_field_is_reported_at_once() {
    assert_eq!(
        invalid_fields(&json!({})),
        ["name", "server_url", "auth_method"]
    );
    let everything = json!({
        "name": "",
        "server_url": "crm",
        "auth_method": "basic",
        "oauth_client_id": "",
        "oauth_client_secret_env": "NO_SUCH_VARIABLE",
        "oauth_client_secret": "hunter2",
    });
    assert_eq!(
        invalid_fields(&everything),
        [
            "name",
            "server_url",
            "auth_method",
            "oauth_client_id",
            "oauth_client_secret_env",
            "oauth_client_secret",
        ]
    );
}

#[test]
fn oauth_client_is_complete_and_only_with_oauth() {
    let env = json!({"oauth_client_secret_env": "CARGO_PKG_VERSION"});
    let without = |key: &str| {
        let mut value = oauth(env.clone());
        value.as_object_mut().unwrap().remove(key);
        value
    };
    assert_eq!(
        invalid_fields(&without("oauth_client_secret_env")),
        ["oauth_client_secret_env"]
    );
    assert_eq!(
        invalid_fields(&without("oauth_client_id")),
        ["oauth_client_id"]
    );
    for method in ["url", "apikey", "headers"] {
        let mut value = oauth(env.clone());
        value["auth_method"] = method.into();
        assert_eq!(invalid_fields(&value), ["auth_method"]);
    }
    let file = secret_file("both", "hunter2");
    let both =
        json!({"oauth_client_secret_env": "CARGO_PKG_VERSION", "oauth_client_secret_file": file});
    assert_eq!(invalid_fields(&oauth(both)), ["oauth_client_secret_file"]);
}

#[test]
fn secret_file_must_be_readable_text() {
    let large = "x".repeat(64 * 1024 + 1);
    for path in [
        PathBuf::from("no-such-file"),
        PathBuf::from(""),
        PathBuf::from("."),
        secret_file("empty", "\n"),
        secret_file("not-utf-8", [0xff]),
        secret_file("large", large),
    ] {
        let value = oauth(json!({"oauth_client_secret_file": path}));
        assert_eq!(
            invalid_fields(&value),
            ["oauth_client_secret_file"],
            "{path:?}"
        );
    }
    let largest = secret_file("largest", "x".repeat(64 * 1024));
    let value = oauth(json!({"oauth_client_secret_file": largest}));
    assert!(config(&value).resolve().is_ok());
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    #[serde(rename = "integration")]
    integrations: Vec<CustomIntegrationConfig>,
}

#[test]
fn literal_secret_is_refused_and_never_printed() {
    let text = r#"
        [[integration]]
        name = "CRM"
        server_url = "https://user:hunter2@mcp.example.com/crm"
        auth_method = "oauth"
        oauth_client_id = "duvo-crm"
        oauth_client_secret = "hunter2"
    "#;
    let catalogue: Catalogue = toml::from_str(text).unwrap();
    let config = &catalogue.integrations[0];
    let error = config.resolve().unwrap_err();
    assert_eq!(fields(&error), ["oauth_client_secret"]);
    let printed = format!("{error} {error:?} {catalogue:?}");
    assert!(!printed.contains("hunter2"), "{printed}");
    assert_eq!(config.name(), Some("CRM"));
}

#[test]
fn unknown_field_is_an_error_of_the_format_with_its_position() {
    let text = "[[integration]]\nname = \"CRM\"\nclient_id = \"duvo-crm\"\n";
    let error = toml::from_str::<Catalogue>(text).unwrap_err().to_string();
    assert!(
        error.contains("line 3") && error.contains("`client_id`"),
        "{error}"
    );
}

//! Secrets stay where they belong.

mod support;

use std::error::Error as _;

use duvo::{Auth, Client, CustomIntegration, Delivery, Secret};
use support::{Api, socket};

const API_KEY: &str = "canary-api-key";
const CLIENT_SECRET: &str = "canary-client-secret";

fn integration() -> CustomIntegration {
    let auth = Auth::oauth_client("id", CLIENT_SECRET);
    CustomIntegration::new("CRM", "https://mcp.example.com/mcp", auth).unwrap()
}

fn client(base_url: &str) -> Client {
    Client::builder()
        .api_key(API_KEY)
        .base_url(base_url)
        .build()
        .unwrap()
}

fn assert_clean(text: &str) {
    assert!(!text.contains("canary"), "{text}");
}

fn assert_clean_error(error: &duvo::Error) {
    assert_clean(&format!("{error} {error:?} {error:#?}"));
    assert_clean(&format!(
        "{:?} {:?} {:?}",
        error.api_code(),
        error.api_message(),
        error.api_details()
    ));
    let mut source = error.source();
    while let Some(error) = source {
        assert_clean(&format!("{error} {error:?}"));
        source = error.source();
    }
}

#[test]
fn no_value_shows_a_secret() {
    let client = client("http://localhost");
    assert_clean(&format!("{client:?} {client:#?}"));
    assert_clean(&format!("{:#?}", client.team("t")));
    assert_clean(&format!("{:#?}", Client::builder().api_key(API_KEY)));
    assert_clean(&format!("{:#?}", Auth::oauth_client("id", CLIENT_SECRET)));
    assert_clean(&format!("{:#?}", integration()));
    assert_clean(&format!("{:#?}", Secret::from(CLIENT_SECRET)));
}

#[test]
fn no_refusal_shows_a_secret() {
    assert_clean_error(&Client::new(format!("{API_KEY}\n")).unwrap_err());
    let url = format!("https://user:{API_KEY}@localhost");
    assert_clean_error(
        &Client::builder()
            .api_key(API_KEY)
            .base_url(url)
            .build()
            .unwrap_err(),
    );
    let auth = Auth::oauth_client("", CLIENT_SECRET);
    let url = format!("not a URL {CLIENT_SECRET}");
    assert_clean_error(&CustomIntegration::new("", url, auth).unwrap_err());
}

#[tokio::test]
async fn no_error_shows_a_secret_that_the_server_repeats() {
    let words = format!("{API_KEY} and {CLIENT_SECRET}");
    for (status, body) in [
        (
            401,
            serde_json::json!({ "error": words, "message": words }).to_string(),
        ),
        (
            403,
            serde_json::json!({ "code": words, "message": words, "request_id": words }).to_string(),
        ),
        (502, words.clone()),
        (
            201,
            serde_json::json!({ "id": "1", "created_at": words }).to_string(),
        ),
        (201, serde_json::json!(words).to_string()),
    ] {
        let api = Api::answering(
            status,
            &[("x-request-id", &words), ("content-type", &words)],
            &body,
        );
        let error = client(&api.url())
            .register_custom_integration(&integration())
            .await
            .unwrap_err();
        assert_eq!(error.body().unwrap(), body.as_bytes());
        assert_clean_error(&error);
        assert_clean(error.request_id().unwrap());
    }
}

#[tokio::test]
async fn no_broken_connection_shows_a_secret() {
    for base_url in [
        socket::refusing().await,
        socket::answering("").await,
        socket::answering("not HTTP").await,
        socket::answering("HTTP/1.1 201 Created\r\ncontent-length: 9\r\n\r\n{").await,
    ] {
        assert_clean_error(
            &client(&base_url)
                .register_custom_integration(&integration())
                .await
                .unwrap_err(),
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Api::registering();
    for status in [301, 302, 303, 307, 308] {
        let api = Api::answering(status, &[("location", &elsewhere.url())], "");
        let error = client(&api.url())
            .register_custom_integration(&integration())
            .await
            .unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.delivery(), Delivery::Rejected);
        assert!(
            error.to_string().contains("redirects are not followed"),
            "{error}"
        );
        assert_eq!(api.requests().len(), 1);
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

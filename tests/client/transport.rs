//! How a client reaches the API: certificates and proxies.

use duvo::{Client, ClientBuilder, CustomIntegration, ErrorKind, RetryPolicy};
use duvo_test_support::api::Api;
use duvo_test_support::client::{API_KEY, TEAM, builder, registration_error};
use duvo_test_support::integrations::any_integration;

use crate::tls_server::start_self_signed;

async fn register(client: &Client) -> u16 {
    let integration: CustomIntegration = any_integration();
    let team = client.team(TEAM);
    let created = team.register_custom_integration(&integration).await;
    created.unwrap().status().as_u16()
}

#[tokio::test]
async fn self_signed_certificate_is_trusted_only_if_it_is_configured() {
    let (server, pem) = start_self_signed().await;
    let builder = || builder(&server.url).retry_policy(RetryPolicy::never());
    let trusting = builder().root_certificate_pem(pem).build().unwrap();
    assert_eq!(register(&trusting).await, 201);

    let error = registration_error(&builder().build().unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("ertificate"), "{error}");
}

#[tokio::test]
async fn requests_go_through_the_configured_proxy() {
    // A proxy receives the whole URL, so the host need not exist.
    let proxy = Api::registering();
    let client = Client::builder()
        .api_key(API_KEY)
        .base_url("http://api.duvo.invalid")
        .allow_http(true)
        .proxy(proxy.url())
        .build()
        .unwrap();
    assert_eq!(register(&client).await, 201);
    let request = proxy.only_request();
    assert_eq!(request.headers()["host"], "api.duvo.invalid");
}

#[tokio::test]
async fn proxy_of_the_reqwest_client_is_used_for_loopback_only_with_allow_http() {
    let api = Api::registering();
    // Nothing listens at this address.
    let proxy = reqwest::Proxy::all("http://127.0.0.1:9").unwrap();
    let client = |configure: fn(ClientBuilder) -> ClientBuilder| {
        let http = reqwest::Client::builder().proxy(proxy.clone());
        let builder = builder(&api.url())
            .reqwest_client_builder(http)
            .retry_policy(RetryPolicy::never());
        configure(builder).build().unwrap()
    };
    assert_eq!(register(&client(|builder| builder)).await, 201);
    let allowing = client(|builder| builder.allow_http(true));
    let error = registration_error(&allowing).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
}

#[test]
fn proxy_on_another_host_is_invalid_for_plain_http_to_loopback() {
    let with_proxy = |url: &str| builder("http://localhost:8080").proxy(url);
    let error = with_proxy("http://user:hunter2@proxy.example.com")
        .build()
        .unwrap_err();
    assert_eq!(error.invalid_fields()[0].field(), "proxy");
    assert!(error.to_string().contains("allow_http"), "{error}");
    assert!(!format!("{error:?} {error}").contains("hunter2"));
    with_proxy("http://127.0.0.1:3128").build().unwrap();
    let https = builder("https://localhost").proxy("http://proxy.example.com");
    https.build().unwrap();
    with_proxy("http://proxy.example.com")
        .allow_http(true)
        .build()
        .unwrap();
}

#[test]
fn invalid_certificate_is_a_configuration_error_that_does_not_repeat_it() {
    for pem in [
        "",
        "certificate",
        "-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n",
    ] {
        let error = builder("https://api.duvo.ai")
            .root_certificate_pem(pem)
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.invalid_fields()[0].field(), "root_certificate_pem");
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}

#[test]
fn invalid_proxy_is_a_configuration_error_that_does_not_repeat_it() {
    for url in [
        "",
        "proxy",
        "ftp://proxy.example.com",
        "socks5://hunter2@proxy.example.com",
    ] {
        let builder = builder("https://api.duvo.ai").proxy(url);
        assert!(!format!("{builder:?}").contains("hunter2"));
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.invalid_fields()[0].field(), "proxy");
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}

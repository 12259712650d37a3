//! How a client gets to the API: certificates, and a proxy.

mod support;

use std::sync::Arc;

use duvo::{Client, ErrorKind, RetryPolicy};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use support::{API_KEY, Api, any_integration, builder, document, error_of};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A server with a certificate of its own making that answers every request as
/// documented; its base URL and its certificate.
async fn tls_server() -> (String, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let body = document::answer(201, "url").to_string();
    let answer = format!(
        "HTTP/1.1 201 Created\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            // The body of a registration ends with the brace of its JSON.
            while !request.ends_with(b"}") {
                let read = stream.read(&mut buffer).await.unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    (url, cert.pem())
}

#[tokio::test]
async fn a_certificate_that_was_given_is_trusted_and_no_other_is() {
    let (url, pem) = tls_server().await;
    let builder = || builder(&url).retry_policy(RetryPolicy::never());
    let trusting = builder().root_certificate_pem(pem).build().unwrap();
    let created = trusting
        .register_custom_integration_v1(&any_integration())
        .await;
    assert_eq!(created.unwrap().status(), 201);

    let error = builder().build().unwrap();
    let error = error
        .register_custom_integration_v1(&any_integration())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("ertificate"), "{error}");
}

#[tokio::test]
async fn every_request_goes_through_the_proxy_that_was_given() {
    // A proxy is asked for the whole URL, also of a host that does not exist.
    let proxy = Api::registering();
    let client = Client::builder()
        .api_key(API_KEY)
        .base_url("http://api.duvo.invalid")
        .allow_http(true)
        .proxy(proxy.url())
        .build()
        .unwrap();
    client
        .register_custom_integration_v1(&any_integration())
        .await
        .unwrap();
    let request = proxy.only_request();
    assert_eq!(request.headers().get("host").unwrap(), "api.duvo.invalid");
}

#[tokio::test]
async fn plain_http_that_stays_on_this_machine_is_not_given_to_a_proxy_elsewhere() {
    // Those of the caller's own builder are not used; nothing listens there.
    let api = Api::registering();
    let elsewhere = reqwest::Proxy::all("http://127.0.0.1:9").unwrap();
    let http = || reqwest::Client::builder().proxy(elsewhere.clone());
    let client = builder(&api.url()).reqwest_client_builder(http());
    let client = client.build().unwrap();
    let registered = client
        .register_custom_integration_v1(&any_integration())
        .await;
    assert_eq!(registered.unwrap().status(), 201);
    let allowed = builder(&api.url())
        .reqwest_client_builder(http())
        .allow_http(true)
        .retry_policy(RetryPolicy::never())
        .build()
        .unwrap();
    let error = error_of(&allowed).await;
    assert_eq!(error.kind(), ErrorKind::Connect);

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
fn what_is_no_certificate_or_no_proxy_is_refused_without_repeating_it() {
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
    for url in [
        "",
        "proxy",
        "ftp://proxy.example.com",
        "socks5://hunter2@proxy.example.com",
    ] {
        let builder = builder("https://api.duvo.ai").proxy(url);
        assert!(!format!("{builder:?}").contains("hunter2"));
        let error = builder.build().unwrap_err();
        assert_eq!(error.invalid_fields()[0].field(), "proxy");
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}

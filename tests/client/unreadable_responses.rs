//! Responses of 2xx whose body is not an integration, and responses that are not HTTP.

use std::error::Error as _;
use std::io::Write as _;

use duvo::{Delivery, Error, ErrorKind};
use duvo_test_support::api::Api;
use duvo_test_support::client::{TEAM, builder, registration_error, registration_error_at};
use duvo_test_support::closed_port::ClosedPort;
use duvo_test_support::document;
use duvo_test_support::fault_server::FaultServer;
use duvo_test_support::integrations::any_integration;
use serde_json::json;

const MIB: usize = 1024 * 1024;

fn assert_unreadable(error: &Error, status: u16, body: &[u8]) {
    assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.status().unwrap(), status);
    assert_eq!(error.body().unwrap(), body);
}

#[tokio::test]
async fn undocumented_2xx_keeps_status_headers_and_body() {
    let mut incomplete = document::response(201, "oauth");
    incomplete.as_object_mut().unwrap().remove("id");
    let api = Api::registering();
    let client = api.client();
    for (status, body, fragment) in [
        (204, String::new(), "204 No Content"),
        (200, "<html>Sign in</html>".to_owned(), "200 OK"),
        (201, incomplete.to_string(), "missing field `id`"),
        (201, json!([1, 2]).to_string(), "201 Created"),
    ] {
        api.respond(status, &[("x-request-id", "req_7")], &body);
        let error = registration_error(&client).await;
        assert_unreadable(&error, status, body.as_bytes());
        assert!(error.is_body_complete());
        assert_eq!(error.request_id(), Some("req_7"));
        assert_eq!(error.headers().unwrap()["x-request-id"], "req_7");
        assert!(error.to_string().contains(fragment), "{error}");
    }
}

#[tokio::test]
async fn decoding_error_names_the_path_and_the_servers_message() {
    let mut body = document::response(201, "oauth");
    body["oauth_scopes"] = json!(["a", 7]);
    body["message"] = "queued for review".into();
    let api = Api::responding_json(201, &body);
    let text = registration_error_at(&api.url()).await.to_string();
    assert!(text.contains("`oauth_scopes[1]`"), "{text}");
    assert!(text.contains("queued for review"), "{text}");
}

#[tokio::test]
async fn interrupted_2xx_keeps_what_was_received() {
    let body = document::response(201, "oauth").to_string();
    let half = &body[..body.len() / 2];
    let head = format!(
        "HTTP/1.1 201 Created\r\nx-request-id: req_8\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let server = FaultServer::responding(format!("{head}{half}")).await;
    let error = registration_error_at(&server.url).await;
    assert_unreadable(&error, 201, half.as_bytes());
    assert!(!error.is_body_complete());
    assert_eq!(error.request_id(), Some("req_8"));
    assert!(error.source().is_some());
    assert!(
        error.to_string().contains(&half.len().to_string()),
        "{error}"
    );
}

#[tokio::test]
async fn body_is_read_up_to_one_mebibyte() {
    let body = vec![b'x'; 3 * MIB];
    let api = Api::responding(201, &[], &body);
    let client = api.client();
    let error = registration_error(&client).await;
    assert_unreadable(&error, 201, &body[..MIB]);
    assert!(!error.is_body_complete());
    assert!(error.to_string().contains("1048576"), "{error}");

    api.respond(500, &[], &body);
    let error = registration_error(&client).await;
    assert_eq!(error.status().unwrap(), 500);
    assert_eq!(error.body().unwrap(), &body[..MIB]);
    assert!(!error.is_body_complete());
}

#[tokio::test]
async fn body_of_exactly_one_mebibyte_is_complete() {
    let integration = document::response(201, "oauth").to_string();
    let body = format!("{integration}{}", " ".repeat(MIB - integration.len()));
    let api = Api::responding(201, &[], body);
    let team = api.client().team(TEAM);
    let created = team.register_custom_integration(&any_integration()).await;
    assert_eq!(created.unwrap().name, "Internal CRM");
}

#[tokio::test]
async fn refused_connection_is_not_sent() {
    let port = ClosedPort::new();
    let error = registration_error_at(&port.url).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(error.status(), None);
    assert!(error.to_string().contains(&port.url), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn closed_connection_is_unknown_delivery() {
    for response in ["", "HTTP/1.1 201 Cre"] {
        let server = FaultServer::responding(response).await;
        let error = registration_error_at(&server.url).await;
        assert_eq!(error.kind(), ErrorKind::Network, "{error}");
        assert_eq!(error.delivery(), Delivery::Unknown);
    }
}

#[tokio::test]
async fn response_that_is_not_http_is_unknown_delivery() {
    let server = FaultServer::responding("220 mail.example.com ESMTP\r\n").await;
    let error = registration_error_at(&server.url).await;
    assert_eq!(error.kind(), ErrorKind::Network, "{error}");
    assert_eq!(error.delivery(), Delivery::Unknown);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn decompressed_body_is_read_up_to_one_mebibyte() {
    let bomb = gzip(&vec![b' '; 64 * MIB]);
    assert!(bomb.len() < MIB / 8);
    let api = Api::responding(201, &[("content-encoding", "gzip")], &bomb);
    let http = reqwest::Client::builder().gzip(true);
    let client = builder(&api.url())
        .reqwest_client_builder(http)
        .build()
        .unwrap();
    let error = registration_error(&client).await;
    assert_unreadable(&error, 201, &vec![b' '; MIB]);
    assert!(error.to_string().contains("1048576"), "{error}");
}

/// Values of `content-encoding`, and what an error has of them.
pub const ENCODINGS: [(&str, &str); 8] = [
    ("gzip", "gzip"),
    ("br", "br"),
    ("deflate", "deflate"),
    ("zstd", "zstd"),
    ("gzip, br", "gzip, br"),
    ("GZIP", "GZIP"),
    ("identity, gzip", "identity, gzip"),
    ("rot13\tx", "rot13 x"),
];

#[tokio::test]
async fn body_in_an_encoding_that_was_not_requested_names_the_encoding() {
    let packed = gzip(document::response(201, "oauth").to_string().as_bytes());
    let api = Api::registering();
    let client = api.client();
    for (encoding, named) in ENCODINGS {
        api.respond(201, &[("content-encoding", encoding)], &packed);
        let error = registration_error(&client).await;
        assert_unreadable(&error, 201, &packed);
        assert!(error.is_body_complete());
        let text = error.to_string();
        assert!(text.contains(named), "{text}");
        assert!(!text.contains("expected value"), "{text}");
        assert!(!text.contains(char::is_control), "{text}");
    }
}

#[tokio::test]
async fn wrong_content_encoding_does_not_hide_the_decoding_error() {
    let api = Api::registering();
    let client = api.client();
    for encoding in ["gzip", "identity"] {
        let header = [("content-encoding", encoding)];
        api.respond(201, &header, r#"{"id":"1"}"#);
        let error = registration_error(&client).await;
        assert!(error.to_string().contains("missing field"), "{error}");

        api.respond(201, &header, document::response(201, "oauth").to_string());
        let team = client.team(TEAM);
        let created = team.register_custom_integration(&any_integration()).await;
        assert_eq!(created.unwrap().name, "Internal CRM");
    }
}

#[tokio::test]
async fn every_request_asks_for_an_unencoded_response() {
    let api = Api::registering();
    let default_headers = [("accept-encoding".parse().unwrap(), "gzip".parse().unwrap())];
    for http in [
        None,
        Some(reqwest::Client::builder()),
        Some(reqwest::Client::builder().gzip(true)),
        Some(reqwest::Client::builder().default_headers(default_headers.into_iter().collect())),
    ] {
        let mut builder = builder(&api.url());
        if let Some(http) = http {
            builder = builder.reqwest_client_builder(http);
        }
        let client = builder.build().unwrap();
        api.forget_requests();
        let team = client.team(TEAM);
        team.register_custom_integration(&any_integration())
            .await
            .unwrap();
        let headers = api.only_request().headers();
        let encodings = headers.get_all("accept-encoding");
        assert_eq!(encodings.iter().collect::<Vec<_>>(), ["identity"]);
    }
}

#[tokio::test]
async fn reqwest_client_with_decompression_decodes_the_response() {
    let packed = gzip(document::response(201, "oauth").to_string().as_bytes());
    let api = Api::responding(201, &[("content-encoding", "gzip")], &packed);
    let http = reqwest::Client::builder().gzip(true);
    let builder = builder(&api.url()).reqwest_client_builder(http);
    let team = builder.build().unwrap().team(TEAM);
    let created = team.register_custom_integration(&any_integration()).await;
    assert_eq!(created.unwrap().name, "Internal CRM");
}

#[tokio::test]
async fn body_with_a_byte_order_mark_is_decoded() {
    let body = format!("\u{feff}{}", document::response(201, "oauth"));
    let api = Api::responding(201, &[], body);
    let team = api.client().team(TEAM);
    let created = team.register_custom_integration(&any_integration()).await;
    assert_eq!(created.unwrap().name, "Internal CRM");
}

//! Answers of 2xx whose body is not an integration, and connections that break.

mod support;

use std::error::Error as _;
use std::io::Write as _;

use duvo::{Delivery, Error, ErrorKind};
use serde_json::json;
use support::{Api, any_integration, document, socket};

const MIB: usize = 1024 * 1024;

async fn error_of(base_url: &str) -> Error {
    support::error_of(&support::client(base_url)).await
}

fn assert_unreadable(error: &Error, status: u16, body: &[u8], text: &str) {
    assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.status().unwrap(), status);
    assert_eq!(error.body().unwrap(), body);
    assert!(error.to_string().contains(text), "{error}");
}

#[tokio::test]
async fn a_success_in_another_form_keeps_everything() {
    let mut incomplete = document::answer(201, "oauth");
    incomplete.as_object_mut().unwrap().remove("id");
    for (status, body, text) in [
        (
            204,
            String::new(),
            "the API answered 204 No Content, but the body cannot be read",
        ),
        (
            200,
            "<html>Sign in</html>".to_owned(),
            "cannot be read: expected value",
        ),
        (201, incomplete.to_string(), "missing field `id`"),
        (201, json!([1, 2]).to_string(), "invalid"),
    ] {
        let api = Api::answering(status, &[("x-request-id", "req_7")], &body);
        let error = error_of(&api.url()).await;
        assert_unreadable(&error, status, body.as_bytes(), text);
        assert!(error.is_body_complete());
        assert_eq!(error.request_id(), Some("req_7"));
        assert_eq!(error.headers().unwrap()["x-request-id"], "req_7");
    }
}

#[tokio::test]
async fn a_success_that_is_cut_off_keeps_what_came() {
    let body = document::answer(201, "oauth").to_string();
    let half = &body[..body.len() / 2];
    let head = format!(
        "HTTP/1.1 201 Created\r\nx-request-id: req_8\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let error = error_of(&socket::answering(format!("{head}{half}")).await).await;
    assert_unreadable(
        &error,
        201,
        half.as_bytes(),
        &format!("it is cut off after {} bytes", half.len()),
    );
    assert!(!error.is_body_complete());
    assert_eq!(error.request_id(), Some("req_8"));
    assert!(error.source().is_some());
}

#[tokio::test]
async fn an_error_that_is_cut_off_is_still_that_error() {
    let head = "HTTP/1.1 403 Forbidden\r\ncontent-length: 1000\r\n\r\n";
    let error = error_of(&socket::answering(format!("{head}{{\"error\":")).await).await;
    assert_eq!(error.status().unwrap(), 403);
    assert_eq!(error.delivery(), Delivery::Rejected);
    assert_eq!(error.body().unwrap(), br#"{"error":"#);
    assert!(!error.is_body_complete());
}

#[tokio::test]
async fn a_body_is_read_up_to_one_mebibyte() {
    let body = vec![b'x'; 3 * MIB];
    let error = error_of(&Api::answering(201, &[], &body).url()).await;
    assert_unreadable(&error, 201, &body[..MIB], "it is larger than 1048576 bytes");
    assert!(!error.is_body_complete());

    let error = error_of(&Api::answering(500, &[], &body).url()).await;
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.status().unwrap(), 500);
    assert_eq!(error.body().unwrap().len(), MIB);
    assert!(!error.is_body_complete());
}

#[tokio::test]
async fn a_body_of_exactly_one_mebibyte_is_whole() {
    let integration = document::answer(201, "oauth").to_string();
    let body = format!("{integration}{}", " ".repeat(MIB - integration.len()));
    let api = Api::answering(201, &[], body);
    let created = api
        .client()
        .register_custom_integration_v1(&any_integration())
        .await
        .unwrap();
    assert_eq!(created.name, "Internal CRM");
}

#[tokio::test]
async fn a_refused_connection_sent_nothing() {
    let base_url = socket::refusing().await;
    let error = error_of(&base_url).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(error.status(), None);
    assert!(
        error
            .to_string()
            .starts_with(&format!("no connection to {base_url}: ")),
        "{error}"
    );
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn a_connection_that_closes_without_an_answer_leaves_it_open() {
    for answer in ["", "HTTP/1.1 201 Cre"] {
        let error = error_of(&socket::answering(answer).await).await;
        assert_eq!(error.kind(), ErrorKind::Network, "{error}");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(
            error.to_string().contains("broke before it answered"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_is_not_http_is_a_broken_connection() {
    let error = error_of(&socket::answering("220 mail.example.com ESMTP\r\n").await).await;
    assert_eq!(error.kind(), ErrorKind::Network, "{error}");
    assert_eq!(error.delivery(), Delivery::Unknown);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn what_unpacks_to_much_more_is_read_up_to_one_mebibyte() {
    let bomb = gzip(&vec![b' '; 64 * MIB]);
    assert!(bomb.len() < MIB / 8);
    let api = Api::answering(201, &[("content-encoding", "gzip")], &bomb);
    let http = reqwest::Client::builder().gzip(true);
    let client = support::builder(&api.url())
        .reqwest_client_builder(http)
        .build()
        .unwrap();
    let error = support::error_of(&client).await;
    assert_unreadable(
        &error,
        201,
        &vec![b' '; MIB],
        "it is larger than 1048576 bytes",
    );
}

#[tokio::test]
async fn nothing_is_unpacked_unless_asked_for() {
    let packed = gzip(document::answer(201, "oauth").to_string().as_bytes());
    let api = Api::answering(201, &[("content-encoding", "gzip")], &packed);
    assert_unreadable(&error_of(&api.url()).await, 201, &packed, "expected value");
    assert!(!api.only_request().headers().contains_key("accept-encoding"));
}

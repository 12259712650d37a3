//! Failures of proxies and networks that the mock server simulates.

use std::time::Duration;

use duvo::mock::Response;
use duvo::{Delivery, Error, ErrorKind, Integration, Timeout};
use duvo_test_support::paused_time::with_paused_time;

use super::{register, start};

#[tokio::test]
async fn simulates_network_failures() {
    let server = start();
    let html = "<html><h1>Gateway Timeout</h1></html>";
    let registration = server
        .register_custom_integration()
        .respond(|_| Response::html(504, html).with_header("x-request-id", "req_7"))
        .respond(|_| Response::reset())
        .respond(|_| Response::close())
        .respond(|then| then.registered(Integration::example()).truncated_at(40))
        .respond(|_| Response::new(201).truncated_at(3).with_body("<html>"));
    let client = server.client().unwrap();
    let mut errors = Vec::new();
    for _ in 0..5 {
        errors.push(register(&client, "team_1", "CRM").await.unwrap_err());
    }
    let kinds: Vec<_> = errors.iter().map(Error::kind).collect();
    assert_eq!(
        kinds,
        [
            ErrorKind::Status,
            ErrorKind::Network,
            ErrorKind::Network,
            ErrorKind::UnreadableResponse,
            ErrorKind::UnreadableResponse,
        ]
    );
    assert!(
        errors
            .iter()
            .all(|error| error.delivery() == Delivery::Unknown)
    );
    assert_eq!(errors[0].body().unwrap(), html.as_bytes());
    assert_eq!(errors[0].request_id(), Some("req_7"));
    assert!(errors[1].to_string().contains("reset"), "{}", errors[1]);
    assert!(!errors[2].to_string().contains("reset"), "{}", errors[2]);
    assert_eq!(errors[3].body().unwrap().len(), 40);
    assert!(!errors[3].is_body_complete());
    assert_eq!(errors[4].body().unwrap(), b"<ht");
    registration.assert_calls(5);
}

#[test]
fn hang_lasts_until_the_attempt_timeout() {
    let server = start();
    server
        .register_custom_integration()
        .respond(|_| Response::hang());
    with_paused_time(async {
        let client = server.client().unwrap();
        let call = tokio::spawn(async move { register(&client, "team_1", "CRM").await });
        while server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        tokio::time::advance(Duration::from_secs(31)).await;
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.timeout(), Some(Timeout::Attempt));
    });
}

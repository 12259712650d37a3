//! Closures of the test that the mock server calls for a request.

use std::sync::{Arc, Barrier};

use duvo::Integration;

use super::{register, start};

#[tokio::test]
async fn responder_may_query_the_server() {
    let server = Arc::new(start());
    let weak = Arc::downgrade(&server);
    server
        .register_custom_integration()
        .respond_with(move |_, then| {
            let requests = weak.upgrade().map_or(0, |server| server.requests().len());
            let mut integration = Integration::example();
            integration.id = format!("{requests}");
            then.registered(integration)
        });
    let client = server.client().unwrap();
    assert_eq!(register(&client, "team_1", "CRM").await.unwrap(), "1");
    assert_eq!(register(&client, "team_1", "CRM").await.unwrap(), "2");
}

#[tokio::test]
async fn matcher_may_query_the_server() {
    let server = Arc::new(start());
    let weak = Arc::downgrade(&server);
    server.register_custom_integration().matching(move |_| {
        let server = weak.upgrade().unwrap();
        server.requests().len() == 1 && server.unmatched_requests().is_empty()
    });
    let client = server.client().unwrap();
    register(&client, "team_1", "CRM").await.unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 501);
}

#[tokio::test]
async fn responders_may_block() {
    let server = start();
    let barrier = Arc::new(Barrier::new(2));
    let registration = server
        .register_custom_integration()
        .respond_with(move |_, then| {
            barrier.wait();
            then.registered(Integration::example())
        });
    let client = server.client().unwrap();
    let (first, second) = tokio::join!(
        register(&client, "team_1", "CRM"),
        register(&client, "team_1", "CRM")
    );
    first.unwrap();
    second.unwrap();
    registration.assert_calls(2);
}

#[tokio::test]
async fn panic_in_a_responder_returns_501_with_its_message() {
    let server = start();
    server
        .register_custom_integration()
        .respond_with(|call, _| panic!("{} is not the name", call.name().unwrap()));
    let client = server.client().unwrap();
    let error = register(&client, "team_1", "CRM").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 501);
    let message = error.api_message().unwrap();
    assert!(message.contains("CRM is not the name"), "{message}");
    assert_eq!(server.unmatched_requests()[0].reason(), message);
}

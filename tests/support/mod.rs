#![allow(dead_code)]

pub mod catalogue;
pub mod document;
pub mod example;
pub mod fault;
pub mod fault_table;
pub mod socket;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use duvo::mock::Server;
use duvo::{Auth, Client, ClientBuilder, CustomIntegration, Error, IntegrationPage, RetryPolicy};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::Value;

pub const API_KEY: &str = "duvo-test-key";
pub const TEAM: &str = "team_01hzx3f8q2";

/// An API that gives every request one answer, and keeps the requests.
pub struct Api {
    server: MockServer,
    requests: Arc<Mutex<Vec<HttpMockRequest>>>,
}

impl Api {
    pub fn answering(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let response = HttpMockResponse::builder()
            .status(status)
            .headers(headers.iter().copied())
            .body(body.as_ref().to_vec())
            .build();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let server = MockServer::start();
        server.mock(|when, then| {
            when.any_request();
            then.respond_with(move |request| {
                kept.lock().unwrap().push(request.clone());
                response.clone()
            });
        });
        Self { server, requests }
    }

    pub fn answering_json(status: u16, body: &Value) -> Self {
        Self::answering(
            status,
            &[("content-type", "application/json")],
            body.to_string(),
        )
    }

    /// An API that registers whatever it is sent.
    pub fn registering() -> Self {
        Self::answering_json(201, &document::answer(201, "oauth"))
    }

    pub fn url(&self) -> String {
        self.server.base_url()
    }

    pub fn client(&self) -> Client {
        client(&self.url())
    }

    pub fn requests(&self) -> Vec<HttpMockRequest> {
        self.requests.lock().unwrap().clone()
    }

    pub fn only_request(&self) -> HttpMockRequest {
        let [request] = self.requests().try_into().expect("there is one request");
        request
    }
}

pub fn builder(base_url: &str) -> ClientBuilder {
    Client::builder().api_key(API_KEY).base_url(base_url)
}

/// A client that makes one attempt.
pub fn client(base_url: &str) -> Client {
    builder(base_url)
        .retry_policy(RetryPolicy::never())
        .build()
        .unwrap()
}

/// A client of the test kit's that tries again without a pause.
pub fn eager(server: &Server) -> Client {
    let policy = RetryPolicy::default().with_backoff(Duration::ZERO, Duration::ZERO);
    server
        .client_builder()
        .retry_policy(policy)
        .build()
        .unwrap()
}

/// The next listing breaks off, and those after it do not.
pub fn break_off_a_listing(server: &Server) {
    server
        .list_integrations()
        .respond(|then| {
            then.integrations(IntegrationPage::example())
                .truncated_at(40)
        })
        .respond(|then| then.integrations(IntegrationPage::example()));
}

/// The error of a call that must fail.
pub async fn error_of(client: &Client) -> Error {
    let result = client
        .register_custom_integration_v1(&any_integration())
        .await;
    result.expect_err("the call fails")
}

/// The integration that an example of the request body describes.
pub fn integration(example: &Value) -> CustomIntegration {
    let text = |key: &str| example[key].as_str();
    let auth = match (text("auth_method").unwrap(), text("oauth_client_id")) {
        ("url", None) => Auth::Url,
        ("apikey", None) => Auth::ApiKey,
        ("headers", None) => Auth::Headers,
        ("oauth", None) => Auth::oauth(),
        ("oauth", Some(id)) => Auth::oauth_client(id, text("oauth_client_secret").unwrap()),
        other => panic!("no auth for {other:?}"),
    };
    CustomIntegration::new(text("name").unwrap(), text("server_url").unwrap(), auth).unwrap()
}

/// An integration with a client secret.
pub fn any_integration() -> CustomIntegration {
    integration(&document::request("oauth"))
}

//! An API that records what the client puts on the wire.

use std::sync::{Arc, Mutex, MutexGuard};

use duvo::Client;
pub use httpmock::HttpMockRequest;
use httpmock::{HttpMockResponse, MockServer};
use serde_json::Value;

use crate::{client, document};

/// An API that sends the same response to every request, and records the requests.
///
/// It is built on `httpmock`, which shares no code with `duvo::mock`.
///
/// When it is dropped, `httpmock` gives its server to another test, so it must live as long
/// as its clients.
pub struct Api {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

struct State {
    response: HttpMockResponse,
    requests: Vec<HttpMockRequest>,
}

impl Api {
    pub fn responding(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let state = Arc::new(Mutex::new(State {
            response: response(status, headers, body.as_ref()),
            requests: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        let server = MockServer::start();
        server.mock(|when, then| {
            when.any_request();
            then.respond_with(move |request| {
                let mut state = shared.lock().unwrap();
                state.requests.push(request.clone());
                state.response.clone()
            });
        });
        Self { server, state }
    }

    pub fn responding_json(status: u16, body: &Value) -> Self {
        Self::responding(status, JSON, body.to_string())
    }

    /// Returns an API that sends the documented response to a registration.
    pub fn registering() -> Self {
        Self::responding_json(201, &document::response(201, "oauth"))
    }

    /// Replaces the response, and forgets the requests.
    ///
    /// A test of many responses needs one server and one client, whose HTTP client is slow
    /// to build: it reads the certificates of the system.
    pub fn respond(&self, status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) {
        *self.state() = State {
            response: response(status, headers, body.as_ref()),
            requests: Vec::new(),
        };
    }

    /// Replaces the response by one with JSON, and forgets the requests.
    pub fn respond_json(&self, status: u16, body: &Value) {
        self.respond(status, JSON, body.to_string());
    }

    pub fn forget_requests(&self) {
        self.state().requests.clear();
    }

    pub fn url(&self) -> String {
        self.server.base_url()
    }

    /// Returns a client of this API that never retries.
    pub fn client(&self) -> Client {
        client::client(&self.url())
    }

    pub fn requests(&self) -> Vec<HttpMockRequest> {
        self.state().requests.clone()
    }

    pub fn only_request(&self) -> HttpMockRequest {
        let [request] = self
            .requests()
            .try_into()
            .expect("the API received one request");
        request
    }

    /// Returns the value of a header of every request.
    pub fn header_values(&self, name: &str) -> Vec<String> {
        let value =
            |request: &HttpMockRequest| request.headers()[name].to_str().unwrap().to_owned();
        self.requests().iter().map(value).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

fn response(status: u16, headers: &[(&str, &str)], body: &[u8]) -> HttpMockResponse {
    HttpMockResponse::builder()
        .status(status)
        .headers(headers.iter().copied())
        .body(body.to_vec())
        .build()
}

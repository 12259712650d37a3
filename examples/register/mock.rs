//! A mock of the API, made of the examples in the OpenAPI document.

use std::sync::mpsc::{self, Receiver};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::Value;

use crate::document;

/// Any key will do for the mock, as long as there is one.
pub(crate) const API_KEY: &str = "embedded-mock";

/// A server on loopback that answers as the API would, and keeps what it got.
pub(crate) struct Mock {
    server: MockServer,
    requests: Receiver<HttpMockRequest>,
}

impl Mock {
    pub(crate) fn start() -> Self {
        let (sender, requests) = mpsc::channel();
        let server = MockServer::start();
        server.mock(|when, then| {
            when.any_request();
            then.respond_with(move |request| {
                // If nobody listens any more, nobody wants to know.
                let _ = sender.send(request.clone());
                respond(request)
            });
        });
        Self { server, requests }
    }

    pub(crate) fn url(&self) -> String {
        self.server.base_url()
    }

    pub(crate) fn request(&self) -> Option<HttpMockRequest> {
        self.requests.try_recv().ok()
    }
}

fn respond(request: &HttpMockRequest) -> HttpMockResponse {
    let uri = request.uri();
    let path: Vec<_> = uri.path().split('/').skip(1).collect();
    let body = serde_json::from_slice(request.body_ref());
    let is_authorized = request.headers().contains_key("authorization");
    let (status, answer) = match (path.as_slice(), body) {
        _ if !is_authorized => (401, document::answer(401, "plain")),
        (["v1", "integrations", "custom"], Ok(body)) => (201, registered(&body, None)),
        (["v2", "teams", team, "integrations", "custom"], Ok(body)) => {
            (201, registered(&body, Some(team)))
        }
        (_, Ok(_)) => (404, Value::Null),
        (_, Err(_)) => (400, document::answer(400, "plain")),
    };
    HttpMockResponse::builder()
        .status(status)
        .header("content-type", "application/json")
        .header("x-request-id", "req_embedded_mock")
        .body(answer.to_string())
        .build()
}

/// The answer to the documented request that is most like this one, with what
/// this one says in it.
fn registered(request: &Value, team: Option<&str>) -> Value {
    let is_alike = |example: &Value| {
        example["auth_method"] == request["auth_method"]
            && example["oauth_client_id"].is_null() == request["oauth_client_id"].is_null()
    };
    let documented = document::requests()
        .into_iter()
        .filter(|(key, _)| key != "reference");
    let key = documented
        .filter(|(_, example)| is_alike(example))
        .map(|(key, _)| key)
        .next();
    let mut answer = document::answer(201, key.as_deref().unwrap_or("url"));
    for field in ["name", "server_url"] {
        answer[field] = request[field].clone();
    }
    if let Some(team) = team {
        answer["team_id"] = team.into();
    }
    answer
}

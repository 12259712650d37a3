use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::api::OPERATIONS;
use super::expectation::{Expectation, path_parameters};
use super::request::{Request, UnmatchedRequest};
use super::response::{HttpReply, Response};

/// The state of a server: its mocks, and the requests that it received.
#[derive(Default)]
pub(super) struct State(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    expectations: Vec<Arc<Expectation>>,
    requests: Vec<Request>,
    unmatched: Vec<UnmatchedRequest>,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, expectation: Arc<Expectation>) {
        self.lock().expectations.push(expectation);
    }

    pub(super) fn record(&self, request: Request) {
        self.lock().requests.push(request);
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    pub(super) fn unmatched(&self) -> Vec<UnmatchedRequest> {
        self.lock().unmatched.clone()
    }

    /// Returns the response to a request. Runs functions of the test, which can block.
    pub(super) fn respond(&self, request: &Request) -> Response {
        let expectations = self.lock().expectations.clone();
        let mut mismatches = Vec::new();
        for expectation in expectations.iter().rev() {
            let Some(request) = expectation.match_path(request) else {
                continue;
            };
            match expectation.mismatch(&request) {
                Some(mismatch) => mismatches.push(mismatch),
                None => {
                    return match expectation.call(Arc::clone(&request)) {
                        Some(responder) => responder.respond(&request),
                        None => Response::invalid(format!(
                            "the OpenAPI document has no example response for `{}`; set one with `respond`",
                            expectation.name
                        )),
                    };
                }
            }
        }
        Response::invalid(if mismatches.is_empty() {
            no_mock_message(request)
        } else {
            mismatches.join("; ")
        })
    }

    /// Records an unmatched request, and returns a 501 response in the API's error format.
    pub(super) fn record_unmatched(&self, request: Request, reason: String) -> HttpReply {
        let body = serde_json::json!({ "error": "duvo::mock", "message": reason });
        let unmatched = UnmatchedRequest::new(request, reason);
        self.lock().unmatched.push(unmatched);
        HttpReply::not_implemented(&body)
    }
}

/// Names the operation that has no mock.
fn no_mock_message(request: &Request) -> String {
    let (method, path) = (request.method(), request.path());
    let operation = OPERATIONS
        .iter()
        .find(|(_, of, template)| method == *of && path_parameters(template, path).is_some());
    match operation {
        Some((name, ..)) => format!("no mock for `{name}` ({method} {path})"),
        None => format!("the API has no operation {method} {path}"),
    }
}

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::api::OPERATIONS;
use super::expectation::{Expectation, path_parameters};
use super::request::{Request, UnmatchedRequest};
use super::response::{Answer, Response};

/// What a server and its mocks know.
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

    pub(super) fn keep(&self, request: Request) {
        self.lock().requests.push(request);
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    pub(super) fn unmatched(&self) -> Vec<UnmatchedRequest> {
        self.lock().unmatched.clone()
    }

    /// The answer to a request, which the test may make.
    pub(super) fn respond(&self, request: &Request) -> Response {
        let expectations = self.lock().expectations.clone();
        let mut differences = Vec::new();
        for expectation in expectations.iter().rev() {
            let Some(request) = expectation.of_operation(request) else {
                continue;
            };
            match expectation.difference(&request) {
                Some(difference) => differences.push(difference),
                None => {
                    return match expectation.call(Arc::clone(&request)) {
                        Some(responder) => responder.respond(&request),
                        None => Response::mistaken(format!(
                            "the document has no example for `{}`; give it an answer by `respond`",
                            expectation.name
                        )),
                    };
                }
            }
        }
        Response::mistaken(if differences.is_empty() {
            without_mock(request)
        } else {
            differences.join("; ")
        })
    }

    /// The answer where there is none, in the form of an error of the API.
    pub(super) fn unanswered(&self, request: Request, reason: String) -> Answer {
        let body = serde_json::json!({ "error": "duvo::mock", "message": reason });
        let unmatched = UnmatchedRequest::new(request, reason);
        self.lock().unmatched.push(unmatched);
        Answer::not_implemented(&body)
    }
}

/// What to say where there is no mock.
fn without_mock(request: &Request) -> String {
    let (method, path) = (request.method(), request.path());
    let operation = OPERATIONS
        .iter()
        .find(|(_, of, template)| method == *of && path_parameters(template, path).is_some());
    match operation {
        Some((name, ..)) => format!("there is no mock of `{name}` ({method} {path})"),
        None => format!("the API has no {method} {path}"),
    }
}

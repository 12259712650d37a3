//! A team's catalogue behind the API: what is registered is listed, and what is
//! deleted is not.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use duvo::{Client, Team};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::{Value, json};

use super::{TEAM, builder, document};

/// What the API does with one registration.
#[derive(Clone, Copy, Debug)]
pub enum Registration {
    /// Registers, and says so.
    Answered,
    /// Registers, and a proxy answers 504.
    AnswerLost,
    /// Does not register, and a proxy answers 504.
    Lost,
    /// Registers for somebody else, and answers 409.
    Conflict,
    /// Does not register, and answers 403.
    Refused,
    /// Registers, and for somebody else just before.
    Raced,
}

#[derive(Default)]
struct State {
    entries: Vec<Value>,
    made: usize,
    registrations: VecDeque<Registration>,
    listings_that_fail: usize,
    later_listings_that_fail: usize,
    requests: Vec<HttpMockRequest>,
}

pub struct Catalogue {
    server: MockServer,
    state: Arc<Mutex<State>>,
}

impl Catalogue {
    /// A catalogue with these entries.
    pub fn of(entries: Vec<Value>) -> Self {
        let state = State {
            entries,
            ..State::default()
        };
        let state = Arc::new(Mutex::new(state));
        let server = MockServer::start();
        let answering = Arc::clone(&state);
        server.mock(|when, then| {
            when.any_request();
            then.respond_with(move |request| {
                let mut state = answering.lock().unwrap();
                state.requests.push(request.clone());
                let (status, body) = state.answer(request);
                HttpMockResponse::builder()
                    .status(status)
                    .header("content-type", "application/json")
                    .body(body.to_string())
                    .build()
            });
        });
        Self { server, state }
    }

    /// What is done with the registrations to come; the others are answered.
    pub fn with_registrations(self, registrations: &[Registration]) -> Self {
        self.state.lock().unwrap().registrations = registrations.iter().copied().collect();
        self
    }

    /// The next listings answer 500.
    pub fn fail_listings(&self, listings: usize) {
        self.state.lock().unwrap().listings_that_fail = listings;
    }

    /// The listings that follow the next registration answer 500.
    pub fn fail_listings_after_registration(&self, listings: usize) {
        self.state.lock().unwrap().later_listings_that_fail = listings;
    }

    pub fn url(&self) -> String {
        self.server.base_url()
    }

    pub fn client(&self) -> Client {
        builder(&self.url()).build().unwrap()
    }

    pub fn team(&self) -> Team {
        self.client().team(TEAM)
    }

    pub fn entries(&self) -> Vec<Value> {
        self.state.lock().unwrap().entries.clone()
    }

    /// Every request, as its method and its path with the query.
    pub fn requests(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        let line = |request: &HttpMockRequest| {
            let uri = request.uri();
            let path = uri.path_and_query().map_or("", |path| path.as_str());
            format!("{} {path}", request.method_str())
        };
        state.requests.iter().map(line).collect()
    }

    pub fn header(&self, request: usize, name: &str) -> Option<String> {
        let state = self.state.lock().unwrap();
        let headers = state.requests[request].headers();
        Some(headers.get(name)?.to_str().unwrap().to_owned())
    }
}

impl State {
    fn answer(&mut self, request: &HttpMockRequest) -> (u16, Value) {
        let uri = request.uri();
        let path: Vec<_> = uri.path().split('/').skip(1).collect();
        match (request.method_str(), path.as_slice()) {
            ("POST", ["v2", "teams", _, "integrations", "custom"]) => {
                let body: Value = serde_json::from_slice(request.body_ref()).unwrap();
                self.register(&body)
            }
            ("GET", ["v2", "teams", _, "integrations"]) => self.list(uri.query().unwrap_or("")),
            ("DELETE", ["v2", "integrations", "custom", id]) => {
                let before = self.entries.len();
                self.entries
                    .retain(|entry| entry["custom_integration_id"] != *id);
                if self.entries.len() < before {
                    (200, document::example("Deletion"))
                } else {
                    (404, json!({ "error": "Not Found" }))
                }
            }
            other => panic!("the API has no {other:?}"),
        }
    }

    fn register(&mut self, body: &Value) -> (u16, Value) {
        self.listings_that_fail += std::mem::take(&mut self.later_listings_that_fail);
        let fate = self.registrations.pop_front();
        match fate.unwrap_or(Registration::Answered) {
            Registration::Answered => (201, self.add(body)),
            Registration::AnswerLost => {
                self.add(body);
                (504, Value::Null)
            }
            Registration::Lost => (504, Value::Null),
            Registration::Conflict => {
                self.add(body);
                (409, json!({ "error": "Conflict" }))
            }
            Registration::Refused => (403, json!({ "error": "Forbidden" })),
            Registration::Raced => {
                self.add(body);
                (201, self.add(body))
            }
        }
    }

    fn add(&mut self, body: &Value) -> Value {
        self.made += 1;
        let entry = entry(self.made, body);
        self.entries.push(entry.clone());
        entry
    }

    fn list(&mut self, query: &str) -> (u16, Value) {
        if self.listings_that_fail > 0 {
            self.listings_that_fail -= 1;
            return (500, json!({ "error": "Internal Server Error" }));
        }
        let parameter = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let number = |name| parameter(name).map(|value| value.parse::<usize>().unwrap());
        let (limit, offset) = (
            number("limit").unwrap_or(100),
            number("offset").unwrap_or(0),
        );
        let of_type = |entry: &&Value| parameter("type").is_none_or(|kind| entry["type"] == kind);
        let entries: Vec<_> = self.entries.iter().filter(of_type).collect();
        let page: Vec<_> = entries.iter().skip(offset).take(limit).collect();
        let total = entries.len();
        let body =
            json!({ "integrations": page, "total": total, "limit": limit, "offset": offset });
        (200, body)
    }
}

/// The entry that comes of registering a request as the `number`th.
pub fn entry(number: usize, request: &Value) -> Value {
    let mut entry = document::answer(201, "url");
    entry["id"] = format!("id-{number}").into();
    entry["custom_integration_id"] = format!("custom-{number}").into();
    entry["created_at"] = format!("2026-08-03T{:02}:{:02}:00Z", number / 60, number % 60).into();
    for field in ["name", "server_url", "auth_method"] {
        entry[field] = request[field].clone();
    }
    entry
}

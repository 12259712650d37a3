//! Which requests a mock matches.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::request::{Request, header, path_parameter, property, query_parameter};
use super::response::Response;

/// A condition that a request must meet.
#[allow(dead_code, reason = "the document decides which ones are used")]
pub(super) enum Matcher {
    Path(&'static str, String),
    /// The last field is the documented default of a missing parameter.
    Query(&'static str, String, Option<&'static str>),
    Header(&'static str, String),
    Property(&'static str, Value),
    /// A property whose value is a secret.
    Secret(&'static str, Value),
    NoQuery(&'static str),
    NoHeader(&'static str),
    NoProperty(&'static str),
}

impl Matcher {
    fn matches(&self, request: &Request) -> bool {
        match self {
            Self::Path(name, value) => path_parameter(request, name) == Some(value),
            Self::Query(name, value, default) => {
                query_parameter(request, name).or(*default) == Some(value)
            }
            Self::Header(name, value) => header(request, name) == Some(value),
            Self::Property(name, value) | Self::Secret(name, value) => {
                property(request, name) == Some(value)
            }
            Self::NoQuery(name) => query_parameter(request, name).is_none(),
            Self::NoHeader(name) => header(request, name).is_none(),
            Self::NoProperty(name) => property(request, name).is_none(),
        }
    }
}

/// The mock of one operation.
pub(super) struct Expectation {
    method: &'static str,
    path: &'static str,
    state: Mutex<State>,
}

struct State {
    matchers: Vec<Matcher>,
    response: Option<Response>,
    calls: Vec<Arc<Request>>,
}

impl Expectation {
    pub(super) fn new(
        method: &'static str,
        path: &'static str,
        response: Option<Response>,
    ) -> Self {
        let state = Mutex::new(State {
            matchers: Vec::new(),
            response,
            calls: Vec::new(),
        });
        Self {
            method,
            path,
            state,
        }
    }

    pub(super) fn add_matcher(&self, matcher: Matcher) {
        self.lock().matchers.push(matcher);
    }

    pub(super) fn set_response(&self, response: Response) {
        self.lock().response = Some(response);
    }

    pub(super) fn calls(&self) -> Vec<Arc<Request>> {
        self.lock().calls.clone()
    }

    /// Records the request, and returns the response to it, if the mock matches it.
    pub(super) fn respond(&self, request: &Request) -> Option<Response> {
        let request = Request {
            path_parameters: self.path_parameters(&request.path)?,
            ..request.clone()
        };
        let mut state = self.lock();
        let mut matchers = state.matchers.iter();
        if request.method != self.method || !matchers.all(|matcher| matcher.matches(&request)) {
            return None;
        }
        state.calls.push(Arc::new(request));
        state.response.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path_parameters(&self, path: &str) -> Option<BTreeMap<&'static str, String>> {
        let (expected, actual) = (self.path.split('/'), path.split('/'));
        if expected.clone().count() != actual.clone().count() {
            return None;
        }
        let mut parameters = BTreeMap::new();
        for (expected, actual) in expected.zip(actual) {
            let actual = percent_decode_str(actual).decode_utf8().ok()?;
            match expected
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'))
            {
                Some(name) => drop(parameters.insert(name, actual.into_owned())),
                None if expected == actual => {}
                None => return None,
            }
        }
        Some(parameters)
    }
}

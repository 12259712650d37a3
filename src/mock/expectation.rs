use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::request::{
    Request, header, path_parameter, property, query_parameter, query_parameters,
};
use super::response::Response;

/// The matchers and the responses of one mock, and the requests that it matched.
pub(super) struct Expectation {
    pub(super) name: &'static str,
    method: &'static str,
    path: &'static str,
    default: Option<Response>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    matchers: Vec<Arc<Matcher>>,
    responders: VecDeque<Responder>,
    calls: Vec<Arc<Request>>,
}

/// A function from a request to `T`.
type RequestFn<T> = dyn Fn(&Arc<Request>) -> T + Send + Sync;

/// A condition that a request must meet.
pub(super) enum Matcher {
    Path(&'static str, String),
    /// The last field is the documented default of a missing parameter.
    Query(&'static str, String, Option<&'static str>),
    #[allow(dead_code, reason = "the document decides which parameters are lists")]
    QueryList(&'static str, Vec<String>),
    Header(&'static str, String),
    Property(&'static str, Value),
    /// A property whose value is redacted.
    Secret(&'static str, Value),
    NoQuery(&'static str),
    NoHeader(&'static str),
    NoProperty(&'static str),
    ApiKey(String),
    Custom(Box<RequestFn<bool>>),
}

/// Computes the response to a request.
#[derive(Clone)]
pub(super) struct Responder(Arc<RequestFn<Response>>);

impl Responder {
    pub(super) fn new(respond: impl Fn(&Arc<Request>) -> Response + Send + Sync + 'static) -> Self {
        Self(Arc::new(respond))
    }

    pub(super) fn respond(&self, request: &Arc<Request>) -> Response {
        (self.0)(request)
    }
}

impl Expectation {
    pub(super) fn new(
        name: &'static str,
        method: &'static str,
        path: &'static str,
        default: Option<Response>,
    ) -> Self {
        Self {
            name,
            method,
            path,
            default,
            state: Mutex::default(),
        }
    }

    pub(super) fn expect(&self, matcher: Matcher) {
        self.lock().matchers.push(Arc::new(matcher));
    }

    pub(super) fn respond(&self, responder: Responder) {
        self.lock().responders.push_back(responder);
    }

    pub(super) fn calls(&self) -> Vec<Arc<Request>> {
        self.lock().calls.clone()
    }

    /// Returns the request with its path parameters, if it is a request to this operation.
    pub(super) fn match_path(&self, request: &Request) -> Option<Arc<Request>> {
        if request.method() != self.method {
            return None;
        }
        let parameters = path_parameters(self.path, request.path())?;
        Some(Arc::new(request.clone().with_path_parameters(parameters)))
    }

    /// Returns every mismatch between the request and the matchers. Custom matchers run
    /// only if the others match, because they can rely on them.
    pub(super) fn mismatch(&self, request: &Arc<Request>) -> Option<String> {
        // Not locked meanwhile: a custom matcher can use the server and its mocks.
        let matchers = self.lock().matchers.clone();
        let (custom, documented): (Vec<_>, Vec<_>) = matchers
            .iter()
            .partition(|matcher| matches!(***matcher, Matcher::Custom(_)));
        let documented = documented.iter();
        let mut mismatches: Vec<_> = documented
            .filter_map(|matcher| matcher.mismatch(request))
            .collect();
        if mismatches.is_empty() {
            let mut custom = custom.iter();
            mismatches.extend(custom.find_map(|matcher| matcher.mismatch(request)));
        }
        let mismatches = mismatches.join(", and ");
        (!mismatches.is_empty()).then(|| format!("`{}` expects {mismatches}", self.name))
    }

    /// Records the request, and returns the next response.
    pub(super) fn call(&self, request: Arc<Request>) -> Option<Responder> {
        let mut state = self.lock();
        state.calls.push(request);
        if state.responders.len() > 1 {
            return state.responders.pop_front();
        }
        state.responders.front().cloned().or_else(|| {
            let response = self.default.clone()?;
            Some(Responder::new(move |_| response.clone()))
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Matcher {
    /// Returns the expected and the actual value, if they differ.
    fn mismatch(&self, request: &Arc<Request>) -> Option<String> {
        match self {
            Self::Path(name, value) => text_mismatch(name, value, path_parameter(request, name)),
            Self::Query(name, value, default) => {
                let found = query_parameter(request, name).or(*default);
                text_mismatch(name, value, found)
            }
            Self::QueryList(name, values) => {
                let found = query_parameters(request, name).unwrap_or_default();
                (found != *values).then(|| format!("`{name}` {values:?}, got {found:?}"))
            }
            Self::Header(name, value) => text_mismatch(name, value, header(request, name)),
            Self::Property(name, value) => {
                let found = property(request, name);
                (found != Some(value)).then(|| match found {
                    Some(found) => format!("`{name}` {value}, got {found}"),
                    None => format!("`{name}` {value}, which is missing"),
                })
            }
            Self::Secret(name, value) => (property(request, name) != Some(value))
                .then(|| format!("a different `{name}` (redacted)")),
            Self::NoQuery(name) => unexpected(name, query_parameter(request, name).is_some()),
            Self::NoHeader(name) => unexpected(name, header(request, name).is_some()),
            Self::NoProperty(name) => unexpected(name, property(request, name).is_some()),
            Self::ApiKey(value) => (request.api_key() != Some(value))
                .then(|| "a different API key (redacted)".to_owned()),
            Self::Custom(predicate) => {
                (!predicate(request)).then(|| "a request that its `matching` accepts".to_owned())
            }
        }
    }
}

fn text_mismatch(name: &str, expected: &str, found: Option<&str>) -> Option<String> {
    (found != Some(expected)).then(|| match found {
        Some(found) => format!("`{name}` {expected:?}, got {found:?}"),
        None => format!("`{name}` {expected:?}, which is missing"),
    })
}

fn unexpected(name: &str, is_present: bool) -> Option<String> {
    is_present.then(|| format!("no `{name}`, which is present"))
}

/// Returns the decoded parameters of a path, if it matches the template.
pub(super) fn path_parameters(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    let mut segments = path.split('/');
    for template in template.split('/') {
        let segment = percent_decode_str(segments.next()?).decode_utf8().ok()?;
        let mut rest = segment.as_ref();
        let mut template = template;
        while let Some((literal, after)) = template.split_once('{') {
            let (name, after) = after.split_once('}')?;
            rest = rest.strip_prefix(literal)?;
            let next = after.split('{').next().unwrap_or_default();
            let end = if next.is_empty() {
                rest.len()
            } else {
                rest.find(next)?
            };
            parameters.push((name.to_owned(), rest[..end].to_owned()));
            rest = &rest[end..];
            template = after;
        }
        if rest != template {
            return None;
        }
    }
    segments.next().is_none().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::path_parameters;

    fn parameters(template: &str, path: &str) -> Option<String> {
        let found = path_parameters(template, path)?;
        let pairs = found.into_iter();
        let pairs: Vec<_> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Some(pairs.join(" "))
    }

    #[test]
    fn splits_path_by_its_template_and_decodes_it() {
        let template = "/v2/teams/{team}/x/{id}.json";
        for (path, expected) in [
            ("/v2/teams/a.c/x/7.json", Some("team=a.c id=7")),
            ("/v2/teams/a%2Fb%28/x/%C3%A9.json", Some("team=a/b( id=é")),
            ("/v2/teams//x/.json", Some("team= id=")),
            ("/v2/teams/a/x/7.xml", None),
            ("/v2/teams/a/x", None),
            ("/v2/teams/a/x/7.json/y", None),
            ("/v2/teams/a/b/x/7.json", None),
            ("/v2/teams/%ff/x/7.json", None),
        ] {
            assert_eq!(parameters(template, path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn segment_can_contain_two_parameters() {
        assert_eq!(
            parameters("/{from}-{to}", "/a-b"),
            Some("from=a to=b".to_owned())
        );
        assert_eq!(parameters("/{from}-{to}", "/ab"), None);
    }
}

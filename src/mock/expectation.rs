use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::request::{Request, header, path_parameter, property, query_parameter};
use super::response::Response;

/// What is expected of the requests to one operation, what they are answered,
/// and those that came.
pub(super) struct Expectation {
    pub(super) name: &'static str,
    method: &'static str,
    path: &'static str,
    default: Option<Response>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    conditions: Vec<Arc<Condition>>,
    responders: VecDeque<Responder>,
    calls: Vec<Arc<Request>>,
}

/// What a test makes of a request.
type Of<T> = dyn Fn(&Arc<Request>) -> T + Send + Sync;

/// What a request must have.
pub(super) enum Condition {
    Path(&'static str, String),
    /// The last is what a request means that has none.
    Query(&'static str, String, Option<&'static str>),
    Header(&'static str, String),
    Property(&'static str, Value),
    /// A property whose value is not shown.
    Secret(&'static str, Value),
    NoQuery(&'static str),
    NoHeader(&'static str),
    NoProperty(&'static str),
    ApiKey(String),
    Custom(Box<Of<bool>>),
}

/// Makes an answer of a request.
#[derive(Clone)]
pub(super) struct Responder(Arc<Of<Response>>);

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

    pub(super) fn expect(&self, condition: Condition) {
        self.lock().conditions.push(Arc::new(condition));
    }

    pub(super) fn respond(&self, responder: Responder) {
        self.lock().responders.push_back(responder);
    }

    pub(super) fn calls(&self) -> Vec<Arc<Request>> {
        self.lock().calls.clone()
    }

    /// The request with its path parameters, if it is one to this operation.
    pub(super) fn of_operation(&self, request: &Request) -> Option<Arc<Request>> {
        if request.method() != self.method {
            return None;
        }
        let parameters = path_parameters(self.path, request.path())?;
        Some(Arc::new(request.clone().with_path_parameters(parameters)))
    }

    /// What differs from what is expected.
    pub(super) fn difference(&self, request: &Arc<Request>) -> Option<String> {
        // A condition of the test's own may ask the server or a mock.
        let conditions = self.lock().conditions.clone();
        let mut conditions = conditions.iter();
        let difference = conditions.find_map(|condition| condition.difference(request))?;
        Some(format!("`{}` expects {difference}", self.name))
    }

    /// Keeps the request, and takes the next answer.
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

impl Condition {
    /// What is expected, and what is there instead.
    fn difference(&self, request: &Arc<Request>) -> Option<String> {
        match self {
            Self::Path(name, value) => text_difference(name, value, path_parameter(request, name)),
            Self::Query(name, value, default) => {
                let found = query_parameter(request, name).or(*default);
                text_difference(name, value, found)
            }
            Self::Header(name, value) => text_difference(name, value, header(request, name)),
            Self::Property(name, value) => {
                let found = property(request, name);
                (found != Some(value)).then(|| match found {
                    Some(found) => format!("`{name}` {value}, not {found}"),
                    None => format!("`{name}` {value}, which is not there"),
                })
            }
            Self::Secret(name, value) => (property(request, name) != Some(value))
                .then(|| format!("another `{name}`, which is not shown")),
            Self::NoQuery(name) => presence(name, query_parameter(request, name).is_some()),
            Self::NoHeader(name) => presence(name, header(request, name).is_some()),
            Self::NoProperty(name) => presence(name, property(request, name).is_some()),
            Self::ApiKey(value) => (request.api_key() != Some(value))
                .then(|| "another API key, which is not shown".to_owned()),
            Self::Custom(condition) => {
                (!condition(request)).then(|| "what its own condition says".to_owned())
            }
        }
    }
}

fn text_difference(name: &str, expected: &str, found: Option<&str>) -> Option<String> {
    (found != Some(expected)).then(|| match found {
        Some(found) => format!("`{name}` {expected:?}, not {found:?}"),
        None => format!("`{name}` {expected:?}, which is not there"),
    })
}

fn presence(name: &str, is_there: bool) -> Option<String> {
    is_there.then(|| format!("no `{name}`, which is there"))
}

/// The parameters of a path, decoded, if it is one of the template.
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
        let shown: Vec<_> = found
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Some(shown.join(" "))
    }

    #[test]
    fn a_path_is_split_by_its_template_and_decoded() {
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
    fn a_segment_may_hold_two_parameters() {
        assert_eq!(
            parameters("/{from}-{to}", "/a-b"),
            Some("from=a to=b".to_owned())
        );
        assert_eq!(parameters("/{from}-{to}", "/ab"), None);
    }
}

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Uri};
use serde_json::Value;

/// A request that the server received.
///
/// `Debug` prints only the method and the path, because headers and body contain secrets.
#[derive(Clone)]
pub struct Request {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    json: Value,
    query: Vec<(String, String)>,
    path_parameters: Vec<(String, String)>,
}

impl Request {
    pub(super) fn new(method: Method, uri: Uri, mut headers: HeaderMap, body: Bytes) -> Self {
        if let Some(authorization) = headers.get_mut(AUTHORIZATION) {
            authorization.set_sensitive(true);
        }
        let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        Self {
            query: query.into_owned().collect(),
            json: serde_json::from_slice(&body).unwrap_or_default(),
            path_parameters: Vec::new(),
            method,
            uri,
            headers,
            body,
        }
    }

    pub(super) fn with_path_parameters(mut self, parameters: Vec<(String, String)>) -> Self {
        self.path_parameters = parameters;
        self
    }

    /// Returns the HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the raw path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Returns the raw query.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// Returns the value of a header, if it exists and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the API key: the bearer token of the header `authorization`.
    #[must_use]
    pub fn api_key(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// Returns the raw body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the body as JSON, or null if it is not JSON.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }
}

// Free functions, because the document's names become methods of `Call`, which
// dereferences to `Request`.

pub(super) fn property<'a>(request: &'a Request, name: &str) -> Option<&'a Value> {
    request.json.get(name)
}

pub(super) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.header(name)
}

pub(super) fn query_parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    lookup(&request.query, name)
}

/// Returns every value of a query parameter.
pub(super) fn query_parameters<'a>(request: &'a Request, name: &str) -> Option<Vec<&'a str>> {
    let values: Vec<_> = request
        .query
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
        .collect();
    (!values.is_empty()).then_some(values)
}

pub(super) fn path_parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    lookup(&request.path_parameters, name)
}

fn lookup<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let pair = pairs.iter().find(|(key, _)| key == name)?;
    Some(&pair.1)
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

/// A request that no mock matched. `Debug` prints the method, the path and the reason.
#[derive(Clone)]
pub struct UnmatchedRequest {
    request: Request,
    reason: String,
}

impl UnmatchedRequest {
    pub(super) fn new(request: Request, reason: String) -> Self {
        Self { request, reason }
    }

    /// Returns why no mock matched, for example how the request differs from the
    /// expectation of each mock of the operation.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl Deref for UnmatchedRequest {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.request
    }
}

impl fmt::Debug for UnmatchedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request, reason } = self;
        write!(f, "{} {}: {reason}", request.method(), request.path())
    }
}

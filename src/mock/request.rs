use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use serde_json::Value;

/// A request that the server got.
///
/// `Debug` shows the method and the path only: headers and body hold secrets.
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
    pub(super) fn new(method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Self {
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

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path, as it was sent.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query, as it was sent.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// The value of the header, if there is one, and if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The API key: what follows `Bearer` in the header `authorization`.
    #[must_use]
    pub fn api_key(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// The body, as it was sent.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON; null, if it is none.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    pub(super) fn property(&self, name: &str) -> Option<&Value> {
        self.json.get(name)
    }

    pub(super) fn query_parameter(&self, name: &str) -> Option<&str> {
        value_of(&self.query, name)
    }

    pub(super) fn path_parameter(&self, name: &str) -> Option<&str> {
        value_of(&self.path_parameters, name)
    }
}

fn value_of<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
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

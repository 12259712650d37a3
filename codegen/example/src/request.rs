//! What the generated operations build a request from. The names and the methods are those
//! that progenitor uses.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::{NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use reqwest::Url;
use serde::Serialize;
use serde_json::Value;

use crate::{Error, Result};

/// The identity of an operation in the OpenAPI document.
pub(crate) struct OperationInfo {
    pub(crate) operation_id: &'static str,
    /// Whether a request changes nothing.
    pub(crate) is_safe: bool,
}

/// One function for each HTTP method that the document uses.
pub(crate) struct Methods;

#[allow(clippy::unused_self, reason = "progenitor calls methods")]
impl Methods {
    pub(crate) fn get(&self, url: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder::new(Method::GET, url.as_ref())
    }

    pub(crate) fn post(&self, url: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder::new(Method::POST, url.as_ref())
    }

    pub(crate) fn put(&self, url: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder::new(Method::PUT, url.as_ref())
    }
}

/// Builds a request. The first error is kept until `build`.
pub(crate) struct RequestBuilder(Result<reqwest::Request>);

impl RequestBuilder {
    fn new(method: Method, url: &str) -> Self {
        let url = Url::parse(url).map_err(invalid);
        Self(url.map(|url| reqwest::Request::new(method, url)))
    }

    pub(crate) fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.with(|request| {
            request.headers_mut().append(name, value);
            Ok(())
        })
    }

    pub(crate) fn headers(self, headers: Headers) -> Self {
        self.with(|request| {
            request.headers_mut().extend(headers.0);
            Ok(())
        })
    }

    pub(crate) fn json(self, body: &impl Serialize) -> Self {
        let json = HeaderValue::from_static("application/json");
        let with_body = self.with(|request| {
            *request.body_mut() = Some(serde_json::to_vec(body).map_err(invalid)?.into());
            Ok(())
        });
        with_body.header(CONTENT_TYPE, json)
    }

    pub(crate) fn query(self, parameter: &QueryParam<'_, impl Serialize>) -> Self {
        self.with(|request| {
            let text = match serde_json::to_value(parameter.value).map_err(invalid)? {
                Value::Null => return Ok(()),
                Value::String(text) => text,
                // A list or an object needs one pair for each of its parts.
                other => other.to_string(),
            };
            let mut pairs = request.url_mut().query_pairs_mut();
            pairs.append_pair(parameter.name, &text);
            Ok(())
        })
    }

    pub(crate) fn build(self) -> Result<reqwest::Request> {
        self.0
    }

    fn with(self, change: impl FnOnce(&mut reqwest::Request) -> Result<()>) -> Self {
        Self(self.0.and_then(|mut request| {
            change(&mut request)?;
            Ok(request)
        }))
    }
}

/// A query parameter. `None` is serialized as null.
pub(crate) struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

/// The header parameters of an operation.
#[derive(Default)]
pub(crate) struct Headers(HeaderMap);

impl Headers {
    pub(crate) fn append(&mut self, name: HeaderName, value: ParameterValue) {
        self.0.append(name, value.0);
    }
}

/// The value of a header parameter, with an error that becomes that of the operation.
pub(crate) struct ParameterValue(HeaderValue);

impl TryFrom<String> for ParameterValue {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        HeaderValue::try_from(text).map(Self).map_err(invalid)
    }
}

/// Percent-encodes a value for a single segment of a path.
pub(crate) fn encode_path(value: &str) -> PercentEncode<'_> {
    utf8_percent_encode(value, NON_ALPHANUMERIC)
}

fn invalid(error: impl std::fmt::Display) -> Error {
    Error::Request(error.to_string())
}

//! The request types that the generated operations use. Their names and methods are
//! those of progenitor's own runtime.

use std::io;

use bytes::Bytes;
use http::Method;
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::parameter::{ParamHeaderValue, append_query_list};
use crate::client::Client;
use crate::error::{Error, Result};

#[allow(
    unused_imports,
    reason = "the document decides which parameters are lists"
)]
pub(crate) use super::parameter::{encode_path, encode_path_list, header_list};

/// No encoding: bodies are small, and this crate does not decompress them.
static IDENTITY: HeaderValue = HeaderValue::from_static("identity");

/// The identity of an operation in the OpenAPI document.
pub(crate) struct OperationInfo {
    pub(crate) operation_id: &'static str,
    /// Whether a request changes nothing.
    pub(crate) is_safe: bool,
}

/// A request that can be sent more than once.
pub(crate) struct Request {
    method: Method,
    path: String,
    query: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    has_api_key: bool,
    body: Option<Bytes>,
}

impl Request {
    /// Builds the request of one attempt, with the headers of every request.
    pub(crate) fn to_reqwest(&self, client: &Client) -> reqwest::Request {
        let mut url = client.url(&self.path);
        if !self.query.is_empty() {
            url.set_query(Some(&self.query));
        }
        let client_headers = [
            (AUTHORIZATION, client.authorization()),
            (USER_AGENT, client.user_agent()),
            (ACCEPT_ENCODING, &IDENTITY),
        ];
        let mut request = reqwest::Request::new(self.method.clone(), url);
        // The HTTP stack adds two more: the host and the content length.
        let capacity = self.headers.len() + client_headers.len() + 2;
        let mut headers = HeaderMap::with_capacity(capacity);
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        for (name, value) in client_headers {
            if self.has_api_key || name != AUTHORIZATION {
                headers.insert(name, value.clone());
            }
        }
        *request.headers_mut() = headers;
        *request.body_mut() = self.body.clone().map(Into::into);
        request
    }
}

/// The HTTP methods. Each creates a request for a path, that of the base URL included.
pub(crate) struct Methods;

#[allow(
    dead_code,
    clippy::unused_self,
    reason = "the document decides which methods are called, and progenitor how"
)]
impl Methods {
    pub(crate) fn get(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(Method::GET, path)
    }

    pub(crate) fn head(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(Method::HEAD, path)
    }

    pub(crate) fn post(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(Method::POST, path)
    }

    pub(crate) fn put(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(Method::PUT, path)
    }

    pub(crate) fn patch(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(Method::PATCH, path)
    }

    pub(crate) fn delete(&self, path: String) -> RequestBuilder {
        RequestBuilder::new(Method::DELETE, path)
    }
}

/// Builds a [`Request`]. The first error is kept until [`build`](Self::build).
pub(crate) struct RequestBuilder {
    request: Request,
    error: Option<String>,
}

#[allow(dead_code, reason = "the document decides which methods are called")]
impl RequestBuilder {
    fn new(method: Method, path: String) -> Self {
        Self {
            request: Request {
                method,
                path,
                query: String::new(),
                headers: Vec::with_capacity(4),
                has_api_key: true,
                body: None,
            },
            error: None,
        }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.request.headers.push((name, value));
        self
    }

    pub(crate) fn headers(mut self, headers: Headers) -> Self {
        self.request.headers.extend(headers.0);
        self
    }

    /// Leaves out the API key.
    pub(crate) fn without_api_key(mut self) -> Self {
        self.request.has_api_key = false;
        self
    }

    pub(crate) fn json(self, body: &impl Serialize) -> Self {
        self.json_as(HeaderValue::from_static("application/json"), body)
    }

    /// Sets a JSON body of another media type.
    pub(crate) fn json_as(mut self, media_type: HeaderValue, body: &impl Serialize) -> Self {
        match to_zeroizing_json(body) {
            Ok(json) => self.request.body = Some(Bytes::from_owner(json)),
            Err(error) => self.error = Some(error.to_string()),
        }
        self.header(CONTENT_TYPE, media_type)
    }

    pub(crate) fn query(mut self, parameter: &QueryParam<'_, impl Serialize>) -> Self {
        match serde_json::to_value(parameter.value) {
            Ok(value) => {
                let mut query = form_urlencoded::Serializer::new(self.request.query);
                append_query_pairs(&mut query, parameter.name, &value);
                self.request.query = query.finish();
            }
            Err(error) => self.error = Some(error.to_string()),
        }
        self
    }

    /// Adds a query parameter whose items are separated by commas.
    pub(crate) fn query_list(mut self, name: &str, items: &impl Serialize) -> Self {
        if let Err(error) = append_query_list(&mut self.request.query, name, items) {
            self.error = Some(error.to_string());
        }
        self
    }

    pub(crate) fn build(self) -> Result<Request> {
        match self.error {
            None => Ok(self.request),
            Some(error) => Err(Error::request_construction(&error)),
        }
    }
}

/// Serializes a body that can contain secrets. A first pass measures its length, so
/// that the buffer never reallocates, which would leave a copy behind.
fn to_zeroizing_json(body: &impl Serialize) -> serde_json::Result<Zeroizing<Vec<u8>>> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, body)?;
    let mut json = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *json, body)?;
    Ok(json)
}

/// Counts the bytes that are written to it.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0 += bytes.len();
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A query parameter in OpenAPI's default style: one pair for each item of a list, and
/// the fields of an object under their own names.
pub(crate) struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

fn append_query_pairs(
    query: &mut form_urlencoded::Serializer<'_, String>,
    name: &str,
    value: &Value,
) {
    match value {
        Value::Null => {}
        Value::String(text) => {
            query.append_pair(name, text);
        }
        Value::Bool(_) | Value::Number(_) => {
            query.append_pair(name, &value.to_string());
        }
        Value::Array(items) => {
            for item in items {
                append_query_pairs(query, name, item);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                append_query_pairs(query, name, value);
            }
        }
    }
}

/// The header parameters of an operation.
#[derive(Default)]
pub(crate) struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    pub(crate) fn append(&mut self, name: HeaderName, value: ParamHeaderValue) {
        self.0.push((name, value.into_inner()));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::outcome::Delivery;

    fn client() -> Client {
        let builder = Client::builder().api_key("key");
        builder.base_url("http://localhost").build().unwrap()
    }

    fn url(builder: RequestBuilder) -> String {
        let request = builder.build().unwrap();
        request.to_reqwest(&client()).url().to_string()
    }

    #[test]
    fn encodes_value_as_single_path_segment() {
        let path = format!("/v2/teams/{}/x", encode_path(r"a/b\c?d#e%f é"));
        assert_eq!(
            url(Methods.get(path)),
            "http://localhost/v2/teams/a%2Fb%5Cc%3Fd%23e%25f%20%C3%A9/x"
        );
    }

    #[test]
    fn serializes_query_parameters_in_the_default_style_of_openapi() {
        let fields = BTreeMap::from([("x", 1), ("y", 2)]);
        let request = Methods
            .get("/list".to_owned())
            .query(&QueryParam::new("text", &"a&b=c"))
            .query(&QueryParam::new("number", &Some(1.5)))
            .query(&QueryParam::new("flag", &true))
            .query(&QueryParam::new("none", &None::<u64>))
            .query(&QueryParam::new("list", &["p", "q"]))
            .query(&QueryParam::new("object", &fields));
        assert_eq!(
            url(request),
            "http://localhost/list?text=a%26b%3Dc&number=1.5&flag=true&list=p&list=q&x=1&y=2"
        );
        let request = Methods.get("/list".to_owned());
        let request = request.query(&QueryParam::new("none", &None::<u64>));
        assert_eq!(url(request), "http://localhost/list");
    }

    #[test]
    fn reports_unserializable_body_and_invalid_header_as_invalid_request() {
        let header = ParamHeaderValue::try_from("a\nb".to_owned());
        // JSON object keys must be strings.
        let body = BTreeMap::from([(vec![1], 2)]);
        let request = Methods.post(String::new()).json(&body).build();
        for error in [header.err(), request.err()] {
            let error = error.unwrap();
            assert!(error.is_invalid_request(), "{error}");
            assert_eq!(error.delivery(), Delivery::NotSent);
        }
    }

    #[test]
    fn body_buffer_does_not_reallocate() {
        let body = vec!["a secret with \"escapes\" and \u{1}"; 100];
        let json = to_zeroizing_json(&body).unwrap();
        assert_eq!(json.capacity(), json.len());
        assert_eq!(*json, serde_json::to_vec(&body).unwrap());
    }

    #[test]
    fn builds_identical_request_for_every_attempt() {
        let mut headers = Headers::default();
        let name = HeaderName::from_static("some-key");
        headers.append(name, ParamHeaderValue::try_from("1".to_owned()).unwrap());
        let request = Methods.put("/thing".to_owned()).json(&[1]).headers(headers);
        let request = request.build().unwrap();
        let client = client();
        for _ in 0..2 {
            let sent = request.to_reqwest(&client);
            assert_eq!(sent.method(), Method::PUT);
            assert_eq!(sent.headers()["some-key"], "1");
            assert_eq!(sent.headers()["authorization"], "Bearer key");
            assert_eq!(sent.headers()["content-type"], "application/json");
            assert_eq!(sent.body().unwrap().as_bytes(), Some(&b"[1]"[..]));
        }
    }
}

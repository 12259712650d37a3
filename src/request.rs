//! What the generated operations make requests of. The names, and how they are
//! called, are the generator's.

use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, PercentEncode, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;
use url::Url;
use url::form_urlencoded;

use crate::error::{Error, Result};
use crate::wiped::Wiped;

/// What an operation is called.
pub(crate) struct OperationInfo {
    pub(crate) operation_id: &'static str,
}

/// A request, to be sent as often as it takes.
pub(crate) struct Request {
    method: Method,
    path: String,
    query: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Bytes>,
}

impl Request {
    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// What one attempt sends to `url`, which has the path already.
    pub(crate) fn to_http(
        &self,
        mut url: Url,
        of_client: &[(HeaderName, &HeaderValue)],
    ) -> reqwest::Request {
        if !self.query.is_empty() {
            url.set_query(Some(&self.query));
        }
        let mut request = reqwest::Request::new(self.method.clone(), url);
        // Room for the host and the content length, which the HTTP stack adds.
        let mut headers = HeaderMap::with_capacity(self.headers.len() + of_client.len() + 2);
        let of_operation = self.headers.iter().map(|(name, value)| (name, value));
        let of_client = of_client.iter().map(|(name, value)| (name, *value));
        for (name, value) in of_operation.chain(of_client) {
            headers.append(name.clone(), value.clone());
        }
        *request.headers_mut() = headers;
        *request.body_mut() = self.body.clone().map(Into::into);
        request
    }
}

/// The methods of HTTP. An operation gives the path, with that of the base URL.
pub(crate) struct Methods;

#[allow(
    dead_code,
    clippy::unused_self,
    reason = "it is the document that says which are called"
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

/// The parts of a request.
pub(crate) struct RequestBuilder {
    request: Request,
    fault: Option<String>,
}

impl RequestBuilder {
    fn new(method: Method, path: String) -> Self {
        Self {
            request: Request {
                method,
                path,
                query: String::new(),
                // Room for all that the operations have.
                headers: Vec::with_capacity(4),
                body: None,
            },
            fault: None,
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

    pub(crate) fn json(mut self, body: &impl Serialize) -> Self {
        // Room for most registrations.
        let mut text = Wiped::with_capacity(512);
        match serde_json::to_writer(&mut text, body) {
            Ok(()) => self.request.body = Some(Bytes::from_owner(text)),
            Err(fault) => self.fault = Some(fault.to_string()),
        }
        self.header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
    }

    pub(crate) fn query(mut self, parameter: &QueryParam<'_, impl Serialize>) -> Self {
        match serde_json::to_value(parameter.value) {
            Ok(value) => {
                let mut query = form_urlencoded::Serializer::new(self.request.query);
                append(&mut query, parameter.name, &value);
                self.request.query = query.finish();
            }
            Err(fault) => self.fault = Some(fault.to_string()),
        }
        self
    }

    pub(crate) fn build(self) -> Result<Request> {
        match self.fault {
            None => Ok(self.request),
            Some(fault) => Err(Error::not_sent(&fault)),
        }
    }
}

/// A parameter of the query: each item of a list by itself, and the fields of an
/// object by their own names.
pub(crate) struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

fn append(query: &mut form_urlencoded::Serializer<'_, String>, name: &str, value: &Value) {
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
                append(query, name, item);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                append(query, name, value);
            }
        }
    }
}

/// The headers that are parameters of an operation.
#[derive(Default)]
pub(crate) struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    pub(crate) fn append(&mut self, name: HeaderName, value: HeaderText) {
        self.0.push((name, value.0));
    }
}

/// A text that a header can hold.
pub(crate) struct HeaderText(HeaderValue);

impl TryFrom<String> for HeaderText {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        let value = HeaderValue::try_from(text);
        value
            .map(Self)
            .map_err(|fault| Error::not_sent(&fault.to_string()))
    }
}

/// A value as one segment of a path.
pub(crate) fn encode_path(value: &str) -> PercentEncode<'_> {
    // What the URL standard encodes in a segment, and what would end it.
    const SEGMENT: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'/')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'\\')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'}');
    utf8_percent_encode(value, SEGMENT)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const NO_HEADERS: &[(HeaderName, &HeaderValue)] = &[];

    fn url(builder: RequestBuilder) -> String {
        let mut url = Url::parse("http://localhost/").unwrap();
        let request = builder.build().unwrap();
        url.set_path(request.path());
        request.to_http(url, NO_HEADERS).url().to_string()
    }

    #[test]
    fn a_value_is_one_segment_of_the_path_whatever_is_in_it() {
        let path = format!("/v2/teams/{}/x", encode_path(r"a/b\c?d#e%f é"));
        assert_eq!(
            url(Methods.get(path)),
            "http://localhost/v2/teams/a%2Fb%5Cc%3Fd%23e%25f%20%C3%A9/x"
        );
    }

    #[test]
    fn a_query_parameter_is_written_as_openapi_says_by_default() {
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
    fn what_cannot_be_sent_is_an_error_of_the_request() {
        let faults = [HeaderText::try_from("a\nb".to_owned()).err(), {
            // JSON has text for keys only.
            let body = BTreeMap::from([(vec![1], 2)]);
            Methods.post(String::new()).json(&body).build().err()
        }];
        for fault in faults {
            let fault = fault.unwrap();
            assert!(fault.is_invalid_request(), "{fault}");
            assert_eq!(fault.delivery(), crate::Delivery::NotSent);
        }
    }

    #[test]
    fn every_attempt_sends_the_same() {
        let mut headers = Headers::default();
        let name = HeaderName::from_static("some-key");
        headers.append(name, HeaderText::try_from("1".to_owned()).unwrap());
        let request = Methods.put("/thing".to_owned()).json(&[1]).headers(headers);
        let request = request.build().unwrap();
        let url = Url::parse("http://localhost/thing").unwrap();
        for _ in 0..2 {
            let sent = request.to_http(url.clone(), NO_HEADERS);
            assert_eq!(sent.method(), Method::PUT);
            assert_eq!(sent.headers()["some-key"], "1");
            assert_eq!(sent.headers()["content-type"], "application/json");
            assert_eq!(sent.body().unwrap().as_bytes(), Some(&b"[1]"[..]));
        }
    }
}

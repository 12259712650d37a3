use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::generated::types;
use crate::response::request_id;
use crate::secret::Redactor;
use crate::transport::{End, Received};

/// Why a call or the making of a client failed.
///
/// [`kind`](Self::kind) says what happened, [`delivery`](Self::delivery)
/// whether the API may have acted on the request all the same. Everything that
/// came back is kept: status, headers, request id, the API's own words, and the
/// body whatever its form.
///
/// `Display` and `Debug` never show an API key or a client secret, nor the
/// body.
pub struct Error(Box<Inner>);

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

struct Inner {
    kind: ErrorKind,
    delivery: Delivery,
    message: String,
    invalid_fields: Vec<InvalidField>,
    response: Option<ErrorResponse>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be made of what it was given. See
    /// [`Error::invalid_fields`].
    Configuration,
    /// The request does not have the documented form. See
    /// [`Error::invalid_fields`].
    InvalidRequest,
    /// No connection to the API came about: the host name, the port, a proxy
    /// or TLS.
    Connect,
    /// The API did not answer in time.
    Timeout,
    /// The connection broke before the API answered.
    Network,
    /// The API, or something before it, answered with a status other than 2xx.
    Status,
    /// The status is 2xx, but the body cannot be read: it is cut off, too
    /// large, or not what the API documents. See [`Error::body`].
    UnreadableResponse,
}

/// Whether the API may have acted on a request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The request did not reach the API. Nothing was registered.
    NotSent,
    /// The API refused the request. Nothing was registered.
    Rejected,
    /// The request may have taken effect. Look for the integration before you
    /// send it again.
    Unknown,
}

/// A value that was refused before anything was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidField {
    field: &'static str,
    fault: String,
}

/// The API's answer, as far as it came.
struct ErrorResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    is_complete: bool,
    request_id: Option<String>,
    code: Option<String>,
    message: Option<String>,
    details: Option<serde_json::Value>,
}

impl Error {
    /// What happened.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the API may have acted on the request all the same.
    ///
    /// A 4xx or 3xx means that it did not, as does a 503 with `retry-after`;
    /// after 408 and every other 5xx it is unknown.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Whether the client cannot be made of what it was given.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        self.kind() == ErrorKind::Configuration
    }

    /// Whether the request was refused before anything was sent.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.kind() == ErrorKind::InvalidRequest
    }

    /// Whether no connection came about.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether the API did not answer in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether the connection broke before the API answered.
    #[must_use]
    pub fn is_network(&self) -> bool {
        self.kind() == ErrorKind::Network
    }

    /// Whether the answer has a status other than 2xx.
    #[must_use]
    pub fn is_status(&self) -> bool {
        self.kind() == ErrorKind::Status
    }

    /// Whether the answer has a status of 2xx, but a body that cannot be read.
    #[must_use]
    pub fn is_unreadable_response(&self) -> bool {
        self.kind() == ErrorKind::UnreadableResponse
    }

    /// Every value that was refused before anything was sent. Empty for errors
    /// of another kind.
    #[must_use]
    pub fn invalid_fields(&self) -> &[InvalidField] {
        &self.0.invalid_fields
    }

    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|response| response.status)
    }

    /// The response headers, if there was an answer.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(|response| &response.headers)
    }

    /// The response body as it came, up to 1 MiB of it. A server may repeat in
    /// it what it was sent, secrets included: do not log it.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.response().map(|response| &*response.body)
    }

    /// Whether [`body`](Self::body) is all that the server meant to send, as
    /// opposed to cut off by the network or at 1 MiB.
    #[must_use]
    pub fn is_body_complete(&self) -> bool {
        self.response().is_some_and(|response| response.is_complete)
    }

    /// The id of the request, for Duvo's support: the header `x-request-id`,
    /// or the body's `request_id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// The API's word for what went wrong: the body's `code`, such as
    /// `insufficient_scope`, or its `error`, such as `Forbidden`.
    #[must_use]
    pub fn api_code(&self) -> Option<&str> {
        self.response()?.code.as_deref()
    }

    /// The API's sentence on what went wrong: the body's `message`.
    #[must_use]
    pub fn api_message(&self) -> Option<&str> {
        self.response()?.message.as_deref()
    }

    /// More about the error, in a form that depends on its code: the body's
    /// `details`.
    #[must_use]
    pub fn api_details(&self) -> Option<&serde_json::Value> {
        self.response()?.details.as_ref()
    }

    fn response(&self) -> Option<&ErrorResponse> {
        self.0.response.as_ref()
    }
}

/// How the crate makes errors.
impl Error {
    pub(crate) fn configuration(invalid_fields: Vec<InvalidField>) -> Self {
        Self::refused(ErrorKind::Configuration, invalid_fields)
    }

    pub(crate) fn invalid_request(invalid_fields: Vec<InvalidField>) -> Self {
        Self::refused(ErrorKind::InvalidRequest, invalid_fields)
    }

    fn refused(kind: ErrorKind, invalid_fields: Vec<InvalidField>) -> Self {
        let faults: Vec<_> = invalid_fields.iter().map(ToString::to_string).collect();
        let mut error = Self::new(kind, Delivery::NotSent, faults.join("; "));
        error.0.invalid_fields = invalid_fields;
        error
    }

    /// The HTTP client could not be made.
    pub(crate) fn no_http_client(source: reqwest::Error) -> Self {
        let message = format!("the HTTP client cannot be made: {}", root_cause(&source));
        Self::new(ErrorKind::Configuration, Delivery::NotSent, message).with_source(source)
    }

    /// The request could not be made, or no answer to it came.
    pub(crate) fn unanswered(error: reqwest::Error, base_url: &str) -> Self {
        // The URL is in `message` already; within the source it has the path.
        let error = error.without_url();
        let cause = root_cause(&error);
        let (kind, delivery, message) = if error.is_builder() {
            let message = format!("the request cannot be made: {cause}");
            (ErrorKind::InvalidRequest, Delivery::NotSent, message)
        } else if error.is_connect() {
            let message = format!("no connection to {base_url}: {cause}");
            (ErrorKind::Connect, Delivery::NotSent, message)
        } else if error.is_timeout() {
            let message = format!("{base_url} did not answer in time");
            (ErrorKind::Timeout, Delivery::Unknown, message)
        } else {
            let message = format!("the connection to {base_url} broke before it answered: {cause}");
            (ErrorKind::Network, Delivery::Unknown, message)
        };
        Self::new(kind, delivery, message).with_source(error)
    }

    /// The generated code failed before it asked for the request to be sent.
    pub(crate) fn not_sent(message: String) -> Self {
        Self::new(ErrorKind::InvalidRequest, Delivery::NotSent, message)
    }

    /// The status is not 2xx.
    pub(crate) fn status_of(received: &Received, redactor: &Redactor<'_>) -> Self {
        let delivery = delivery_of(received.status, &received.headers);
        let response = ErrorResponse::read(received, redactor);
        let message = response.describe(redactor);
        let mut error = Self::new(ErrorKind::Status, delivery, message);
        error.0.response = Some(response);
        error
    }

    /// The status is 2xx, but the body is no value of the API.
    pub(crate) fn unreadable(received: Received, fault: &str, redactor: &Redactor<'_>) -> Self {
        let response = ErrorResponse::read(&received, redactor);
        let message = format!(
            "the API answered {}, but the body cannot be read: {}",
            response.status,
            redactor.clean(fault),
        );
        let mut error = Self::new(ErrorKind::UnreadableResponse, Delivery::Unknown, message);
        error.0.response = Some(response);
        if let End::Broken(source) = received.end {
            error = error.with_source(source);
        }
        error
    }

    fn new(kind: ErrorKind, delivery: Delivery, message: String) -> Self {
        Self(Box::new(Inner {
            kind,
            delivery,
            message,
            invalid_fields: Vec::new(),
            response: None,
            source: None,
        }))
    }

    fn with_source(mut self, source: reqwest::Error) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(request_id) = self.request_id() {
            write!(f, " (request id {request_id})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("delivery", &self.0.delivery)
            .field("message", &self.0.message)
            .field("request_id", &self.request_id())
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl InvalidField {
    pub(crate) fn new(field: &'static str, fault: impl Into<String>) -> Self {
        let fault = fault.into();
        Self { field, fault }
    }

    /// Name of the field: of the request body as in the API reference, or of
    /// the setting of the client.
    #[must_use]
    pub fn field(&self) -> &str {
        self.field
    }

    /// What is wrong with the value, and the way out. It does not repeat the
    /// value.
    #[must_use]
    pub fn fault(&self) -> &str {
        &self.fault
    }
}

impl fmt::Display for InvalidField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.fault)
    }
}

impl ErrorResponse {
    fn read(received: &Received, redactor: &Redactor<'_>) -> Self {
        let clean = |text: String| redactor.clean(&text);
        let header_id = request_id(&received.headers).map(|id| redactor.clean(id));
        let response = Self {
            status: received.status,
            headers: received.headers.clone(),
            body: received.body.clone(),
            is_complete: matches!(received.end, End::Complete),
            request_id: header_id,
            code: None,
            message: None,
            details: None,
        };
        // serde would take an array for the fields of an object in their order.
        let is_object = received.body.trim_ascii_start().starts_with(b"{");
        match serde_json::from_slice(&received.body) {
            _ if !is_object => response,
            Ok(types::ErrorResponse::CodedError(body)) => Self {
                request_id: response.request_id.or(Some(clean(body.request_id))),
                code: Some(clean(body.code)),
                message: Some(clean(body.message)),
                details: body.details.map(|details| redactor.clean_json(details)),
                ..response
            },
            Ok(types::ErrorResponse::PlainError(body)) => Self {
                code: Some(clean(body.error)),
                message: body.message.map(clean),
                ..response
            },
            Err(_) => response,
        }
    }

    fn describe(&self, redactor: &Redactor<'_>) -> String {
        let status = self.status;
        let what = match (&self.message, &self.code) {
            (Some(message), Some(code)) => {
                format!(": {} ({})", shortened(message), shortened(code))
            }
            (None, Some(code)) => format!(": {}", shortened(code)),
            _ if self.status.is_redirection() => {
                "; redirects are not followed, check the base URL".to_owned()
            }
            _ if self.body.is_empty() => " without a body".to_owned(),
            _ => {
                let content_type = self.headers.get(http::header::CONTENT_TYPE);
                let content_type = content_type
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or("no content type");
                format!(
                    " with a body that is no error of the API ({}, {} bytes)",
                    shortened(&redactor.clean(content_type)),
                    self.body.len(),
                )
            }
        };
        format!("the API answered {status}{what}")
    }
}

/// A server's words, short enough for a line of a log.
fn shortened(text: &str) -> String {
    const CHARACTERS: usize = 300;
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn delivery_of(status: StatusCode, headers: &HeaderMap) -> Delivery {
    let is_turned_away = status == StatusCode::SERVICE_UNAVAILABLE
        && headers.contains_key(http::header::RETRY_AFTER);
    let is_unclear = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
    if is_unclear && !is_turned_away {
        Delivery::Unknown
    } else {
        Delivery::Rejected
    }
}

/// The innermost error of a chain, which is the one that says what happened.
pub(crate) fn root_cause(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

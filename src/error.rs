use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::attempt::Attempt;
use crate::error_response::{ErrorResponse, printable};
use crate::exchange::{Outcome, Source};
use crate::secret::Redactor;
use crate::timeouts::Timeout;

/// Why a call or the making of a client failed.
///
/// [`kind`](Self::kind) says what happened, [`delivery`](Self::delivery)
/// whether the API may have acted on the request all the same. Everything that
/// came back is kept: status, headers, request id, the API's own words, and the
/// body whatever its form.
///
/// `Display` and `Debug` never show an API key or a client secret; of the body,
/// they show the API's own words alone, up to 300 characters of each.
///
/// # Troubleshooting
///
/// What to check, by the [kind](ErrorKind), and whether the call may be made
/// again. Of several attempts, the kind is that of the last, and the delivery the
/// least certain of all: with
/// [`with_retry_ambiguous`](crate::RetryPolicy::with_retry_ambiguous), a `Connect`
/// may be `Unknown`. So go by [`delivery`](Self::delivery) first.
///
/// - [`Configuration`](ErrorKind::Configuration):
///   [`invalid_fields`](Self::invalid_fields) names each setting, or environment
///   variable, that is at fault. Also: a call without a Tokio runtime, or a
///   blocking one within a runtime. Nothing was sent; correct it, then call
///   again.
/// - [`InvalidRequest`](ErrorKind::InvalidRequest): `invalid_fields` names each
///   field. Nothing was sent; correct it, then call again.
/// - [`Connect`](ErrorKind::Connect): check the base URL, the name resolution,
///   the proxy and its rules, and, where TLS is intercepted, the
///   [root certificate](crate::ClientBuilder::root_certificate_pem). Nothing was
///   sent, and it was tried as often as the retry policy allows; calling again is
///   safe.
/// - [`Timeout`](ErrorKind::Timeout): [`timeout`](Self::timeout) says which one.
///   The request may have taken effect: look at the team's integrations before
///   you call again, or let
///   [`ensure_custom_integration`](crate::Team::ensure_custom_integration) do so.
/// - [`Network`](ErrorKind::Network): a proxy or a load balancer on the way may
///   close connections. As after a timeout, look before you call again.
/// - [`Status`](ErrorKind::Status): [`status`](Self::status), and the API's own
///   words in [`api_message`](Self::api_message), [`api_error`](Self::api_error)
///   and [`api_code`](Self::api_code).
///   - 400, 422: the words say which field; correct it.
///   - 401: the API key is wrong or revoked; the Duvo dashboard makes a new one.
///   - 403: its user does not have the manager role or above, or a scope, a policy
///     or an approval is missing.
///   - 404: the team or the integration is not there, or the base URL is wrong;
///     for version 1, the API may have ended.
///   - 409: something like it may be there; look at the team's integrations.
///   - 429: the key's 300 requests a minute are used up; call again after
///     [`retry_after`](Self::retry_after).
///   - 307, 308: the API is elsewhere; correct the base URL.
///   - 5xx: the API, or something before it, failed. Unless
///     [`delivery`](Self::delivery) is `Rejected`, look before you call again;
///     Duvo's support wants the [`request_id`](Self::request_id).
/// - [`UnreadableResponse`](ErrorKind::UnreadableResponse): the API most probably
///   acted. [`body`](Self::body) has what came of the answer, the identifier
///   perhaps. Look before you call again; if the API has changed, update the
///   crate.
///
/// After a listing, which changes nothing, calling again is always safe.
pub struct Error(Box<Inner>);

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

struct Inner {
    kind: ErrorKind,
    delivery: Delivery,
    message: String,
    invalid_fields: Vec<InvalidField>,
    attempts: Vec<Attempt>,
    response: Option<ErrorResponse>,
    retry_after: Option<Duration>,
    source: Option<Source>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be made of what it was given, see
    /// [`Error::invalid_fields`]; or it cannot be used here: a call without a Tokio
    /// runtime, or a blocking one within a runtime.
    Configuration,
    /// The request does not have the documented form. See
    /// [`Error::invalid_fields`].
    InvalidRequest,
    /// No connection to the API came about: the host name, the port, a proxy,
    /// TLS, or the connect timeout (see [`Error::timeout`]).
    Connect,
    /// The API did not answer in time: the attempt or the total timeout, see
    /// [`Error::timeout`].
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
    /// The request did not reach the API. Nothing was changed. So too if
    /// [`ensure_custom_integration`](crate::Team::ensure_custom_integration) could
    /// not list what there is, and so made no registration.
    NotSent,
    /// The API refused the request. Nothing was changed.
    Rejected,
    /// The request may have taken effect. Look at the team's integrations before
    /// you send it again.
    Unknown,
}

impl ErrorKind {
    /// The kind in snake case, such as `unreadable_response`, for logs and metrics.
    /// This crate logs it as `error.type`, but for `status`, where it logs the
    /// number.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Network => "network",
            Self::Status => "status",
            Self::UnreadableResponse => "unreadable_response",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Delivery {
    /// `not_sent`, `rejected` or `unknown`, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }

    fn or_worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Rejected, _) | (_, Self::Rejected) => Self::Rejected,
            (Self::NotSent, Self::NotSent) => Self::NotSent,
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A value that was refused before anything was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidField {
    field: &'static str,
    reason: String,
}

impl Error {
    /// What happened.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the API may have acted on the request all the same.
    ///
    /// 307, 308 and 4xx mean that it did not, but for 408; so does a 503 with
    /// `retry-after`. After any other status it is unknown. Of several
    /// attempts, the least certain one counts.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Whether the client cannot be made of what it was given, or not be used here.
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
    /// of another kind, and if it is not a single value that is at fault.
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

    /// The API's code of what went wrong, such as `insufficient_scope`: the
    /// body's `code`. Only one of the API's two forms of errors has it.
    #[must_use]
    pub fn api_code(&self) -> Option<&str> {
        self.response()?.code.as_deref()
    }

    /// The API's name for what went wrong, such as `Forbidden`: the body's
    /// `error`. Only one of the API's two forms of errors has it.
    #[must_use]
    pub fn api_error(&self) -> Option<&str> {
        self.response()?.error.as_deref()
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

    /// How long the API asks to wait before the next request: `retry-after`, or
    /// else, on a 429, the time until `x-ratelimit-reset`. The call did not
    /// wait for it: the status is one that is not tried again, or the attempts are
    /// used up, or the wait is longer than
    /// [`with_max_retry_after`](crate::RetryPolicy::with_max_retry_after) allows or
    /// than what is left of the total timeout.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The timeout that ended the call, if one of this crate's did. An answer of
    /// 2xx whose body did not come in time is [`ErrorKind::UnreadableResponse`],
    /// and has this too.
    #[must_use]
    pub fn timeout(&self) -> Option<Timeout> {
        self.attempts().last()?.timeout()
    }

    /// Every attempt of the call, the first one first. Empty if there was none: the
    /// client cannot be made, the request was refused before, or there is no
    /// runtime.
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.0.attempts
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
        let mut error = Self::new(ErrorKind::Configuration, Delivery::NotSent, message);
        error.0.source = Some(source.into());
        error
    }

    /// The generated code failed before it asked for the request to be sent.
    pub(crate) fn not_sent(reason: &str) -> Self {
        let message = format!("the request cannot be made: {}", printable(reason));
        Self::new(ErrorKind::InvalidRequest, Delivery::NotSent, message)
    }

    /// A call outside of a Tokio runtime.
    pub(crate) fn no_runtime() -> Self {
        let message =
            "there is no Tokio runtime; call from within one that has time and I/O enabled";
        Self::new(
            ErrorKind::Configuration,
            Delivery::NotSent,
            message.to_owned(),
        )
    }

    /// A call that blocks, within a runtime.
    #[cfg(feature = "blocking")]
    pub(crate) fn within_runtime() -> Self {
        let message = "a call that blocks would stall the async runtime that it is made from; use `duvo::Client` there, or a plain thread";
        Self::new(
            ErrorKind::Configuration,
            Delivery::NotSent,
            message.to_owned(),
        )
    }

    /// The system gives no thread to make requests on.
    #[cfg(feature = "blocking")]
    pub(crate) fn no_thread(source: std::io::Error) -> Self {
        let message = format!("no thread can be started to make requests on: {source}");
        let mut error = Self::new(ErrorKind::Configuration, Delivery::NotSent, message);
        error.0.source = Some(source.into());
        error
    }

    /// A call ended with `outcome`, after `earlier` attempts. `fault` is why
    /// the body of a success cannot be decoded.
    pub(crate) fn failed(
        outcome: Outcome,
        earlier: Vec<Attempt>,
        fault: String,
        base_url: &str,
        redactor: &Redactor,
    ) -> Self {
        let mut attempts = earlier;
        attempts.push(Attempt::new(&outcome, None));
        let attempts: Vec<_> = attempts
            .into_iter()
            .map(|attempt| attempt.redacted(redactor))
            .collect();
        let kind = attempts.last().map_or(ErrorKind::Network, Attempt::kind);
        let delivery = attempts
            .iter()
            .map(Attempt::delivery)
            .fold(Delivery::NotSent, Delivery::or_worse);

        let mut error = Self::new(kind, delivery, String::new());
        let inner = &mut *error.0;
        inner.message = match outcome {
            Err(failure) => {
                let message = failure.describe(base_url);
                inner.source = failure.into_source();
                message
            }
            Ok(received) => {
                let response = ErrorResponse::read(&received, redactor);
                let cut = received.fault();
                let message = if received.status.is_success() {
                    let fault = redactor.redact(&cut.unwrap_or(fault));
                    let words = response
                        .words()
                        .map_or_else(String::new, |words| format!("; it says: {words}"));
                    let status = received.status;
                    format!(
                        "the API answered {status}, but the body cannot be read: {}{words}",
                        printable(&fault)
                    )
                } else {
                    response.describe(cut.as_deref(), redactor)
                };
                inner.retry_after = received.retry_after();
                inner.source = received.end.into_source();
                inner.response = Some(response);
                message
            }
        };
        if attempts.len() > 1 {
            let _ = write!(inner.message, ", after {} attempts", attempts.len());
        }
        inner.attempts = attempts;
        error
    }

    /// The error of a listing that kept a registration from being made.
    pub(crate) fn before_registration(mut self) -> Self {
        if self.0.delivery == Delivery::Unknown {
            self.0.delivery = Delivery::NotSent;
        }
        self
    }

    fn new(kind: ErrorKind, delivery: Delivery, message: String) -> Self {
        Self(Box::new(Inner {
            kind,
            delivery,
            message,
            invalid_fields: Vec::new(),
            attempts: Vec::new(),
            response: None,
            retry_after: None,
            source: None,
        }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(request_id) = self.request_id() {
            write!(f, " (request id {})", printable(request_id))?;
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
            .field("attempts", &self.0.attempts)
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
    pub(crate) fn new(field: &'static str, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { field, reason }
    }

    /// Name of the field of the request as in the API reference, of the setting
    /// of the [builder](crate::ClientBuilder), or of the environment variable.
    #[must_use]
    pub fn field(&self) -> &str {
        self.field
    }

    /// What is wrong with the value, and the way out. It does not repeat the
    /// value.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for InvalidField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.reason)
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

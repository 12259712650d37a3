mod api_error;
mod invalid_character;
mod invalid_field;
mod invalid_url;
mod serialized;
mod unreadable_record;

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::attempt::{Attempt, CallResult};
use crate::json::without_byte_order_mark;
use crate::outcome::{
    BodyEnd, Delivery, ErrorKind, GaveUp, Proxy, RawResponse, Route, SendError, chain,
    rejects_every_request, root_cause,
};
use crate::redact::Redactor;
use crate::response::Response;
use crate::sanitize::sanitize;
use crate::timeouts::Timeout;
use api_error::ApiError;

pub(crate) use invalid_character::InvalidCharacter;
pub(crate) use invalid_field::EMPTY_VALUE;
pub use invalid_field::InvalidField;
pub(crate) use invalid_url::url_error;
pub use unreadable_record::UnreadableRecord;

/// An error from building a client or making a call.
///
/// [`kind`](Self::kind) classifies the error. [`delivery`](Self::delivery) reports
/// whether the request may nevertheless have taken effect. The full response is
/// preserved: status, headers, request id, the API's error fields, and the body in
/// any format.
///
/// `Display` and `Debug` never print an API key or a client secret. Of the body,
/// they print only the API's own message and code, up to 300 characters of each.
///
/// # Troubleshooting
///
/// What to check for each [kind](ErrorKind), and whether the call is safe to repeat.
/// After several attempts, the kind is that of the last attempt, and the delivery is
/// the least certain of all. With
/// [`with_retry_ambiguous`](crate::RetryPolicy::with_retry_ambiguous), a `Connect`
/// error can therefore have the delivery `Unknown`. Check
/// [`delivery`](Self::delivery) first.
///
/// - [`Configuration`](ErrorKind::Configuration):
///   [`invalid_fields`](Self::invalid_fields) names each invalid setting or
///   environment variable. An async call outside a Tokio runtime, a blocking call
///   inside one, and a call in a second runtime with a
///   [reqwest client](crate::ClientBuilder::reqwest_client_builder) are configuration
///   errors too. Nothing was sent; fix the
///   configuration, then repeat the call. If [`own_team`](crate::Client::own_team) finds
///   several teams or none, only the teams were listed.
/// - [`InvalidRequest`](ErrorKind::InvalidRequest): `invalid_fields` names each
///   invalid field. Nothing was sent; fix the fields, then repeat the call.
/// - [`Connect`](ErrorKind::Connect): check the base URL, name resolution, the proxy
///   and its rules. Nothing was sent; repeating the call is safe. The message names the
///   proxy, unless a [reqwest client](crate::ClientBuilder::reqwest_client_builder) sets
///   it, and whether the connection to the proxy or the one behind it failed, as far as
///   the error distinguishes them: a connect timeout does not. The message also states the
///   remedy for a cause that persists, which is therefore not retried:
///   - an unknown issuer, for example where TLS is intercepted: set the
///     [root certificate](crate::ClientBuilder::root_certificate_pem)
///   - a certificate for another host, or one that has expired: check the base URL, the
///     certificate and the system's clock
///   - a refused TLS handshake: check the server's TLS versions, and whether it requires
///     a client certificate
///   - a server without TLS: check the scheme and the port of the base URL
///   - a proxy that refuses the password: check its
///     [URL](crate::ClientBuilder::proxy)
///   - a connection that the system forbids: check its firewall and sandbox
/// - [`Timeout`](ErrorKind::Timeout): [`timeout`](Self::timeout) names the timeout.
///   The request may have taken effect: look at the team's integrations before you
///   repeat the call, or use
///   [`ensure_custom_integration`](crate::Team::ensure_custom_integration).
/// - [`Network`](ErrorKind::Network): a proxy or a load balancer may have closed the
///   connection. As after a timeout, look before you repeat the call, unless the
///   [`delivery`](Self::delivery) is `Rejected`: the server refused the request over
///   HTTP/2.
/// - [`Status`](ErrorKind::Status): check [`status`](Self::status), and the API's
///   [`api_message`](Self::api_message), [`api_error`](Self::api_error) and
///   [`api_code`](Self::api_code).
///   - 400, 422: the message names the invalid field; fix it.
///   - 401: the API key is invalid or revoked; create a new one in the Duvo dashboard.
///   - 403: the key's user lacks the manager role, or a scope, a policy or an
///     approval is missing.
///   - 404: the team or the integration does not exist, or the base URL is wrong. For
///     v1, the API may have ended.
///   - 409: a similar integration may exist; look at the team's integrations.
///   - 429: the key's 300 requests a minute are exhausted; repeat the call after
///     [`retry_after`](Self::retry_after).
///   - 307, 308: the API has moved to another host; fix the base URL.
///   - 5xx: the API, or a proxy before it, failed. Unless
///     [`delivery`](Self::delivery) is `Rejected`, look before you repeat the call.
///     Duvo's support asks for the [`request_id`](Self::request_id).
/// - [`UnreadableResponse`](ErrorKind::UnreadableResponse): the request most likely
///   took effect. [`body`](Self::body) holds what was received of the response, and
///   may contain the identifier, which
///   [`unreadable_record`](Self::unreadable_record) returns. Look before you repeat
///   the call. If the API has changed, update this crate.
///
/// A failed listing, probe or check of a server is always safe to repeat, because it changes
/// nothing. If the pages of a listing contradict each other, the catalogue may have changed meanwhile: list it again. If a
/// page is too large, set a smaller [limit](crate::ListIntegrations::limit). If an
/// unreadable record may be the integration to ensure, compare its
/// [`raw_json`](UnreadableRecord::raw_json) yourself, then use
/// [`register_custom_integration`](crate::Team::register_custom_integration).
///
/// # Serialized form
///
/// An error serializes as an object, for a structured log. The form is stable: a minor
/// version may add fields, and does not change the existing ones. Absent fields are omitted.
///
/// | field | value |
/// |---|---|
/// | `kind` | [`kind`](Self::kind), in snake case as by [`ErrorKind::as_str`] |
/// | `delivery` | [`delivery`](Self::delivery), as by [`Delivery::as_str`] |
/// | `message` | the text of `Display`, without the request id |
/// | `invalid_fields` | [`invalid_fields`](Self::invalid_fields), each with `field` and `reason` |
/// | `status` | [`status`](Self::status), a number |
/// | `request_id`, `api_code`, `api_error`, `api_message` | the methods of these names, in one line, up to 300 characters of each |
/// | `timeout` | [`timeout`](Self::timeout), as by [`Timeout::as_str`] |
/// | `retry_after` | [`retry_after`](Self::retry_after), in seconds |
/// | `gave_up` | [`gave_up`](Self::gave_up), an object: see [`GaveUp`] |
/// | `attempts` | [`attempts`](Self::attempts), each an object: see [`Attempt`] |
///
/// The body, the headers and [`api_details`](Self::api_details) are never serialized,
/// because they can be large and repeat the request. The secrets of the call are redacted.
///
/// ```
/// let error = duvo::Client::new("").unwrap_err();
/// println!("{}", serde_json::to_string(&error)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct Error(Box<Inner>);

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

type BoxError = Box<dyn StdError + Send + Sync>;

struct Inner {
    kind: ErrorKind,
    delivery: Delivery,
    message: String,
    invalid_fields: Vec<InvalidField>,
    attempts: Vec<Attempt>,
    response: Option<ApiError>,
    retry_after: Option<Duration>,
    gave_up: Option<GaveUp>,
    unreadable_record: Option<UnreadableRecord>,
    source: Option<BoxError>,
}

impl Error {
    /// Returns the kind of error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns whether the request may nevertheless have taken effect.
    ///
    /// The statuses 307, 308 and 4xx except 408, and 503 with `retry-after`, reject
    /// the request. After every other status, the delivery is unknown. An HTTP/2 server
    /// can also refuse a request without a status, by `REFUSED_STREAM`, or by `GOAWAY`
    /// without an error. After several attempts, the delivery is the least certain of all.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Returns whether the client is misconfigured, or cannot be used in this context.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        self.kind() == ErrorKind::Configuration
    }

    /// Returns whether the request was invalid, and therefore not sent.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.kind() == ErrorKind::InvalidRequest
    }

    /// Returns whether the connection could not be established.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Returns whether no response was received in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns whether the connection failed before a response was received.
    #[must_use]
    pub fn is_network(&self) -> bool {
        self.kind() == ErrorKind::Network
    }

    /// Returns whether the response has a status other than 2xx.
    #[must_use]
    pub fn is_status(&self) -> bool {
        self.kind() == ErrorKind::Status
    }

    /// Returns whether the response has a 2xx status, but an unreadable body.
    #[must_use]
    pub fn is_unreadable_response(&self) -> bool {
        self.kind() == ErrorKind::UnreadableResponse
    }

    /// Returns every invalid value that was found before anything was sent. Empty if
    /// the error is of another kind, or not about single values.
    #[must_use]
    pub fn invalid_fields(&self) -> &[InvalidField] {
        &self.0.invalid_fields
    }

    /// Returns the HTTP status, if a response was received.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|response| response.status)
    }

    /// Returns the response headers, if a response was received.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(|response| &response.headers)
    }

    /// Returns the raw response body, up to 1 MiB. Do not log it: a server can repeat
    /// the request in it, secrets included.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.response().map(|response| &*response.body)
    }

    /// Returns the record that is unreadable, if the error is about a single record: of a
    /// listing, or the response to a registration.
    ///
    /// The [`body`](Self::body) of such an error is the JSON of the record.
    #[must_use]
    pub fn unreadable_record(&self) -> Option<&UnreadableRecord> {
        self.0.unreadable_record.as_ref()
    }

    /// Returns whether [`body`](Self::body) is complete: neither truncated in transit
    /// nor at 1 MiB.
    #[must_use]
    pub fn is_body_complete(&self) -> bool {
        self.response().is_some_and(|response| response.is_complete)
    }

    /// Returns the request id, which Duvo's support asks for: the header
    /// `x-request-id`, or else the body's `request_id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// Returns the API's error code, such as `insufficient_scope`: the body's `code`.
    /// Only one of the two documented error formats has it.
    #[must_use]
    pub fn api_code(&self) -> Option<&str> {
        self.response()?.code.as_deref()
    }

    /// Returns the API's name for the error, such as `Forbidden`: the body's `error`.
    /// Only one of the two documented error formats has it.
    #[must_use]
    pub fn api_error(&self) -> Option<&str> {
        self.response()?.error.as_deref()
    }

    /// Returns the API's description of the error: the body's `message`.
    #[must_use]
    pub fn api_message(&self) -> Option<&str> {
        self.response()?.message.as_deref()
    }

    /// Returns additional information, whose format depends on the error code: the
    /// body's `details`.
    #[must_use]
    pub fn api_details(&self) -> Option<&serde_json::Value> {
        self.response()?.details.as_ref()
    }

    /// Returns the delay requested by the server: `retry-after`, or else, for a 429,
    /// the time until `x-ratelimit-reset`.
    ///
    /// The call did not wait for this delay: the status is not retryable, or
    /// [`gave_up`](Self::gave_up) returns the reason.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns why a call that could have been retried was not retried, which `Display`
    /// describes too. `None` if the error is not retryable under the
    /// [retry policy](crate::RetryPolicy).
    #[must_use]
    pub fn gave_up(&self) -> Option<GaveUp> {
        self.0.gave_up
    }

    /// Returns the timeout of this crate that ended the call, if one did.
    ///
    /// A 2xx response whose body did not arrive in time is an
    /// [`UnreadableResponse`](ErrorKind::UnreadableResponse) with a timeout.
    #[must_use]
    pub fn timeout(&self) -> Option<Timeout> {
        self.attempts().last()?.timeout()
    }

    /// Returns every attempt of the call, in order, the last one included. Empty if
    /// nothing was attempted.
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.0.attempts
    }

    /// Whether the resource does not exist.
    pub(crate) fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether the API key's rate limit rejected the call.
    pub(crate) fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the request, or an earlier one like it, may have taken effect: the outcome is
    /// unknown, or the API reports a conflict.
    pub(crate) fn may_have_taken_effect(&self) -> bool {
        self.delivery() == Delivery::Unknown || self.status() == Some(StatusCode::CONFLICT)
    }

    /// Whether other requests would fail in the same way, whatever they contain.
    pub(crate) fn affects_every_request(&self) -> bool {
        match self.kind() {
            ErrorKind::Configuration | ErrorKind::Connect => true,
            ErrorKind::Status => self.status().is_some_and(rejects_every_request),
            _ => false,
        }
    }

    /// Returns the description of the error, without the request id.
    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    fn response(&self) -> Option<&ApiError> {
        self.0.response.as_ref()
    }
}

/// Constructors.
impl Error {
    pub(crate) fn configuration(invalid_fields: Vec<InvalidField>) -> Self {
        Self::validation(ErrorKind::Configuration, invalid_fields)
    }

    pub(crate) fn invalid_request(invalid_fields: Vec<InvalidField>) -> Self {
        Self::validation(ErrorKind::InvalidRequest, invalid_fields)
    }

    fn validation(kind: ErrorKind, invalid_fields: Vec<InvalidField>) -> Self {
        let messages: Vec<_> = invalid_fields.iter().map(ToString::to_string).collect();
        let mut error = Self::with_nothing_sent(kind, messages.join("; "));
        error.0.invalid_fields = invalid_fields;
        error
    }

    /// The HTTP client could not be built.
    pub(crate) fn http_client(source: reqwest::Error) -> Self {
        let message = format!("cannot build the HTTP client: {}", root_cause(&source));
        let mut error = Self::with_nothing_sent(ErrorKind::Configuration, message);
        error.0.source = Some(source.into());
        error
    }

    /// A generated operation could not build its request.
    pub(crate) fn request_construction(reason: &str) -> Self {
        let message = format!("cannot build the request: {}", sanitize(reason));
        Self::with_nothing_sent(ErrorKind::InvalidRequest, message)
    }

    /// An async call was made outside a Tokio runtime.
    pub(crate) fn no_runtime() -> Self {
        let message = "no Tokio runtime is running; make the call inside one that has time and I/O enabled, or use the feature `blocking`";
        Self::with_nothing_sent(ErrorKind::Configuration, message.to_owned())
    }

    /// The client is in use in another Tokio runtime, and can be used in only one.
    pub(crate) fn another_runtime() -> Self {
        let message = "the client is in use in another Tokio runtime, and its `reqwest_client_builder` limits it to one; build a client for each runtime";
        Self::with_nothing_sent(ErrorKind::Configuration, message.to_owned())
    }

    /// The API key has several teams, or none.
    pub(crate) fn team_selection(message: String) -> Self {
        Self::with_nothing_sent(ErrorKind::Configuration, message)
    }

    /// A blocking call was made inside a Tokio runtime.
    #[cfg(feature = "blocking")]
    pub(crate) fn blocking_in_runtime() -> Self {
        let message = "a blocking call inside a Tokio runtime would stall it; use `duvo::Client` there, or a thread outside the runtime";
        Self::with_nothing_sent(ErrorKind::Configuration, message.to_owned())
    }

    /// The thread that sends the requests of a blocking client could not be spawned.
    #[cfg(feature = "blocking")]
    pub(crate) fn spawn_thread(source: std::io::Error) -> Self {
        let message = format!("cannot spawn the thread of the blocking client: {source}");
        let mut error = Self::with_nothing_sent(ErrorKind::Configuration, message);
        error.0.source = Some(source.into());
        error
    }

    /// Builds the error of a call from its result. `decode_error` is the reason why the body
    /// of a 2xx response cannot be decoded.
    pub(crate) fn from_call(
        call: CallResult,
        decode_error: String,
        route: &Route,
        redactor: &Redactor,
    ) -> Self {
        let CallResult {
            outcome,
            gave_up,
            max_attempts,
            failed_attempts,
        } = call;
        let last = Attempt::new(&outcome, None);
        let kind = last.kind();
        let attempts: Vec<_> = failed_attempts
            .into_iter()
            .chain([last])
            .map(|attempt| attempt.redacted(redactor))
            .collect();
        let delivery = attempts
            .iter()
            .map(Attempt::delivery)
            .fold(Delivery::NotSent, Delivery::least_certain);

        let mut error = Self::new(kind, delivery, String::new());
        let inner = &mut *error.0;
        inner.message = match outcome {
            Err(error) => {
                let message = error.message(route, redactor);
                inner.source = match error {
                    SendError::Request(error) => source_without_secrets(error, redactor),
                    SendError::TimedOut(_) => None,
                };
                message
            }
            Ok(response) => {
                let api_error = ApiError::parse(&response, redactor);
                let body_error = response.body_error();
                let message = if response.status.is_success() {
                    let reason = redactor.redact(&body_error.unwrap_or(decode_error));
                    let summary = api_error.summary();
                    let summary =
                        summary.map_or_else(String::new, |summary| format!("; {summary}"));
                    let status = response.status;
                    format!(
                        "API returned {status} with an unreadable body: {}{summary}",
                        sanitize(&reason)
                    )
                } else {
                    api_error.message(body_error.as_deref(), redactor)
                };
                inner.retry_after = response.retry_after();
                inner.source = match response.end {
                    BodyEnd::Interrupted(error) => source_without_secrets(error, redactor),
                    _ => None,
                };
                inner.response = Some(api_error);
                message
            }
        };
        let is_exhausted = matches!(gave_up, Some(GaveUp::AttemptsExhausted { .. }));
        if let Some(gave_up) = gave_up.filter(|_| max_attempts > 1) {
            let _ = write!(inner.message, "; {gave_up}");
        }
        if attempts.len() > 1 && max_attempts > 1 && !is_exhausted {
            let made = attempts.len();
            let _ = write!(
                inner.message,
                "; {made} of {max_attempts} attempts were made"
            );
        }
        inner.gave_up = gave_up;
        inner.attempts = attempts;
        error
    }

    /// Builds the error of a response that was decoded, but is unreadable for `reason`.
    pub(crate) fn from_response<T>(
        response: &Response<T>,
        body: Bytes,
        reason: &str,
        redactor: &Redactor,
    ) -> Self {
        let failed_attempts = response.failed_attempts().to_vec();
        let call = CallResult {
            outcome: Ok(RawResponse {
                status: response.status(),
                headers: response.headers().clone(),
                body,
                end: BodyEnd::Complete,
            }),
            gave_up: None,
            // A successful attempt leaves no attempt to report.
            max_attempts: 1,
            failed_attempts,
        };
        // Only the message of an error without a response names the route.
        let route = Route {
            base_url: String::new(),
            proxy: Proxy::Unused,
        };
        Self::from_call(call, reason.to_owned(), &route, redactor)
    }

    /// Builds the error of a single record of a response.
    pub(crate) fn from_record<T>(
        response: &Response<T>,
        record: UnreadableRecord,
        redactor: &Redactor,
    ) -> Self {
        let reason = format!("record {}: {}", record.position(), record.reason());
        let body = Bytes::copy_from_slice(record.raw_json().as_bytes());
        Self::from_response(response, body, &reason, redactor).with_unreadable_record(record)
    }

    pub(crate) fn with_unreadable_record(mut self, record: UnreadableRecord) -> Self {
        self.0.unreadable_record = Some(record);
        self
    }

    pub(crate) fn into_unreadable_record(self) -> Option<UnreadableRecord> {
        self.0.unreadable_record
    }

    /// Whether the response has a 2xx status, and a body above the maximum length.
    pub(crate) fn is_body_too_large(&self) -> bool {
        self.is_unreadable_response() && self.response().is_some_and(|body| body.is_too_large)
    }

    /// Returns the body of a 2xx response that was received completely, without a byte
    /// order mark.
    pub(crate) fn complete_body(&self) -> Option<&[u8]> {
        self.body()
            .filter(|_| self.is_unreadable_response() && self.is_body_complete())
            .map(without_byte_order_mark)
    }

    /// Converts the error into a response, if its body was decoded in another way.
    pub(crate) fn into_response<T>(mut self, value: Option<T>) -> Result<Response<T>> {
        let Some(value) = value else {
            return Err(self);
        };
        let Some(response) = self.0.response.take() else {
            return Err(self);
        };
        self.0.attempts.pop();
        Ok(Response::new(
            value,
            response.status,
            response.headers,
            response.body,
            self.0.attempts,
        ))
    }

    /// Prepends a reason to the message.
    pub(crate) fn with_context(mut self, context: &str) -> Self {
        self.0.message = format!("{context}: {}", self.0.message);
        self
    }

    /// Marks the error of a lookup before a registration: the registration was not
    /// sent, whatever is known about the lookup.
    pub(crate) fn before_registration(mut self) -> Self {
        if self.0.delivery == Delivery::Unknown {
            self.0.delivery = Delivery::NotSent;
        }
        self
    }

    fn with_nothing_sent(kind: ErrorKind, message: String) -> Self {
        Self::new(kind, Delivery::NotSent, message)
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
            gave_up: None,
            unreadable_record: None,
            source: None,
        }))
    }
}

/// Returns the source of an error, unless its output contains a secret: the debug data of
/// an HTTP/2 `GOAWAY` is text of the server.
fn source_without_secrets(
    source: reqwest::Error,
    redactor: &Redactor,
) -> Option<Box<dyn StdError + Send + Sync>> {
    let mut output = format!("{source:?}");
    for error in chain(&source) {
        let _ = write!(output, "; {error}");
    }
    (redactor.redact(&output) == output).then(|| source.into())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(request_id) = self.request_id() {
            write!(f, " (request id {})", sanitize(request_id))?;
        }
        Ok(())
    }
}

/// Omits what is absent.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut output = f.debug_struct("Error");
        output
            .field("kind", &self.0.kind)
            .field("delivery", &self.0.delivery)
            .field("message", &self.0.message);
        let fields = Some(self.invalid_fields()).filter(|fields| !fields.is_empty());
        let attempts = Some(self.attempts()).filter(|attempts| !attempts.is_empty());
        add_if_some(&mut output, "invalid_fields", fields);
        add_if_some(&mut output, "status", self.status());
        add_if_some(&mut output, "request_id", self.request_id());
        add_if_some(&mut output, "timeout", self.timeout());
        add_if_some(&mut output, "retry_after", self.retry_after());
        add_if_some(&mut output, "gave_up", self.gave_up());
        add_if_some(&mut output, "attempts", attempts);
        add_if_some(&mut output, "source", self.0.source.as_ref());
        output.finish_non_exhaustive()
    }
}

fn add_if_some(output: &mut fmt::DebugStruct<'_, '_>, name: &str, value: Option<impl fmt::Debug>) {
    if let Some(value) = value {
        output.field(name, &value);
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

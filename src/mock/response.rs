use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, TRANSFER_ENCODING,
};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

/// A response of the mock server, or a network failure in place of one.
///
/// A response that HTTP does not allow (a 1xx status, a body with a 204, a header with a
/// line break, a custom `content-length`) becomes a 501 with the reason. `Debug` omits
/// headers and body, because they can repeat secrets.
#[derive(Clone)]
#[must_use = "a response does nothing until it is passed to a mock"]
pub struct Response {
    pub(super) reply: Reply,
    pub(super) delay: Duration,
}

#[derive(Clone)]
pub(super) enum Reply {
    Http(HttpReply),
    Reset,
    Close,
    Hang,
    /// The response is invalid, and why.
    Invalid(String),
}

#[derive(Clone)]
pub(super) struct HttpReply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The length after which the body is truncated.
    pub(super) truncate_at: Option<usize>,
}

impl Response {
    /// Creates a response with this status and an empty body.
    pub fn new(status: u16) -> Self {
        let valid = StatusCode::from_u16(status).ok();
        match valid.filter(|status| !status.is_informational()) {
            Some(status) => Self::from_reply(Reply::Http(HttpReply {
                status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
                truncate_at: None,
            })),
            None => Self::invalid(format!("invalid response status {status}")),
        }
    }

    /// Creates a response with this status and a JSON body.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self::new(status).with_content("application/json", body),
            Err(error) => Self::invalid(format!("cannot serialize the body: {error}")),
        }
    }

    /// Creates a response with this status and an HTML body, as returned by proxies and
    /// load balancers.
    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self::new(status).with_content("text/html", body.into())
    }

    /// Resets the connection after reading the request.
    pub fn reset() -> Self {
        Self::from_reply(Reply::Reset)
    }

    /// Closes the connection after reading the request, without a response.
    pub fn close() -> Self {
        Self::from_reply(Reply::Close)
    }

    /// Keeps the connection open without a response, until the client's
    /// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    pub fn hang() -> Self {
        Self::from_reply(Reply::Hang)
    }

    pub(super) fn invalid(reason: String) -> Self {
        Self::from_reply(Reply::Invalid(reason))
    }

    fn from_reply(reply: Reply) -> Self {
        Self {
            reply,
            delay: Duration::ZERO,
        }
    }

    fn with_content(self, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let mut response = self.with_body(body);
        if let Reply::Http(reply) = &mut response.reply {
            let content_type = HeaderValue::from_static(content_type);
            reply.headers.insert(CONTENT_TYPE, content_type);
        }
        response
    }

    /// Sets the body.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        if let Reply::Http(reply) = &mut self.reply {
            reply.body = body.into().into();
        }
        self
    }

    /// Sets a header. A header with the same name is replaced.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
        match (&mut self.reply, header) {
            (Reply::Http(reply), (Ok(name), Ok(value))) => {
                reply.headers.insert(name, value);
            }
            (Reply::Http(_), _) => {
                self.reply = Reply::Invalid(format!("invalid header `{name}: {value}`"));
            }
            _ => {}
        }
        self
    }

    /// Sets a header, unless it is present.
    pub(super) fn with_default_header(self, name: &str, value: &str) -> Self {
        match &self.reply {
            Reply::Http(reply) if !reply.headers.contains_key(name) => {
                self.with_header(name, value)
            }
            _ => self,
        }
    }

    /// Sets the `retry-after` header, rounded up to whole seconds.
    pub fn with_retry_after(mut self, delay: Duration) -> Self {
        if let Reply::Http(reply) = &mut self.reply {
            reply
                .headers
                .insert(RETRY_AFTER, whole_seconds(delay).into());
        }
        self
    }

    /// Sets a delay, in real time. Defaults to none.
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Truncates the body at this length in bytes: the connection is closed there, short of
    /// the `content-length`.
    pub fn truncated_at(mut self, length: usize) -> Self {
        if let Reply::Http(reply) = &mut self.reply {
            reply.truncate_at = Some(length);
        }
        self
    }
}

/// Returns the seconds of a duration, rounded up.
pub(super) fn whole_seconds(duration: Duration) -> u64 {
    let partial = u64::from(duration.subsec_nanos() > 0);
    duration.as_secs().saturating_add(partial)
}

impl HttpReply {
    /// Creates a 501 response with a JSON body.
    pub(super) fn not_implemented(body: &serde_json::Value) -> Self {
        let content_type = HeaderValue::from_static("application/json");
        Self {
            status: StatusCode::NOT_IMPLEMENTED,
            headers: [(CONTENT_TYPE, content_type)].into_iter().collect(),
            body: body.to_string().into(),
            truncate_at: None,
        }
    }

    /// Returns why HTTP does not allow this response.
    pub(super) fn invalid_reason(&self) -> Option<String> {
        let is_bodiless = matches!(
            self.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        );
        if is_bodiless && !self.body.is_empty() {
            return Some(format!(
                "a response with status {} must not have a body",
                self.status
            ));
        }
        let framing = [CONTENT_LENGTH, TRANSFER_ENCODING];
        let framing = framing
            .iter()
            .find(|name| self.headers.contains_key(*name))?;
        Some(format!(
            "`{framing}` is set from the body; to send less than announced, use `truncated_at`"
        ))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut output = f.debug_struct("Response");
        match &self.reply {
            Reply::Http(reply) => output
                .field("status", &reply.status)
                .field("body_length", &reply.body.len()),
            Reply::Reset => output.field("reply", &"reset"),
            Reply::Close => output.field("reply", &"close"),
            Reply::Hang => output.field("reply", &"hang"),
            Reply::Invalid(reason) => output.field("invalid", reason),
        };
        output.field("delay", &self.delay).finish_non_exhaustive()
    }
}

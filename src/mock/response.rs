use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, TRANSFER_ENCODING,
};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

/// An answer of the server, or what happens in place of one.
///
/// What HTTP cannot have (a status of 1xx, a body with a 204, a header with a
/// line break, a `content-length` other than the body's) becomes a 501 that says
/// so. `Debug` leaves out headers and body, which may repeat secrets.
#[derive(Clone)]
#[must_use = "a response does nothing until a mock has it"]
pub struct Response {
    pub(super) end: End,
    pub(super) delay: Duration,
}

/// How an exchange ends.
#[derive(Clone)]
pub(super) enum End {
    Answer(Answer),
    Reset,
    Close,
    Silence,
    /// The response cannot be what its maker wants, and why.
    Mistaken(String),
}

#[derive(Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// After how many bytes the body is cut off.
    pub(super) cut: Option<usize>,
}

impl Response {
    /// This status, without a body.
    pub fn new(status: u16) -> Self {
        let valid = StatusCode::from_u16(status).ok();
        match valid.filter(|status| !status.is_informational()) {
            Some(status) => Self::ending(End::Answer(Answer {
                status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
                cut: None,
            })),
            None => Self::mistaken(format!("{status} is no status of an answer")),
        }
    }

    /// This status with JSON.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self::new(status).with_content("application/json", body),
            Err(error) => Self::mistaken(format!("the body makes no JSON: {error}")),
        }
    }

    /// This status with HTML, as proxies and load balancers answer.
    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self::new(status).with_content("text/html", body.into())
    }

    /// The connection is reset once the request was read.
    pub fn reset() -> Self {
        Self::ending(End::Reset)
    }

    /// The connection is closed once the request was read, without an answer.
    pub fn close() -> Self {
        Self::ending(End::Close)
    }

    /// No answer ever comes, and the connection stays open, until the client's
    /// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout) ends it.
    pub fn hang() -> Self {
        Self::ending(End::Silence)
    }

    /// What the test wants cannot be.
    pub(super) fn mistaken(reason: String) -> Self {
        Self::ending(End::Mistaken(reason))
    }

    fn ending(end: End) -> Self {
        Self {
            end,
            delay: Duration::ZERO,
        }
    }

    fn with_content(self, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let mut response = self.with_body(body);
        if let End::Answer(answer) = &mut response.end {
            let content_type = HeaderValue::from_static(content_type);
            answer.headers.insert(CONTENT_TYPE, content_type);
        }
        response
    }

    /// The answer with this body.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        if let End::Answer(answer) = &mut self.end {
            answer.body = body.into().into();
        }
        self
    }

    /// The answer with this header, in place of one of the same name.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
        match (&mut self.end, header) {
            (End::Answer(answer), (Ok(name), Ok(value))) => {
                answer.headers.insert(name, value);
            }
            (End::Answer(_), _) => {
                self.end = End::Mistaken(format!("`{name}: {value}` is no HTTP header"));
            }
            _ => {}
        }
        self
    }

    /// The answer with this `retry-after`, rounded up to whole seconds.
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        if let End::Answer(answer) = &mut self.end {
            let more = u64::from(wait.subsec_nanos() > 0);
            let seconds = wait.as_secs().saturating_add(more);
            answer.headers.insert(RETRY_AFTER, seconds.into());
        }
        self
    }

    /// The same, so much later. The time is real. Defaults to none.
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The answer with its body cut off after so many bytes: the connection is
    /// closed there, short of what `content-length` says.
    pub fn truncated_at(mut self, bytes: usize) -> Self {
        if let End::Answer(answer) = &mut self.end {
            answer.cut = Some(bytes);
        }
        self
    }
}

impl Answer {
    /// 501, with JSON.
    pub(super) fn not_implemented(body: &serde_json::Value) -> Self {
        let content_type = HeaderValue::from_static("application/json");
        Self {
            status: StatusCode::NOT_IMPLEMENTED,
            headers: [(CONTENT_TYPE, content_type)].into_iter().collect(),
            body: body.to_string().into(),
            cut: None,
        }
    }

    /// Why HTTP cannot have it.
    pub(super) fn fault(&self) -> Option<String> {
        let is_bodiless = matches!(
            self.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        );
        if is_bodiless && !self.body.is_empty() {
            return Some(format!("an answer of {} has no body", self.status));
        }
        let framing = [CONTENT_LENGTH, TRANSFER_ENCODING];
        let framing = framing
            .iter()
            .find(|name| self.headers.contains_key(*name))?;
        Some(format!(
            "`{framing}` comes of the body; for one that is too short, see `truncated_at`"
        ))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Response");
        match &self.end {
            End::Answer(answer) => shown
                .field("status", &answer.status)
                .field("body_length", &answer.body.len()),
            End::Reset => shown.field("end", &"reset"),
            End::Close => shown.field("end", &"close"),
            End::Silence => shown.field("end", &"silence"),
            End::Mistaken(reason) => shown.field("fault", reason),
        };
        shown.field("delay", &self.delay).finish_non_exhaustive()
    }
}

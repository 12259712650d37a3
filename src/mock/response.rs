use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

/// An answer of the server, or what happens in place of one.
#[derive(Clone, Debug)]
#[must_use = "a response does nothing until a mock has it"]
pub struct Response {
    pub(super) end: End,
    pub(super) delay: Duration,
}

/// How an exchange ends.
#[derive(Clone, Debug)]
pub(super) enum End {
    Answer(Answer),
    Reset,
    Close,
    Silence,
    /// The response cannot be what its maker wants, and why.
    Mistaken(String),
}

#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// After how many bytes the body is cut off.
    pub(super) cut: Option<usize>,
}

impl Response {
    /// This status, without a body. A status that is none becomes a 501, which
    /// says so.
    pub fn new(status: u16) -> Self {
        let end = match StatusCode::from_u16(status) {
            Ok(status) => End::Answer(Answer {
                status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
                cut: None,
            }),
            Err(_) => End::Mistaken(format!("{status} is no HTTP status")),
        };
        Self {
            end,
            delay: Duration::ZERO,
        }
    }

    /// This status with JSON.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self::new(status).with_content("application/json", body),
            Err(error) => Self::ending(End::Mistaken(format!("the body makes no JSON: {error}"))),
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

    /// No answer ever comes, and the connection stays open.
    pub fn silence() -> Self {
        Self::ending(End::Silence)
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

    /// The answer with this header, beside those of the same name. One that HTTP
    /// cannot have makes the answer a 501, which says so.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let End::Answer(answer) = &mut self.end {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                answer.headers.append(name, value);
            } else {
                self.end = End::Mistaken(format!("`{name}: {value}` is no HTTP header"));
            }
        }
        self
    }

    /// The answer with this `retry-after`, in whole seconds.
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        if let End::Answer(answer) = &mut self.end {
            answer.headers.insert(RETRY_AFTER, wait.as_secs().into());
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
    pub fn cut_off_after(mut self, bytes: usize) -> Self {
        if let End::Answer(answer) = &mut self.end {
            answer.cut = Some(bytes).filter(|bytes| *bytes < answer.body.len());
        }
        self
    }
}

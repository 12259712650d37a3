use std::future::{Future, poll_fn};
use std::mem;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::{Sleep, sleep_until};

use crate::error::{Delivery, ErrorKind, root_cause};
use crate::telemetry::{self, Span};
use crate::timeouts::{Deadline, Timeout};

/// How much of a response body is read.
const BODY_LIMIT: usize = 1024 * 1024;

const RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What came of one attempt.
pub(crate) type Outcome = Result<Received, Failure>;

/// What an error comes from.
pub(crate) type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why no answer came.
pub(crate) enum Failure {
    Request(reqwest::Error),
    TimedOut(Deadline),
}

/// An answer, read into memory.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) end: End,
}

/// Where the reading of a body stopped.
pub(crate) enum End {
    Complete,
    OverLimit,
    Broken(reqwest::Error),
    TimedOut(Deadline),
}

/// What an answer tells of the rate limit of the API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quota {
    Unknown,
    Left,
    UsedUp { opens_in: Duration },
}

/// Sends a request and reads the answer, up to the deadline, and records in the
/// span what came of it. The request is the HTTP client's already before the future
/// is polled, so that the future is small: every future around it copies it.
pub(crate) fn exchange(
    http: &reqwest::Client,
    request: reqwest::Request,
    deadline: Deadline,
    span: Span,
) -> impl Future<Output = Outcome> + use<> {
    let response = http.execute(request);
    async move {
        let mut timer = pin!(sleep_until(deadline.at));
        let mut response = match in_time(timer.as_mut(), pin!(response), &span).await {
            Some(Ok(response)) => response,
            // The path may be long, and the message has the rest.
            Some(Err(error)) => {
                let failure = Failure::Request(error.without_url());
                return telemetry::record(&span, Err(failure));
            }
            None => return telemetry::record(&span, Err(Failure::TimedOut(deadline))),
        };
        let mut body = Body::default();
        let end = loop {
            match in_time(timer.as_mut(), pin!(response.chunk()), &span).await {
                Some(Ok(Some(chunk))) => {
                    if !body.push(chunk) {
                        break End::OverLimit;
                    }
                }
                Some(Ok(None)) => break End::Complete,
                Some(Err(error)) => break End::Broken(error.without_url()),
                None => break End::TimedOut(deadline),
            }
        };
        let received = Received {
            status: response.status(),
            headers: mem::take(response.headers_mut()),
            body: body.into_bytes(),
            end,
        };
        telemetry::record(&span, Ok(received))
    }
}

/// What a future comes to in a span, if it does before the timer goes off.
fn in_time<F: Future>(
    mut timer: Pin<&mut Sleep>,
    mut future: Pin<&mut F>,
    span: &Span,
) -> impl Future<Output = Option<F::Output>> {
    poll_fn(move |context| {
        let _entered = telemetry::enter(span);
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => timer.as_mut().poll(context).map(|()| None),
        }
    })
}

/// A body while it comes. In one piece, it is not copied.
#[derive(Default)]
struct Body {
    first: Bytes,
    joined: BytesMut,
}

impl Body {
    /// Takes as much as the limit has room for; `false` if that is not all.
    fn push(&mut self, mut chunk: Bytes) -> bool {
        let room = BODY_LIMIT - self.first.len().max(self.joined.len());
        let fits = chunk.len() <= room;
        chunk.truncate(room);
        if self.first.is_empty() {
            self.first = chunk;
        } else {
            if self.joined.is_empty() {
                self.joined.extend_from_slice(&self.first);
            }
            self.joined.extend_from_slice(&chunk);
        }
        fits
    }

    fn into_bytes(self) -> Bytes {
        if self.joined.is_empty() {
            self.first
        } else {
            self.joined.freeze()
        }
    }
}

impl Failure {
    pub(crate) fn kind(&self) -> ErrorKind {
        match self {
            Self::Request(error) if error.is_builder() => ErrorKind::InvalidRequest,
            Self::Request(error) if error.is_connect() => ErrorKind::Connect,
            Self::Request(error) if error.is_timeout() => ErrorKind::Timeout,
            Self::Request(_) => ErrorKind::Network,
            Self::TimedOut(_) => ErrorKind::Timeout,
        }
    }

    pub(crate) fn delivery(&self) -> Delivery {
        match self.kind() {
            ErrorKind::InvalidRequest | ErrorKind::Connect => Delivery::NotSent,
            _ => Delivery::Unknown,
        }
    }

    /// The timeout that was hit, if one was.
    pub(crate) fn timeout(&self) -> Option<Timeout> {
        match self {
            Self::TimedOut(deadline) => Some(deadline.timeout),
            Self::Request(error) if error.is_connect() && error.is_timeout() => {
                Some(Timeout::Connect)
            }
            // Others are the system's, or of the HTTP client's builder.
            Self::Request(_) => None,
        }
    }

    /// What happened, for a person.
    pub(crate) fn describe(&self, base_url: &str) -> String {
        match self {
            Self::TimedOut(deadline) => format!("{base_url} did not answer within {deadline}"),
            Self::Request(error) => {
                let cause = root_cause(error);
                match self.kind() {
                    ErrorKind::InvalidRequest => format!("the request cannot be made: {cause}"),
                    ErrorKind::Connect => format!("no connection to {base_url}: {cause}"),
                    ErrorKind::Timeout => format!("{base_url} did not answer in time"),
                    _ => format!("the connection to {base_url} broke before it answered: {cause}"),
                }
            }
        }
    }

    pub(crate) fn into_source(self) -> Option<Source> {
        match self {
            Self::Request(error) => Some(error.into()),
            Self::TimedOut(_) => None,
        }
    }
}

impl End {
    pub(crate) fn into_source(self) -> Option<Source> {
        match self {
            Self::Broken(error) => Some(error.into()),
            _ => None,
        }
    }
}

impl Received {
    /// What is wrong with the body, if it is not whole.
    pub(crate) fn fault(&self) -> Option<String> {
        let read = self.body.len();
        match &self.end {
            End::Complete => None,
            End::OverLimit => Some(format!("it is larger than {BODY_LIMIT} bytes")),
            End::Broken(error) => Some(format!(
                "it is cut off after {read} bytes: {}",
                root_cause(error)
            )),
            End::TimedOut(deadline) => {
                Some(format!("it is cut off after {read} bytes, by {deadline}"))
            }
        }
    }

    /// Whether something is missing of the body that may come another time.
    pub(crate) fn is_cut_off(&self) -> bool {
        matches!(self.end, End::Broken(_) | End::TimedOut(_)) && self.json_object().is_none()
    }

    /// The body, if it is a JSON object.
    pub(crate) fn json_object(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as a `T`, or why it is none, and where in it.
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T, String> {
        let text = str::from_utf8(&self.body).ok();
        if let Some(value) = text.and_then(|text| serde_json::from_str(text).ok()) {
            return Ok(value);
        }
        // Once more, slowly: this knows the place of a fault, and takes fields that
        // are not read whatever their encoding.
        let mut deserializer = serde_json::Deserializer::from_slice(&self.body);
        match serde_path_to_error::deserialize(&mut deserializer) {
            Ok(value) => match deserializer.end() {
                Ok(()) => Ok(value),
                Err(error) => Err(error.to_string()),
            },
            Err(error) if error.path().iter().len() > 0 => {
                Err(format!("at `{}`: {}", error.path(), error.inner()))
            }
            Err(error) => Err(error.into_inner().to_string()),
        }
    }

    /// Whether the API may have acted on the request that this answers.
    pub(crate) fn delivery(&self) -> Delivery {
        let is_turned_away = match self.status.as_u16() {
            408 => false,
            // Of the redirects, these two ask for the same request elsewhere.
            // The others may lead to the result of what was done.
            307 | 308 | 400..=499 => true,
            503 => self.headers.contains_key(RETRY_AFTER),
            _ => false,
        };
        if is_turned_away {
            Delivery::Rejected
        } else {
            Delivery::Unknown
        }
    }

    /// How long the server asks to be left alone: `retry-after`, or else, on a
    /// 429, `x-ratelimit-reset`.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let asked = self
            .headers
            .get(RETRY_AFTER)
            .and_then(|value| self.wait_until(value));
        asked.or_else(|| {
            let is_limited = self.status == StatusCode::TOO_MANY_REQUESTS;
            is_limited.then(|| self.rate_limit_reset())?
        })
    }

    /// What the answer tells of the rate limit.
    pub(crate) fn quota(&self) -> Quota {
        let used_up = |opens_in| Quota::UsedUp { opens_in };
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            return self.retry_after().map_or(Quota::Unknown, used_up);
        }
        match self.headers.get(RATE_LIMIT_REMAINING).and_then(number) {
            None => Quota::Unknown,
            Some(0) => self.rate_limit_reset().map_or(Quota::Unknown, used_up),
            Some(_) => Quota::Left,
        }
    }

    fn rate_limit_reset(&self) -> Option<Duration> {
        let seconds = number(self.headers.get(RATE_LIMIT_RESET)?)?;
        let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
        Some(self.until(at))
    }

    /// Seconds, or an HTTP date.
    fn wait_until(&self, value: &HeaderValue) -> Option<Duration> {
        if let Some(seconds) = number(value) {
            return Some(Duration::from_secs(seconds));
        }
        Some(self.until(http_date(value)?))
    }

    /// The time from the answer to `at`, by the clock of the server, since
    /// this machine's may be off.
    fn until(&self, at: SystemTime) -> Duration {
        let date = self.headers.get(DATE).and_then(http_date);
        #[allow(
            clippy::disallowed_methods,
            reason = "the server did not say what time it is"
        )]
        let now = date.unwrap_or_else(SystemTime::now);
        at.duration_since(now).unwrap_or_default()
    }
}

fn number(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.trim().parse().ok()
}

fn http_date(value: &HeaderValue) -> Option<SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?).ok()
}

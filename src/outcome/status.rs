//! The meaning of a response's status and headers, and of a missing response: whether the
//! request may have taken effect, whether a retry may succeed, and how long to wait before
//! one. Nothing else in the crate interprets a status or a rate-limit header.

use std::time::{Duration, SystemTime};

use http::header::{DATE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, StatusCode};

use super::delivery::Delivery;
use super::kind::ErrorKind;
use super::raw_response::RawResponse;
use super::send_error::SendError;

const RATE_LIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Whether a failure is likely to persist.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Persistence {
    Transient,
    Permanent,
}

/// The meaning of each status for the request. The API may have acted on a request
/// unless the status rejects it.
///
/// `retry-after` makes a 503 a rejection: a server that asks for the request at a
/// later time did not act on it. Of the redirects, 307 and 308 ask for the same
/// request at another URL; the others may point to the result of the request.
#[allow(clippy::match_same_arms, reason = "one row for each group of statuses")]
fn meaning(status: StatusCode, has_retry_after: bool) -> (Delivery, Persistence) {
    use Delivery::{Rejected, Unknown};
    use Persistence::{Permanent, Transient};

    match (status.as_u16(), has_retry_after) {
        (307 | 308, _) => (Rejected, Permanent),
        (408, _) => (Unknown, Transient),
        (429, _) => (Rejected, Transient),
        (400..=499, _) => (Rejected, Permanent),
        (503, true) => (Rejected, Transient),
        (502..=504, _) => (Unknown, Transient),
        _ => (Unknown, Permanent),
    }
}

/// Whether a status rejects every request of the client, and not only this one: the key, its
/// role, the endpoint or the rate limit is the reason. A missing integration is a 404 too,
/// which the caller of a deletion handles before.
pub(crate) fn rejects_every_request(status: StatusCode) -> bool {
    matches!(
        status.as_u16(),
        307 | 308 | 401..=405 | 407 | 410 | 429 | 501
    )
}

/// The rate-limit state of an API key, as reported by a response.
pub(crate) struct RateLimitStatus<'a> {
    /// The requests that remain until the reset.
    pub(crate) remaining: u64,
    /// The requests in each window.
    pub(crate) limit: Option<u64>,
    /// The time until the reset. Known if no requests remain.
    pub(crate) resets_in: Option<Duration>,
    /// Identifies the window.
    pub(crate) window: Option<&'a HeaderValue>,
}

impl SendError {
    /// Whether the API may have acted on the request.
    pub(crate) fn delivery(&self) -> Delivery {
        match self.kind() {
            ErrorKind::InvalidRequest | ErrorKind::Connect => Delivery::NotSent,
            _ if self.is_refusal() => Delivery::Rejected,
            _ => Delivery::Unknown,
        }
    }

    /// Whether a retry may succeed.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Network
        ) && !self.is_permanent()
    }
}

impl RawResponse {
    /// Whether the API may have acted on the request.
    pub(crate) fn delivery(&self) -> Delivery {
        self.meaning().0
    }

    /// Whether the same request may succeed later.
    pub(crate) fn is_transient(&self) -> bool {
        self.meaning().1 == Persistence::Transient
    }

    fn meaning(&self) -> (Delivery, Persistence) {
        meaning(self.status, self.headers.contains_key(RETRY_AFTER))
    }

    /// Returns the delay requested by the server: `retry-after`, or else, for a 429,
    /// the time until `x-ratelimit-reset`.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let retry_after = self.headers.get(RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| self.parse_retry_after(value));
        retry_after.or_else(|| {
            let is_rate_limited = self.status == StatusCode::TOO_MANY_REQUESTS;
            is_rate_limited.then(|| self.rate_limit_reset())?
        })
    }

    /// Returns the rate-limit state reported by the response.
    pub(crate) fn rate_limit_status(&self) -> Option<RateLimitStatus<'_>> {
        let is_rate_limited = self.status == StatusCode::TOO_MANY_REQUESTS;
        let (remaining, resets_in) = if is_rate_limited {
            (0, self.retry_after())
        } else {
            (self.remaining_requests()?, self.rate_limit_reset())
        };
        (remaining > 0 || resets_in.is_some()).then(|| RateLimitStatus {
            remaining,
            limit: self.headers.get(RATE_LIMIT_LIMIT).and_then(parse_u64),
            resets_in,
            window: self.rate_limit_window(),
        })
    }

    /// Returns `x-ratelimit-remaining`.
    pub(crate) fn remaining_requests(&self) -> Option<u64> {
        self.headers.get(RATE_LIMIT_REMAINING).and_then(parse_u64)
    }

    /// Returns `x-ratelimit-reset` if it is a point in time, so that it identifies a window.
    /// A number of seconds from now is shorter. A 429 can end at another time.
    pub(crate) fn rate_limit_window(&self) -> Option<&HeaderValue> {
        const MIN_UNIX_TIME_LEN: usize = "1000000000".len();

        let is_rate_limited = self.status == StatusCode::TOO_MANY_REQUESTS;
        let reset = self.headers.get(RATE_LIMIT_RESET);
        reset.filter(|reset| reset.len() >= MIN_UNIX_TIME_LEN && !is_rate_limited)
    }

    /// Returns the time until `x-ratelimit-reset`. Duvo documents a Unix time; other
    /// servers send seconds from now, or milliseconds. The magnitude distinguishes them: as
    /// seconds from now, a Unix time would be more than 30 years.
    fn rate_limit_reset(&self) -> Option<Duration> {
        const MIN_UNIX_TIME: Duration = Duration::from_secs(1_000_000_000);
        const MIN_UNIX_MILLIS: Duration = Duration::from_secs(100_000_000_000);

        let value = self.headers.get(RATE_LIMIT_RESET)?;
        let number = match parse_seconds(value) {
            None => return Some(self.duration_until(parse_http_date(value)?)),
            Some(number) if number < MIN_UNIX_TIME => return Some(number),
            Some(number) if number < MIN_UNIX_MILLIS => number,
            Some(number) => number / 1000,
        };
        let reset = SystemTime::UNIX_EPOCH.checked_add(number)?;
        Some(self.duration_until(reset))
    }

    /// Parses `retry-after`, which is a number of seconds or an HTTP date.
    fn parse_retry_after(&self, value: &HeaderValue) -> Option<Duration> {
        if let Some(seconds) = parse_seconds(value) {
            return Some(seconds);
        }
        Some(self.duration_until(parse_http_date(value)?))
    }

    /// Returns the time from the response to `at` by the server's clock, because the
    /// local clock may be wrong.
    fn duration_until(&self, at: SystemTime) -> Duration {
        let date = self.headers.get(DATE).and_then(parse_http_date);
        #[allow(
            clippy::disallowed_methods,
            reason = "the response has no `date` header"
        )]
        let now = date.unwrap_or_else(SystemTime::now);
        at.duration_since(now).unwrap_or_default()
    }
}

fn parse_u64(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.trim().parse().ok()
}

/// Parses a decimal number of seconds. RFC 9110 allows only whole seconds, but fractions
/// occur.
fn parse_seconds(value: &HeaderValue) -> Option<Duration> {
    if let Some(seconds) = parse_u64(value) {
        return Some(Duration::from_secs(seconds));
    }
    let text = value.to_str().ok()?.trim();
    let is_decimal = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds: f64 = text.parse().ok().filter(|_| is_decimal)?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn parse_http_date(value: &HeaderValue) -> Option<SystemTime> {
    httpdate::parse_http_date(value.to_str().ok()?).ok()
}

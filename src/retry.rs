use std::future::Future;
use std::time::Duration;

use http::StatusCode;
use tokio::time::{Instant, sleep};

use crate::attempt::Attempt;
use crate::error::{Delivery, ErrorKind};
use crate::exchange::{Outcome, Received};
use crate::jitter::{RESERVE, spread, up_to};
use crate::rate_limit::{LEAST_SPREAD, RateLimit};
use crate::telemetry;
use crate::timeouts::{Deadline, Timeouts};

/// When a call is tried again, and how long it waits before.
///
/// By default, a call is tried again only where the API did not act on it: no
/// connection came about, or the answer is 429, or 503 with `retry-after`. A
/// listing changes nothing, and so is tried again also after a timeout, a
/// connection that broke, also if they cut the answer off, and the statuses 408,
/// 502, 503 and 504. Every attempt of a call that changes something carries the
/// same `Idempotency-Key`.
///
/// The wait is what the server asks for: `retry-after`, in seconds or as a date, or
/// else, on a 429, `x-ratelimit-reset`. Up to as much again is added at random, or
/// up to the backoff if that is more, and on a 429 up to 10 seconds at the least,
/// lest all clients of an API key come back at once. Where the server asks for
/// nothing, the wait is a random part of a backoff that doubles from attempt to
/// attempt ("full jitter"). A wait that does not fit into the total timeout of the
/// call, with a second to spare for the request, is not begun: the call ends at
/// once. Right after no connection came about, the connect timeout must fit too.
///
/// ```
/// use std::time::Duration;
/// use duvo::RetryPolicy;
///
/// let policy = RetryPolicy::default()
///     .with_max_attempts(8)
///     .with_backoff(Duration::from_secs(1), Duration::from_secs(30))
///     .with_max_retry_after(Duration::from_secs(90));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    min_backoff: Duration,
    max_backoff: Duration,
    max_retry_after: Duration,
    retry_ambiguous: bool,
    retry_cut_off: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            min_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
            retry_ambiguous: false,
            retry_cut_off: false,
        }
    }
}

impl RetryPolicy {
    /// Every call is one attempt, which may wait for the rate limit before.
    pub fn never() -> Self {
        Self::default().with_max_attempts(1)
    }

    /// How often a call is tried in all, the first attempt included; 0 counts
    /// as 1. Defaults to 4.
    pub fn with_max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// What the backoff begins with, and what it grows to. The wait is a
    /// random part of it. A `min` above `max` counts as `max`. Defaults to 0.5 and
    /// 8 seconds.
    pub fn with_backoff(mut self, min: Duration, max: Duration) -> Self {
        self.min_backoff = min.min(max);
        self.max_backoff = max;
        self
    }

    /// The longest wait that a server may ask for; if it asks for more, the
    /// call ends at once, with [`Error::retry_after`](crate::Error::retry_after).
    /// Defaults to 60 seconds, which is the window of Duvo's rate limit.
    pub fn with_max_retry_after(mut self, max_retry_after: Duration) -> Self {
        self.max_retry_after = max_retry_after;
        self
    }

    /// Whether to try again also where the API may have acted: after a timeout,
    /// a connection that broke, and the statuses 408, 502, 503 and 504.
    /// Defaults to `false`.
    ///
    /// Such a retry can register an integration twice, unless the API honours
    /// the `Idempotency-Key`. Duvo's documentation recommends the header; it
    /// does not say what the API makes of it. After a success, see
    /// [`Response::failed_attempts`](crate::Response::failed_attempts).
    pub fn with_retry_ambiguous(mut self, retry_ambiguous: bool) -> Self {
        self.retry_ambiguous = retry_ambiguous;
        self
    }

    /// The same for requests that change nothing: whatever became of an attempt,
    /// another one does no harm.
    pub(crate) fn of_reads(mut self) -> Self {
        self.retry_ambiguous = true;
        self.retry_cut_off = true;
        self
    }

    /// Whether an attempt that ended like this may be followed by another.
    fn allows(&self, outcome: &Outcome) -> bool {
        let (is_passing, delivery) = match outcome {
            Ok(received) => {
                let is_passing = if received.status.is_success() {
                    self.retry_cut_off && received.is_cut_off()
                } else {
                    matches!(received.status.as_u16(), 408 | 429 | 502 | 503 | 504)
                };
                (is_passing, received.delivery())
            }
            Err(failure) => {
                let kind = failure.kind();
                let is_passing = matches!(
                    kind,
                    ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Network
                );
                (is_passing, failure.delivery())
            }
        };
        is_passing && (delivery != Delivery::Unknown || self.retry_ambiguous)
    }

    /// How long to wait after so many attempts, of which the last ended like this;
    /// `None` if it was the last.
    fn wait_after(
        &self,
        made: usize,
        outcome: &Outcome,
        call: Deadline,
        timeouts: &Timeouts,
    ) -> Option<Duration> {
        if made >= self.max_attempts as usize || !self.allows(outcome) {
            return None;
        }
        let backoff = self.backoff(made);
        let left = call.time_left();
        match outcome.as_ref().ok().and_then(Received::retry_after) {
            Some(asked) if asked > self.max_retry_after => None,
            Some(asked) => spread(asked, Self::least_spread(outcome, asked, backoff), left),
            None => {
                let reserve = Self::reserve(outcome, timeouts);
                Some(up_to(backoff)).filter(|wait| wait.saturating_add(reserve) <= left)
            }
        }
    }

    /// What a wait must leave. If no connection comes about again, it is the
    /// connect timeout that must say so: after that of the call, it would not be
    /// known that nothing was sent.
    fn reserve(outcome: &Outcome, timeouts: &Timeouts) -> Duration {
        match outcome {
            Err(failure) if failure.kind() == ErrorKind::Connect => {
                timeouts.of_connecting().saturating_add(RESERVE)
            }
            _ => RESERVE,
        }
    }

    fn least_spread(outcome: &Outcome, asked: Duration, backoff: Duration) -> Duration {
        let is_limited = |received: &Received| received.status == StatusCode::TOO_MANY_REQUESTS;
        // Who may come back at once need not keep out of others' way.
        if !asked.is_zero() && outcome.as_ref().is_ok_and(is_limited) {
            backoff.max(LEAST_SPREAD)
        } else {
            backoff
        }
    }

    /// What the wait after this many attempts is a part of.
    fn backoff(&self, attempts: usize) -> Duration {
        let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        let factor = 2_u32.saturating_pow(doublings);
        self.min_backoff
            .saturating_mul(factor)
            .min(self.max_backoff)
    }
}

/// What came of the last attempt of a call, and what came of those before it.
pub(crate) type Attempts = (Outcome, Vec<Attempt>);

/// Makes the attempts of one call. `send` is told how many there were before.
#[allow(
    clippy::manual_async_fn,
    reason = "an asynchronous function would keep its arguments twice"
)]
pub(crate) fn attempts<F, Fut>(
    policy: &RetryPolicy,
    timeouts: &Timeouts,
    rate_limit: &RateLimit,
    send: F,
) -> impl Future<Output = Attempts>
where
    F: Fn(Deadline, usize) -> Fut,
    Fut: Future<Output = Outcome>,
{
    async move {
        let mut now = Instant::now();
        let call = timeouts.of_call(now);
        let mut earlier = Vec::new();
        loop {
            now = rate_limit.wait(call, now).await;
            let wait = {
                // The outcome is not kept while the call waits.
                let known = rate_limit.known();
                let outcome = send(timeouts.of_attempt(call, now), earlier.len()).await;
                if let Ok(received) = &outcome {
                    rate_limit.observe(received, known, policy.max_retry_after);
                }
                let made = earlier.len() + 1;
                let Some(wait) = policy.wait_after(made, &outcome, call, timeouts) else {
                    return (outcome, earlier);
                };
                telemetry::retry(&outcome, wait);
                earlier.push(Attempt::new(&outcome, Some(wait)));
                wait
            };
            sleep(wait).await;
            now = Instant::now();
        }
    }
}

#[cfg(test)]
#[allow(clippy::print_stdout)]
mod fleet;
#[cfg(test)]
mod tests;

mod in_flight;
mod jitter;
mod rate_limit;

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::attempt::{Attempt, CallResult};
use crate::outcome::{Delivery, ErrorKind, GaveUp, Outcome, RawResponse};
use crate::telemetry;
use crate::timeouts::{Deadline, Timeouts};
use jitter::{MIN_REQUEST_TIME, full_jitter};

pub(crate) use in_flight::InFlight;
pub(crate) use jitter::with_jitter;
pub(crate) use rate_limit::RateLimit;

/// Controls when a failed call is retried and how long to wait between attempts.
///
/// By default, a call is retried only if the API cannot have acted on it: the
/// connection could not be established; the response was 429, or 503 with a
/// `retry-after` header; or the server refused the request over HTTP/2. Read-only calls
/// are also retried after timeouts, interrupted connections and the statuses 408, 502,
/// 503 and 504. All attempts of a mutating call send the same `Idempotency-Key`. A
/// connection that cannot be established without a change of the configuration, such as
/// an untrusted certificate, is not retried.
///
/// The delay is the server's `retry-after` (or, for a 429, `x-ratelimit-reset`) plus
/// random jitter of up to a tenth of the delay, and at most 5 seconds. If the server
/// rejects a request that waited as requested, other clients share the rate limit, and
/// the jitter grows with each such rejection: 10, 20, 40, at most 60 seconds. Without a
/// server delay, the policy uses exponential backoff with full jitter.
///
/// A call fails immediately if the delay does not fit into the remaining total timeout,
/// with one second left for the next request. After a failed connect, the connect
/// timeout must fit as well.
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
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    min_backoff: Duration,
    max_backoff: Duration,
    max_retry_after: Duration,
    retry_ambiguous: bool,
    retry_truncated: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            min_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
            retry_ambiguous: false,
            retry_truncated: false,
        }
    }
}

#[allow(
    clippy::missing_fields_in_debug,
    reason = "`retry_truncated` is not a setting"
)]
impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("max_attempts", &self.max_attempts)
            .field("min_backoff", &self.min_backoff)
            .field("max_backoff", &self.max_backoff)
            .field("max_retry_after", &self.max_retry_after)
            .field("retry_ambiguous", &self.retry_ambiguous)
            .finish()
    }
}

impl RetryPolicy {
    /// Creates a policy without retries. A call may still wait for the rate limit
    /// before its only attempt.
    pub fn never() -> Self {
        Self::default().with_max_attempts(1)
    }

    /// Sets the maximum number of attempts, the first one included; 0 counts as 1.
    /// Defaults to 4.
    pub fn with_max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// Sets the initial and the maximum backoff. Each delay is a random part of the
    /// backoff. A `min` above `max` counts as `max`. Defaults to 0.5 and 8 seconds.
    pub fn with_backoff(mut self, min: Duration, max: Duration) -> Self {
        self.min_backoff = min.min(max);
        self.max_backoff = max;
        self
    }

    /// Sets the longest delay that a server may request. If a server requests more, the
    /// call fails immediately, and [`Error::retry_after`](crate::Error::retry_after)
    /// returns the delay. Defaults to 60 seconds, the window of Duvo's rate limit.
    pub fn with_max_retry_after(mut self, max_retry_after: Duration) -> Self {
        self.max_retry_after = max_retry_after;
        self
    }

    /// Sets whether mutating calls are also retried if the API may have acted on them:
    /// after a timeout, an interrupted connection and the statuses 408, 502, 503 and
    /// 504. Defaults to `false`.
    ///
    /// Such a retry can register an integration twice, unless the API honors the
    /// `Idempotency-Key`. Duvo's documentation recommends the header, but does not
    /// describe its effect. After a success, check
    /// [`Response::failed_attempts`](crate::Response::failed_attempts).
    pub fn with_retry_ambiguous(mut self, retry_ambiguous: bool) -> Self {
        self.retry_ambiguous = retry_ambiguous;
        self
    }

    /// Returns the policy for safe (read-only) operations, which can be retried after any
    /// transient failure.
    pub(crate) fn for_safe_operations(mut self) -> Self {
        self.retry_ambiguous = true;
        self.retry_truncated = true;
        self
    }

    /// Whether another attempt may follow this outcome.
    fn is_retryable(&self, outcome: &Outcome) -> bool {
        let is_transient = match outcome {
            Ok(response) if response.status.is_success() => {
                self.retry_truncated && response.is_truncated()
            }
            Ok(response) => response.is_transient(),
            Err(error) => error.is_transient(),
        };
        is_transient && (delivery(outcome) != Delivery::Unknown || self.retry_ambiguous)
    }

    /// Returns the delay before the next attempt. If this outcome is final, returns why it
    /// is not retried, or `None` if it is not retryable.
    fn next_delay(
        &self,
        attempts_made: usize,
        futile_waits: u32,
        outcome: &Outcome,
        call: Deadline,
        timeouts: &Timeouts,
    ) -> Result<Duration, Option<GaveUp>> {
        if !self.is_retryable(outcome) {
            return Err(None);
        }
        let max_attempts = self.max_attempts.max(1);
        if attempts_made >= max_attempts as usize {
            return Err(Some(GaveUp::AttemptsExhausted { max_attempts }));
        }
        let backoff = exponential_backoff(attempts_made, self.min_backoff, self.max_backoff);
        let remaining = call.remaining();
        let retry_after = requested_delay(outcome);
        let delay = match retry_after {
            Some(retry_after) if retry_after > self.max_retry_after => {
                let max = self.max_retry_after;
                return Err(Some(GaveUp::RetryAfterTooLong { retry_after, max }));
            }
            Some(retry_after) => with_jitter(retry_after, futile_waits, remaining),
            None => {
                let min_time = min_time_for_request(outcome, timeouts);
                Some(full_jitter(backoff))
                    .filter(|delay| delay.saturating_add(min_time) <= remaining)
            }
        };
        delay.ok_or(Some(GaveUp::NotEnoughTime {
            retry_after,
            remaining,
        }))
    }
}

fn delivery(outcome: &Outcome) -> Delivery {
    match outcome {
        Ok(response) => response.delivery(),
        Err(error) => error.delivery(),
    }
}

/// Returns the upper bound of the delay after `attempts` failed attempts. It doubles
/// with each attempt, from `min` up to `max`.
fn exponential_backoff(attempts: usize, min: Duration, max: Duration) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
    min.saturating_mul(2_u32.saturating_pow(doublings)).min(max)
}

/// Returns the time that must remain after a delay. If the host is still unreachable,
/// the connect timeout must end the call: after the total timeout, it would be unknown
/// whether anything was sent.
fn min_time_for_request(outcome: &Outcome, timeouts: &Timeouts) -> Duration {
    match outcome {
        Err(error) if error.kind() == ErrorKind::Connect => timeouts
            .effective_connect_timeout()
            .saturating_add(MIN_REQUEST_TIME),
        _ => MIN_REQUEST_TIME,
    }
}

/// Returns the delay requested by the server. A delay of zero leaves it to the backoff.
fn requested_delay(outcome: &Outcome) -> Option<Duration> {
    let delay = outcome.as_ref().ok().and_then(RawResponse::retry_after);
    delay.filter(|delay| !delay.is_zero())
}

/// Sends a request until it succeeds or must not be retried. `send` receives the
/// deadline of the attempt and the number of previous attempts.
pub(crate) async fn retry_loop<F: Future<Output = Outcome>>(
    operation: &'static str,
    policy: &RetryPolicy,
    timeouts: &Timeouts,
    rate_limit: &RateLimit,
    in_flight: Option<&InFlight>,
    send: impl Fn(Deadline, usize) -> F,
) -> CallResult {
    let mut now = Instant::now();
    let call = timeouts.call_deadline(now);
    let mut failed_attempts = Vec::new();
    let mut futile_waits = 0;
    let mut may_have_taken_effect = false;
    loop {
        let mut permit = if let Some(permit) = rate_limit.try_acquire(now) {
            permit
        } else {
            let permit;
            // Boxed, because few calls wait, and every future of a call would be larger.
            (now, permit) = Box::pin(rate_limit.acquire(operation, call)).await;
            permit
        };
        let delay = {
            let deadline = timeouts.attempt_deadline(call, now);
            if let Some(in_flight) = in_flight {
                in_flight.set(true);
            }
            let outcome = send(deadline, failed_attempts.len()).await;
            if let Ok(response) = &outcome {
                permit.record(response, policy.max_retry_after);
            }
            drop(permit);
            if let Some(in_flight) = in_flight {
                may_have_taken_effect |= delivery(&outcome) == Delivery::Unknown;
                in_flight.set(may_have_taken_effect);
            }
            let attempts_made = failed_attempts.len() + 1;
            let delay = policy.next_delay(attempts_made, futile_waits, &outcome, call, timeouts);
            let delay = match delay {
                Ok(delay) => delay,
                Err(gave_up) => {
                    return CallResult {
                        outcome,
                        gave_up,
                        max_attempts: policy.max_attempts.max(1),
                        failed_attempts,
                    };
                }
            };
            telemetry::retry(operation, attempts_made, &outcome, delay);
            futile_waits = if requested_delay(&outcome).is_some() {
                futile_waits + 1
            } else {
                0
            };
            failed_attempts.push(Attempt::new(&outcome, Some(delay)));
            delay
        };
        sleep(delay).await;
        now = Instant::now();
    }
}

#[cfg(test)]
#[allow(clippy::print_stdout)]
mod fleet;
#[cfg(test)]
mod tests;

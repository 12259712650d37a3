use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::jitter::{MIN_REQUEST_TIME, with_jitter};
use crate::outcome::{RateLimitStatus, RawResponse};
use crate::telemetry;
use crate::timeouts::Deadline;

/// The rate limit of an API key, shared by all clones of a client. Calls wait instead of
/// sending requests that would be rejected: while the limit is exhausted, and while the
/// requests in flight may exhaust it.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    window: Mutex<Window>,
    /// Notified when a request may be sent.
    available: Notify,
}

/// What responses reported of the current window of the rate limit.
#[derive(Debug, Default)]
struct Window {
    resets_at: Option<Instant>,
    /// The header that identifies the window, if it has one.
    id: Option<HeaderValue>,
    /// The requests that the server allows until the reset. `None` if unknown.
    remaining: Option<u64>,
    /// The requests that the server allows in each window.
    limit: Option<u64>,
    /// The requests that the server may not have counted in `remaining` yet.
    in_flight: u64,
    /// The requests that were counted since the first response of the window: all of them,
    /// and those of this client.
    counted: u64,
    own: u64,
}

/// Why a request must wait.
struct Wait {
    until_reset: Option<Duration>,
    is_exhausted: bool,
}

/// The permission to send a request. It ends when it is dropped.
pub(crate) struct Permit<'a> {
    rate_limit: &'a RateLimit,
    /// The reset that was known when the request was sent.
    resets_at: Option<Instant>,
    is_recorded: bool,
    /// What was known before the response was recorded.
    before: Option<Knowledge>,
}

/// What a call waits for: whether there is a limit, whether it is exhausted, and whether its
/// reset is known.
type Knowledge = (bool, bool, bool);

impl RateLimit {
    /// Permits a request, unless it must wait.
    pub(crate) fn try_acquire(&self, now: Instant) -> Option<Permit<'_>> {
        let mut window = self.lock();
        match window.wait(now) {
            None => Some(self.permit_in(&mut window)),
            Some(_) => None,
        }
    }

    /// Waits until a request may be sent, if that is within the deadline; otherwise the
    /// server decides. Returns the time after the wait.
    pub(crate) async fn acquire(
        &self,
        operation: &'static str,
        deadline: Deadline,
    ) -> (Instant, Permit<'_>) {
        loop {
            // Created before the check, so that no change after the check is missed.
            let available = self.available.notified();
            let now = Instant::now();
            let wait = {
                let mut window = self.lock();
                match window.wait(now) {
                    None => return (now, self.permit_in(&mut window)),
                    Some(wait) => wait,
                }
            };
            let remaining = deadline.remaining();
            let until_reset = wait
                .until_reset
                .and_then(|delay| with_jitter(delay, 0, remaining));
            let delay = match until_reset {
                Some(delay) => delay,
                None if wait.is_exhausted => return (now, self.permit()),
                // A response can report more than the reset does.
                None => remaining.saturating_sub(MIN_REQUEST_TIME),
            };
            if wait.is_exhausted {
                telemetry::rate_limited(operation, delay);
            }
            let is_over = timeout(delay, available).await.is_err();
            if is_over && until_reset.is_none() {
                return (Instant::now(), self.permit());
            }
        }
    }

    /// Returns the time until the reset, if the limit is exhausted.
    pub(crate) fn time_until_reset(&self) -> Option<Duration> {
        let wait = self.lock().wait(Instant::now())?;
        wait.until_reset.filter(|_| wait.is_exhausted)
    }

    /// Permits a request, whether the limit is exhausted or not.
    pub(super) fn permit(&self) -> Permit<'_> {
        self.permit_in(&mut self.lock())
    }

    fn permit_in(&self, window: &mut Window) -> Permit<'_> {
        window.in_flight += 1;
        Permit {
            rate_limit: self,
            resets_at: window.resets_at,
            is_recorded: false,
            before: None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// Records the response to the request. Resets in more than `max_wait` are ignored,
    /// because no call would wait that long.
    pub(crate) fn record(&mut self, response: &RawResponse, max_wait: Duration) {
        let mut window = self.rate_limit.lock();
        self.before = Some(window.knowledge());
        // Only the first response of a window is parsed completely. For each response, this
        // would take 2 % of the instructions of a call (`docs/benchmarks.md`).
        if let Some(remaining) = window.remaining_after(response) {
            window.count(remaining);
            self.is_recorded = true;
            return;
        }
        let status = response.rate_limit_status().filter(|status| {
            status
                .resets_in
                .is_none_or(|resets_in| resets_in <= max_wait)
        });
        if let Some(status) = status {
            window.update(&status, self.resets_at);
            self.is_recorded = true;
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut window = self.rate_limit.lock();
        window.in_flight = window.in_flight.saturating_sub(1);
        let before = self.before.unwrap_or_else(|| window.knowledge());
        if !self.is_recorded {
            // The server may have counted the request.
            window.remaining = window.remaining.map(|count| count.saturating_sub(1));
        }
        let is_limited = window.remaining.is_some();
        if is_limited && window.is_available() {
            self.rate_limit.available.notify_one();
        } else if window.knowledge() != before {
            // Every call that waits must wait for something else, or no longer.
            self.rate_limit.available.notify_waiters();
        }
    }
}

impl Window {
    fn knowledge(&self) -> Knowledge {
        let is_exhausted = self.remaining == Some(0);
        let (is_limited, has_reset) = (self.remaining.is_some(), self.resets_at.is_some());
        (is_limited, is_exhausted, has_reset)
    }

    /// Returns why a request must wait.
    fn wait(&mut self, now: Instant) -> Option<Wait> {
        if self.resets_at.is_some_and(|resets_at| resets_at <= now) {
            self.resets_at = None;
            self.remaining = self.limit;
            (self.counted, self.own) = (0, 0);
        }
        if self.is_available() {
            return None;
        }
        Some(Wait {
            until_reset: self
                .resets_at
                .map(|resets_at| resets_at.saturating_duration_since(now)),
            is_exhausted: self.remaining == Some(0),
        })
    }

    /// Whether the server allows another request, even if it has not counted any of those
    /// in flight. If nothing is known of the reset, the server decides.
    ///
    /// Of the remaining requests, other clients with the same key will send their share, so
    /// this client sends only its own: the last requests of a window are sent one by one.
    fn is_available(&self) -> bool {
        let Some(remaining) = self.remaining else {
            return true;
        };
        if self.in_flight == 0 {
            return remaining > 0 || self.resets_at.is_none();
        }
        let (all, own) = (self.counted.max(1), self.own.max(1));
        let share = remaining.saturating_mul(own.min(all)).div_ceil(all);
        share > self.in_flight
    }

    /// Returns the requests that remain after a response of this window, if the response
    /// reports nothing else that is new.
    fn remaining_after(&self, response: &RawResponse) -> Option<u64> {
        let id = response.rate_limit_window()?;
        let is_current = self.resets_at.is_some() && self.id.as_ref() == Some(id);
        let remaining = response.remaining_requests();
        remaining.filter(|remaining| is_current && *remaining > 0)
    }

    /// Counts a request of this window, after which this number remains. Responses can arrive
    /// in another order than the server counted.
    fn count(&mut self, remaining: u64) {
        let before = self.remaining.unwrap_or(remaining);
        self.counted += before.saturating_sub(remaining);
        self.own += 1;
        self.remaining = Some(before.min(remaining));
    }

    /// Updates the state from a response to a request that was sent when the reset was
    /// `resets_at_before`.
    fn update(&mut self, status: &RateLimitStatus<'_>, resets_at_before: Option<Instant>) {
        /// The precision of a server's clock, in addition to the latency.
        const TOLERANCE: Duration = Duration::from_secs(2);

        let Some(resets_in) = status.resets_in else {
            // Another response may have reported an exhausted limit in the meantime.
            if self.resets_at == resets_at_before {
                (self.resets_at, self.remaining) = (None, None);
            }
            return;
        };
        let Some(resets_at) = Instant::now().checked_add(resets_in) else {
            return;
        };
        let is_later = |a: Instant, b: Instant| a.saturating_duration_since(b) > TOLERANCE;
        match (self.resets_at, self.remaining) {
            // The request was counted in an earlier window.
            (Some(current), Some(_))
                if self.resets_at != resets_at_before && is_later(current, resets_at) => {}
            (Some(current), Some(_)) if !is_later(resets_at, current) => {
                self.count(status.remaining);
                if status.remaining == 0 {
                    self.resets_at = Some(current.max(resets_at));
                }
            }
            _ if resets_in.is_zero() => {}
            _ => {
                (self.resets_at, self.remaining) = (Some(resets_at), Some(status.remaining));
                self.id = status.window.cloned();
                self.limit = status.limit.or(self.limit);
                (self.counted, self.own) = (0, 0);
            }
        }
    }
}

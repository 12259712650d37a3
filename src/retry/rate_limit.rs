use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::jitter::with_jitter;
use crate::outcome::{RateLimitStatus, RawResponse};
use crate::telemetry;
use crate::timeouts::Deadline;

/// The rate-limit state of an API key, shared by all clones of a client. While the
/// limit is exhausted, calls wait instead of sending requests that would be rejected.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    resets_at: Mutex<Option<Instant>>,
}

/// The rate-limit state at some instant.
#[derive(Clone, Copy)]
pub(crate) struct Snapshot {
    resets_at: Option<Instant>,
}

impl RateLimit {
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot {
            resets_at: *self.lock(),
        }
    }

    /// Updates the state from a response. `before` is the snapshot taken when the
    /// request was sent. Delays longer than `max_wait` are ignored, because no call
    /// would wait that long.
    pub(crate) fn update(&self, response: &RawResponse, before: Snapshot, max_wait: Duration) {
        match response.rate_limit_status() {
            RateLimitStatus::Unknown => {}
            RateLimitStatus::Available => {
                let mut resets_at = self.lock();
                // A later state was reported by a newer response than this one.
                if *resets_at == before.resets_at {
                    *resets_at = None;
                }
            }
            RateLimitStatus::Exhausted { resets_in } if resets_in > max_wait => {}
            RateLimitStatus::Exhausted { resets_in } => {
                let mut resets_at = self.lock();
                *resets_at = (*resets_at).max(Instant::now().checked_add(resets_in));
            }
        }
    }

    /// Waits until the limit resets, if that is within the deadline; otherwise the
    /// server decides. Returns `now`, or the time after the wait.
    pub(crate) async fn wait(
        &self,
        operation: &'static str,
        deadline: Deadline,
        mut now: Instant,
    ) -> Instant {
        while let Some(delay) = self
            .time_until_reset(now)
            .and_then(|delay| with_jitter(delay, 0, deadline.remaining()))
        {
            telemetry::rate_limited(operation, delay);
            sleep(delay).await;
            now = Instant::now();
        }
        now
    }

    fn time_until_reset(&self, now: Instant) -> Option<Duration> {
        let resets_at = (*self.lock())?;
        Some(resets_at.saturating_duration_since(now)).filter(|delay| !delay.is_zero())
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.resets_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

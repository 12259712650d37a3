use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::exchange::{Quota, Received};
use crate::jitter::spread;
use crate::telemetry;
use crate::timeouts::Deadline;

/// The least time over which those who were turned away for the rate limit
/// spread, however soon they may come back: near the end of a window, all of
/// them are told the same few seconds.
pub(crate) const LEAST_SPREAD: Duration = Duration::from_secs(10);

/// What the clones of a client know of the rate limit of their API key: once
/// one of them is turned away, the others wait rather than ask.
#[derive(Debug, Default)]
pub(crate) struct RateLimit(Mutex<Option<Instant>>);

impl RateLimit {
    /// Learns from an answer. A server that closes for longer than `most` is
    /// not believed: no call would wait for it.
    pub(crate) fn observe(&self, received: &Received, most: Duration) {
        match received.quota() {
            Quota::Unknown => {}
            Quota::Left => *self.closed_until() = None,
            Quota::UsedUp { opens_in } if opens_in > most => {}
            Quota::UsedUp { opens_in } => {
                let mut closed_until = self.closed_until();
                *closed_until = (*closed_until).max(Some(Instant::now() + opens_in));
            }
        }
    }

    /// Waits until the limit is open, if that is within the deadline.
    /// Otherwise it is for the server to refuse.
    pub(crate) async fn wait(&self, deadline: Deadline) {
        while let Some(wait) = self
            .closed_for()
            .and_then(|closed| spread(closed, LEAST_SPREAD, deadline.time_left()))
        {
            telemetry::rate_limited(wait);
            sleep(wait).await;
        }
    }

    fn closed_for(&self) -> Option<Duration> {
        let until = (*self.closed_until())?;
        until
            .checked_duration_since(Instant::now())
            .filter(|closed| !closed.is_zero())
    }

    fn closed_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

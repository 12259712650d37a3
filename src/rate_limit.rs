use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
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
#[derive(Debug)]
pub(crate) struct RateLimit {
    since: Instant,
    /// When the limit opens, in nanoseconds from `since`; 0 if nobody was turned
    /// away, or somebody has been let through again.
    closed_until: AtomicU64,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            since: Instant::now(),
            closed_until: AtomicU64::new(0),
        }
    }
}

/// What is known of a rate limit at some time.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    closed_until: u64,
}

impl RateLimit {
    pub(crate) fn known(&self) -> Known {
        Known {
            closed_until: self.closed_until.load(Relaxed),
        }
    }

    /// Learns from the answer to a request, before which so much was known. A server
    /// that closes for longer than `most` is not believed: no call would wait for it.
    pub(crate) fn observe(&self, received: &Received, before: Known, most: Duration) {
        match received.quota() {
            Quota::Unknown => {}
            Quota::Left => {
                // It is open nearly always; then nothing is written that clones on
                // other processors would have to read again. What was learnt
                // meanwhile is newer than this answer, which may have come late.
                if before.closed_until != 0 {
                    let closed = &self.closed_until;
                    let _ = closed.compare_exchange(before.closed_until, 0, Relaxed, Relaxed);
                }
            }
            Quota::UsedUp { opens_in } if opens_in > most => {}
            Quota::UsedUp { opens_in } => {
                let until = self.since.elapsed().saturating_add(opens_in);
                let until = u64::try_from(until.as_nanos()).unwrap_or(u64::MAX);
                self.closed_until.fetch_max(until, Relaxed);
            }
        }
    }

    /// Waits until the limit is open, if that is within the deadline.
    /// Otherwise it is for the server to refuse. Returns the time: `now`, or that
    /// after the wait.
    pub(crate) async fn wait(&self, deadline: Deadline, mut now: Instant) -> Instant {
        while let Some(wait) = self
            .closed_for(now)
            .and_then(|closed| spread(closed, LEAST_SPREAD, deadline.time_left()))
        {
            telemetry::rate_limited(wait);
            sleep(wait).await;
            now = Instant::now();
        }
        now
    }

    fn closed_for(&self, now: Instant) -> Option<Duration> {
        let until = Duration::from_nanos(self.closed_until.load(Relaxed));
        let closed = until.saturating_sub(now.saturating_duration_since(self.since));
        Some(closed).filter(|closed| !closed.is_zero())
    }
}

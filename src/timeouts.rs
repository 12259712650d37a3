use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

/// A timeout that ended an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Timeout {
    /// The time to connect: [`ClientBuilder::connect_timeout`](crate::ClientBuilder::connect_timeout).
    Connect,
    /// The time of one attempt: [`ClientBuilder::attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    Attempt,
    /// The time of the whole call: [`ClientBuilder::total_timeout`](crate::ClientBuilder::total_timeout).
    Total,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) attempt: Duration,
    pub(crate) total: Duration,
}

/// When a timeout ends, which one it is, and how long it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) timeout: Timeout,
    pub(crate) length: Duration,
}

impl Timeout {
    /// `connect`, `attempt` or `total`, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Attempt => "attempt",
            Self::Total => "total",
        }
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Timeouts {
    pub(crate) const DEFAULT: Self = Self {
        connect: Duration::from_secs(10),
        attempt: Duration::from_secs(30),
        total: Duration::from_secs(120),
    };

    /// Shorter than an attempt, so that it is the one that is hit.
    pub(crate) fn of_connecting(&self) -> Duration {
        self.connect.min(self.attempt / 2).min(self.total / 2)
    }

    /// The deadline of a call that begins at `now`.
    pub(crate) fn of_call(&self, now: Instant) -> Deadline {
        Deadline::new(Timeout::Total, self.total, now)
    }

    /// The deadline of an attempt that begins at `now`, within a call.
    pub(crate) fn of_attempt(&self, call: Deadline, now: Instant) -> Deadline {
        let attempt = Deadline::new(Timeout::Attempt, self.attempt, now);
        if attempt.at < call.at { attempt } else { call }
    }
}

impl Deadline {
    fn new(timeout: Timeout, length: Duration, now: Instant) -> Self {
        // As good as never, and no overflow, for lengths like `Duration::MAX`.
        const NEVER: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);
        Self {
            at: now + length.min(NEVER),
            timeout,
            length,
        }
    }

    pub(crate) fn time_left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }
}

/// Which timeout it is, as a part of a sentence.
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} timeout of {:?}", self.timeout, self.length)
    }
}

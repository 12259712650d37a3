use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};
use tokio::time::Instant;

/// The timeout that ended an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Timeout {
    /// The [connect timeout](crate::ClientBuilder::connect_timeout).
    Connect,
    /// The [attempt timeout](crate::ClientBuilder::attempt_timeout).
    Attempt,
    /// The [total timeout](crate::ClientBuilder::total_timeout) of the call.
    Total,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) attempt: Duration,
    pub(crate) total: Duration,
}

/// An instant by which a call or an attempt must end, and the timeout that set it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) timeout: Timeout,
    duration: Duration,
}

impl Timeout {
    /// Returns `connect`, `attempt` or `total`, for logs and metrics.
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

/// Serializes the value of [`as_str`](Self::as_str).
impl Serialize for Timeout {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Timeouts {
    pub(crate) const DEFAULT: Self = Self {
        connect: Duration::from_secs(10),
        attempt: Duration::from_secs(30),
        total: Duration::from_secs(120),
    };

    /// Returns a connect timeout that is shorter than the other two, so that an
    /// unreachable host ends an attempt by this timeout and not by another.
    pub(crate) fn effective_connect_timeout(&self) -> Duration {
        self.connect.min(self.attempt / 2).min(self.total / 2)
    }

    /// Returns the deadline of a call that starts at `now`.
    pub(crate) fn call_deadline(&self, now: Instant) -> Deadline {
        Deadline::new(Timeout::Total, self.total, now)
    }

    /// Returns the deadline of an attempt that starts at `now`, within a call.
    pub(crate) fn attempt_deadline(&self, call: Deadline, now: Instant) -> Deadline {
        let attempt = Deadline::new(Timeout::Attempt, self.attempt, now);
        if attempt.at < call.at { attempt } else { call }
    }
}

impl Deadline {
    fn new(timeout: Timeout, duration: Duration, now: Instant) -> Self {
        // `now + Duration::MAX` would overflow.
        const TEN_YEARS: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);
        Self {
            at: now + duration.min(TEN_YEARS),
            timeout,
            duration,
        }
    }

    pub(crate) fn remaining(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }
}

/// Names the timeout within a sentence: "the attempt timeout of 30s".
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} timeout of {:?}", self.timeout, self.duration)
    }
}

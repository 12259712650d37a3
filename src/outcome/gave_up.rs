use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::serialized::{optional_seconds, seconds};

/// The reason why a call that could have been retried was not retried.
///
/// It serializes as an object: `reason` is the value of [`as_str`](Self::as_str), the
/// fields of the variant follow, and durations are numbers of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum GaveUp {
    /// The policy allows no more attempts.
    AttemptsExhausted {
        /// The [maximum number of attempts](crate::RetryPolicy::with_max_attempts).
        max_attempts: u32,
    },
    /// The server requested a longer delay than the policy allows.
    RetryAfterTooLong {
        /// The requested delay.
        #[serde(serialize_with = "seconds")]
        retry_after: Duration,
        /// The [maximum delay](crate::RetryPolicy::with_max_retry_after).
        #[serde(serialize_with = "seconds")]
        max: Duration,
    },
    /// The delay does not fit into the remaining total timeout, with the time for another
    /// attempt.
    NotEnoughTime {
        /// The delay that the server requested, if it did.
        #[serde(
            serialize_with = "optional_seconds",
            skip_serializing_if = "Option::is_none"
        )]
        retry_after: Option<Duration>,
        /// The remaining part of the [total timeout](crate::ClientBuilder::total_timeout).
        #[serde(serialize_with = "seconds")]
        remaining: Duration,
    },
}

impl GaveUp {
    /// Returns `attempts_exhausted`, `retry_after_too_long` or `not_enough_time`, for logs
    /// and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AttemptsExhausted { .. } => "attempts_exhausted",
            Self::RetryAfterTooLong { .. } => "retry_after_too_long",
            Self::NotEnoughTime { .. } => "not_enough_time",
        }
    }
}

/// Describes the reason as part of a sentence.
impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AttemptsExhausted { max_attempts: 1 } => f.write_str("retries are disabled"),
            Self::AttemptsExhausted { max_attempts } => {
                write!(f, "all {max_attempts} attempts failed")
            }
            Self::RetryAfterTooLong { retry_after, max } => write!(
                f,
                "the server requests a delay of {retry_after:?}, above the maximum of {max:?}"
            ),
            Self::NotEnoughTime {
                retry_after: Some(retry_after),
                remaining,
            } => write!(
                f,
                "the server requests a delay of {retry_after:?}, but only {} of the total timeout remains",
                rounded(*remaining)
            ),
            Self::NotEnoughTime {
                retry_after: None,
                remaining,
            } => write!(
                f,
                "only {} of the total timeout remains, too little for a retry",
                rounded(*remaining)
            ),
        }
    }
}

/// Formats a duration in tenths of a second.
fn rounded(duration: Duration) -> String {
    format!("{:.1}s", duration.as_secs_f64())
}

use std::time::Duration;

use tokio::time::sleep;

use crate::error::{Error, Result};
use crate::outcome::{Delivery, GaveUp};
use crate::retry::with_jitter;

/// The maximum number of calls for a page or a change of a plan that the rate limit rejects.
/// With the default policy, each waits for up to the total timeout.
pub(super) const MAX_CALLS: usize = 25;

/// Repeats a call that gave up because of the rate limit, up to `max_calls` in all. Many
/// processes can share a key, so that the attempts of one call are not always sufficient.
pub(super) async fn repeat_if_rate_limited<T, F: Future<Output = Result<T>>>(
    max_calls: usize,
    call: impl Fn() -> F,
) -> Result<T> {
    let mut calls = 1;
    loop {
        match call().await {
            Err(error) if calls < max_calls && is_worth_repeating(&error) => {
                calls += 1;
                if let Some(delay) = delay_beyond_a_call(&error) {
                    sleep(delay).await;
                }
            }
            result => return result,
        }
    }
}

/// Returns the time until the reset, with jitter, if a call cannot wait that long: its first
/// attempt already had not enough time.
fn delay_beyond_a_call(error: &Error) -> Option<Duration> {
    match error.gave_up() {
        Some(GaveUp::NotEnoughTime { retry_after, .. }) if error.attempts().len() == 1 => {
            with_jitter(retry_after?, 0, Duration::MAX)
        }
        _ => None,
    }
}

fn is_worth_repeating(error: &Error) -> bool {
    let has_retries = match error.gave_up() {
        Some(GaveUp::AttemptsExhausted { max_attempts }) => max_attempts > 1,
        Some(GaveUp::NotEnoughTime { .. }) => true,
        Some(GaveUp::RetryAfterTooLong { .. }) | None => false,
    };
    has_retries && error.is_rate_limited() && error.delivery() != Delivery::Unknown
}

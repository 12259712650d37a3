use crate::error::{Error, Result};
use crate::outcome::{Delivery, GaveUp};

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
            Err(error) if calls < max_calls && is_worth_repeating(&error) => calls += 1,
            result => return result,
        }
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

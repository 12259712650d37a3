use std::time::Duration;

/// The time that must remain after a delay, for the request that follows.
pub(crate) const MIN_REQUEST_TIME: Duration = Duration::from_secs(1);

/// Returns `delay` plus random jitter of up to `max(delay, min_jitter)`, so that
/// clients with the same delay do not return at once. Returns `None` if `delay` and
/// [`MIN_REQUEST_TIME`] do not fit into the remaining time.
pub(crate) fn with_jitter(
    delay: Duration,
    min_jitter: Duration,
    remaining: Duration,
) -> Option<Duration> {
    let slack = remaining
        .checked_sub(delay)?
        .checked_sub(MIN_REQUEST_TIME)?;
    Some(delay + full_jitter(delay.max(min_jitter).min(slack)))
}

/// Returns a random duration in `0..=max`.
pub(crate) fn full_jitter(max: Duration) -> Duration {
    max.mul_f64(fastrand::f64())
}

/// Returns the upper bound of the delay after `attempts` failed attempts. It doubles
/// with each attempt, from `min` up to `max`.
pub(crate) fn exponential(attempts: usize, min: Duration, max: Duration) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
    min.saturating_mul(2_u32.saturating_pow(doublings)).min(max)
}

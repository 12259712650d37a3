use std::time::Duration;

/// The time that must remain after a delay, for the request that follows.
pub(crate) const MIN_REQUEST_TIME: Duration = Duration::from_secs(1);

/// The longest jitter of a client that is not known to share its rate limit.
const MAX_JITTER: Duration = Duration::from_secs(5);

/// The longest jitter of all, the window of Duvo's rate limit.
const MAX_SHARED_JITTER: Duration = Duration::from_secs(60);

/// Returns `delay` plus random jitter, so that clients with the same delay do not return
/// at once. Returns `None` if `delay` and [`MIN_REQUEST_TIME`] do not fit into the
/// remaining time.
///
/// The jitter is at most a tenth of the delay, and at most 5 seconds. If the client was
/// rejected although it had waited as requested, other clients share its rate limit. Each
/// such rejection in a row (`futile_waits`) doubles the jitter, from 10 seconds on.
pub(crate) fn with_jitter(
    delay: Duration,
    futile_waits: u32,
    remaining: Duration,
) -> Option<Duration> {
    let slack = remaining
        .checked_sub(delay)?
        .checked_sub(MIN_REQUEST_TIME)?;
    let jitter = if futile_waits == 0 {
        (delay / 10).min(MAX_JITTER)
    } else {
        let doubled = MAX_JITTER.saturating_mul(2_u32.saturating_pow(futile_waits));
        doubled.min(MAX_SHARED_JITTER)
    };
    Some(delay + full_jitter(jitter.min(slack)))
}

/// Returns a random duration in `0..=max`.
pub(crate) fn full_jitter(max: Duration) -> Duration {
    max.mul_f64(fastrand::f64())
}

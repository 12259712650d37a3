use std::time::Duration;

/// What a wait must leave for the request after it.
pub(crate) const RESERVE: Duration = Duration::from_secs(1);

/// `asked`, and up to as much again or `at_least`, at random, so that all who
/// were asked the same do not come back together. `None` if `asked` and the
/// [`RESERVE`] do not fit into the time that is left.
pub(crate) fn spread(asked: Duration, at_least: Duration, left: Duration) -> Option<Duration> {
    let slack = left.checked_sub(asked)?.checked_sub(RESERVE)?;
    Some(asked + up_to(asked.max(at_least).min(slack)))
}

/// Somewhere from nothing to `most`.
pub(crate) fn up_to(most: Duration) -> Duration {
    most.mul_f64(fastrand::f64())
}

use std::time::Duration;

use crate::outcome::Outcome;

pub(crate) fn in_call_span<T>(
    _: &'static str,
    call: impl Future<Output = T>,
) -> impl Future<Output = T> {
    call
}

pub(crate) fn attempt_span(_: &reqwest::Request, _: usize) {}

pub(crate) fn in_attempt_span(
    (): (),
    attempt: impl Future<Output = Outcome>,
) -> impl Future<Output = Outcome> {
    attempt
}

pub(crate) fn retry(_: &Outcome, _: Duration) {}

pub(crate) fn rate_limited(_: Duration) {}

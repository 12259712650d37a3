use std::time::Duration;

use crate::outcome::Outcome;

pub(crate) async fn in_call_span<T>(_: &'static str, call: impl Future<Output = T>) -> T {
    call.await
}

pub(crate) fn attempt_span(_: &reqwest::Request, _: usize) {}

pub(crate) async fn in_attempt_span((): (), attempt: impl Future<Output = Outcome>) -> Outcome {
    attempt.await
}

pub(crate) fn retry(_: &Outcome, _: Duration) {}

pub(crate) fn rate_limited(_: Duration) {}

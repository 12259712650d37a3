//! Stands in for `telemetry` without the feature `tracing`.

use std::future::Future;
use std::time::Duration;

use crate::exchange::Outcome;

pub(crate) async fn in_call<F: Future>(_: &'static str, call: F) -> F::Output {
    call.await
}

pub(crate) async fn in_attempt<F>(
    request: reqwest::Request,
    _: u32,
    send: impl FnOnce(reqwest::Request) -> F,
) -> Outcome
where
    F: Future<Output = Outcome>,
{
    send(request).await
}

pub(crate) fn retry(_: &Outcome, _: Duration) {}

pub(crate) fn rate_limited(_: Duration) {}

//! Stands in for `telemetry` without the feature `tracing`.

use std::future::Future;
use std::time::Duration;

use crate::exchange::Outcome;

/// No span.
#[derive(Clone)]
pub(crate) struct Span;

pub(crate) fn in_call<F: Future>(_: &'static str, attempts: F) -> F {
    attempts
}

pub(crate) fn attempt(_: &reqwest::Request, _: usize) -> Span {
    Span
}

pub(crate) fn in_attempt<F: Future>(_: Span, exchange: F) -> F {
    exchange
}

pub(crate) fn record(_: &Span, _: &Outcome) {}

pub(crate) fn retry(_: &Outcome, _: Duration) {}

pub(crate) fn rate_limited(_: Duration) {}

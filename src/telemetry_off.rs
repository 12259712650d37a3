//! Stands in for `telemetry` without the feature `tracing`.

use std::time::Duration;

use crate::exchange::Outcome;

/// No span.
pub(crate) struct Span;

pub(crate) fn call(_: &'static str) -> Span {
    Span
}

pub(crate) fn attempt(_: &reqwest::Request, _: usize) -> Span {
    Span
}

pub(crate) fn enter(_: &Span) -> impl Sized {}

pub(crate) fn record(_: &Span, outcome: Outcome) -> Outcome {
    outcome
}

pub(crate) fn retry(_: &Outcome, _: Duration) {}

pub(crate) fn rate_limited(_: Duration) {}

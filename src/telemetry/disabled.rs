use std::time::Duration;

use crate::error::{Error, Result};
use crate::outcome::Outcome;
use crate::response::Response;

pub(crate) struct RecordingSpan;

pub(crate) fn call_span(_: &'static str) -> RecordingSpan {
    RecordingSpan
}

pub(crate) fn ensure_span() -> RecordingSpan {
    RecordingSpan
}

pub(crate) fn plan_span() -> RecordingSpan {
    RecordingSpan
}

pub(crate) fn apply_span() -> RecordingSpan {
    RecordingSpan
}

pub(crate) fn list_span() -> RecordingSpan {
    RecordingSpan
}

pub(crate) fn attempt_span(_: &reqwest::Request, _: usize) -> RecordingSpan {
    RecordingSpan
}

pub(crate) fn in_attempt_span(
    _: RecordingSpan,
    attempt: impl Future<Output = Outcome>,
) -> impl Future<Output = Outcome> {
    attempt
}

#[allow(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    reason = "the functions of the enabled feature need their arguments"
)]
impl RecordingSpan {
    pub(crate) fn run<F: Future>(&self, future: F) -> F {
        future
    }

    pub(crate) fn record_call<T>(self, _: &Result<Response<T>>, _: bool) {}

    pub(crate) fn record_ensured(self, _: Result<&'static str, &Error>) {}

    pub(crate) fn record_planned(self, _: Result<usize, &Error>) {}

    pub(crate) fn record_applied(self, _: Option<&Error>, _: bool) {}

    pub(crate) fn record_error(&self, _: &Error) {}
}

pub(crate) fn retry(_: &'static str, _: usize, _: &Outcome, _: Duration) {}

pub(crate) fn rate_limited(_: &'static str, _: Duration) {}

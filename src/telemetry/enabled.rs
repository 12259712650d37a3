use std::time::Duration;

use futures_util::FutureExt as _;
use tracing::field::{Empty, display};
use tracing::{Instrument as _, Span, debug_span, warn};

use crate::outcome::{ErrorKind, Outcome};

/// The target of every span and event, whichever module emits it.
const TARGET: &str = "duvo";

/// Runs a call in its own span.
pub(crate) fn in_call_span<T>(
    operation_id: &'static str,
    call: impl Future<Output = T>,
) -> impl Future<Output = T> {
    call.instrument(debug_span!(
        target: TARGET,
        "duvo.call",
        duvo.operation = operation_id
    ))
}

/// Creates the span of an attempt, which follows `failed_attempts` other ones.
pub(crate) fn attempt_span(request: &reqwest::Request, failed_attempts: usize) -> Span {
    let url = request.url();
    debug_span!(
        target: TARGET,
        "duvo.attempt",
        otel.kind = "client",
        otel.name = %request.method(),
        http.request.method = %request.method(),
        http.request.resend_count = (failed_attempts > 0).then_some(failed_attempts),
        http.response.status_code = Empty,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        url.full = %url,
        error.type = Empty,
    )
}

/// Runs an attempt in its span, and records the outcome there.
pub(crate) fn in_attempt_span(
    span: Span,
    attempt: impl Future<Output = Outcome>,
) -> impl Future<Output = Outcome> {
    let recorded = span.clone();
    let attempt = attempt.inspect(move |outcome| record(&recorded, outcome));
    attempt.instrument(span)
}

fn record(span: &Span, outcome: &Outcome) {
    match outcome {
        Ok(response) => {
            span.record("http.response.status_code", response.status.as_u16());
            if !response.status.is_success() {
                span.record("error.type", display(response.status.as_u16()));
            } else if response.is_truncated() {
                span.record("error.type", display(ErrorKind::UnreadableResponse));
            }
        }
        Err(error) => {
            span.record("error.type", display(error.kind()));
        }
    }
}

/// Logs that a call is retried after a delay.
pub(crate) fn retry(outcome: &Outcome, delay: Duration) {
    let wait_seconds = delay.as_secs_f64();
    match outcome {
        Ok(response) if response.status.is_success() => warn!(
            target: TARGET,
            {
                http.response.status_code = response.status.as_u16(),
                error.type = ErrorKind::UnreadableResponse.as_str(),
                wait_seconds,
            },
            "response truncated; retrying"
        ),
        Ok(response) => warn!(
            target: TARGET,
            {
                http.response.status_code = response.status.as_u16(),
                wait_seconds,
            },
            "attempt failed; retrying"
        ),
        Err(error) => warn!(
            target: TARGET,
            {
                error.type = error.kind().as_str(),
                wait_seconds,
            },
            "attempt failed; retrying"
        ),
    }
}

/// Logs that a call waits for the rate limit before it sends anything.
pub(crate) fn rate_limited(delay: Duration) {
    let wait_seconds = delay.as_secs_f64();
    warn!(target: TARGET, wait_seconds, "waiting for the rate limit");
}

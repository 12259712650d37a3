//! What goes to `tracing`. The names are those of OpenTelemetry's conventions
//! for HTTP clients: <https://opentelemetry.io/docs/specs/semconv/http/http-spans/>.

use std::time::Duration;

pub(crate) use tracing::Span;
use tracing::field::{Empty, display};
use tracing::{debug_span, warn};

use crate::error::ErrorKind;
use crate::exchange::Outcome;

/// The span of a call.
pub(crate) fn call(operation: &'static str) -> Span {
    debug_span!("duvo.call", duvo.operation = operation)
}

/// The span of an attempt. `resends` counts the attempts before it.
pub(crate) fn attempt(request: &reqwest::Request, resends: usize) -> Span {
    let url = request.url();
    debug_span!(
        "duvo.attempt",
        otel.kind = "client",
        otel.name = %request.method(),
        http.request.method = %request.method(),
        http.request.resend_count = (resends > 0).then_some(resends),
        http.response.status_code = Empty,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        url.full = %url,
        error.type = Empty,
    )
}

/// Enters a span until the guard is dropped, which must be in the same poll. What
/// is dropped with a future is outside of the span.
pub(crate) fn enter(span: &Span) -> impl Sized {
    span.enter()
}

/// Records in the span of an attempt what came of it.
pub(crate) fn record(span: &Span, outcome: Outcome) -> Outcome {
    match &outcome {
        Ok(received) => {
            span.record("http.response.status_code", received.status.as_u16());
            if !received.status.is_success() {
                span.record("error.type", display(received.status.as_u16()));
            } else if received.is_cut_off() {
                span.record("error.type", display(ErrorKind::UnreadableResponse));
            }
        }
        Err(failure) => {
            span.record("error.type", display(failure.kind()));
        }
    }
    outcome
}

/// A call waits, and is then tried again.
pub(crate) fn retry(outcome: &Outcome, wait: Duration) {
    let wait = wait.as_secs_f64();
    match outcome {
        Ok(received) if received.status.is_success() => warn!(
            http.response.status_code = received.status.as_u16(),
            error.type = ErrorKind::UnreadableResponse.as_str(),
            wait_seconds = wait,
            "the answer broke off; trying again"
        ),
        Ok(received) => warn!(
            http.response.status_code = received.status.as_u16(),
            wait_seconds = wait,
            "the attempt failed; trying again"
        ),
        Err(failure) => warn!(
            error.type = failure.kind().as_str(),
            wait_seconds = wait,
            "the attempt failed; trying again"
        ),
    }
}

/// An attempt waits for the rate limit, which another one found used up.
pub(crate) fn rate_limited(wait: Duration) {
    warn!(
        wait_seconds = wait.as_secs_f64(),
        "waiting for the rate limit"
    );
}

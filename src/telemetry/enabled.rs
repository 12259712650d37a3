use std::time::Duration;

use tracing::field::{Empty, display};
use tracing::instrument::Instrumented;
use tracing::{Instrument as _, Span, debug_span, warn};

use crate::error::{Error, Result};
use crate::outcome::{Delivery, ErrorKind, Outcome};
use crate::response::Response;

/// The target of every span and event, whichever module emits it.
const TARGET: &str = "duvo";

/// The value of `error.type` after a future was dropped before it completed.
const CANCELLED: &str = "cancelled";

/// A span that records an outcome. Integers are recorded as `i64`, because
/// `tracing-opentelemetry` exports other integers as text.
pub(crate) struct RecordingSpan {
    span: Span,
    /// Whether dropping the span means that its future was cancelled.
    awaits_outcome: bool,
}

/// Creates a span around calls, with the fields of every outcome and one more if needed.
macro_rules! outcome_span {
    ($name:literal, $operation:expr $(, $($field:ident).+)?) => {
        debug_span!(
            target: TARGET,
            $name,
            duvo.operation = $operation,
            otel.kind = "internal",
            otel.status_code = Empty,
            otel.status_description = Empty,
            http.response.status_code = Empty,
            error.type = Empty,
            duvo.delivery = Empty,
            duvo.request_id = Empty,
            $($($field).+ = Empty,)?
        )
    };
}

/// Creates the span of a call.
pub(crate) fn call_span(operation: &'static str) -> RecordingSpan {
    RecordingSpan::new(outcome_span!("duvo.call", operation, duvo.attempts))
}

/// Creates the span of `ensure_custom_integration`, the parent of its calls.
pub(crate) fn ensure_span() -> RecordingSpan {
    let operation = "ensure_custom_integration";
    RecordingSpan::new(outcome_span!("duvo.ensure", operation, duvo.outcome))
}

/// Creates the span of `Team::plan`, the parent of its calls.
pub(crate) fn plan_span() -> RecordingSpan {
    RecordingSpan::new(outcome_span!("duvo.plan", "plan", duvo.changes))
}

/// Creates the span of applying a plan, the parent of its calls.
pub(crate) fn apply_span() -> RecordingSpan {
    RecordingSpan::new(outcome_span!("duvo.apply", "apply", duvo.outcome))
}

/// Creates the span of a listing of several pages, the parent of their calls. A consumer
/// may drop a stream before its end, so that is not recorded as a cancellation.
pub(crate) fn list_span() -> RecordingSpan {
    RecordingSpan {
        span: outcome_span!("duvo.list", "list_integrations"),
        awaits_outcome: false,
    }
}

/// Creates the span of an attempt, which follows `failed_attempts` other ones.
pub(crate) fn attempt_span(request: &reqwest::Request, failed_attempts: usize) -> RecordingSpan {
    let url = request.url();
    RecordingSpan::new(debug_span!(
        target: TARGET,
        "duvo.attempt",
        otel.kind = "client",
        otel.name = %request.method(),
        otel.status_code = Empty,
        http.request.method = %request.method(),
        http.request.resend_count = (failed_attempts > 0).then(|| integer(failed_attempts)),
        http.response.status_code = Empty,
        server.address = url.host_str(),
        server.port = url.port_or_known_default().map(i64::from),
        url.full = %url,
        error.type = Empty,
    ))
}

/// Runs an attempt in its span, and records the outcome there.
pub(crate) async fn in_attempt_span(
    mut span: RecordingSpan,
    attempt: impl Future<Output = Outcome>,
) -> Outcome {
    let outcome = span.run(attempt).await;
    span.record_attempt(&outcome);
    outcome
}

impl RecordingSpan {
    fn new(span: Span) -> Self {
        let awaits_outcome = !span.is_disabled();
        Self {
            span,
            awaits_outcome,
        }
    }

    /// Runs a future in this span.
    pub(crate) fn run<F: Future>(&self, future: F) -> Instrumented<F> {
        future.instrument(self.span.clone())
    }

    /// Records the outcome of a call. An error whose body the caller accepts is a success.
    pub(crate) fn record_call<T>(mut self, result: &Result<Response<T>>, is_accepted: bool) {
        self.awaits_outcome = false;
        if self.span.is_disabled() {
            return;
        }
        let attempts = match result {
            Ok(response) => {
                self.record_status(response.status());
                response.failed_attempts().len() + 1
            }
            Err(error) => {
                match error.status().filter(|_| is_accepted) {
                    Some(status) => self.record_status(status),
                    None => self.record_error(error),
                }
                error.attempts().len()
            }
        };
        self.span.record("duvo.attempts", integer(attempts));
    }

    /// Records the outcome of `ensure_custom_integration`.
    pub(crate) fn record_ensured(mut self, result: Result<&'static str, &Error>) {
        self.awaits_outcome = false;
        match result {
            Ok(outcome) => {
                self.span.record("duvo.outcome", outcome);
            }
            Err(error) => self.record_error(error),
        }
    }

    /// Records the number of changes of a plan.
    pub(crate) fn record_planned(mut self, result: Result<usize, &Error>) {
        self.awaits_outcome = false;
        match result {
            Ok(changes) => {
                self.span.record("duvo.changes", integer(changes));
            }
            Err(error) => self.record_error(error),
        }
    }

    /// Records the outcome of applying a plan, and the error that stopped it.
    pub(crate) fn record_applied(mut self, error: Option<&Error>, is_converged: bool) {
        self.awaits_outcome = false;
        if let Some(error) = error {
            self.record_error(error);
        }
        let outcome = if is_converged {
            "converged"
        } else {
            "not_converged"
        };
        self.span.record("duvo.outcome", outcome);
    }

    fn record_attempt(&mut self, outcome: &Outcome) {
        self.awaits_outcome = false;
        if self.span.is_disabled() {
            return;
        }
        if let Ok(response) = outcome {
            self.record_status(response.status);
        }
        if let Some(error_type) = attempt_error_type(outcome) {
            self.record_error_type(error_type);
        }
    }

    /// Records a failure.
    pub(crate) fn record_error(&self, error: &Error) {
        if self.span.is_disabled() {
            return;
        }
        let status = error.status();
        if let Some(status) = status {
            self.record_status(status);
        }
        let error_type = match &status {
            Some(status) if error.is_status() => status.as_str(),
            _ => error.kind().as_str(),
        };
        self.record_error_type(error_type);
        // By OpenTelemetry's conventions, a status code is a sufficient description.
        if !error.is_status() {
            self.span.record("otel.status_description", error.message());
        }
        self.span.record("duvo.delivery", error.delivery().as_str());
        if let Some(request_id) = error.request_id() {
            self.span.record("duvo.request_id", request_id);
        }
    }

    fn record_status(&self, status: http::StatusCode) {
        let status = i64::from(status.as_u16());
        self.span.record("http.response.status_code", status);
    }

    fn record_error_type(&self, error_type: &str) {
        self.span.record("error.type", display(error_type));
        self.span.record("otel.status_code", "ERROR");
    }
}

impl Drop for RecordingSpan {
    fn drop(&mut self) {
        if self.awaits_outcome {
            self.record_error_type(CANCELLED);
            self.span
                .record("duvo.delivery", Delivery::Unknown.as_str());
        }
    }
}

/// Returns `error.type` of an attempt, or `None` if the attempt succeeded.
fn attempt_error_type(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Ok(response) if !response.status.is_success() => Some(response.status.as_str()),
        Ok(response) if response.is_truncated() => Some(ErrorKind::UnreadableResponse.as_str()),
        Ok(_) => None,
        Err(error) => Some(error.kind().as_str()),
    }
}

/// Logs that a call is retried after a delay. `attempt` is the number of the failed
/// attempt, counted from 1.
pub(crate) fn retry(operation: &'static str, attempt: usize, outcome: &Outcome, delay: Duration) {
    let status = outcome.as_ref().ok().map(|response| response.status);
    warn!(
        target: TARGET,
        {
            duvo.operation = operation,
            duvo.attempt = integer(attempt),
            http.response.status_code = status.map(|status| i64::from(status.as_u16())),
            error.type = attempt_error_type(outcome),
            wait_seconds = delay.as_secs_f64(),
        },
        "attempt failed; retrying"
    );
}

/// Logs that a call waits for the rate limit before it sends anything.
pub(crate) fn rate_limited(operation: &'static str, delay: Duration) {
    warn!(
        target: TARGET,
        {
            duvo.operation = operation,
            wait_seconds = delay.as_secs_f64(),
        },
        "waiting for the rate limit"
    );
}

fn integer(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

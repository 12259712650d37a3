use std::time::Duration;

use http::StatusCode;

use crate::error::{Delivery, ErrorKind};
use crate::error_response::request_id_of;
use crate::exchange::{End, Outcome};
use crate::secret::Redactor;
use crate::timeouts::Timeout;

/// An attempt that failed, of a call that may have succeeded in a later one.
#[derive(Clone, Debug)]
pub struct Attempt {
    kind: ErrorKind,
    delivery: Delivery,
    status: Option<StatusCode>,
    timeout: Option<Timeout>,
    request_id: Option<String>,
    wait: Option<Duration>,
}

impl Attempt {
    /// What came of an attempt, if it is taken for failed.
    pub(crate) fn new(outcome: &Outcome, wait: Option<Duration>) -> Self {
        let (kind, delivery, timeout) = match outcome {
            Err(failure) => (failure.kind(), failure.delivery(), failure.timeout()),
            Ok(received) => {
                let is_success = received.status.is_success();
                let kind = if is_success {
                    ErrorKind::UnreadableResponse
                } else {
                    ErrorKind::Status
                };
                let timeout = match &received.end {
                    End::TimedOut(deadline) => Some(deadline.timeout),
                    _ => None,
                };
                (kind, received.delivery(), timeout)
            }
        };
        let received = outcome.as_ref().ok();
        Self {
            kind,
            delivery,
            timeout,
            wait,
            status: received.map(|received| received.status),
            request_id: received.and_then(request_id_of),
        }
    }

    pub(crate) fn redacted(mut self, redactor: &Redactor) -> Self {
        self.request_id = self.request_id.map(|id| redactor.redact(&id));
        self
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the API may have acted on this attempt.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The timeout that ended the attempt, if one did.
    #[must_use]
    pub fn timeout(&self) -> Option<Timeout> {
        self.timeout
    }

    /// The id of the request: the header `x-request-id`, or the body's
    /// `request_id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How long the call waited after this attempt for the next one; `None`
    /// after the last.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        self.wait
    }
}

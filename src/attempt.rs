use std::time::Duration;

use http::StatusCode;
use serde::Serialize;

use crate::outcome::{Delivery, ErrorKind, GaveUp, Outcome};
use crate::redact::Redactor;
use crate::serialized::{optional_seconds, optional_status, optional_text};
use crate::timeouts::Timeout;

/// A failed attempt. A later attempt of the same call may have succeeded.
///
/// It serializes as an object with a field for each method: `kind`, `delivery`, `status`,
/// `timeout`, `request_id` and `wait`, which is a number of seconds. Absent fields are
/// omitted. Secrets are redacted, and of a request id, at most 300 characters are
/// serialized.
#[derive(Clone, Debug, Serialize)]
pub struct Attempt {
    kind: ErrorKind,
    delivery: Delivery,
    #[serde(
        serialize_with = "optional_status",
        skip_serializing_if = "Option::is_none"
    )]
    status: Option<StatusCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<Timeout>,
    #[serde(
        serialize_with = "optional_text",
        skip_serializing_if = "Option::is_none"
    )]
    request_id: Option<String>,
    #[serde(
        serialize_with = "optional_seconds",
        skip_serializing_if = "Option::is_none"
    )]
    wait: Option<Duration>,
}

/// The outcome of the last attempt of a call, why it was not retried, and the attempts
/// before it.
pub(crate) struct CallResult {
    pub(crate) outcome: Outcome,
    pub(crate) gave_up: Option<GaveUp>,
    pub(crate) max_attempts: u32,
    pub(crate) failed_attempts: Vec<Attempt>,
}

impl Attempt {
    /// Summarizes a failed attempt.
    pub(crate) fn new(outcome: &Outcome, wait: Option<Duration>) -> Self {
        match outcome {
            Err(error) => Self {
                kind: error.kind(),
                delivery: error.delivery(),
                status: None,
                timeout: error.timeout(),
                request_id: None,
                wait,
            },
            Ok(response) => Self {
                kind: if response.status.is_success() {
                    ErrorKind::UnreadableResponse
                } else {
                    ErrorKind::Status
                },
                delivery: response.delivery(),
                status: Some(response.status),
                timeout: response.timeout(),
                request_id: response.request_id(),
                wait,
            },
        }
    }

    pub(crate) fn redacted(mut self, redactor: &Redactor) -> Self {
        self.request_id = self.request_id.map(|id| redactor.redact(&id));
        self
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns whether this attempt may have taken effect.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// Returns the HTTP status, if a response was received.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Returns the timeout that ended the attempt, if one did.
    #[must_use]
    pub fn timeout(&self) -> Option<Timeout> {
        self.timeout
    }

    /// Returns the request id: the header `x-request-id`, or else the body's
    /// `request_id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns the delay between this attempt and the next one, or `None` for the
    /// last attempt.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        self.wait
    }
}

use std::borrow::Cow;
use std::time::Duration;

use http::StatusCode;
use serde::{Serialize, Serializer};

use super::{Error, InvalidField};
use crate::attempt::Attempt;
use crate::outcome::{Delivery, ErrorKind, GaveUp};
use crate::sanitize::sanitize;
use crate::serialized::{optional_seconds, optional_status};
use crate::timeouts::Timeout;

/// A serialized error, with its fields in the order of the documentation.
#[derive(Serialize)]
struct SerializedError<'a> {
    kind: ErrorKind,
    delivery: Delivery,
    message: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    invalid_fields: &'a [InvalidField],
    #[serde(
        serialize_with = "optional_status",
        skip_serializing_if = "Option::is_none"
    )]
    status: Option<StatusCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_code: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_error: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_message: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<Timeout>,
    #[serde(
        serialize_with = "optional_seconds",
        skip_serializing_if = "Option::is_none"
    )]
    retry_after: Option<Duration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gave_up: Option<GaveUp>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    attempts: &'a [Attempt],
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let error = SerializedError {
            kind: self.kind(),
            delivery: self.delivery(),
            message: self.message(),
            invalid_fields: self.invalid_fields(),
            status: self.status(),
            request_id: self.request_id().map(sanitize),
            api_code: self.api_code().map(sanitize),
            api_error: self.api_error().map(sanitize),
            api_message: self.api_message().map(sanitize),
            timeout: self.timeout(),
            retry_after: self.retry_after(),
            gave_up: self.gave_up(),
            attempts: self.attempts(),
        };
        error.serialize(serializer)
    }
}

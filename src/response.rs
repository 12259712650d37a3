use std::fmt;
use std::ops::Deref;

use http::{HeaderMap, StatusCode};

use crate::attempt::Attempt;

/// What the API answered to a call that succeeded: the decoded value, and the
/// status, headers and request id that it came with.
///
/// It dereferences to the value, so `response.id` is the value's `id`.
#[derive(Clone)]
pub struct Response<T>(Box<Inner<T>>);

// Boxed, since it is moved through every future of a call.
#[derive(Clone)]
struct Inner<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    attempts: Vec<Attempt>,
}

impl<T> Response<T> {
    pub(crate) fn new(
        value: T,
        status: StatusCode,
        headers: HeaderMap,
        attempts: Vec<Attempt>,
    ) -> Self {
        Self(Box::new(Inner {
            value,
            status,
            headers,
            attempts,
        }))
    }

    /// The decoded value.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0.value
    }

    /// The HTTP status: as documented, 201 for a registration and 200 for a listing
    /// or a deletion; or another 2xx.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The response headers, `x-ratelimit-remaining` among them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The attempts that failed before this one, the first one first. If the
    /// delivery of one is [`Unknown`](crate::Delivery::Unknown), it may have taken
    /// effect too. A call that changes something has such attempts only
    /// [if it was told to](crate::RetryPolicy::with_retry_ambiguous).
    #[must_use]
    pub fn failed_attempts(&self) -> &[Attempt] {
        &self.0.attempts
    }

    /// The id of the request, for Duvo's support: the header `x-request-id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0.headers)
    }
}

/// Without the headers, which may repeat what the server was sent.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.0.value)
            .field("status", &self.0.status)
            .finish_non_exhaustive()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    Some(id).filter(|id| !id.is_empty())
}

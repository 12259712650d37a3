use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::attempt::Attempt;
use crate::outcome::request_id;

/// The response to a successful call: the decoded value, with the status, the
/// headers and the request id.
///
/// It dereferences to the value, so `response.id` is the value's `id`.
#[derive(Clone)]
pub struct Response<T>(Box<Inner<T>>);

// Boxed, because every future of a call moves it.
#[derive(Clone)]
struct Inner<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    /// The raw body, for an error that is found after decoding.
    body: Bytes,
    failed_attempts: Vec<Attempt>,
}

impl<T> Response<T> {
    pub(crate) fn new(
        value: T,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        failed_attempts: Vec<Attempt>,
    ) -> Self {
        Self(Box::new(Inner {
            value,
            status,
            headers,
            body,
            failed_attempts,
        }))
    }

    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> Response<U> {
        let inner = *self.0;
        Response::new(
            map(inner.value),
            inner.status,
            inner.headers,
            inner.body,
            inner.failed_attempts,
        )
    }

    pub(crate) fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// Frees the raw body, which for a page is large.
    pub(crate) fn without_body(mut self) -> Self {
        self.0.body = Bytes::new();
        self
    }

    /// Returns the decoded value.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0.value
    }

    /// Returns the HTTP status. Duvo documents 201 for a registration, and 200 for a
    /// listing or a deletion; every other 2xx is a success too.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Returns the response headers, for example `x-ratelimit-remaining`.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Returns the failed attempts before this response, in order.
    ///
    /// If the delivery of one is [`Unknown`](crate::Delivery::Unknown), that attempt
    /// may have taken effect as well. A mutating call has no such attempts unless
    /// [`with_retry_ambiguous`](crate::RetryPolicy::with_retry_ambiguous) is enabled.
    #[must_use]
    pub fn failed_attempts(&self) -> &[Attempt] {
        &self.0.failed_attempts
    }

    /// Returns the request id, which Duvo's support asks for: the header
    /// `x-request-id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0.headers)
    }
}

/// Omits the headers, because a server can repeat secrets in them.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.0.value)
            .field("status", &self.0.status)
            .field("failed_attempts", &self.0.failed_attempts)
            .finish_non_exhaustive()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

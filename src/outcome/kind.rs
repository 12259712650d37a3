use std::fmt;

use serde::{Serialize, Serializer};

/// The kind of an [`Error`](crate::Error).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration of the client is invalid, see
    /// [`Error::invalid_fields`](crate::Error::invalid_fields); or the client
    /// cannot be used here: an async call outside a Tokio runtime, or a blocking
    /// call inside one.
    Configuration,
    /// The request does not have the documented form, see
    /// [`Error::invalid_fields`](crate::Error::invalid_fields).
    InvalidRequest,
    /// The connection could not be established: host name, port, proxy, TLS, or
    /// the connect timeout (see [`Error::timeout`](crate::Error::timeout)).
    Connect,
    /// No response was received within the attempt or the total timeout, see
    /// [`Error::timeout`](crate::Error::timeout).
    Timeout,
    /// The connection failed before a response was received. Over HTTP/2, the server can
    /// refuse the request, whose delivery is then `Rejected`.
    Network,
    /// The API, or a proxy before it, returned a status other than 2xx.
    Status,
    /// The status is 2xx, but the body is unreadable: truncated, too large, not as
    /// documented, or a page that contradicts the pages before it. See
    /// [`Error::body`](crate::Error::body).
    UnreadableResponse,
}

impl ErrorKind {
    /// Returns the kind in snake case, such as `unreadable_response`, for logs
    /// and metrics.
    ///
    /// This crate logs the kind as `error.type`, except for `status`, where it
    /// logs the status code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Network => "network",
            Self::Status => "status",
            Self::UnreadableResponse => "unreadable_response",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Serializes the value of [`as_str`](Self::as_str).
impl Serialize for ErrorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

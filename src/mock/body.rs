use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::response::HttpReply;

/// The mock aborts the connection.
#[derive(Debug)]
pub(super) struct ConnectionAborted;

impl fmt::Display for ConnectionAborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection aborted by the mock")
    }
}

impl std::error::Error for ConnectionAborted {}

impl From<HttpReply> for hyper::Response<ReplyBody> {
    fn from(reply: HttpReply) -> Self {
        let mut response = Self::new(ReplyBody::new(reply.body, reply.truncate_at));
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
    }
}

/// A body that may be truncated.
pub(super) struct ReplyBody {
    bytes: Option<Bytes>,
    length: u64,
    truncation: Truncation,
}

#[derive(Clone, Copy, PartialEq)]
enum Truncation {
    None,
    /// Abort the connection once the bytes before are flushed.
    AfterFlush,
    Now,
}

impl ReplyBody {
    fn new(mut bytes: Bytes, truncate_at: Option<usize>) -> Self {
        let length = bytes.len() as u64;
        let is_truncated = truncate_at.is_some_and(|length| length < bytes.len());
        bytes.truncate(truncate_at.unwrap_or(usize::MAX));
        Self {
            bytes: Some(bytes).filter(|bytes| !bytes.is_empty()),
            length,
            truncation: if is_truncated {
                Truncation::AfterFlush
            } else {
                Truncation::None
            },
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = ConnectionAborted;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ConnectionAborted>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.truncation {
            Truncation::None => Poll::Ready(None),
            Truncation::AfterFlush => {
                self.truncation = Truncation::Now;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Truncation::Now => Poll::Ready(Some(Err(ConnectionAborted))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && self.truncation == Truncation::None
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

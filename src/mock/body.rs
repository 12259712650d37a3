use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::response::Answer;

/// The connection ends without an answer.
#[derive(Debug)]
pub(super) struct Ended;

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ended by the mock")
    }
}

impl std::error::Error for Ended {}

impl From<Answer> for hyper::Response<AnswerBody> {
    fn from(answer: Answer) -> Self {
        let mut response = Self::new(AnswerBody::new(answer.body, answer.cut));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        response
    }
}

/// A body that may end before it is whole.
pub(super) struct AnswerBody {
    bytes: Option<Bytes>,
    length: u64,
    cut: Cut,
}

#[derive(Clone, Copy, PartialEq)]
enum Cut {
    Nowhere,
    /// Once what comes before is on its way.
    AfterFlush,
    Now,
}

impl AnswerBody {
    fn new(mut bytes: Bytes, cut: Option<usize>) -> Self {
        let length = bytes.len() as u64;
        let is_cut = cut.is_some_and(|cut| cut < bytes.len());
        bytes.truncate(cut.unwrap_or(usize::MAX));
        Self {
            bytes: Some(bytes).filter(|bytes| !bytes.is_empty()),
            length,
            cut: if is_cut {
                Cut::AfterFlush
            } else {
                Cut::Nowhere
            },
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Ended;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Ended>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.cut {
            Cut::Nowhere => Poll::Ready(None),
            Cut::AfterFlush => {
                self.cut = Cut::Now;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Cut::Now => Poll::Ready(Some(Err(Ended))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && self.cut == Cut::Nowhere
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

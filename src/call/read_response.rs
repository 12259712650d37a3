use std::mem;

use bytes::BytesMut;
use tokio::time::timeout_at;

use crate::outcome::{BodyEnd, Outcome, RawResponse, SendError};
use crate::timeouts::Deadline;

/// The maximum length of a response body, in bytes. The rest is not read.
const MAX_BODY_LEN: usize = 1024 * 1024;

/// Awaits and buffers a response, within the deadline.
pub(super) async fn read_response(
    response: impl Future<Output = reqwest::Result<reqwest::Response>>,
    deadline: Deadline,
) -> Outcome {
    // What was received before the deadline is kept.
    let mut head = None;
    let mut body = BytesMut::new();
    let read = async {
        let mut response = response.await?;
        head = Some((response.status(), mem::take(response.headers_mut())));
        while let Some(chunk) = response.chunk().await? {
            let room = MAX_BODY_LEN - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                return Ok(BodyEnd::TooLarge {
                    limit: MAX_BODY_LEN,
                });
            }
        }
        Ok(BodyEnd::Complete)
    };
    // Error messages name the base URL, and a path can be long.
    let end = timeout_at(deadline.at, read)
        .await
        .map(|end| end.map_err(reqwest::Error::without_url));
    match (head, end) {
        (None, Ok(Err(error))) => Err(SendError::Request(error)),
        (None, _) => Err(SendError::TimedOut(deadline)),
        (Some((status, headers)), end) => Ok(RawResponse {
            status,
            headers,
            body: body.freeze(),
            end: match end {
                Ok(Ok(end)) => end,
                Ok(Err(error)) => BodyEnd::Interrupted(error),
                Err(_) => BodyEnd::TimedOut(deadline),
            },
        }),
    }
}

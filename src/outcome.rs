//! The outcome of an attempt: a response, or the reason why none was received.

mod cause;
mod delivery;
mod gave_up;
mod kind;
mod raw_response;
mod route;
mod send_error;
mod status;

pub(crate) use cause::chain;
pub use delivery::Delivery;
pub use gave_up::GaveUp;
pub use kind::ErrorKind;
pub(crate) use raw_response::{BodyEnd, RawResponse, request_id, string_or_joined};
pub(crate) use route::{Proxy, Route};
pub(crate) use send_error::{SendError, root_cause};
pub(crate) use status::{RateLimitStatus, rejects_every_request};

/// The outcome of a single attempt.
pub(crate) type Outcome = Result<RawResponse, SendError>;

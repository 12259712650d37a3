use std::error::Error as StdError;

use super::cause::{Cause, chain, is_proxy_connection};
use super::kind::ErrorKind;
use super::route::Route;
use crate::redact::Redactor;
use crate::sanitize::sanitize;
use crate::timeouts::{Deadline, Timeout};

/// The reason why no response was received.
pub(crate) enum SendError {
    Request(reqwest::Error),
    TimedOut(Deadline),
}

impl SendError {
    pub(crate) fn kind(&self) -> ErrorKind {
        match self {
            Self::Request(error) if error.is_builder() => ErrorKind::InvalidRequest,
            Self::Request(error) if error.is_connect() || Cause::of(error).ends_handshake() => {
                ErrorKind::Connect
            }
            Self::Request(error) if error.is_timeout() => ErrorKind::Timeout,
            Self::Request(_) => ErrorKind::Network,
            Self::TimedOut(_) => ErrorKind::Timeout,
        }
    }

    /// Returns the timeout of this crate that ended the attempt.
    pub(crate) fn timeout(&self) -> Option<Timeout> {
        match self {
            Self::TimedOut(deadline) => Some(deadline.timeout),
            Self::Request(error) if error.is_connect() && error.is_timeout() => {
                Some(Timeout::Connect)
            }
            // Other timeouts are the system's, or settings of the caller's builder.
            Self::Request(_) => None,
        }
    }

    /// Whether the error persists until somebody changes the server, the network or the
    /// client.
    pub(super) fn is_permanent(&self) -> bool {
        match self {
            Self::Request(error) => Cause::of(error).is_permanent(),
            Self::TimedOut(_) => false,
        }
    }

    /// Whether the server stated that it did not process the request.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Request(error) => Cause::of(error).refusal().is_some(),
            Self::TimedOut(_) => false,
        }
    }

    /// Describes the error in one line. It can contain text of the server: the debug data
    /// of a `GOAWAY`.
    pub(crate) fn message(&self, route: &Route, redactor: &Redactor) -> String {
        match self {
            Self::TimedOut(deadline) => format!("no response from {route} within {deadline}"),
            Self::Request(error) => {
                if let Some(frame) = Cause::of(error).refusal() {
                    return format!("{route} refused the request unprocessed (HTTP/2 {frame})");
                }
                let cause = redactor.redact(&root_cause(error));
                let cause = sanitize(&cause);
                match self.kind() {
                    ErrorKind::InvalidRequest => format!("cannot build the request: {cause}"),
                    ErrorKind::Connect => connect_message(error, &cause, route),
                    ErrorKind::Timeout => format!("no response from {route} in time"),
                    _ => format!(
                        "connection to {route} failed before a response was received: {cause}"
                    ),
                }
            }
        }
    }
}

/// Describes an error of connecting, and what to do about it.
fn connect_message(error: &reqwest::Error, cause: &str, route: &Route) -> String {
    let is_proxy_connection = route.connects_to_proxy() || is_proxy_connection(error);
    let target = route.connect_target(is_proxy_connection, error.is_timeout());
    let url = if is_proxy_connection {
        "URL of the proxy"
    } else {
        "base URL"
    };
    let advice = Cause::of(error).advice(url);
    let advice = advice.map_or_else(String::new, |advice| format!("; {advice}"));
    format!("cannot connect to {target}: {cause}{advice}")
}

/// Returns the root cause of an error chain, which is its most specific message.
pub(crate) fn root_cause(error: &(dyn StdError + 'static)) -> String {
    let cause = chain(error).last().unwrap_or(error);
    cause.to_string()
}

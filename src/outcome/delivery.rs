use std::fmt;

use serde::{Serialize, Serializer};

/// Whether a failed request may have taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The request did not reach the API. Nothing was changed.
    ///
    /// [`ensure_custom_integration`](crate::Team::ensure_custom_integration) also
    /// returns `NotSent` if the catalogue could not be listed, because then no
    /// registration was sent.
    NotSent,
    /// The API received the request and rejected it. Nothing was changed.
    Rejected,
    /// The request may have taken effect. Look at the team's integrations before
    /// you send it again.
    Unknown,
}

impl Delivery {
    /// Returns `not_sent`, `rejected` or `unknown`, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }

    pub(crate) fn least_certain(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Rejected, _) | (_, Self::Rejected) => Self::Rejected,
            (Self::NotSent, Self::NotSent) => Self::NotSent,
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Serializes the value of [`as_str`](Self::as_str).
impl Serialize for Delivery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

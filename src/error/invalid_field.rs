use std::fmt;

use serde::Serialize;

pub(crate) const EMPTY_VALUE: &str = "must not be empty";

/// An invalid value, rejected before anything was sent.
///
/// It serializes as an object with the fields `field` and `reason`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InvalidField {
    field: &'static str,
    reason: String,
}

impl InvalidField {
    pub(crate) fn new(field: &'static str, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { field, reason }
    }

    /// Returns the name of the request field as in Duvo's API reference, of the
    /// setting of the [builder](crate::ClientBuilder), or of the environment
    /// variable.
    #[must_use]
    pub fn field(&self) -> &str {
        self.field
    }

    /// Returns why the value is invalid, and how to fix it. The value itself is not
    /// repeated.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for InvalidField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.field, self.reason)
    }
}

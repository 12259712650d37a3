use std::fmt;

use serde::Serialize;

use super::CustomIntegration;
use crate::generated::types::Integration;
use crate::redacted_url::redacted_url;
use crate::sanitize::sanitize;

pub(super) const NAME: &str = "name";
pub(super) const SERVER_URL: &str = "server_url";
pub(super) const AUTH_METHOD: &str = "auth_method";

/// A value of the catalogue that differs from the requested one: a name without white space
/// at its ends, for example, or another auth method.
///
/// `Debug` redacts the parts of a URL that often contain a secret: the user information,
/// the query and the fragment. The serialized fields are not redacted; those of a
/// [`Plan`](crate::Plan) and a [`Report`](crate::Report) are.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StoredValue {
    /// The field, by its name in the API reference: `name`, `server_url` or `auth_method`.
    pub field: &'static str,
    /// The value as requested.
    pub requested: String,
    /// The value as the API returned it.
    pub stored: String,
}

impl StoredValue {
    pub(super) fn new(
        field: &'static str,
        requested: impl Into<String>,
        stored: impl Into<String>,
    ) -> Self {
        Self {
            field,
            requested: requested.into(),
            stored: stored.into(),
        }
    }

    /// Returns a value of this field in one line, without secrets.
    pub(super) fn printable(&self, value: &str) -> String {
        match self.field {
            SERVER_URL => redacted_url(value),
            _ => sanitize(value).into_owned(),
        }
    }
}

impl fmt::Debug for StoredValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredValue")
            .field("field", &self.field)
            .field("requested", &self.printable(&self.requested))
            .field("stored", &self.printable(&self.stored))
            .finish()
    }
}

/// Returns the names and URLs that the API returned in another form than requested.
pub(super) fn stored_differently(
    integration: &CustomIntegration,
    found: &Integration,
) -> Vec<StoredValue> {
    let name = (NAME, integration.name(), Some(&found.name));
    let url = (
        SERVER_URL,
        integration.server_url(),
        found.server_url.as_ref(),
    );
    let values = [name, url].into_iter();
    let differing = values.filter_map(|(field, requested, stored)| {
        let stored = stored.filter(|stored| *stored != requested)?;
        Some(StoredValue::new(field, requested, stored))
    });
    differing.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_omits_what_can_be_a_password_in_a_truncated_url() {
        let value = StoredValue::new(
            SERVER_URL,
            "https://user:password@mcp.example.com",
            "https://user:pass",
        );
        let debug = format!("{value:?}");
        assert!(!debug.contains("pass"), "{debug}");
        assert!(debug.contains("mcp.example.com"), "{debug}");
    }
}

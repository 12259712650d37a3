use std::fmt;

use serde::Serialize;

use crate::json::{JsonObject, decode_string};
use crate::redact::Redactor;
use crate::sanitize::sanitize;

/// A record of the API that is not as documented, so that it is not an
/// [`Integration`](crate::Integration): for example, a required field is missing or null,
/// or a text is not Unicode.
///
/// The other records of a page remain usable. The record is returned with the reason, its
/// position and its raw JSON, and the fields that identify an integration can be read
/// separately.
///
/// `Debug` and the serialized form omit the raw JSON, because a server can repeat secrets in
/// it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct UnreadableRecord {
    position: u64,
    reason: String,
    #[serde(skip)]
    json: String,
}

impl UnreadableRecord {
    pub(crate) fn new(position: u64, reason: &str, json: String, redactor: &Redactor) -> Self {
        Self {
            position,
            reason: sanitize(&redactor.redact(reason)).into_owned(),
            json,
        }
    }

    /// Returns the number of records before this one in the listing, those before the
    /// offset included. Returns 0 for the response to a registration.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns why the record is unreadable, such as "missing field `provider`", with the
    /// JSON path and the position within the record.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the JSON of the record, unmodified except for bytes that are not UTF-8:
    /// these are written as escapes of lone surrogates, such as `\udcff` for the byte FF.
    #[must_use]
    pub fn raw_json(&self) -> &str {
        &self.json
    }

    /// Returns the `id`, if it is a string. See [`name`](Self::name).
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.field("id")
    }

    /// Returns the `custom_integration_id`, which
    /// [`delete_custom_integration`](crate::Client::delete_custom_integration) accepts, if
    /// it is a string. See [`name`](Self::name).
    #[must_use]
    pub fn custom_integration_id(&self) -> Option<String> {
        self.field("custom_integration_id")
    }

    /// Returns the `name`, if the record has exactly one, and if it is a string. What is
    /// not Unicode in it is replaced by U+FFFD.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.field("name")
    }

    /// Returns the `server_url`, if it is a string. See [`name`](Self::name).
    #[must_use]
    pub fn server_url(&self) -> Option<String> {
        self.field("server_url")
    }

    fn field(&self, name: &str) -> Option<String> {
        let fields = JsonObject::parse(self.json.as_bytes())?.into_fields();
        let mut values = fields.into_iter().filter(|(key, _)| key == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => decode_string(&value),
            _ => None,
        }
    }
}

impl fmt::Debug for UnreadableRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnreadableRecord")
            .field("position", &self.position)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> UnreadableRecord {
        UnreadableRecord::new(0, "reason", json.to_owned(), &Redactor::new([]))
    }

    #[test]
    fn fields_of_a_record_are_read_separately() {
        for (json, name) in [
            (r#"{"id":7,"name":"CRM"}"#, Some("CRM")),
            (r#"{"name":"C\u0052\n"}"#, Some("CR\n")),
            (r#"{"\ud83d":1,"name":"CRM"}"#, Some("CRM")),
            (r#"{"nam\u0065":"CRM"}"#, Some("CRM")),
            (r#"{"name":"a","name":"a"}"#, None),
            (r#"{"name":null}"#, None),
            (r#"{"name":["CRM"]}"#, None),
            (r#"{"names":"CRM"}"#, None),
            (r#"["name","CRM"]"#, None),
            ("null", None),
        ] {
            assert_eq!(record(json).name().as_deref(), name, "{json}");
        }
        let name = record(r#"{"name":"Rocket \ud83d!"}"#).name().unwrap();
        assert_eq!(name, "Rocket \u{fffd}!");
    }
}

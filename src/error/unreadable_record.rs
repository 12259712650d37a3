use std::fmt;

use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::redact::Redactor;

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
            reason: redactor.redact(reason),
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
        let members = json_members(&self.json)?;
        let mut values = members.into_iter().filter(|(key, _)| key == name);
        let (Some((_, value)), None) = (values.next(), values.next()) else {
            return None;
        };
        let LossyText(text) = serde_json::from_str(value.get()).ok()?;
        Some(text)
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

/// Returns the members of a JSON object in order, with every repeated one.
pub(crate) fn json_members(object: &str) -> Option<Vec<(String, &RawValue)>> {
    let Members(members) = serde_json::from_str(object).ok()?;
    Some(members)
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((LossyText(key), value)) = map.next_entry()? {
                    members.push((key, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// A JSON string. What is not Unicode in it, such as a lone surrogate, is replaced by
/// U+FFFD.
struct LossyText(String);

impl<'de> Deserialize<'de> for LossyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = LossyText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<LossyText, E> {
                Ok(LossyText(text.to_owned()))
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<LossyText, E> {
                Ok(LossyText(String::from_utf8_lossy(bytes).into_owned()))
            }
        }

        // As bytes, serde_json accepts lone surrogates.
        deserializer.deserialize_bytes(Text)
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
        assert!(name.starts_with("Rocket \u{fffd}"), "{name}");
        assert!(name.ends_with('!'), "{name}");
    }
}

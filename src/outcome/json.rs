//! Parses JSON field by field, so that no field makes the others unreadable.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The depth up to which arrays and objects are parsed if a part of them is not a
/// [`Value`].
const MAX_DEPTH: usize = 32;

/// The fields of an object of grammatical JSON, in order.
pub(crate) struct JsonObject(Vec<(String, Box<RawValue>)>);

impl JsonObject {
    /// Parses an object. U+FFFD replaces lone surrogates in its keys, and invalid UTF-8.
    pub(super) fn parse(json: &[u8]) -> Option<Self> {
        let json = String::from_utf8_lossy(without_byte_order_mark(json));
        serde_json::from_str(&json).ok()
    }

    /// Returns the value of a field, or that of the last one with this key.
    ///
    /// Whatever a [`Value`] cannot represent is kept as text: numbers out of range, and
    /// nesting that is too deep. U+FFFD replaces lone surrogates.
    pub(crate) fn get(&self, key: &str) -> Option<Value> {
        let mut fields = self.0.iter().rev();
        let (_, value) = fields.find(|(name, _)| name == key)?;
        Some(parse_value(value, MAX_DEPTH))
    }
}

/// Removes the byte order mark, which RFC 8259 allows a parser to ignore.
pub(super) fn without_byte_order_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json)
}

fn parse_value(raw: &RawValue, max_depth: usize) -> Value {
    let json = raw.get();
    if let Ok(value) = serde_json::from_str::<Value>(json) {
        // Integers of more than 64 bits would be rounded.
        let is_rounded = value.is_f64() && !json.contains(['.', 'e', 'E']);
        return if is_rounded { json.into() } else { value };
    }
    let value = match (json.as_bytes().first(), max_depth.checked_sub(1)) {
        (Some(b'"'), _) => serde_json::from_str(json)
            .ok()
            .map(|Text(text)| text.into()),
        (Some(b'['), Some(max_depth)) => {
            serde_json::from_str(json)
                .ok()
                .map(|values: Vec<&RawValue>| {
                    let values = values.into_iter();
                    values.map(|value| parse_value(value, max_depth)).collect()
                })
        }
        (Some(b'{'), Some(max_depth)) => {
            serde_json::from_str(json).ok().map(|JsonObject(fields)| {
                let fields = fields.into_iter();
                let fields = fields.map(|(key, value)| (key, parse_value(&value, max_depth)));
                Value::Object(fields.collect())
            })
        }
        _ => None,
    };
    value.unwrap_or_else(|| json.into())
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = JsonObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonObject, A::Error> {
                let mut fields = Vec::new();
                while let Some((Text(key), value)) = map.next_entry()? {
                    fields.push((key, value));
                }
                Ok(JsonObject(fields))
            }
        }

        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// A string that can contain lone surrogates.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Text, E> {
                let mut text = String::with_capacity(bytes.len());
                for chunk in bytes.utf8_chunks() {
                    text += chunk.valid();
                    // serde_json encodes a lone surrogate as three bytes, and each is a
                    // chunk. Only the first one starts with 0xed.
                    if chunk.invalid() == [0xed] {
                        text.push(char::REPLACEMENT_CHARACTER);
                    }
                }
                Ok(Text(text))
            }
        }

        deserializer.deserialize_bytes(TextVisitor)
    }
}

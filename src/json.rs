//! Decodes JSON as a whole, or field by field, so that no field makes the others unreadable.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The depth up to which arrays and objects are parsed if a part of them is not a
/// [`Value`].
const MAX_DEPTH: usize = 32;

/// The fields of an object of grammatical JSON, in order.
pub(crate) struct JsonObject(Vec<(String, Box<RawValue>)>);

impl JsonObject {
    /// Parses an object. U+FFFD replaces lone surrogates in its keys, and invalid UTF-8.
    pub(crate) fn parse(json: &[u8]) -> Option<Self> {
        let json = String::from_utf8_lossy(without_byte_order_mark(json));
        serde_json::from_str(&json).ok()
    }

    /// Returns the fields in order, with every repeated one.
    pub(crate) fn into_fields(self) -> Vec<(String, Box<RawValue>)> {
        self.0
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
pub(crate) fn without_byte_order_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix("\u{feff}".as_bytes()).unwrap_or(json)
}

/// Decodes JSON. On failure, returns the reason and the JSON path.
pub(crate) fn decode_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    let json = without_byte_order_mark(json);
    let text = str::from_utf8(json).ok();
    if let Some(value) = text.and_then(|text| serde_json::from_str(text).ok()) {
        return Ok(value);
    }
    // The slow path records the JSON path, and accepts invalid UTF-8 in fields
    // that are skipped.
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    match serde_path_to_error::deserialize(&mut deserializer) {
        Ok(value) => match deserializer.end() {
            Ok(()) => Ok(value),
            Err(error) => Err(error.to_string()),
        },
        Err(error) if error.path().iter().len() > 0 => {
            Err(format!("at `{}`: {}", error.path(), error.inner()))
        }
        Err(error) => Err(error.into_inner().to_string()),
    }
}

/// Decodes a string. U+FFFD replaces lone surrogates.
pub(crate) fn decode_string(json: &RawValue) -> Option<String> {
    let Text(text) = serde_json::from_str(json.get()).ok()?;
    Some(text)
}

fn parse_value(raw: &RawValue, max_depth: usize) -> Value {
    let json = raw.get();
    if let Ok(value) = serde_json::from_str::<Value>(json) {
        // Integers of more than 64 bits would be rounded.
        let is_rounded = value.is_f64() && !json.contains(['.', 'e', 'E']);
        return if is_rounded { json.into() } else { value };
    }
    let value = match (json.as_bytes().first(), max_depth.checked_sub(1)) {
        (Some(b'"'), _) => decode_string(raw).map(Value::from),
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

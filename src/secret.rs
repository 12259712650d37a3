use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use zeroize::Zeroizing;

const REDACTED: &str = "[redacted]";

/// A text that is never shown: an API key or an OAuth client secret.
///
/// `Debug` prints a placeholder, there is no `Display`, and clones share the
/// memory, which is wiped when the last one is dropped. Make one from a `String` or a `&str`:
///
/// ```
/// let secret = duvo::Secret::from("correct-horse-battery-staple");
/// assert_eq!(format!("{secret:?}"), "Secret([redacted])");
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(Arc::new(Zeroizing::new(value)))
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::from(value.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({REDACTED})")
    }
}

/// A secret inside a request body. Only the generated code serializes it, so
/// that a `Secret` in a consumer's own struct cannot be written by accident.
#[derive(Clone, Debug)]
pub(crate) struct Exposed(pub(crate) Secret);

impl PartialEq for Exposed {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl Serialize for Exposed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Exposed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|value| Self(value.into()))
    }
}

/// Makes text from outside fit to be shown.
pub(crate) struct Redactor<'a>(Vec<&'a str>);

impl<'a> Redactor<'a> {
    pub(crate) fn new(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut secrets: Vec<_> = secrets
            .into_iter()
            .map(Secret::expose)
            .filter(|secret| !secret.is_empty())
            .collect();
        // Where one secret contains another, the longer one goes first.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    /// `text` without the secrets of the call, should the server repeat them,
    /// and without control characters, which could drive a terminal.
    pub(crate) fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.0 {
            text = text.replace(secret, REDACTED);
        }
        text.replace(|character: char| character.is_control(), " ")
    }

    /// [`clean`](Self::clean) for every text in `value`.
    pub(crate) fn clean_json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.clean(&text)),
            Value::Array(values) => values
                .into_iter()
                .map(|value| self.clean_json(value))
                .collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(key, value)| (self.clean(&key), self.clean_json(value)))
                .collect(),
            other => other,
        }
    }
}

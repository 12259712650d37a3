use std::fmt;
use std::io::Write as _;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Number, Value};
use zeroize::Zeroizing;

use crate::wiped::Wiped;

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

/// Hides the secrets of a call in text from outside.
pub(crate) struct Redactor(Vec<Zeroizing<String>>);

impl Redactor {
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut forms: Vec<_> = secrets
            .into_iter()
            .flat_map(|secret| forms(secret.expose()))
            .collect();
        // Where one form contains another, the longer one goes first.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Self(forms)
    }

    pub(crate) fn redact(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, form| {
            text.replace(form.as_str(), REDACTED)
        })
    }

    /// [`redact`](Self::redact) for every text in `value`, and for every number,
    /// as a secret may be of digits only.
    pub(crate) fn redact_json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.redact(&text)),
            Value::Number(number) => {
                // One of many digits is not written as it came.
                let is_it = |form: &Zeroizing<String>| {
                    form.parse().is_ok_and(|form: Number| form == number)
                };
                let text = number.to_string();
                let redacted = self.redact(&text);
                if self.0.iter().any(is_it) {
                    REDACTED.into()
                } else if redacted == text {
                    Value::Number(number)
                } else {
                    Value::String(redacted)
                }
            }
            Value::Array(values) => values
                .into_iter()
                .map(|value| self.redact_json(value))
                .collect(),
            Value::Object(fields) => {
                let mut redacted = Map::new();
                for (key, value) in fields {
                    redacted.insert(self.redact(&key), self.redact_json(value));
                }
                redacted.into()
            }
            other => other,
        }
    }
}

/// A secret as it is, and as error messages quote it: escaped as in JSON and
/// as `Debug` of a string.
fn forms(secret: &str) -> impl Iterator<Item = Zeroizing<String>> {
    let mut json = Wiped::with_capacity(secret.len() + 2);
    let mut debug = Wiped::with_capacity(secret.len() + 2);
    // Such a buffer takes all that is written.
    let _ = serde_json::to_writer(&mut json, secret);
    let _ = write!(debug, "{secret:?}");
    let unquoted = |quoted: &Wiped| {
        let text = str::from_utf8(quoted.as_ref()).ok()?;
        let text = text.strip_prefix('"')?.strip_suffix('"')?;
        Some(text.to_owned())
    };
    let forms = [Some(secret.to_owned()), unquoted(&json), unquoted(&debug)];
    forms
        .into_iter()
        .flatten()
        .filter(|form| !form.is_empty())
        .map(Zeroizing::new)
}

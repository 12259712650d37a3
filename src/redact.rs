use std::cmp::Reverse;
use std::fmt::Write as _;

use serde_json::{Map, Number, Value};
use zeroize::Zeroizing;

use crate::secret::{REDACTED, Secret};

/// Redacts the secrets of a call in untrusted text.
pub(crate) struct Redactor {
    /// Longest first, because one encoding can contain another.
    encodings: Vec<Zeroizing<String>>,
}

impl Redactor {
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut encodings: Vec<_> = secrets
            .into_iter()
            .flat_map(|secret| encodings(secret.expose()))
            .filter(|encoding| !encoding.is_empty())
            .collect();
        encodings.sort_by_key(|encoding| Reverse(encoding.len()));
        Self { encodings }
    }

    pub(crate) fn redact(&self, text: &str) -> String {
        self.encodings
            .iter()
            .fold(text.to_owned(), |text, encoding| {
                text.replace(encoding.as_str(), REDACTED)
            })
    }

    /// Redacts every string, object key and number in `value`. Numbers count,
    /// because a secret can consist of digits.
    pub(crate) fn redact_json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.redact(&text)),
            Value::Number(number) => self.redact_number(number),
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

    fn redact_number(&self, number: Number) -> Value {
        // Large numbers lose precision, so the comparison is numeric too.
        let equals_secret = |encoding: &Zeroizing<String>| {
            encoding
                .parse()
                .is_ok_and(|secret: Number| secret == number)
        };
        if self.encodings.iter().any(equals_secret) {
            return REDACTED.into();
        }
        let text = number.to_string();
        let redacted = self.redact(&text);
        if redacted == text {
            Value::Number(number)
        } else {
            Value::String(redacted)
        }
    }
}

/// Returns the secret verbatim and as error messages quote it: escaped as in JSON
/// and as by `Debug`.
fn encodings(secret: &str) -> [Zeroizing<String>; 3] {
    // Neither escape takes more than six bytes for a byte of the secret. A buffer
    // that reallocates would leave a copy of the secret behind.
    let capacity = 6 * secret.len() + 2;
    let mut json = Zeroizing::new(Vec::with_capacity(capacity));
    let mut debug = Zeroizing::new(String::with_capacity(capacity));
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(&mut *json, secret);
    let _ = write!(debug, "{secret:?}");
    [
        Zeroizing::new(secret.to_owned()),
        without_quotes(str::from_utf8(&json).unwrap_or_default()),
        without_quotes(&debug),
    ]
}

fn without_quotes(quoted: &str) -> Zeroizing<String> {
    let text = quoted.strip_prefix('"');
    let text = text.and_then(|text| text.strip_suffix('"'));
    Zeroizing::new(text.unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Redactor, encodings};
    use crate::secret::Secret;

    #[test]
    fn redacts_secret_verbatim_and_escaped() {
        let secret = Secret::from("a\"b\\c\u{1}\u{e9}");
        let redactor = Redactor::new([&secret]);
        for text in [
            "a\"b\\c\u{1}\u{e9}",
            r#"a\"b\\c\u0001é"#,
            r#"a\"b\\c\u{1}é"#,
        ] {
            assert_eq!(redactor.redact(text), "[redacted]", "{text}");
        }
    }

    #[test]
    fn escapes_fit_into_the_reserved_capacity() {
        for character in [
            '"',
            '\'',
            '\\',
            '\u{0}',
            '\u{1f}',
            '\u{7f}',
            '\u{300}',
            '\u{10ffff}',
        ] {
            let secret = String::from(character).repeat(100);
            for encoding in encodings(&secret) {
                assert!(encoding.len() <= 6 * secret.len(), "{character:?}");
            }
        }
    }
}

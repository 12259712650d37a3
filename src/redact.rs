mod digits;
mod entities;
mod escapes;

use std::ops::Range;

use serde_json::{Map, Number, Value};

use crate::secret::{REDACTED, Secret};
use digits::ENCODINGS;
use escapes::Text;

/// The minimum length of a secret, in bytes, to be found in base64 or hexadecimal digits.
/// A shorter one would be found by chance.
const MIN_ENCODED_LEN: usize = 4;

/// The maximum depth of base64 or hexadecimal digits in each other.
const MAX_ENCODINGS: usize = 2;

/// Redacts the secrets of a call in untrusted text, in any spelling of [`escapes`], and as
/// a part of base64 or hexadecimal digits.
pub(crate) struct Redactor {
    /// Not encoded, so that no copy of a secret is made.
    secrets: Vec<Secret>,
}

impl Redactor {
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let secrets = secrets.into_iter().cloned();
        let secrets = secrets.filter(|secret| !secret.expose().is_empty());
        Self {
            secrets: secrets.collect(),
        }
    }

    pub(crate) fn redact(&self, text: &str) -> String {
        let secrets = self.secrets.iter();
        let secrets: Vec<_> = secrets.map(|secret| secret.expose().as_bytes()).collect();
        let mut ranges = occurrences(text.as_bytes(), &secrets, MAX_ENCODINGS);
        ranges.sort_by_key(|range| range.start);
        let mut redacted = String::with_capacity(text.len());
        let mut end = 0;
        for range in ranges {
            if range.start >= end {
                redacted += text.get(end..range.start).unwrap_or_default();
                redacted += REDACTED;
            }
            end = end.max(range.end);
        }
        redacted + text.get(end..).unwrap_or_default()
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
        let equals_secret = |secret: &Secret| {
            let secret = secret.expose().parse();
            secret.is_ok_and(|secret: Number| secret == number)
        };
        if self.secrets.iter().any(equals_secret) {
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

/// Returns where `text` has one of the patterns. The ranges can overlap.
fn occurrences(text: &[u8], patterns: &[&[u8]], max_encodings: usize) -> Vec<Range<usize>> {
    let text = Text::new(text);
    let occurrences = patterns.iter();
    let mut occurrences: Vec<_> = occurrences
        .flat_map(|pattern| text.occurrences(pattern))
        .collect();
    let encoded = patterns.iter().copied();
    let encoded: Vec<_> = encoded
        .filter(|pattern| pattern.len() >= MIN_ENCODED_LEN)
        .collect();
    let min_len = encoded.iter().map(|pattern| pattern.len()).min();
    let (Some(min_len), Some(max_encodings)) = (min_len, max_encodings.checked_sub(1)) else {
        return occurrences;
    };
    for digits in ENCODINGS {
        for run in digits.runs(&text, min_len) {
            let mut decoded = digits.decode(&text, run.start);
            if decoded.any(|bytes| !self::occurrences(&bytes, &encoded, max_encodings).is_empty()) {
                occurrences.push(run);
            }
        }
    }
    occurrences
}

#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant in UTC, as the API answers it.
///
/// It is read from RFC 3339, with or without seconds: the pattern in Duvo's
/// [API reference] admits `2020-01-01T06:15Z`, which RFC 3339 does not. It is
/// displayed and serialized as RFC 3339.
///
/// [API reference]: https://docs.duvo.ai/api-reference/integrations/register-custom-integration
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_seconds(&self) -> i64 {
        self.0.timestamp()
    }

    /// The instant that an example of the document has.
    #[cfg(feature = "mock")]
    pub(crate) fn of_example(text: &str) -> Self {
        Self::parse(text).unwrap_or(Self(DateTime::UNIX_EPOCH))
    }

    fn parse(text: &str) -> Result<Self, chrono::ParseError> {
        DateTime::parse_from_rfc3339(text)
            .map(|instant| instant.to_utc())
            .or_else(|error| {
                NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%MZ")
                    .map(|instant| instant.and_utc())
                    .map_err(|_| error)
            })
            .map(Self)
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| {
            de::Error::invalid_value(
                de::Unexpected::Str(&text),
                &"a timestamp such as 2023-11-07T05:31:56Z",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    fn displayed(text: &str) -> String {
        let json = serde_json::Value::from(text);
        serde_json::from_value::<Timestamp>(json)
            .map_or_else(|error| error.to_string(), |read| read.to_string())
    }

    #[test]
    fn every_form_that_the_documented_pattern_admits_is_read() {
        assert_eq!(displayed("2023-11-07T05:31:56Z"), "2023-11-07T05:31:56Z");
        assert_eq!(
            displayed("2023-11-07T05:31:56.123456789Z"),
            "2023-11-07T05:31:56.123456789Z"
        );
        assert_eq!(displayed("2020-01-01T06:15Z"), "2020-01-01T06:15:00Z");
        assert_eq!(displayed("2024-02-29T23:59:59Z"), "2024-02-29T23:59:59Z");
    }

    #[test]
    fn an_offset_is_converted_to_utc() {
        assert_eq!(
            displayed("2023-11-07T05:31:56+02:00"),
            "2023-11-07T03:31:56Z"
        );
    }

    #[test]
    fn what_is_no_timestamp_is_refused_with_an_example() {
        for text in [
            "",
            "yesterday",
            "2023-02-29T00:00:00Z",
            "2023-11-07",
            "2023-11-07T05:31",
        ] {
            assert!(
                displayed(text).contains("a timestamp such as 2023-11-07T05:31:56Z"),
                "{text}"
            );
        }
    }
}

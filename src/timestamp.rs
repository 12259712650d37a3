use std::fmt;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant in UTC, as returned by the API.
///
/// A timestamp is parsed from RFC 3339, with or without seconds: the pattern in
/// Duvo's [API reference] admits `2020-01-01T06:15Z`, which RFC 3339 does not. It
/// is displayed and serialized as RFC 3339.
///
/// [API reference]: https://docs.duvo.ai/api-reference/integrations/register-custom-integration
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub(crate) DateTime<Utc>);

impl Timestamp {
    /// Returns the whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_seconds(&self) -> i64 {
        self.0.timestamp()
    }

    pub(crate) fn parse(text: &str) -> Result<Self, chrono::ParseError> {
        const WITHOUT_SECONDS: &str = "%Y-%m-%dT%H:%MZ";
        match DateTime::parse_from_rfc3339(text) {
            Ok(instant) => Ok(Self(instant.to_utc())),
            Err(error) => NaiveDateTime::parse_from_str(text, WITHOUT_SECONDS)
                .map(|instant| Self(instant.and_utc()))
                .map_err(|_| error),
        }
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.0
    }
}

/// Creates a timestamp, for example for test data.
impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant)
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
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a timestamp such as 2023-11-07T05:31:56Z")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                Timestamp::parse(text)
                    .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::{DateTime, Timestamp};

    fn parse_and_display(text: &str) -> String {
        let json = serde_json::Value::from(text);
        serde_json::from_value::<Timestamp>(json)
            .map_or_else(|error| error.to_string(), |timestamp| timestamp.to_string())
    }

    #[test]
    fn parses_every_form_of_the_documented_pattern() {
        for (text, displayed) in [
            ("2023-11-07T05:31:56Z", "2023-11-07T05:31:56Z"),
            ("2023-11-07T05:31:56.1Z", "2023-11-07T05:31:56.100Z"),
            (
                "2023-11-07T05:31:56.123456789Z",
                "2023-11-07T05:31:56.123456789Z",
            ),
            ("2020-01-01T06:15Z", "2020-01-01T06:15:00Z"),
            ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
            ("2024-02-29T23:59Z", "2024-02-29T23:59:00Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(parse_and_display(text), displayed);
        }
    }

    #[test]
    fn converts_offset_to_utc() {
        assert_eq!(
            parse_and_display("2023-11-07T05:31:56+02:00"),
            "2023-11-07T03:31:56Z"
        );
    }

    #[test]
    fn converts_from_and_to_chrono() {
        let instant: DateTime<chrono::Utc> = "2023-11-07T05:31:56.123Z".parse().unwrap();
        let timestamp = Timestamp::from(instant);
        assert_eq!(timestamp.to_string(), "2023-11-07T05:31:56.123Z");
        assert_eq!(DateTime::from(timestamp), instant);
    }

    #[test]
    fn rejects_invalid_timestamp_with_an_example() {
        for text in [
            "",
            "yesterday",
            "2023-02-29T00:00:00Z",
            "2023-02-29T00:00Z",
            "2023-13-07T05:31:56Z",
            "2023-11-07T24:31:56Z",
            "2023-11-07T05:60:56Z",
            "2023-11-07T05:31:56.Z",
            "2023-11-07",
            "2023-11-07T05:31",
        ] {
            let message = parse_and_display(text);
            assert!(
                message.contains("a timestamp such as 2023-11-07T05:31:56Z"),
                "{text}: {message}"
            );
        }
    }
}

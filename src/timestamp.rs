use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant in UTC, as the API answers it.
///
/// It is read from RFC 3339, with or without seconds: the pattern in Duvo's
/// [API reference] admits `2020-01-01T06:15Z`, which RFC 3339 does not. It is
/// displayed and serialized as RFC 3339.
///
/// [API reference]: https://docs.duvo.ai/api-reference/integrations/register-custom-integration
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub(crate) DateTime<Utc>);

impl Timestamp {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_seconds(&self) -> i64 {
        self.0.timestamp()
    }

    pub(crate) fn parse(text: &str) -> Result<Self, chrono::ParseError> {
        match documented(text.as_bytes()) {
            Some(instant) => Ok(Self(instant)),
            None => DateTime::parse_from_rfc3339(text).map(|instant| Self(instant.to_utc())),
        }
    }
}

/// Reads what the documented pattern admits, `2023-11-07T05:31:56.123Z` or less, in
/// a fraction of the time that a parser of every form takes. Which instants there
/// are is for `chrono` to say.
fn documented(text: &[u8]) -> Option<DateTime<Utc>> {
    let (minutes, rest) = text.strip_suffix(b"Z")?.split_at_checked(16)?;
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':')];
    if separators
        .iter()
        .any(|(at, separator)| minutes[*at] != *separator)
    {
        return None;
    }
    let (second, fraction) = match rest {
        [] => (0, rest),
        [b':', ten, one, fraction @ ..] => (number(&[*ten, *one])?, fraction),
        _ => return None,
    };
    let fraction = match fraction {
        [] => fraction,
        [b'.', digits @ ..] if matches!(digits.len(), 1..=9) => digits,
        _ => return None,
    };
    let nanos = number(fraction)? * 10_u32.pow(9 - u32::try_from(fraction.len()).ok()?);
    let date = NaiveDate::from_ymd_opt(
        i32::try_from(number(&minutes[..4])?).ok()?,
        number(&minutes[5..7])?,
        number(&minutes[8..10])?,
    )?;
    let instant = date.and_hms_nano_opt(
        number(&minutes[11..13])?,
        number(&minutes[14..])?,
        second,
        nanos,
    )?;
    Some(instant.and_utc())
}

/// Up to nine digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        let is_digit = digit.is_ascii_digit();
        is_digit.then(|| number * 10 + u32::from(digit - b'0'))
    })
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.0
    }
}

/// For the values of tests.
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
    use super::{DateTime, Timestamp, documented};

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
    fn the_documented_form_is_read_as_rfc_3339_is() {
        let texts = [
            "2023-11-07T05:31:56Z",
            "2023-11-07T05:31:56.1Z",
            "2023-11-07T05:31:56.120034Z",
            "2023-11-07T05:31:56.123456789Z",
            "2024-02-29T23:59:59.999Z",
            "2023-02-29T00:00:00Z",
            "2023-13-07T05:31:56Z",
            "2023-11-07T24:31:56Z",
            "2023-11-07T05:60:56Z",
            "2023-11-07T05:31:56.Z",
            "2023-11-07T05:31:5/Z",
            "2023-11-07 05:31:56Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ];
        for text in texts {
            let rfc_3339 = DateTime::parse_from_rfc3339(text).ok();
            if let Some(read) = documented(text.as_bytes()) {
                assert_eq!(
                    Some(read),
                    rfc_3339.map(|instant| instant.to_utc()),
                    "{text}"
                );
            }
        }
        assert!(documented(b"2023-11-07T05:31:56.120034Z").is_some());
        // A leap second, which not every minute has.
        assert_eq!(documented(b"2016-12-31T23:59:60Z"), None);
    }

    #[test]
    fn it_is_made_of_an_instant_and_back() {
        let instant: DateTime<chrono::Utc> = "2023-11-07T05:31:56.123Z".parse().unwrap();
        let timestamp = Timestamp::from(instant);
        assert_eq!(timestamp.to_string(), "2023-11-07T05:31:56.123Z");
        assert_eq!(DateTime::from(timestamp), instant);
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

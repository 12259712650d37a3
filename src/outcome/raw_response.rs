use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::send_error::root_cause;
use crate::json::{JsonObject, decode_json};
use crate::timeouts::{Deadline, Timeout};

/// A response with its body buffered in memory.
pub(crate) struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) end: BodyEnd,
}

/// The reason why reading a body stopped.
pub(crate) enum BodyEnd {
    Complete,
    TooLarge { limit: usize },
    Interrupted(reqwest::Error),
    TimedOut(Deadline),
}

impl RawResponse {
    pub(crate) fn is_complete(&self) -> bool {
        matches!(self.end, BodyEnd::Complete)
    }

    /// Whether the body was truncated in transit, so that a retry may succeed. A
    /// complete JSON object is not truncated, even if more bytes were announced.
    pub(crate) fn is_truncated(&self) -> bool {
        matches!(self.end, BodyEnd::Interrupted(_) | BodyEnd::TimedOut(_))
            && self.json_object().is_none()
    }

    /// Returns the reason why the body is incomplete or encoded, as part of a message.
    pub(crate) fn body_error(&self) -> Option<String> {
        let length = self.body.len();
        let end = match &self.end {
            BodyEnd::Complete => None,
            BodyEnd::TooLarge { limit } => Some(format!("larger than {limit} bytes")),
            BodyEnd::Interrupted(error) => Some(format!(
                "truncated after {length} bytes: {}",
                root_cause(error)
            )),
            BodyEnd::TimedOut(deadline) => {
                Some(format!("truncated after {length} bytes by {deadline}"))
            }
        };
        let Some(encoding) = self.unrequested_encoding() else {
            return end;
        };
        let end = end.unwrap_or_else(|| format!("{length} bytes"));
        Some(format!(
            "{end}, encoded as {encoding}, which was not requested; check the proxies before the API"
        ))
    }

    /// Returns the header `content-encoding`, if the body is not JSON without decoding.
    fn unrequested_encoding(&self) -> Option<String> {
        let values = self.headers.get_all(CONTENT_ENCODING).iter();
        let values: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let encodings = values.join(", ");
        let is_identity = |encoding: &str| {
            let encoding = encoding.trim();
            encoding.is_empty() || encoding.eq_ignore_ascii_case("identity")
        };
        let is_encoded = !encodings.split(',').all(is_identity) && !self.body.is_empty();
        let is_json = || serde_json::from_slice::<IgnoredAny>(&self.body).is_ok();
        (is_encoded && !is_json()).then_some(encodings)
    }

    /// Returns the timeout that ended the body.
    pub(crate) fn timeout(&self) -> Option<Timeout> {
        match &self.end {
            BodyEnd::TimedOut(deadline) => Some(deadline.timeout),
            _ => None,
        }
    }

    /// Returns the body, if it is a JSON object. Its fields are parsed independently.
    pub(crate) fn json_object(&self) -> Option<JsonObject> {
        JsonObject::parse(&self.body)
    }

    /// Returns the header `x-request-id`, or else the body's `request_id`.
    pub(crate) fn request_id(&self) -> Option<String> {
        let in_body = || string_or_joined(&self.json_object()?.get("request_id")?);
        request_id(&self.headers)
            .map(str::to_owned)
            .or_else(in_body)
    }

    /// Decodes the body. On failure, returns the reason and the JSON path.
    pub(crate) fn decode<T: DeserializeOwned>(&self) -> Result<T, String> {
        decode_json(&self.body)
    }

    /// Decodes the body. A body that is empty, and not truncated, is `None`.
    pub(crate) fn decode_optional<T: DeserializeOwned>(&self) -> Result<Option<T>, String> {
        if self.is_complete() && self.body.trim_ascii().is_empty() {
            return Ok(None);
        }
        self.decode()
    }
}

/// Returns the header `x-request-id`, unless it is empty or not text.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    Some(id).filter(|id| !id.is_empty())
}

/// Returns a string, a number, or a list of them joined into one line, as
/// validators return several messages.
pub(crate) fn string_or_joined(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => {
            let texts: Vec<_> = values.iter().filter_map(string_or_joined).collect();
            Some(texts.join("; ")).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}

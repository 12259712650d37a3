use std::borrow::Cow;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::outcome::{BodyEnd, RawResponse, string_or_joined};
use crate::redact::Redactor;
use crate::sanitize::sanitize;

/// An error response, with every field that could be parsed.
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) is_complete: bool,
    pub(crate) is_too_large: bool,
    pub(crate) request_id: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) details: Option<Value>,
}

impl ApiError {
    /// Parses both documented error formats. Fields are parsed independently, so
    /// that a malformed field does not hide the others.
    pub(crate) fn parse(response: &RawResponse, redactor: &Redactor) -> Self {
        let body = response.json_object();
        let field = |key: &str| Some(redactor.redact_json(body.as_ref()?.get(key)?));
        let text = |key: &str| {
            let value = field(key)?;
            let text = string_or_joined(&value)?;
            // A list can have a secret in parts, which joining puts together.
            let is_joined = value.is_array();
            Some(if is_joined {
                redactor.redact(&text)
            } else {
                text
            })
        };
        Self {
            status: response.status,
            headers: response.headers.clone(),
            body: response.body.clone(),
            is_complete: response.is_complete(),
            is_too_large: matches!(response.end, BodyEnd::TooLarge { .. }),
            request_id: response.request_id().map(|id| redactor.redact(&id)),
            code: text("code"),
            error: text("error"),
            message: text("message"),
            details: field("details").filter(|details| !details.is_null()),
        }
    }

    /// Returns the API's message and its code, or else its name for the error, in
    /// one line.
    pub(crate) fn summary(&self) -> Option<String> {
        let message = self.message.as_deref().map(sanitize);
        let name = self.code.as_deref().or(self.error.as_deref()).map(sanitize);
        match (message, name) {
            (Some(message), Some(name)) => Some(format!("{message} ({name})")),
            (text, None) | (None, text) => text.map(Cow::into_owned),
        }
    }

    /// Formats the status with the most specific description available. `body_error`
    /// is the reason why the body is incomplete or encoded.
    pub(crate) fn message(&self, body_error: Option<&str>, redactor: &Redactor) -> String {
        let status = self.status;
        let description = match (self.summary(), body_error) {
            (Some(summary), _) => format!(": {summary}"),
            (None, _) if status.is_redirection() => {
                "; redirects are not followed, check the base URL".to_owned()
            }
            (None, _) if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                "; check the user name and the password in the URL of the proxy".to_owned()
            }
            (None, None) if self.body.is_empty() => " with an empty body".to_owned(),
            (None, body_error) => {
                let content_type = self.headers.get(CONTENT_TYPE);
                let content_type = content_type.and_then(|value| value.to_str().ok());
                let content_type = redactor.redact(content_type.unwrap_or("no content type"));
                let size =
                    body_error.map_or_else(|| format!("{} bytes", self.body.len()), str::to_owned);
                format!(
                    " with an undocumented body ({}; {})",
                    sanitize(&content_type),
                    sanitize(&redactor.redact(&size))
                )
            }
        };
        format!("API returned {status}{description}")
    }
}

use std::borrow::Cow;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use crate::exchange::{End, Received};
use crate::response::request_id;
use crate::secret::Redactor;

/// An answer that is an error, with what could be read of it.
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) is_complete: bool,
    pub(crate) request_id: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) details: Option<Value>,
}

impl ErrorResponse {
    /// Takes from the body whatever of the two documented forms is there. Read
    /// field by field, since half of one is better than nothing.
    pub(crate) fn read(received: &Received, redactor: &Redactor) -> Self {
        let body = received.json_object().unwrap_or_default();
        let body = match redactor.redact_json(Value::Object(body)) {
            Value::Object(body) => body,
            _ => Map::new(),
        };
        let text = |key: &str| body.get(key).and_then(text);
        Self {
            status: received.status,
            headers: received.headers.clone(),
            body: received.body.clone(),
            is_complete: matches!(received.end, End::Complete),
            request_id: request_id_of(received).map(|id| redactor.redact(&id)),
            code: text("code"),
            error: text("error"),
            message: text("message"),
            details: body
                .get("details")
                .filter(|details| !details.is_null())
                .cloned(),
        }
    }

    /// What the API said of the error, on one line: its message, and its code
    /// or else its word for it.
    pub(crate) fn words(&self) -> Option<String> {
        let name = self
            .code
            .as_ref()
            .or(self.error.as_ref())
            .map(|name| printable(name));
        match (
            self.message.as_ref().map(|message| printable(message)),
            name,
        ) {
            (Some(message), Some(name)) => Some(format!("{message} ({name})")),
            (words, None) | (None, words) => words.map(Cow::into_owned),
        }
    }

    /// The status, and the best there is to say about it.
    pub(crate) fn describe(&self, fault: Option<&str>, redactor: &Redactor) -> String {
        let status = self.status;
        let what = match (self.words(), fault) {
            (Some(words), _) => format!(": {words}"),
            (None, _) if status.is_redirection() => {
                "; redirects are not followed, check the base URL".to_owned()
            }
            (None, None) if self.body.is_empty() => " without a body".to_owned(),
            (None, fault) => {
                let content_type = self
                    .headers
                    .get(CONTENT_TYPE)
                    .and_then(|value| value.to_str().ok());
                let content_type = redactor.redact(content_type.unwrap_or("no content type"));
                let size =
                    fault.map_or_else(|| format!("{} bytes", self.body.len()), str::to_owned);
                format!(
                    " with a body that is no error of the API ({}; {size})",
                    printable(&content_type)
                )
            }
        };
        format!("the API answered {status}{what}")
    }
}

/// The id of a request: of the header, or else of the body.
pub(crate) fn request_id_of(received: &Received) -> Option<String> {
    let of_body = || received.json_object()?.get("request_id").and_then(text);
    request_id(&received.headers)
        .map(str::to_owned)
        .or_else(of_body)
}

/// A text, or a list of them as validators answer it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values
            .iter()
            .map(text)
            .collect::<Option<Vec<_>>>()
            .map(|texts| texts.join("; ")),
        _ => None,
    }
}

/// A server's words, fit for a line of a log and for a terminal: short, and
/// without control characters.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    const CHARACTERS: usize = 300;
    let (text, rest) = match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => (&text[..end], "…"),
        None => (text, ""),
    };
    if rest.is_empty() && !text.contains(char::is_control) {
        return text.into();
    }
    format!("{}{rest}", text.replace(char::is_control, " ")).into()
}

use crate::error::{EMPTY_VALUE, Error, InvalidField, Result};

/// Returns `value` if every intermediary will treat it as a single path segment. Some
/// intermediaries decode a path before they split it, so values that would need
/// percent-encoding are invalid.
pub(crate) fn validate_path_segment<'a>(field: &'static str, value: &'a str) -> Result<&'a str> {
    let is_unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@!$&'()*+,=".contains(&byte);
    let reason = if value.is_empty() {
        EMPTY_VALUE
    } else if value.starts_with('.') || !value.bytes().all(is_unreserved) {
        "must be an identifier as displayed by Duvo: no leading dot, and no character that a URL path would have to escape"
    } else {
        return Ok(value);
    };
    Err(Error::invalid_request(vec![InvalidField::new(
        field, reason,
    )]))
}

use crate::error::{Error, InvalidField, Result};
use crate::integration::EMPTY;

/// `value`, if every server on the way takes it for one segment of the path.
/// Some undo percent-encoding before they split a path, so what would have to
/// be encoded is refused.
pub(crate) fn path_segment<'a>(field: &'static str, value: &'a str) -> Result<&'a str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@!$&'()*+,=".contains(&byte);
    let fault = if value.is_empty() {
        EMPTY
    } else if value.starts_with('.') || !value.bytes().all(is_plain) {
        "begins with a dot or has a character that a URL path does not hold as it is; give the identifier that Duvo shows"
    } else {
        return Ok(value);
    };
    Err(Error::invalid_request(vec![InvalidField::new(
        field, fault,
    )]))
}

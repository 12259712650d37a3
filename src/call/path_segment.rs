use crate::error::{EMPTY_VALUE, Error, InvalidCharacter, InvalidField, Result};

/// Returns `value` if every intermediary will treat it as a single path segment. Some
/// intermediaries decode a path before they split it, so values that would need
/// percent-encoding are invalid.
pub(crate) fn validate_path_segment<'a>(field: &'static str, value: &'a str) -> Result<&'a str> {
    // A URL of more than 65,534 bytes cannot be sent.
    const MAX_LEN: usize = 32_768;
    const FIX: &str = "use the identifier as displayed by Duvo";
    let is_allowed = |character: char| {
        character.is_ascii_alphanumeric() || "-._~:@!$&'()*+,=".contains(character)
    };
    let reason = if value.is_empty() {
        EMPTY_VALUE.to_owned()
    } else if value.starts_with('.') {
        format!("begins with a dot; {FIX}")
    } else if let Some(character) = InvalidCharacter::find(value, is_allowed) {
        character.message(FIX)
    } else if value.len() > MAX_LEN {
        format!("is too long for a URL; {FIX}")
    } else {
        return Ok(value);
    };
    Err(Error::invalid_request(vec![InvalidField::new(
        field, reason,
    )]))
}

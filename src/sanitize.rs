use std::borrow::Cow;

/// Truncates untrusted text and replaces control characters, for logs and
/// terminals.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    const MAX_CHARS: usize = 300;
    let (text, ellipsis) = match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => (&text[..end], "…"),
        None => (text, ""),
    };
    if ellipsis.is_empty() && !text.contains(char::is_control) {
        return text.into();
    }
    format!("{}{ellipsis}", text.replace(char::is_control, " ")).into()
}

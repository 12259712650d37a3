use std::borrow::Cow;

/// Truncates untrusted text and replaces control characters, for logs and terminals. The
/// controls of bidirectional text are replaced too, because they can reorder a line.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    const MAX_CHARS: usize = 300;
    let (text, ellipsis) = match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => (&text[..end], "…"),
        None => (text, ""),
    };
    if ellipsis.is_empty() && !text.contains(is_control) {
        return text.into();
    }
    format!("{}{ellipsis}", text.replace(is_control, " ")).into()
}

fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_replaced_and_long_text_is_truncated() {
        for (text, sanitized) in [
            ("Price list", "Price list"),
            ("a\u{1b}[31m\nb", "a [31m b"),
            ("Invoice \u{202e}fdp.exe", "Invoice  fdp.exe"),
            ("עברית", "עברית"),
        ] {
            assert_eq!(sanitize(text), sanitized);
        }
        assert_eq!(sanitize(&"a".repeat(301)), format!("{}…", "a".repeat(300)));
    }
}

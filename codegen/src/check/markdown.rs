//! Checks the Markdown of descriptions. They become documentation: rustdoc runs blocks of
//! code as tests, and warns about HTML, broken links and bare URLs.

use crate::diagnostic::Diagnostic;
use crate::document::Node;

/// Checks the text under `key`.
pub(crate) fn check(node: &Node<'_>, key: &str) -> Option<Diagnostic> {
    let text = node.text(key)?;
    let (problem, help) = find_problem(text)?;
    let message = format!("the `{key}` has {problem}");
    Some(Diagnostic::at_key(&node.child(key), message).help(help))
}

type Problem = (&'static str, &'static str);

const CODE_BLOCK: Problem = (
    "a code block, which `cargo test` would run as Rust",
    "write the code inline, and indent lines by at most 3 spaces, without tabs",
);
const CONTROL_CHARACTER: Problem = (
    "a control character, which rustc rejects in documentation",
    "remove it",
);
const OPEN_CODE: Problem = (
    "a backtick without another one in its line",
    "end the inline code in its line, or write the backtick as `\\``",
);
const HTML: Problem = (
    "`<`, which starts an HTML tag",
    "write it as inline code, or as `\\<`",
);
const LINK: Problem = (
    "`[`, which starts a link that rustdoc cannot resolve",
    "write it as inline code or as `\\[`, or link to a URL: `[text](https://example.com)`",
);
const BARE_URL: Problem = (
    "a bare URL, which rustdoc warns about",
    "write it as `<https://example.com>` or as `[text](https://example.com)`",
);

fn find_problem(text: &str) -> Option<Problem> {
    let mut lines = text.split(['\n', '\r']);
    if text.contains("```") || text.contains("~~~") || lines.any(is_indented_code) {
        return Some(CODE_BLOCK);
    }
    if text.chars().any(is_control) {
        return Some(CONTROL_CHARACTER);
    }
    text.lines().find_map(find_inline_problem)
}

/// Whether a line is, or can be, a block of code because of its indentation, also within
/// list items and block quotes.
fn is_indented_code(line: &str) -> bool {
    if line.trim().is_empty() {
        return false;
    }
    if line.contains('\t') {
        return true;
    }
    let mut rest = line;
    loop {
        let content = rest.trim_start_matches(' ');
        if rest.len() - content.len() >= 4 {
            return true;
        }
        if let Some(quoted) = content.strip_prefix('>') {
            // The space after the marker belongs to it.
            rest = quoted.strip_prefix(' ').unwrap_or(quoted);
        } else if let Some(item) = strip_list_marker(content) {
            rest = item;
        } else {
            return false;
        }
    }
}

/// Removes the marker of a list item, with the space after it.
fn strip_list_marker(line: &str) -> Option<&str> {
    let number = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let after = if number.len() == line.len() {
        line.strip_prefix(['-', '*', '+'])
    } else {
        number.strip_prefix(['.', ')'])
    };
    after?.strip_prefix(' ')
}

/// Whether rustc rejects the character, or the lint for the direction of text does.
fn is_control(character: char) -> bool {
    character.is_control() && character != '\n'
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Finds a problem outside of inline code.
fn find_inline_problem(line: &str) -> Option<Problem> {
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        let skipped = match first {
            '`' => skip_code(rest),
            '\\' => after.strip_prefix(|character: char| character.is_ascii_punctuation()),
            '<' => skip_url(after),
            '[' => skip_link(after),
            _ => None,
        };
        if skipped.is_none() {
            let next = after.chars().next().unwrap_or(' ');
            let starts_tag = next.is_alphabetic() || matches!(next, '/' | '!' | '?');
            match first {
                '`' => return Some(OPEN_CODE),
                '<' if starts_tag => return Some(HTML),
                '[' => return Some(LINK),
                'h' if starts_with_url(rest) => return Some(BARE_URL),
                _ => {}
            }
        }
        rest = skipped.unwrap_or(after);
    }
    None
}

/// Returns the text after inline code, which ends with as many backticks as it starts.
fn skip_code(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches('`');
    let ticks = text.len() - rest.len();
    while let Some(start) = rest.find('`') {
        let after = rest[start..].trim_start_matches('`');
        if rest.len() - start - after.len() == ticks {
            return Some(after);
        }
        rest = after;
    }
    None
}

/// Returns the text after `https://example.com>`.
fn skip_url(text: &str) -> Option<&str> {
    let (url, rest) = text.split_once('>')?;
    let is_url = starts_with_url(url) && !url.contains(['<', ' ']);
    is_url.then_some(rest)
}

/// Returns the text after `text](https://example.com)`.
fn skip_link(text: &str) -> Option<&str> {
    let (label, rest) = text.split_once("](")?;
    let (url, rest) = rest.split_once(')')?;
    let is_plain = !label.is_empty() && !label.contains(['[', ']', '<', '`']);
    let is_url = starts_with_url(url) && !url.contains(['<', ' ', '(']);
    (is_plain && is_url).then_some(rest)
}

fn starts_with_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

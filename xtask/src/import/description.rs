//! Turns published texts into documentation, and marks what has to be written.

/// Stands for a text or a decision that only a maintainer can provide. The generator reports
/// each occurrence as an error.
pub(super) const TODO: &str = "TODO";

/// Texts that generators of documents write if they have none.
const EMPTY: [&str; 4] = ["default response", "ok", "success", "successful response"];

/// Returns a published text in the form that the checks of the generator accept, or the marker
/// if nothing was published.
pub(super) fn documentation(published: Option<&str>) -> String {
    published.and_then(clean).unwrap_or_else(|| TODO.to_owned())
}

/// Returns a published text, unless it has no content.
pub(super) fn clean(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = text.trim_end_matches('.').to_lowercase();
    if bare.is_empty() || EMPTY.contains(&bare.as_str()) {
        return None;
    }
    let text = without_tags(&text.replace("\r\n", "\n").replace('\t', " "));
    let fence = |line: &&str| {
        !line.trim_start().starts_with("```") && !line.trim_start().starts_with("~~~")
    };
    let lines = text.lines().filter(fence).map(line);
    let text = lines.collect::<Vec<_>>().join("\n");
    let text = collapse_blank_lines(text.trim());
    (!text.is_empty()).then_some(text)
}

/// Tags of HTML with their Markdown. Tags that are not listed stay, as text.
const TAGS: [(&str, &str); 15] = [
    ("br", "\n"),
    ("p", "\n\n"),
    ("li", "\n- "),
    ("ul", "\n"),
    ("ol", "\n"),
    ("code", "`"),
    ("tt", "`"),
    ("pre", "`"),
    ("b", "**"),
    ("strong", "**"),
    ("i", "*"),
    ("em", "*"),
    ("div", "\n"),
    ("span", ""),
    ("a", ""),
];

fn without_tags(text: &str) -> String {
    let mut cleaned = String::new();
    let mut rest = text;
    let mut is_code = false;
    while let Some(start) = rest.find(['<', '`']) {
        cleaned += &rest[..start];
        rest = &rest[start..];
        if rest.starts_with('`') {
            is_code = !is_code;
            cleaned.push('`');
            rest = &rest[1..];
        } else if let Some((replacement, after)) = tag(rest).filter(|_| !is_code) {
            cleaned += replacement;
            rest = after;
        } else {
            cleaned.push('<');
            rest = &rest[1..];
        }
    }
    unescape(&(cleaned + rest))
}

/// Returns the Markdown of the tag that the text starts with, and the text after it.
fn tag(text: &str) -> Option<(&'static str, &str)> {
    let (inside, rest) = text.strip_prefix('<')?.split_once('>')?;
    let is_end = inside.starts_with('/');
    let name = inside.trim_matches('/');
    let name = name.split_whitespace().next()?.to_lowercase();
    let (name, replacement) = TAGS.into_iter().find(|(tag, _)| *tag == name)?;
    let replacement = if is_end && name == "li" {
        ""
    } else {
        replacement
    };
    Some((replacement, rest))
}

fn unescape(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    let replace = |text: String, (entity, character)| text.replace(entity, character);
    entities.into_iter().fold(text.to_owned(), replace)
}

/// Escapes what rustdoc would read as HTML, as a link or as code in a line.
fn line(line: &str) -> String {
    let content = line.trim_start();
    // Four spaces would start a block of code.
    let indent = (line.len() - content.len()).min(3);
    let mut cleaned = " ".repeat(indent);
    let mut rest = content.trim_end();
    while let Some(first) = rest.chars().next() {
        let token = code(rest).or_else(|| link(rest));
        let token = token.or_else(|| first_escape(rest));
        if let Some(token) = token {
            cleaned += token;
            rest = &rest[token.len()..];
        } else if let Some(url) = url(rest) {
            cleaned.extend(["<", url, ">"]);
            rest = &rest[url.len()..];
        } else {
            let next = rest.chars().nth(1).unwrap_or(' ');
            let is_tag = first == '<' && (next.is_alphabetic() || matches!(next, '/' | '!' | '?'));
            if is_tag || matches!(first, '[' | '`') {
                cleaned.push('\\');
            }
            if !first.is_control() {
                cleaned.push(first);
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    cleaned
}

/// Returns the inline code that the text starts with.
fn code(text: &str) -> Option<&str> {
    let end = text.strip_prefix('`')?.find('`')?;
    (end > 0).then(|| &text[..end + 2])
}

/// Returns the link, `[text](https://example.com)` or `<https://example.com>`, that the text
/// starts with.
fn link(text: &str) -> Option<&str> {
    if let Some(inside) = text.strip_prefix('<') {
        let url = url(inside)?;
        return inside[url.len()..]
            .starts_with('>')
            .then(|| &text[..url.len() + 2]);
    }
    let label = text.strip_prefix('[')?.find("](")? + 1;
    let is_plain = !text[1..label].is_empty() && !text[1..label].contains(['[', ']', '<', '`']);
    let target = &text[label + 2..];
    let url = url(target)?;
    (is_plain && target[url.len()..].starts_with(')')).then(|| &text[..=label + 2 + url.len()])
}

/// Returns a character that is already escaped.
fn first_escape(text: &str) -> Option<&str> {
    let second = text.strip_prefix('\\')?.chars().next()?;
    second.is_ascii_punctuation().then(|| &text[..2])
}

/// Returns the URL that the text starts with.
fn url(text: &str) -> Option<&str> {
    let after = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let end =
        after.find(|character: char| character.is_whitespace() || "<>()[]\"'`".contains(character));
    let end = text.len() - after.len() + end.unwrap_or(after.len());
    Some(text[..end].trim_end_matches(['.', ',', ';', ':']))
}

fn collapse_blank_lines(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        let is_repeated =
            line.trim().is_empty() && lines.last().is_some_and(|last| last.is_empty());
        if !is_repeated {
            lines.push(line.trim_end());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_content_is_to_be_written() {
        for text in ["", "  ", "Default Response", "OK", "Successful Response."] {
            assert_eq!(documentation(Some(text)), "TODO");
        }
        assert_eq!(documentation(None), "TODO");
        assert_eq!(documentation(Some("OK to delete.")), "OK to delete.");
    }

    #[test]
    fn html_becomes_markdown() {
        for (published, expected) in [
            (
                "A <b>bold</b> word<br/>and a line",
                "A **bold** word\nand a line",
            ),
            ("<p>One</p><p>Two <code>x</code></p>", "One\n\nTwo `x`"),
            ("Lists:<ul><li>a</li><li>b</li></ul>", "Lists:\n\n- a\n- b"),
            ("See <a href=\"https://x.io\">docs</a>", "See docs"),
            ("A <token> and a [bracket]", "A \\<token> and a \\[bracket]"),
            ("Code `<id>` and `[x]` stay", "Code `<id>` and `[x]` stay"),
            ("a &lt;b&gt; &amp; c", "a \\<b> & c"),
            ("1 < 2", "1 < 2"),
        ] {
            assert_eq!(clean(published).unwrap(), expected);
        }
    }

    #[test]
    fn urls_become_links_and_blocks_of_code_plain_lines() {
        for (published, expected) in [
            ("See https://x.io/a.", "See <https://x.io/a>."),
            ("See [docs](https://x.io).", "See [docs](https://x.io)."),
            ("See <https://x.io>.", "See <https://x.io>."),
            ("See [docs](#anchor)", "See \\[docs](#anchor)"),
            ("Run:\n```sh\ncurl\n```\nDone", "Run:\ncurl\nDone"),
            ("A\n      deep line", "A\n   deep line"),
            ("an open ` tick", "an open \\` tick"),
            ("\\[x] stays", "\\[x] stays"),
        ] {
            assert_eq!(clean(published).unwrap(), expected);
        }
    }
}

//! Equality of what a caller requests with what the API stores, which can be another form
//! of it.

use std::cell::OnceCell;

use icu_normalizer::DecomposingNormalizerBorrowed;
use percent_encoding::percent_decode_str;
use url::Url;

use super::CustomIntegration;
use crate::error::UnreadableRecord;
use crate::generated::types::Integration;

/// The requested integration, in the forms that are compared.
pub(super) struct Desired<'a> {
    integration: &'a CustomIntegration,
    name: OnceCell<String>,
    server_url: OnceCell<String>,
}

impl<'a> Desired<'a> {
    pub(super) fn new(integration: &'a CustomIntegration) -> Self {
        Self {
            integration,
            name: OnceCell::new(),
            server_url: OnceCell::new(),
        }
    }

    pub(super) fn integration(&self) -> &'a CustomIntegration {
        self.integration
    }

    /// Returns the requested name.
    pub(super) fn name(&self) -> &'a str {
        self.integration.name()
    }

    pub(super) fn normalized_name(&self) -> &str {
        let name = self.integration.name();
        self.name.get_or_init(|| normalize_name(name))
    }

    pub(super) fn normalized_url(&self) -> &str {
        let url = self.integration.server_url();
        self.server_url.get_or_init(|| normalize_url(url))
    }

    /// Whether the server URLs are equal. An absent one is not.
    pub(super) fn has_same_url(&self, found: &Integration) -> bool {
        let url = found.server_url.as_deref();
        url.is_some_and(|url| self.is_same_url(url))
    }

    /// Whether a record that is unreadable may be the requested integration.
    pub(super) fn may_be(&self, record: &UnreadableRecord) -> bool {
        let Some(name) = record.name() else {
            return true;
        };
        // Unknown text may be anything.
        if let Some(unknown) = name.find(char::REPLACEMENT_CHARACTER) {
            return self
                .normalized_name()
                .starts_with(&normalize_name(&name[..unknown]));
        }
        let may_have_url = || record.server_url().is_none_or(|url| self.is_same_url(&url));
        self.is_same_name(&name) || (self.is_truncated_name(&name) && may_have_url())
    }

    fn is_same_name(&self, name: &str) -> bool {
        name == self.integration.name() || normalize_name(name) == self.normalized_name()
    }

    fn is_truncated_name(&self, name: &str) -> bool {
        let name = normalize_name(name);
        name != self.normalized_name() && self.normalized_name().starts_with(beginning(&name))
    }

    fn is_same_url(&self, url: &str) -> bool {
        url == self.integration.server_url() || normalize_url(url) == self.normalized_url()
    }
}

/// Returns the beginning that remains of a normalized name if it was truncated, without an
/// ellipsis. Normalization replaces `…` by three dots.
pub(super) fn beginning(normalized_name: &str) -> &str {
    normalized_name.trim_end_matches('.').trim_end()
}

/// Returns a name without the differences that an API may introduce when it stores a name:
/// Unicode form, case, white space and control characters.
///
/// NFKD rather than NFKC, so that a name that was truncated between a letter and its
/// accent is still a beginning of the original one.
pub(super) fn normalize_name(name: &str) -> String {
    const NFKD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfkd();

    // The same as below, without its cost for the names of most catalogues.
    let ascii = name.is_ascii().then(|| name.to_ascii_lowercase());
    // Case folding, by character: `ß` and `SS`, `ς` and `Σ` become equal.
    let folded = ascii.unwrap_or_else(|| {
        let folded: String = NFKD
            .normalize(name)
            .chars()
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .collect();
        NFKD.normalize(&folded).into_owned()
    });
    let mut normalized = String::with_capacity(folded.len());
    for word in folded.split_whitespace() {
        let end = normalized.len();
        if end > 0 {
            normalized.push(' ');
        }
        let start = normalized.len();
        normalized.extend(word.chars().filter(|character| !character.is_control()));
        if normalized.len() == start {
            normalized.truncate(end);
        }
    }
    normalized
}

/// Returns a URL in the normal form of RFC 3986, section 6.2, without a trailing slash of
/// the path, an empty query and a fragment. Returns other text unmodified.
pub(super) fn normalize_url(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        return text.to_owned();
    };
    let path = url.path();
    let path = normalize_escapes(path.strip_suffix('/').unwrap_or(path));
    let query = url.query().filter(|query| !query.is_empty());
    let query = query.map(normalize_escapes);
    url.set_path(&path);
    url.set_query(query.as_deref());
    url.set_fragment(None);
    url.into()
}

/// Decodes the percent-encoded characters that need no encoding, and writes the others in
/// upper case.
fn normalize_escapes(text: &str) -> String {
    let mut normalized = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('%') {
        let (before, escape) = rest.split_at(start);
        normalized.push_str(before);
        let (escape, after) = escape.split_at_checked(3).unwrap_or((escape, ""));
        let decoded = percent_decode_str(escape).decode_utf8_lossy();
        let is_unreserved = |character: char| {
            character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~')
        };
        if escape.len() == 3 && decoded.len() == 1 && decoded.chars().all(is_unreserved) {
            normalized.push_str(&decoded);
        } else {
            normalized.push_str(&escape.to_ascii_uppercase());
        }
        rest = after;
    }
    normalized + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_equal_in_every_form_of_their_text() {
        for (a, b) in [
            ("CRM", " \tcrm\n"),
            ("a  b", "A\u{a0}B"),
            ("a\u{0}b", "ab"),
            ("\u{1} a", "a"),
            ("é", "E\u{301}"),
            ("ﬁ", "FI"),
            ("ß", "SS"),
            ("ΟΔΟΣ", "οδος"),
            ("İ", "i\u{307}"),
            ("K", "k"),
            ("한", "\u{1112}\u{1161}\u{11ab}"),
        ] {
            assert_eq!(normalize_name(a), normalize_name(b), "{a:?} {b:?}");
        }
        for (a, b) in [
            ("a b", "ab"),
            ("é", "e"),
            ("a-b", "a b"),
            ("a1", "a2"),
            ("а", "a"),
        ] {
            assert_ne!(normalize_name(a), normalize_name(b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn urls_are_equal_in_every_form_of_rfc_3986() {
        let url = "https://mcp.example.com/crm";
        for other in [
            "HTTPS://MCP.example.com:443/crm/",
            "https://mcp.example.com/a/../%63rm#top",
            "https://mcp.example.com/crm?",
        ] {
            assert_eq!(normalize_url(url), normalize_url(other), "{other}");
        }
        for other in [
            "http://mcp.example.com/crm",
            "https://mcp.example.com/CRM",
            "https://mcp.example.com/crm//",
            "https://mcp.example.com:8443/crm",
            "https://mcp.example.com/crm?a",
            "https://user@mcp.example.com/crm",
            "crm",
        ] {
            assert_ne!(normalize_url(url), normalize_url(other), "{other}");
        }
        for (text, normalized) in [
            ("%", "%"),
            ("a%4", "a%4"),
            ("%zz", "%ZZ"),
            ("%é", "%é"),
            ("%2f%7e", "%2F~"),
            ("%c3%a9%41", "%C3%A9A"),
        ] {
            assert_eq!(normalize_escapes(text), normalized);
        }
    }
}

use std::cell::RefCell;

use url::{ParseError, SyntaxViolation, Url};

use crate::error::{EMPTY_VALUE, InvalidCharacter, url_error};

const EXAMPLE: &str = "https://mcp.example.com/mcp";

/// Validates a URL by the document's format `uri`. Returns the reason on failure.
pub(crate) fn validate_url(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err(EMPTY_VALUE.to_owned());
    }
    let is_blank = |character: char| character <= ' ' || character == '\u{7f}';
    let edges = [text.chars().next(), text.chars().next_back()];
    if edges.into_iter().flatten().any(is_blank) {
        return Err(
            "must not begin or end with a space or control character; remove it".to_owned(),
        );
    }
    if let Some(character) = InvalidCharacter::find(text, |character| character.is_ascii()) {
        return Err(character.message(if character.is_invisible() {
            "remove it"
        } else {
            "percent-encode it in a path, or write a host in Punycode"
        }));
    }
    let violation = RefCell::new(None);
    let record_violation = |found| match found {
        // Credentials in a URL are discouraged, but well-formed.
        SyntaxViolation::EmbeddedCredentials => {}
        found => {
            violation.borrow_mut().get_or_insert(found);
        }
    };
    let url = Url::options()
        .syntax_violation_callback(Some(&record_violation))
        .parse(text);
    match (url, violation.into_inner()) {
        (Err(error), _) => Err(parse_error_message(error, text)),
        (Ok(url), _) if !matches!(url.scheme(), "https" | "http") => {
            Err(format!("must use https or http, such as {EXAMPLE}"))
        }
        (Ok(_), Some(violation)) => Err(violation_message(violation, text)),
        (Ok(_), None) => Ok(()),
    }
}

fn parse_error_message(error: ParseError, text: &str) -> String {
    let is_about_host = matches!(
        error,
        ParseError::IdnaError | ParseError::InvalidDomainCharacter
    );
    let (authority, path) = boundaries(text);
    let authority_text = &text[authority..path];
    let host = authority_text.rfind('@').map_or(0, |at| at + 1) + authority;
    let is_invalid = |found: char| !found.is_ascii_alphanumeric() && !"-._:[]".contains(found);
    let at = text[host..path].find(is_invalid).map(|at| host + at);
    at.filter(|_| is_about_host)
        .and_then(|at| InvalidCharacter::at(text, at))
        .map_or_else(
            || url_error(error, EXAMPLE),
            |character| character.message("remove it from the host"),
        )
}

/// Describes a violation of the URL standard, and how to fix it.
fn violation_message(violation: SyntaxViolation, text: &str) -> String {
    let (at, fix) = match violation {
        SyntaxViolation::Backslash => (text.find('\\'), "use a slash instead".to_owned()),
        SyntaxViolation::TabOrNewlineIgnored => {
            (text.find(['\t', '\n', '\r']), "remove it".to_owned())
        }
        SyntaxViolation::PercentDecode => {
            let fix = "write two hexadecimal digits after it, or %25 for the sign itself";
            (invalid_percent_sign(text), fix.to_owned())
        }
        SyntaxViolation::UnencodedAtSign => {
            let fix = "write %40 for one in a user name or password";
            (text.find('@'), fix.to_owned())
        }
        SyntaxViolation::NonUrlCodePoint | SyntaxViolation::NullInFragment => {
            let at = invalid_code_point(text);
            let byte = at.and_then(|at| text.as_bytes().get(at));
            let code = byte.map_or_else(String::new, |byte| format!(" as %{byte:02X}"));
            (at, format!("percent-encode it{code}"))
        }
        SyntaxViolation::ExpectedDoubleSlash => {
            return format!("must have two slashes after the scheme, as in {EXAMPLE}");
        }
        other => {
            return format!("is malformed ({other}); it must be a URL such as {EXAMPLE}");
        }
    };
    let character = at.and_then(|at| InvalidCharacter::at(text, at));
    character.map_or_else(
        || format!("is malformed ({violation}); {fix}"),
        |character| character.message(&fix),
    )
}

/// Finds a percent sign that does not start an escape.
fn invalid_percent_sign(text: &str) -> Option<usize> {
    let mut signs = text.match_indices('%');
    let is_escape = |at: usize| {
        let digits = text.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    signs.find(|(at, _)| !is_escape(*at)).map(|(at, _)| at)
}

/// Finds a character that a URL must escape. The host has its own rules.
fn invalid_code_point(text: &str) -> Option<usize> {
    let is_invalid = |character: char| {
        !character.is_ascii_alphanumeric() && !"!$%&'()*+,-./:;=?@_~".contains(character)
    };
    let (authority, path) = boundaries(text);
    let fragment = text.find('#');
    let find = |from: usize| {
        let mut characters = text[from..].char_indices();
        let found = characters
            .find(|(at, character)| is_invalid(*character) && fragment != Some(from + at));
        found.map(|(at, _)| from + at)
    };
    find(path).or_else(|| find(authority))
}

/// Returns where the authority and the path begin.
fn boundaries(text: &str) -> (usize, usize) {
    let authority = text.find("//").map_or(0, |at| at + 2);
    let path = text[authority..].find(['/', '?', '#']);
    (authority, path.map_or(text.len(), |at| authority + at))
}

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::Redactor;
use crate::secret::Secret;

fn redact(secret: &str, text: &str) -> String {
    Redactor::new([&Secret::from(secret)]).redact(text)
}

#[test]
fn redacts_secret_verbatim_and_escaped() {
    let secret = "a\"b\\c\u{1}\u{e9}";
    for text in [
        "a\"b\\c\u{1}\u{e9}",
        r#"a\"b\\c\u0001é"#,
        r#"a\"b\\c\u{1}é"#,
        r#"a\"b\134c\x01\xC3\xA9"#,
        r#"a\\\"b\\\\c\\u0001\\u00e9"#,
        "a%22b%5Cc%01%C3%A9",
        "a&quot;b&bsol;c&#1;&eacute;",
        r"a\&quot;b\\c\u0001é",
        "a%5C%22b%5C%5Cc%5Cu%7B1%7Dé",
        "a%26quot%3Bb&#92;c&#x0001;é",
    ] {
        assert_eq!(redact(secret, text), "[redacted]", "{text}");
    }
}

#[test]
fn redacts_every_character_in_every_escape() {
    for (character, escapes) in [
        (
            '\n',
            &[
                r"\n",
                "%0a",
                r"\u000A",
                "&#10;",
                "&NewLine;",
                r"\x0a",
                r"\12",
            ][..],
        ),
        ('\u{1b}', &[r"\e", r"\033", r"\x1b", r"\u{1b}", r"\x{1B}"]),
        (' ', &["+", "%20", "%2B", "&#32;", r"\u0020", r"\ "]),
        ('/', &[r"\/", "%2f", "&sol;", r"\u002F", "%252F", r"\\/"]),
        ('%', &["%25", "%2525", "%252525", "&percnt;", r"\u0025"]),
        ('&', &["&amp;", "&amp;amp;", "&amp;amp;amp;", r"\u0026amp;"]),
        ('\\', &[r"\\", r"\\\\", r"\\\\\\\\", "%5C%5C", "&bsol;"]),
        (
            '\u{1f600}',
            &[
                "%F0%9F%98%80",
                r"\ud83d\ude00",
                r"\uD83D\uDE00",
                r"\\ud83d\\ude00",
                r"\u{1f600}",
                r"\u{01F600}",
                r"\U0001f600",
                r"\xf0\x9f\x98\x80",
                r"\360\237\230\200",
                "%uD83D%uDE00",
                "&#128512;",
                "&#x1F600;",
                "%5Cud83d%5Cude00",
                "%26%23128512%3B",
            ],
        ),
    ] {
        let secret = format!("a{character}b");
        for escape in escapes {
            let text = format!("xa{escape}by");
            assert_eq!(redact(&secret, &text), "x[redacted]y", "{text}");
            let text = format!("x{escape}y");
            let secret = character.to_string();
            assert_eq!(redact(&secret, &text), "x[redacted]y", "{text}");
        }
    }
}

#[test]
fn redacts_whole_run_of_digits_that_contains_the_secret() {
    let secret = "correct horse?>";
    for text in [
        // Standard and URL-safe base64, at each alignment, with and without padding.
        "Y29ycmVjdCBob3JzZT8+",
        "Y29ycmVjdCBob3JzZT8-",
        "aWQ6Y29ycmVjdCBob3JzZT8+",
        "eDpjb3JyZWN0IGhvcnNlPz4=",
        "eDpjb3JyZWN0IGhvcnNlPz4",
        "YWI6Y29ycmVjdCBob3JzZT8+OnRhaWw=",
        "OmNvcnJlY3QgaG9yc2U/Pg==",
        "OmNvcnJlY3QgaG9yc2U%2FPg%3D%3D",
        r"OmNvcnJlY3QgaG9yc2U\/Pg==",
        // Form-encoded first, as RFC 6749 requires of Basic credentials.
        "aWQ6Y29ycmVjdCtob3JzZSUzRiUzRQ==",
        // Twice.
        "WTI5eWNtVmpkQ0JvYjNKelpUOCs=",
        "636f727265637420686f7273653f3e",
        "00636F727265637420686F7273653F3E0",
    ] {
        let text = format!("Basic {text}, 7");
        assert_eq!(redact(secret, &text), "Basic [redacted], 7", "{text}");
    }
}

#[test]
fn redacts_overlapping_secrets_as_one() {
    let secrets = [Secret::from("abcd"), Secret::from("cdef")];
    let redactor = Redactor::new(&secrets);
    assert_eq!(redactor.redact("xabcdefy"), "x[redacted]y");
    assert_eq!(redactor.redact("abcdcdef"), "[redacted][redacted]");
}

#[test]
fn escapes_of_other_text_are_unchanged() {
    for text in [
        "",
        "%",
        "%4",
        "%zz%u12",
        r"\",
        r"\u12\u{}\u{110000}\x\400\ud800\ud800",
        "&&amp&;&#;&#x;&unknown;&#99999999999999999999;",
        "a+b",
        r"C:\users\id",
        "Y29ycmVjdA==",
        "\u{1f600}\u{e9}",
    ] {
        assert_eq!(redact("secret", text), text);
        assert_eq!(redact("\u{0}\u{0}\u{0}\u{0}", text), text);
    }
}

#[test]
fn redacts_keys_strings_and_numbers_of_json() {
    let redactor = Redactor::new([&Secret::from("4815")]);
    let value = json!({ "a4815": [4815, 48.15, 481_500, "%34815", null] });
    assert_eq!(
        redactor.redact_json(value),
        json!({ "a[redacted]": ["[redacted]", 48.15, "[redacted]00", "[redacted]", null] })
    );
}

/// Hangs if the time grows faster than the text times the secret.
#[test]
fn repetitive_text_and_secrets_are_searched() {
    const LENGTH: usize = 1 << 14;
    let secret = Secret::from(format!("{}b", "a".repeat(10_000)));
    let other = Secret::from(format!(r"{}b", r"\".repeat(1000)));
    let redactor = Redactor::new([&secret, &other]);
    for part in [
        "a", r"\", r"\\u0061", "%61", "%25", "25", "%5C", "&amp;", "+", "YWFh", "61", "&#0000",
    ] {
        let text = format!("%&\\{}", part.repeat(LENGTH / part.len()));
        let redacted = redactor.redact(&text);
        assert!(redacted == text || redacted == "[redacted]", "{part}");
    }
}

/// Writes a character in one of its spellings.
fn spell(character: char, spelling: u8, text: &mut String) {
    let mut utf8 = [0; 4];
    let utf8 = character.encode_utf8(&mut utf8);
    let mut utf16 = [0; 2];
    let utf16 = character.encode_utf16(&mut utf16);
    let code = u32::from(character);
    match spelling {
        0 => utf8
            .bytes()
            .for_each(|byte| write!(text, "%{byte:02X}").unwrap()),
        1 => utf8
            .bytes()
            .for_each(|byte| write!(text, "%{byte:02x}").unwrap()),
        2 => utf8
            .bytes()
            .for_each(|byte| write!(text, "%25{byte:02X}").unwrap()),
        3 => utf8
            .bytes()
            .for_each(|byte| write!(text, r"\x{byte:02x}").unwrap()),
        4 => utf16
            .iter()
            .for_each(|unit| write!(text, r"\u{unit:04x}").unwrap()),
        5 => utf16
            .iter()
            .for_each(|unit| write!(text, r"\\\u{unit:04X}").unwrap()),
        6 => utf16
            .iter()
            .for_each(|unit| write!(text, r"%5Cu{unit:04x}").unwrap()),
        7 => write!(text, r"\u{{{code:x}}}").unwrap(),
        8 => write!(text, "&#{code};").unwrap(),
        9 => write!(text, "&#x{code:04X};").unwrap(),
        10 => write!(text, "&amp;#{code:06};").unwrap(),
        11 => {
            let quoted = serde_json::to_string(utf8).unwrap();
            *text += &quoted[1..quoted.len() - 1];
        }
        12 if character == ' ' => text.push('+'),
        13 if matches!(character, '"' | '\'' | '/' | '\\') => {
            text.push('\\');
            text.push(character);
        }
        14 if character == '<' => *text += "&lt;",
        14 if character == '&' => *text += "&amp;amp;",
        14 if character == '"' => *text += "&quot;",
        _ => text.push(character),
    }
}

fn base64(bytes: &[u8], alphabet_end: [char; 2]) -> String {
    let digits: Vec<_> = ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .chain(alphabet_end)
        .collect();
    let bits: Vec<_> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    bits.chunks(6)
        .map(|bits| {
            let bit = |index: usize| usize::from(*bits.get(index).unwrap_or(&0));
            digits[(0..6).fold(0, |value, index| 2 * value + bit(index))]
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_mix_of_spellings_is_redacted(
        characters in vec(
            (prop_oneof![any::<char>(), prop::char::range(' ', '~')], 0_u8..16),
            4..20,
        ),
        (before, after) in ("[g-z ]{0,5}", "[g-z ]{0,5}"),
    ) {
        let secret: String = characters.iter().map(|(character, _)| character).collect();
        let mut text = String::new();
        for (character, spelling) in &characters {
            spell(*character, *spelling, &mut text);
        }
        let redacted = redact(&secret, &format!("{before}<{text}>{after}"));
        prop_assert_eq!(redacted, format!("{before}<[redacted]>{after}"));
    }

    #[test]
    fn any_base64_and_hex_of_the_secret_is_redacted(
        secret in ".{4,20}",
        before in vec(any::<u8>(), 0..5),
        after in vec(any::<u8>(), 0..5),
        is_url_safe in any::<bool>(),
    ) {
        let bytes = [&before[..], secret.as_bytes(), &after].concat();
        let alphabet_end = if is_url_safe { ['-', '_'] } else { ['+', '/'] };
        let text = base64(&bytes, alphabet_end);
        prop_assert_eq!(redact(&secret, &format!("<{text}>")), "<[redacted]>");
        let mut hex = String::new();
        for byte in bytes {
            write!(hex, "{byte:02x}").unwrap();
        }
        prop_assert_eq!(redact(&secret, &format!("<{hex}>")), "<[redacted]>");
    }

    #[test]
    fn any_text_without_the_secret_is_unchanged(text in r"([ -~]|\PC|[%\\&+0-9a-fux;#]){0,200}") {
        prop_assert_eq!(redact("x\u{fdd0}y~", &text), text);
    }
}

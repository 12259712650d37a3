//! Writes YAML in the style of `openapi/duvo.yaml`: block style with two spaces, short lists on
//! one line, and texts folded at 80 columns.

use serde_yaml::{Mapping, Value};

const WIDTH: usize = 80;

/// Writes the entries of a mapping, each at `indent` spaces. `blank_lines` is the number of
/// levels whose entries are separated by a blank line.
pub(super) fn entries(mapping: &Mapping, indent: usize, blank_lines: usize) -> String {
    let mut text = String::new();
    for (index, (key, value)) in mapping.iter().enumerate() {
        if index > 0 && blank_lines > 0 {
            text.push('\n');
        }
        let key = scalar(key);
        text += &" ".repeat(indent);
        text += &entry(&key, value, indent, blank_lines.saturating_sub(1));
    }
    text
}

/// Writes a list below a key, with its items at `indent` spaces.
pub(super) fn items(list: &[Value], indent: usize) -> String {
    let mut text = String::new();
    for item in list {
        text += &" ".repeat(indent);
        text += "- ";
        match item {
            Value::Mapping(mapping) if !mapping.is_empty() => {
                text += entries(mapping, indent + 2, 0).trim_start();
            }
            Value::Sequence(list) if !list.is_empty() => match flow(list) {
                Some(flow) if indent + 2 + flow.len() <= WIDTH => text += &(flow + "\n"),
                _ => text += items(list, indent + 2).trim_start(),
            },
            item => text += &(inline(item, indent + 2, indent + 2) + "\n"),
        }
    }
    text
}

fn entry(key: &str, value: &Value, indent: usize, blank_lines: usize) -> String {
    let below = indent + 2;
    match value {
        Value::Mapping(mapping) if !mapping.is_empty() => {
            format!("{key}:\n{}", entries(mapping, below, blank_lines))
        }
        Value::Sequence(list) if !list.is_empty() => {
            let Some(flow) = flow(list) else {
                return format!("{key}:\n{}", items(list, below));
            };
            if indent + key.len() + 2 + flow.len() <= WIDTH {
                format!("{key}: {flow}\n")
            } else if below + flow.len() <= WIDTH {
                format!("{key}:\n{}{flow}\n", " ".repeat(below))
            } else {
                format!("{key}:\n{}", items(list, below))
            }
        }
        value => {
            let column = indent + key.len() + 2;
            format!("{key}: {}\n", inline(value, column, below))
        }
    }
}

/// Writes a list of plain values on one line.
fn flow(list: &[Value]) -> Option<String> {
    let items: Option<Vec<_>> = list
        .iter()
        .map(|item| match item {
            Value::Mapping(_) | Value::Sequence(_) | Value::Tagged(_) => None,
            Value::String(text) if text.contains('\n') => None,
            Value::String(text) if text.contains([',', '[', ']', '{', '}']) => {
                Some(double_quoted(text))
            }
            item => Some(scalar(item)),
        })
        .collect();
    Some(format!("[{}]", items?.join(", ")))
}

/// Writes a value that starts at `column`. Further lines are at `indent`.
fn inline(value: &Value, column: usize, indent: usize) -> String {
    match value {
        Value::String(text) if text.contains('\n') && is_block_text(text) => {
            let lines = text.trim_end().lines();
            let lines = lines.map(|line| match line.trim_end() {
                "" => String::new(),
                line => format!("{}{line}", " ".repeat(indent)),
            });
            format!("|-\n{}", lines.collect::<Vec<_>>().join("\n"))
        }
        Value::String(text) if column + text.len() > WIDTH && is_foldable(text) => {
            format!(">-\n{}", fold(text, indent))
        }
        value => scalar(value),
    }
}

/// Whether a literal block keeps the text.
fn is_block_text(text: &str) -> bool {
    let is_plain = |character: char| character == '\n' || !character.is_control();
    !text.starts_with([' ', '\n']) && text.trim_end() == text && text.chars().all(is_plain)
}

/// Whether the text can be broken at each of its spaces.
fn is_foldable(text: &str) -> bool {
    text.contains(' ')
        && text.trim() == text
        && !text.contains("  ")
        && !text.chars().any(char::is_control)
}

fn fold(text: &str, indent: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && indent + used + 1 + word.chars().count() > WIDTH {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            *line += word;
        }
    }
    let indented = lines
        .iter()
        .map(|line| format!("{}{line}", " ".repeat(indent)));
    indented.collect::<Vec<_>>().join("\n")
}

/// Writes a key or a value on one line.
fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if is_plain(text) => text.clone(),
        Value::String(text) => double_quoted(text),
        Value::Sequence(_) => "[]".to_owned(),
        Value::Mapping(_) => "{}".to_owned(),
        Value::Tagged(tagged) => scalar(&tagged.value),
    }
}

/// Whether YAML reads the text without quotes as the same string, in version 1.1 as well.
fn is_plain(text: &str) -> bool {
    let starts_plain = |first: char| {
        first.is_alphanumeric() || matches!(first, '/' | '<' | '^' | '_' | '$' | '(' | '\\' | '.')
    };
    let is_word = |word: &&str| text.eq_ignore_ascii_case(word);
    text.starts_with(starts_plain)
        && text.trim() == text
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text
            .chars()
            .any(|character| character.is_control() || character == '\u{feff}')
        && !["yes", "no", "on", "off", "y", "n"].iter().any(is_word)
        && !is_number_or_time(text)
        && serde_yaml::from_str::<Value>(text).is_ok_and(|read| read == text)
}

/// Whether the text consists of digits and the characters of numbers, dates and times.
fn is_number_or_time(text: &str) -> bool {
    let is_part = |character: char| character.is_ascii_digit() || "+-_.:TZ ".contains(character);
    text.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && text.chars().all(is_part)
}

fn double_quoted(text: &str) -> String {
    // A JSON string is a string in double quotes of YAML.
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(yaml: &str) -> String {
        let mapping: Mapping = serde_yaml::from_str(yaml).unwrap();
        let text = entries(&mapping, 0, 0);
        let read: Mapping = serde_yaml::from_str(&text).unwrap();
        assert_eq!(read, mapping, "{text}");
        text
    }

    #[test]
    fn quotes_only_what_is_not_a_plain_string() {
        let json = r##"{"a": "plain text", "b": "#/components", "c": "201", "d": "true", "e": "2026-06-15",
            "f": "2026-08-03T09:15:27Z", "g": "6f0c9a52-7c1e", "h": "a: b", "i": "no", "j": "", "k": "- x",
            "201": 201, "l": null, "m": "null", "n2": "x # y", "o": " x", "p": "1.5", "q": "*", "r": "it's \"so\""}"##;
        let expected = r##"a: plain text
b: "#/components"
c: "201"
d: "true"
e: "2026-06-15"
f: "2026-08-03T09:15:27Z"
g: 6f0c9a52-7c1e
h: "a: b"
i: "no"
j: ""
k: "- x"
"201": 201
l: null
m: "null"
n2: "x # y"
o: " x"
p: "1.5"
q: "*"
r: it's "so"
"##;
        assert_eq!(written(json), expected);
    }

    #[test]
    fn folds_long_text_and_keeps_paragraphs() {
        let words = "word ".repeat(30);
        let json =
            serde_json::json!({ "folded": words.trim(), "literal": "one\n\n- two\n- three" });
        let expected = "\
folded: >-
  word word word word word word word word word word word word word word word
  word word word word word word word word word word word word word word word
literal: |-
  one

  - two
  - three
";
        assert_eq!(written(&json.to_string()), expected);
    }

    #[test]
    fn lists_are_on_one_line_if_they_fit() {
        let yaml = r#"
short: [a, "b,c", 1]
empty: []
none: {}
fits_on_next_line: [property_0, property_1, property_2, property_3, property_4, p5]
too_long: [property_0, property_1, property_2, property_3, property_4, property_5, p6, p7, p8]
objects: [{name: x, schema: {type: string}}, [[1]]]
"#;
        let expected = r#"short: [a, "b,c", 1]
empty: []
none: {}
fits_on_next_line:
  [property_0, property_1, property_2, property_3, property_4, p5]
too_long:
  - property_0
  - property_1
  - property_2
  - property_3
  - property_4
  - property_5
  - p6
  - p7
  - p8
objects:
  - name: x
    schema:
      type: string
  - - [1]
"#;
        assert_eq!(written(yaml), expected);
    }
}

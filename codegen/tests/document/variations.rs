//! What OpenAPI allows in an ordinary document of a REST API: most of it generates code, and
//! the rest is refused by one error. `docs/openapi-document.md` lists the reasons.

use serde_json::Value;

use crate::support::errors;

const PETS: &str = include_str!("variations/pets.yaml");
const EDITS: &str = include_str!("variations/edits.yaml");

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

/// Returns the document with the edits of a variation.
fn document(variation: &Value) -> String {
    let edits = variation["edits"].as_array().unwrap();
    edits.iter().fold(PETS.to_owned(), |document, edit| {
        let (from, to) = (text(edit, "from").unwrap(), text(edit, "to").unwrap());
        assert!(document.contains(from), "{from:?} of {variation}");
        document.replacen(from, to, 1)
    })
}

#[test]
fn variation_generates_code_or_is_refused_by_one_error() {
    assert_eq!(errors(PETS), []);
    let variations: Vec<Value> = serde_yaml::from_str(EDITS).unwrap();
    let mut wrong = Vec::new();
    for variation in &variations {
        let found = errors(&document(variation));
        let messages: Vec<_> = found.iter().map(|(_, message)| message.as_str()).collect();
        let is_expected = match (text(variation, "refused"), &messages[..]) {
            (None, []) => true,
            (Some(expected), [message]) => message.starts_with(expected),
            _ => false,
        };
        if !is_expected {
            wrong.push(format!("{}: {messages:#?}", variation["name"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let refused = variations
        .iter()
        .filter(|variation| text(variation, "refused").is_some());
    assert_eq!((variations.len(), refused.count()), (135, 35));
}

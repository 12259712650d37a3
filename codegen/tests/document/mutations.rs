//! The document with one wrong edit at a time, at every location. Each edited document
//! generates code or reports an error with a location, and none causes a panic.
//!
//! Each edit passes through every stage, from the text to the rendered code, but in a
//! document with a single path, what it requires, and what leads to the edited location.
//! This is enough, because an edit changes the checks and the code of what contains it or
//! refers to it. Between two paths, only their operation ids, their schemas' names and the
//! names of their examples can be in conflict, and between two properties only their names;
//! `names.rs`, `types.rs` and `errors.rs` test these conflicts. Keys that no such document has
//! in full, such as `paths` and `schemas`, are edited in the whole document.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

use duvo_codegen::document::{Node, children};
use duvo_codegen::json_pointer::last_key;
use serde_json::{Value, json};

use crate::parts::Parts;
use crate::support::{DOCUMENT, generate};

static PARTS: LazyLock<Parts> =
    LazyLock::new(|| Parts::new(serde_yaml::from_str(DOCUMENT).unwrap()));

/// An edit of one location of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mutation {
    Misspell,
    Remove,
    ChangeType,
    Clear,
}

const MUTATIONS: [Mutation; 4] = [
    Mutation::Misspell,
    Mutation::Remove,
    Mutation::ChangeType,
    Mutation::Clear,
];

/// Returns the locations of everything below `value`.
fn pointers(value: &Value, pointer: &str) -> Vec<String> {
    let below = |node: Node<'_>| {
        let further = pointers(node.value, &node.pointer);
        [vec![node.pointer], further].concat()
    };
    children(value, pointer)
        .into_iter()
        .flat_map(below)
        .collect()
}

/// Splits a location into the location of the parent and the key.
fn parent_and_key(pointer: &str) -> (&str, String) {
    let (parent, _) = pointer.rsplit_once('/').unwrap();
    (parent, last_key(pointer))
}

/// Returns the edited document. Returns `None` if the edit is impossible at the location.
fn mutated(document: &Value, pointer: &str, mutation: Mutation) -> Option<Value> {
    let mut document = document.clone();
    let value = document.pointer_mut(pointer)?;
    match mutation {
        Mutation::Clear => *value = Value::Null,
        Mutation::ChangeType => {
            *value = match value {
                Value::String(_) => json!(7),
                Value::Array(_) => json!({}),
                _ => json!("text"),
            }
        }
        Mutation::Misspell | Mutation::Remove => {
            let (parent, key) = parent_and_key(pointer);
            match document.pointer_mut(parent)? {
                Value::Object(object) => {
                    let value = object.remove(&key)?;
                    if mutation == Mutation::Misspell {
                        object.insert(misspelled(&key), value);
                    }
                }
                Value::Array(array) if mutation == Mutation::Remove => {
                    array.remove(key.parse().ok()?);
                }
                _ => return None,
            }
        }
    }
    Some(document)
}

/// Returns the key without its second letter, or with another letter if it is short.
fn misspelled(key: &str) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    if letters.len() > 2 {
        letters.remove(1);
    } else {
        letters.push('x');
    }
    letters.into_iter().collect()
}

/// Whether the key is a word of OpenAPI, as opposed to a name that the document chooses
/// or to the data of an example.
fn is_openapi_key(pointer: &str) -> bool {
    let names = [
        "paths",
        "properties",
        "schemas",
        "responses",
        "parameters",
        "headers",
        "examples",
        "requestBodies",
        "securitySchemes",
        "content",
    ];
    let (parent, key) = parent_and_key(pointer);
    let is_name = names.contains(&parent_and_key(&format!("/{parent}")).1.as_str())
        && !parent.ends_with("/properties/headers");
    let is_scheme = parent.starts_with("/security");
    let is_data = pointer.contains("/value/");
    !is_name && !is_scheme && !is_data && !key.starts_with("x-") && key.parse::<usize>().is_err()
}

/// Returns how an edit violates the rules of this test, if it does.
fn violation(document: &Value, pointer: &str, mutation: Mutation) -> Option<String> {
    let text = serde_yaml::to_string(&mutated(document, pointer, mutation)?).unwrap();
    let violation = |text: String| Some(format!("{mutation:?} {pointer}: {text}"));
    let must_be_reported = mutation == Mutation::Misspell && is_openapi_key(pointer);
    let report = match panic::catch_unwind(|| generate(&text)) {
        Err(_) => return violation("panics".to_owned()),
        Ok(Ok(_)) if must_be_reported => return violation("generates code".to_owned()),
        Ok(Ok(_)) => return None,
        Ok(Err(report)) => report,
    };
    let lines: Vec<_> = report
        .diagnostics()
        .iter()
        .map(|diagnostic| diagnostic.to_line("duvo.yaml"))
        .collect();
    let underlined: Vec<_> = report
        .diagnostics()
        .iter()
        .map(|diagnostic| &text[diagnostic.range.clone()])
        .collect();
    let snippets = report.to_text("duvo.yaml", &text);
    let is_complete = !lines.is_empty()
        && underlined.iter().all(|text| !text.trim().is_empty())
        && report
            .diagnostics()
            .iter()
            .all(|diagnostic| diagnostic.help.is_some())
        && !snippets.contains("panicked")
        && snippets.matches("--> duvo.yaml:").count() == lines.len();
    if !is_complete {
        return violation(snippets);
    }
    let key = misspelled(&parent_and_key(pointer).1);
    if must_be_reported && underlined != [key.as_str()] {
        return violation(snippets);
    }
    None
}

#[test]
fn every_part_of_the_document_generates_code() {
    for part in PARTS.iter() {
        let text = serde_yaml::to_string(part).unwrap();
        if let Err(report) = generate(&text) {
            panic!("{}", report.to_text("part.yaml", &text));
        }
    }
}

#[test]
fn every_mutation_generates_code_or_reports_a_location() {
    let locations = pointers(PARTS.whole(), "");
    let cases: Vec<_> = locations
        .iter()
        .flat_map(|location| {
            let part = PARTS.at(location);
            MUTATIONS.map(|mutation| (part, location, mutation))
        })
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        std::iter::from_fn(|| cases.get(next.fetch_add(1, Ordering::Relaxed)))
            .filter_map(|(part, location, mutation)| violation(part, location, *mutation))
            .collect::<Vec<_>>()
    };
    let violations: Vec<String> = thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert!(violations.is_empty(), "{}", violations.join("\n\n"));
}

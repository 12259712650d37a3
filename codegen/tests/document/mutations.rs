//! The document with one mistake at a time, everywhere: each either builds or
//! yields a fault with a place, and none makes anything panic.

use duvo_codegen as build;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::{panic, thread};

use build::document::{Node, children, last_key};
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../../openapi/duvo.yaml");

/// What happens to one place of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    Misspelt,
    Removed,
    OfAnotherType,
    Empty,
}

const MISTAKES: [Mistake; 4] = [
    Mistake::Misspelt,
    Mistake::Removed,
    Mistake::OfAnotherType,
    Mistake::Empty,
];

/// Pointers to everything below `value`.
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

/// Splits a pointer into the pointer to the parent, and the key.
fn parent_and_key(pointer: &str) -> (&str, String) {
    let (parent, _) = pointer.rsplit_once('/').unwrap();
    (parent, last_key(pointer))
}

/// The document with the mistake at the place; nothing if it cannot be there.
fn mistaken(document: &Value, pointer: &str, mistake: Mistake) -> Option<Value> {
    let mut document = document.clone();
    let value = document.pointer_mut(pointer)?;
    match mistake {
        Mistake::Empty => *value = Value::Null,
        Mistake::OfAnotherType => {
            *value = match value {
                Value::String(_) => json!(7),
                Value::Array(_) => json!({}),
                _ => json!("text"),
            }
        }
        Mistake::Misspelt | Mistake::Removed => {
            let (parent, key) = parent_and_key(pointer);
            match document.pointer_mut(parent)? {
                Value::Object(object) => {
                    let value = object.remove(&key)?;
                    if mistake == Mistake::Misspelt {
                        object.insert(misspelt(&key), value);
                    }
                }
                Value::Array(array) if mistake == Mistake::Removed => {
                    array.remove(key.parse().ok()?);
                }
                _ => return None,
            }
        }
    }
    Some(document)
}

/// The key without its second letter, or with one more if it is that short.
fn misspelt(key: &str) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    if letters.len() > 2 {
        letters.remove(1);
    } else {
        letters.push('x');
    }
    letters.into_iter().collect()
}

/// Whether the key is a word of OpenAPI, and not a name that the document gives.
fn is_word_of_openapi(pointer: &str) -> bool {
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
    !is_name && !is_scheme && !key.starts_with("x-") && key.parse::<usize>().is_err()
}

/// Whether something is made of the place. What is in an example is data: of
/// those of answers, fixtures are made, which depends on what is there, and of
/// which type; of those of requests, nothing is.
fn may_matter(pointer: &str, mistake: Mistake) -> bool {
    !pointer.contains("/value/")
        || !pointer.contains("Request/")
            && matches!(mistake, Mistake::Removed | Mistake::OfAnotherType)
}

/// What is wrong with how a mistake was received, if anything is.
fn complaint(document: &Value, pointer: &str, mistake: Mistake) -> Option<String> {
    let text = serde_yaml::to_string(&mistaken(document, pointer, mistake)?).unwrap();
    let complain = |words: String| Some(format!("{mistake:?} {pointer}: {words}"));
    let must_be_refused = mistake == Mistake::Misspelt && is_word_of_openapi(pointer);
    let report = match panic::catch_unwind(|| build::generate(&text)) {
        Err(_) => return complain("it panics".to_owned()),
        Ok(Ok(_)) if must_be_refused => return complain("it builds".to_owned()),
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
    let is_sound = !lines.is_empty()
        && underlined.iter().all(|text| !text.trim().is_empty())
        && report
            .diagnostics()
            .iter()
            .all(|diagnostic| diagnostic.help.is_some())
        && !snippets.contains("panicked")
        && snippets.matches("--> duvo.yaml:").count() == lines.len();
    if !is_sound {
        return complain(snippets);
    }
    let key = misspelt(&parent_and_key(pointer).1);
    if must_be_refused && underlined != [key.as_str()] {
        return complain(snippets);
    }
    None
}

#[test]
fn every_mistake_builds_or_yields_a_fault_with_a_place() {
    let document: Value = serde_yaml::from_str(DOCUMENT).unwrap();
    let places = pointers(&document, "");
    let cases: Vec<_> = places
        .iter()
        .flat_map(|place| MISTAKES.map(|mistake| (place, mistake)))
        .filter(|(place, mistake)| may_matter(place, *mistake))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        std::iter::from_fn(|| cases.get(next.fetch_add(1, Ordering::Relaxed)))
            .filter_map(|(place, mistake)| complaint(&document, place, *mistake))
            .collect::<Vec<_>>()
    };
    let complaints: Vec<String> = thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
}

//! Checks that every key and value is of a kind that OpenAPI allows there.

use serde_json::Value;

use super::spelling::{distance, nearest};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, TypedNode};
use crate::grammar::{CONTENT, EXTENSIONS, ExpectedType, ObjectKind};
use crate::json_pointer::join;

const JSON: &str = "application/json";

/// A document with misspelled keys corrected, so that the values below these keys are
/// checked, and the keys are not reported as missing too.
pub(crate) struct Spelling {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) corrected: Document,
    /// The locations of these keys in the corrected document and in the text.
    pub(crate) renames: Vec<(String, String)>,
}

pub(crate) fn correct_spelling(document: &Document) -> Spelling {
    let mut diagnostics = Vec::new();
    let mut renames = Vec::new();
    let mut corrected = document.clone();
    // A misspelled key hides those below it until it is corrected.
    while let Some(misspelling) = find_misspelling(&corrected) {
        diagnostics.push(misspelling.diagnostic);
        if let Some(Value::Object(object)) = corrected.at_mut(&misspelling.object)
            && let Some(value) = object.remove(&misspelling.key)
        {
            object.entry(misspelling.intended).or_insert(value);
            let location = |key| join(&misspelling.object, key);
            renames.push((location(misspelling.intended), location(&misspelling.key)));
        }
    }
    Spelling {
        diagnostics,
        corrected,
        renames,
    }
}

/// The errors in the structure of a document.
pub(crate) struct Structure {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The locations of objects that cannot be checked further.
    pub(crate) invalid_objects: Vec<String>,
}

pub(crate) fn check(nodes: &[TypedNode<'_>]) -> Structure {
    let mut diagnostics = Vec::new();
    let mut invalid_objects = Vec::new();
    for node in nodes {
        if node.expected.accepts(node.node.value) {
            diagnostics.extend(check_keys(node));
            // Its keys are unknown.
            if node.node.value.get("<<").is_some() {
                invalid_objects.push(node.node.pointer.clone());
            }
            diagnostics.extend(check_missing_keys(node));
        } else {
            diagnostics.push(type_error(node));
            invalid_objects.push(invalid_object(nodes, &node.node.pointer));
        }
    }
    Structure {
        diagnostics,
        invalid_objects,
    }
}

/// Returns the object that a value of the wrong type invalidates: its parent, unless the
/// parent is a map or the whole document.
fn invalid_object(nodes: &[TypedNode<'_>], pointer: &str) -> String {
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    let is_object = |node: &&TypedNode<'_>| {
        let kind = node.expected.kind();
        node.node.pointer == parent && kind.is_some_and(|kind| kind != ObjectKind::Document)
    };
    let object = nodes.iter().find(is_object).map(|_| parent);
    object.unwrap_or(pointer).to_owned()
}

struct Misspelling {
    object: String,
    key: String,
    intended: &'static str,
    diagnostic: Diagnostic,
}

fn find_misspelling(document: &Document) -> Option<Misspelling> {
    document.nodes().iter().find_map(|node| {
        let kind = object_kind(node)?;
        let mut unknown = keys(node).filter(|key| !is_known(kind, key));
        unknown.find_map(|key| {
            let intended = intended_key(kind, key)?;
            let message = format!("unknown key `{key}` in {}", kind.name());
            Some(Misspelling {
                object: node.node.pointer.clone(),
                diagnostic: Diagnostic::at_key(&node.node.child(key), message)
                    .help(format!("did you mean `{intended}`?")),
                key: key.to_owned(),
                intended,
            })
        })
    })
}

/// Returns the kind of the object. Returns `None` for a `$ref`.
fn object_kind(node: &TypedNode<'_>) -> Option<ObjectKind> {
    let kind = node.expected.kind()?;
    let is_reference = kind.component_section().is_some() && node.node.value.get("$ref").is_some();
    (node.node.value.is_object() && !is_reference).then_some(kind)
}

/// Returns the keys of an object.
fn keys<'a>(node: &TypedNode<'a>) -> impl Iterator<Item = &'a str> {
    let object = node.node.value.as_object().into_iter();
    object.flat_map(|object| object.keys().map(String::as_str))
}

fn is_known(kind: ObjectKind, key: &str) -> bool {
    kind.field(key).is_some() || EXTENSIONS.contains(&key)
}

fn intended_key(kind: ObjectKind, key: &str) -> Option<&'static str> {
    let reference = kind.component_section().map(|_| "$ref");
    let candidates = if key.starts_with("x-") {
        EXTENSIONS.to_vec()
    } else {
        let keys = kind.fields().iter().map(|field| field.key);
        keys.chain(reference).collect()
    };
    nearest(key, &candidates)
}

fn check_keys(node: &TypedNode<'_>) -> Vec<Diagnostic> {
    let kind = object_kind(node);
    let is_content = node.expected == CONTENT;
    let error = |key: &str| match (kind, key) {
        (_, "<<") => Some((
            "merge keys (`<<`) are not supported".to_owned(),
            "write the keys out".to_owned(),
        )),
        (_, key) if is_content && is_misspelled_json(key) => Some((
            format!("unknown media type `{key}`"),
            format!("did you mean `{JSON}`?"),
        )),
        (Some(kind), "$ref") if kind.component_section().is_none() => Some((
            format!("`$ref` is not allowed in place of {}", kind.name()),
            "write out the target of the reference".to_owned(),
        )),
        (Some(kind), key) if !is_known(kind, key) && !key.starts_with("x-") => {
            let keys: Vec<_> = kind.fields().iter().map(|field| field.key).collect();
            Some((
                format!("unknown key `{key}` in {}", kind.name()),
                format!(
                    "the known keys are {}; extensions start with `x-`",
                    keys.join(", ")
                ),
            ))
        }
        _ => None,
    };
    keys(node)
        .filter_map(|key| {
            let (message, help) = error(key)?;
            let diagnostic = Diagnostic::at_key(&node.node.child(key), message).help(help);
            Some(diagnostic.maybe_layout())
        })
        .collect()
}

/// Whether a media type is probably a misspelling of JSON's.
pub(super) fn is_misspelled_json(media_type: &str) -> bool {
    matches!(distance(media_type, JSON), 1 | 2)
}

fn check_missing_keys(node: &TypedNode<'_>) -> Vec<Diagnostic> {
    let kind = object_kind(node);
    let fields = kind.into_iter().flat_map(|kind| {
        let fields = kind.fields().iter();
        fields.map(move |field| (kind, field))
    });
    let has = |key: &str| node.node.value.get(key).is_some();
    fields
        .filter(|(_, field)| field.is_required && !has(field.key))
        // `content` in place of `schema` is reported elsewhere.
        .filter(|(kind, field)| {
            let has_content = *kind == ObjectKind::Parameter && has("content");
            field.key != "schema" || !has_content
        })
        .map(|(kind, field)| {
            let message = format!("{} has no `{}`", kind.name(), field.key);
            Diagnostic::at_key(&node.node.pointer, message)
                .help(format!("add `{}`", field.key))
                .maybe_layout()
        })
        .collect()
}

fn type_error(node: &TypedNode<'_>) -> Diagnostic {
    let TypedNode { node, expected } = node;
    let found = match node.value {
        Value::Null => "empty".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("`{text}`"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    };
    let subject = match node.key.as_str() {
        "" => "the document".to_owned(),
        index if index.bytes().all(|byte| byte.is_ascii_digit()) => "this item".to_owned(),
        key => format!("`{key}`"),
    };
    let message = format!("{subject} is {found}, but must be {}", expected.name());
    let diagnostic =
        Diagnostic::at_value(&node.pointer, message).help(type_help(*expected, node.value));
    let is_block = expected.kind().is_some()
        || matches!(expected, ExpectedType::List(_) | ExpectedType::Map(_));
    if is_block || node.value.is_null() {
        diagnostic.maybe_layout()
    } else {
        diagnostic
    }
}

fn type_help(expected: ExpectedType, value: &Value) -> String {
    match (expected, value) {
        (ExpectedType::OneOf(words), Value::String(word)) => match nearest(word, words) {
            Some(intended) => format!("did you mean `{intended}`?"),
            None if word == "null" => null_help(),
            None => expected.hint().to_owned(),
        },
        (ExpectedType::OneOf(_), Value::Array(_)) => null_help(),
        (_, Value::Null) => "add a value, or remove the key".to_owned(),
        _ => expected.hint().to_owned(),
    }
}

fn null_help() -> String {
    "OpenAPI 3.0 allows one type; to allow null, add `nullable: true`".to_owned()
}

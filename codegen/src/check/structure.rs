//! Whether everything in the document is what OpenAPI has in that place.

use serde_json::Value;

use super::super::diagnostic::Fault;
use super::super::document::{Document, Part, children, join};
use super::super::grammar::{CONTENT, EXTENSIONS, Kind, Shape};
use super::spelling::{distance, nearest};

const JSON: &str = "application/json";

pub struct Structure {
    pub faults: Vec<Fault>,
    /// The document with its misspelt keys put right, so that they do not count
    /// as missing too.
    pub mended: Document,
    /// The places of those keys in the mended document, and in the text.
    pub renames: Vec<(String, String)>,
    /// Objects in which something is wrong that was not put right.
    pub unsound: Vec<String>,
}

pub fn check(document: &Document) -> Structure {
    let mut faults = Vec::new();
    let mut unsound = Vec::new();
    let mut renames = Vec::new();
    let mut mended = document.clone();
    // What is under a misspelt key is seen only after the key is put right.
    while let Some(misspelt) = misspelt_key(&mended) {
        faults.push(misspelt.fault);
        if let Some(Value::Object(object)) = mended.at_mut(&misspelt.object)
            && let Some(value) = object.remove(&misspelt.key)
        {
            object.entry(misspelt.meant).or_insert(value);
            let place = |key| join(&misspelt.object, key);
            renames.push((place(misspelt.meant), place(&misspelt.key)));
        }
    }
    let parts = mended.parts();
    for part in &parts {
        if part.shape.fits(part.node.value) {
            faults.extend(keys(part));
            faults.extend(missing_keys(part));
        } else {
            faults.push(shape_fault(part));
            unsound.push(unsound_object(&parts, &part.node.pointer));
        }
    }
    Structure {
        faults,
        mended,
        renames,
        unsound,
    }
}

/// The object that a value of the wrong shape makes unsound: the one that it is
/// a key of, but not a whole map or the whole document.
fn unsound_object(parts: &[Part<'_>], pointer: &str) -> String {
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    let is_object = |part: &&Part<'_>| {
        part.node.pointer == parent && part.shape.kind().is_some_and(|kind| kind != Kind::Document)
    };
    let object = parts.iter().find(is_object).map(|_| parent);
    object.unwrap_or(pointer).to_owned()
}

struct Misspelt {
    object: String,
    key: String,
    meant: &'static str,
    fault: Fault,
}

fn misspelt_key(document: &Document) -> Option<Misspelt> {
    document.parts().iter().find_map(|part| {
        let kind = kind_of_written_out(part)?;
        children(part.node.value, &part.node.pointer)
            .into_iter()
            .filter(|child| !is_known(kind, &child.key))
            .find_map(|child| {
                let meant = meant_key(kind, &child.key)?;
                let message = format!("`{}` is no key of {}", child.key, kind.name());
                Some(Misspelt {
                    object: part.node.pointer.clone(),
                    fault: Fault::at_key(&child.pointer, message)
                        .help(format!("did you mean `{meant}`?")),
                    key: child.key,
                    meant,
                })
            })
    })
}

/// The kind of the object, unless a `$ref` stands in its place.
fn kind_of_written_out(part: &Part<'_>) -> Option<Kind> {
    let kind = part.shape.kind()?;
    let is_reference = kind.section().is_some() && part.node.value.get("$ref").is_some();
    (part.node.value.is_object() && !is_reference).then_some(kind)
}

fn is_known(kind: Kind, key: &str) -> bool {
    kind.field(key).is_some() || EXTENSIONS.contains(&key)
}

fn meant_key(kind: Kind, key: &str) -> Option<&'static str> {
    let reference = kind.section().map(|_| "$ref");
    let candidates = if key.starts_with("x-") {
        EXTENSIONS.to_vec()
    } else {
        let own = kind.fields().iter().map(|field| field.key);
        own.chain(reference).collect()
    };
    nearest(key, &candidates)
}

fn keys(part: &Part<'_>) -> Vec<Fault> {
    let kind = kind_of_written_out(part);
    let is_content = part.shape == CONTENT;
    let fault = |key: &str| match (kind, key) {
        (_, "<<") => Some((
            "`<<` merges nothing here".to_owned(),
            "write the keys out".to_owned(),
        )),
        (_, key) if is_content && matches!(distance(key, JSON), 1 | 2) => Some((
            format!("`{key}` is no media type"),
            format!("did you mean `{JSON}`?"),
        )),
        (Some(kind), "$ref") if kind.section().is_none() => Some((
            format!("`$ref` cannot stand in the place of {}", kind.name()),
            "write out what it refers to".to_owned(),
        )),
        (Some(kind), key) if !is_known(kind, key) && !key.starts_with("x-") => {
            let keys: Vec<_> = kind.fields().iter().map(|field| field.key).collect();
            Some((
                format!("`{key}` is no key of {}", kind.name()),
                format!(
                    "its keys are {}; an extension begins with `x-`",
                    keys.join(", ")
                ),
            ))
        }
        _ => None,
    };
    children(part.node.value, &part.node.pointer)
        .into_iter()
        .filter_map(|child| {
            let (message, help) = fault(&child.key)?;
            Some(Fault::at_key(&child.pointer, message).help(help))
        })
        .collect()
}

fn missing_keys(part: &Part<'_>) -> Vec<Fault> {
    let kind = kind_of_written_out(part);
    let fields = kind.into_iter().flat_map(|kind| {
        let fields = kind.fields().iter();
        fields.map(move |field| (kind, field))
    });
    fields
        .filter(|(_, field)| field.is_required && part.node.value.get(field.key).is_none())
        .map(|(kind, field)| {
            let message = format!("{} has no `{}`", kind.name(), field.key);
            Fault::at_key(&part.node.pointer, message).help(format!("add `{}`", field.key))
        })
        .collect()
}

fn shape_fault(part: &Part<'_>) -> Fault {
    let Part { node, shape } = part;
    let found = match node.value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("`{text}`"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    };
    let what = match node.key.as_str() {
        "" => "the document".to_owned(),
        index if index.bytes().all(|byte| byte.is_ascii_digit()) => "this".to_owned(),
        key => format!("`{key}`"),
    };
    let message = format!("{what} is {found}, and must be {}", shape.name());
    Fault::at_value(&node.pointer, message).help(shape_help(*shape, node.value))
}

fn shape_help(shape: Shape, value: &Value) -> String {
    match (shape, value) {
        (Shape::Word(words), Value::String(word)) => match nearest(word, words) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if word == "null" => null_help(),
            None => shape.notation().to_owned(),
        },
        (Shape::Word(_), Value::Array(_)) => null_help(),
        (_, Value::Null) => "write the value, or remove the key".to_owned(),
        _ => shape.notation().to_owned(),
    }
}

fn null_help() -> String {
    "OpenAPI 3.0 has one type; if null is allowed, add `nullable: true`".to_owned()
}

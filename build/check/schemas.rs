use std::collections::BTreeSet;

use serde_json::Value;

use super::super::Fault;
use super::super::document::{Document, Node, reference};
use super::super::open_enum::OpenEnum;

pub fn faults(document: &Document) -> Vec<Fault> {
    let sent = document.sent_schemas();
    let answered = document.answered_schemas();
    let mut faults = Vec::new();
    for schema in document.schemas() {
        let messages = [
            type_fault(&schema),
            required_fault(document, &schema),
            secret_fault(&schema),
            enum_fault(&schema, answered.contains(&schema.pointer)),
            pattern_fault(&schema, sent.contains(&schema.pointer)),
            shared_fault(&schema, &sent, &answered),
            words_fault(&schema),
        ];
        let at = |message: String| Fault::at_pointer(&schema.pointer, message);
        faults.extend(messages.into_iter().flatten().map(at));
        faults.extend(properties(&schema));
    }
    faults
}

fn text<'a>(schema: &Node<'a>, key: &str) -> Option<&'a str> {
    schema.value.get(key)?.as_str()
}

fn type_fault(schema: &Node<'_>) -> Option<String> {
    match (text(schema, "type"), text(schema, "format")) {
        (None, Some(format)) => Some(format!("`format: {format}` has no `type`; add it")),
        (Some("string") | None, _) => None,
        (Some(other), Some(format @ ("password" | "date-time"))) => Some(format!(
            "`format: {format}` is for `type: string`, not `{other}`"
        )),
        (Some("array" | "boolean" | "integer" | "number" | "object"), _) => None,
        (Some(other), _) => Some(format!(
            "`{other}` is no type; write array, boolean, integer, number, object or string"
        )),
    }
}

fn required_fault(document: &Document, schema: &Node<'_>) -> Option<String> {
    let required = schema.value.get("required")?.as_array()?;
    // Beside a member of `allOf`, the other members may declare properties.
    let whole = schema
        .pointer
        .rsplit_once("/allOf/")
        .and_then(|(whole, _)| document.at(whole));
    let members = whole
        .and_then(|whole| whole.get("allOf")?.as_array())
        .into_iter()
        .flatten();
    let declaring: Vec<_> = members
        .map(|member| document.resolve(member))
        .chain([schema.value])
        .chain(whole)
        .collect();
    let is_declared = |name: &str| {
        declaring.iter().any(|part| {
            part.get("properties")
                .is_some_and(|properties| properties.get(name).is_some())
        })
    };
    let name = required
        .iter()
        .filter_map(Value::as_str)
        .find(|name| !is_declared(name))?;
    Some(format!(
        "`required` names `{name}`, which is not in `properties`; add it there or correct the name"
    ))
}

/// `Secret` is a string that is not empty. It enforces nothing else, and the
/// generator sees it only where it is written out.
fn secret_fault(schema: &Node<'_>) -> Option<String> {
    if text(schema, "format") != Some("password") {
        return None;
    }
    let parent = schema.pointer.rsplit('/').nth(1);
    if parent != Some("properties") {
        return Some(
            "`format: password` works on a property only, where it is written out; move it there"
                .to_owned(),
        );
    }
    let rules = ["pattern", "maxLength", "enum", "allOf", "anyOf", "oneOf"];
    if let Some(rule) = rules
        .into_iter()
        .find(|rule| schema.value.get(rule).is_some())
    {
        return Some(format!(
            "`{rule}` is not enforced on `format: password`; remove it"
        ));
    }
    let min_length = schema.value.get("minLength").and_then(Value::as_u64);
    (min_length > Some(1))
        .then(|| "of `minLength`, only 1 is enforced on `format: password`; write 1".to_owned())
}

/// A closed enum in a response would break every caller on the day that Duvo
/// answers a new value.
fn enum_fault(schema: &Node<'_>, is_answered: bool) -> Option<String> {
    if is_answered && schema.value.get("enum").is_some() {
        return Some(
            "a response must not have a closed enum; write `x-extensible-enum` in place of `enum`"
                .to_owned(),
        );
    }
    OpenEnum::read(schema)?.err().map(str::to_owned)
}

fn pattern_fault(schema: &Node<'_>, is_sent: bool) -> Option<String> {
    let is_enforced = is_sent && schema.value.get("pattern").is_some();
    is_enforced.then(|| "a `pattern` in a request needs a regex engine, which the client does without; remove it".to_owned())
}

/// What is answered is read leniently, what is sent is checked: one type cannot
/// be both.
fn shared_fault(
    schema: &Node<'_>,
    sent: &BTreeSet<String>,
    answered: &BTreeSet<String>,
) -> Option<String> {
    let is_shared = sent.contains(&schema.pointer) && answered.contains(&schema.pointer);
    is_shared.then(|| {
        "this is both sent and answered; give the request and the response a schema each".to_owned()
    })
}

/// Descriptions become documentation, where code is compiled and run.
fn words_fault(schema: &Node<'_>) -> Option<String> {
    let is_component = schema.pointer.strip_prefix("/components/schemas/") == Some(&schema.key);
    match text(schema, "description") {
        None if is_component => Some("the schema has no `description`; add it".to_owned()),
        Some(words) if words.contains("```") || words.contains("\n    ") => {
            Some("the `description` has a block of code, which `cargo test` would run as Rust; write it inline".to_owned())
        }
        _ => None,
    }
}

fn properties(schema: &Node<'_>) -> Vec<Fault> {
    let fault = |property: Node<'_>| {
        let message = match property.value.get("description") {
            Some(_) => return None,
            None if reference(property.value).is_some() => {
                "the property has no `description`; write one, and `allOf` with this `$ref`"
            }
            None => "the property has no `description`; add it",
        };
        Some(Fault::at_pointer(&property.pointer, message))
    };
    schema
        .children("properties")
        .into_iter()
        .filter_map(fault)
        .collect()
}

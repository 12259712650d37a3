//! Checks schemas and their properties.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use serde_json::{Map, Value};

use super::spelling::nearest;
use super::{markdown, required};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, reference};
use crate::normalize::{is_composition, merge_compositions};
use crate::open_enum::OpenEnum;
use crate::rust_name::type_name;

pub(crate) fn check(
    document: &Document,
    schemas: &[Node<'_>],
    responses: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let shared = shared_objects(document, schemas, responses);
    let map_values = schemas
        .iter()
        .map(|schema| schema.child("additionalProperties"));
    let map_values: BTreeSet<_> = map_values.collect();
    let mut diagnostics = required::check(document, schemas);
    for schema in schemas {
        let is_map_value = map_values.contains(&schema.pointer);
        let is_in_response = responses.contains(&schema.pointer);
        let found = [
            check_format(schema),
            check_items(schema).or_else(|| check_keywords(schema)),
            check_type(schema, is_map_value),
            check_secret(schema, is_map_value),
            check_enum(schema, is_in_response),
            check_use(schema, &shared),
            check_composition(schema),
            check_default(schema),
            check_description(schema),
        ];
        diagnostics.extend(found.into_iter().flatten());
        for property in schema.children("properties") {
            diagnostics.extend(check_property_description(&property));
            diagnostics.extend(check_unmarked_secret(&property));
        }
    }
    diagnostics
}

fn check_format(schema: &Node<'_>) -> Option<Diagnostic> {
    let format = schema.text("format")?;
    let location = schema.child("format");
    match schema.text("type") {
        None => {
            let message = format!("`format: {format}` has no `type`");
            Some(Diagnostic::at_value(&location, message).help("add `type`"))
        }
        Some(other) if other != "string" && matches!(format, "password" | "date-time") => {
            let message = format!("`format: {format}` is not allowed with `type: {other}`");
            let help = "write `type: string`, or remove the format";
            Some(Diagnostic::at_value(&location, message).help(help))
        }
        Some(_) => match nearest(format, &["password", "date-time"]) {
            Some(intended) if intended != format && !matches!(format, "date" | "time") => {
                let message = format!("unknown format `{format}`");
                let help = format!("did you mean `{intended}`?");
                Some(Diagnostic::at_value(&location, message).help(help))
            }
            _ => None,
        },
    }
}

fn check_items(schema: &Node<'_>) -> Option<Diagnostic> {
    let is_missing = schema.text("type") == Some("array") && schema.value.get("items").is_none();
    is_missing.then(|| {
        Diagnostic::at_value(&schema.child("type"), "the array has no `items`")
            .help("add the schema of its items")
            .maybe_layout()
    })
}

/// Keys that apply to one type only.
const KEYWORDS: [(&str, &str); 13] = [
    ("minLength", "string"),
    ("maxLength", "string"),
    ("pattern", "string"),
    ("x-extensible-enum", "string"),
    ("items", "array"),
    ("minItems", "array"),
    ("maxItems", "array"),
    ("uniqueItems", "array"),
    ("properties", "object"),
    ("required", "object"),
    ("additionalProperties", "object"),
    ("minProperties", "object"),
    ("maxProperties", "object"),
];

fn check_keywords(schema: &Node<'_>) -> Option<Diagnostic> {
    let schema_type = schema.text("type")?;
    let (keyword, expected) = KEYWORDS.into_iter().find(|(keyword, expected)| {
        schema.value.get(keyword).is_some() && *expected != schema_type
    })?;
    let message = format!("`{keyword}` has no effect with `type: {schema_type}`");
    Some(
        Diagnostic::at_key(&schema.child(keyword), message)
            .help(format!("remove it, or write `type: {expected}`")),
    )
}

/// A schema without a type allows any value. Accepts that only for a schema that has a
/// description and no rules, and for the values of a map: `additionalProperties: {}` is
/// the same as `true`.
fn check_type(schema: &Node<'_>, is_map_value: bool) -> Option<Diagnostic> {
    if is_map_value && schema.value.as_object().is_some_and(Map::is_empty) {
        return None;
    }
    // `not` is reported as a whole.
    if schema.key == "not" && !schema.pointer.ends_with("/properties/not") {
        return None;
    }
    let has = |key: &str| schema.value.get(key).is_some();
    if ["type", "format", "allOf", "anyOf", "oneOf"]
        .into_iter()
        .any(has)
    {
        return None;
    }
    let keyword = KEYWORDS.into_iter().find(|(keyword, _)| has(keyword));
    let help = match keyword {
        Some((keyword, expected)) => format!("add `type: {expected}`, which `{keyword}` needs"),
        None if !has("description") => "add `type`, or a `$ref`".to_owned(),
        None => return None,
    };
    let diagnostic = Diagnostic::at_value(&schema.pointer, "the schema has no `type`");
    Some(diagnostic.help(help).maybe_layout())
}

/// Checks for compositions that have no Rust type.
fn check_composition(schema: &Node<'_>) -> Option<Diagnostic> {
    let empty = ["allOf", "anyOf", "oneOf", "enum", "x-extensible-enum"]
        .into_iter()
        .find(|key| schema.value.get(key) == Some(&Value::Array(Vec::new())));
    if let Some(key) = empty {
        let diagnostic = Diagnostic::at_key(&schema.child(key), format!("`{key}` is empty"));
        return Some(diagnostic.help("add an item, or remove the key"));
    }
    schema.value.get("not").map(|_| {
        Diagnostic::at_key(&schema.child("not"), "`not` is not supported")
            .help("remove it, and describe the excluded values in `description`")
    })
}

fn check_default(schema: &Node<'_>) -> Option<Diagnostic> {
    let default = schema.value.get("default")?;
    let schema_type = schema.text("type")?;
    let is_of_type = match schema_type {
        "string" => default.is_string(),
        "boolean" => default.is_boolean(),
        "integer" => default.is_i64() || default.is_u64(),
        "number" => default.is_number(),
        "array" => default.is_array(),
        _ => default.is_object(),
    };
    (!is_of_type && !default.is_null()).then(|| {
        let message = format!("the `default` is not of `type: {schema_type}`");
        Diagnostic::at_value(&schema.child("default"), message)
            .help(format!("write a value of `type: {schema_type}`"))
    })
}

/// Checks a schema with `format: password`, of a property or of the values of a map. Its Rust type enforces only that the string
/// is not empty, and progenitor uses the type only for inline schemas.
fn check_secret(schema: &Node<'_>, is_map_value: bool) -> Option<Diagnostic> {
    if schema.text("format") != Some("password") {
        return None;
    }
    let parent = schema.pointer.rsplit('/').nth(1);
    if parent != Some("properties") && !is_map_value {
        let message = "`format: password` is supported only on a property or the values of a map";
        return Some(
            Diagnostic::at_value(&schema.child("format"), message)
                .help("move the schema to the property, or to `additionalProperties`"),
        );
    }
    if is_map_value && schema.value.get("nullable") == Some(&Value::Bool(true)) {
        let message = "a secret of a map cannot be null";
        return Some(Diagnostic::at_key(&schema.child("nullable"), message).help("remove it"));
    }
    let rules = ["pattern", "maxLength", "enum", "allOf", "anyOf", "oneOf"];
    if let Some(rule) = rules
        .into_iter()
        .find(|rule| schema.value.get(rule).is_some())
    {
        let message = format!("`{rule}` is not enforced on `format: password`");
        return Some(Diagnostic::at_key(&schema.child(rule), message).help("remove it"));
    }
    let min_length = schema.value.get("minLength").and_then(Value::as_u64);
    (min_length > Some(1)).then(|| {
        let message = "a `minLength` above 1 is not enforced on `format: password`";
        Diagnostic::at_value(&schema.child("minLength"), message).help("write `minLength: 1`")
    })
}

/// Checks for a secret without `format: password`. It would be a plain string, which is
/// printed in logs.
fn check_unmarked_secret(property: &Node<'_>) -> Option<Diagnostic> {
    match property.value.get("x-secret") {
        None => {}
        Some(Value::Bool(false)) => return None,
        Some(_) => {
            let message = "`x-secret` can only be `false`";
            return Some(
                Diagnostic::at_value(&property.child("x-secret"), message)
                    .help("to mark a secret, write `format: password`"),
            );
        }
    }
    let schema_type = property.text("type");
    let is_text = !matches!(schema_type, Some("boolean" | "integer" | "number"))
        && !has_password(property.value)
        && property.value.get("enum").is_none();
    (is_text && is_secret_name(&property.key)).then(|| {
        let message = format!(
            "`{}` looks like a secret but would be printed in logs",
            property.key
        );
        Diagnostic::at_key(&property.pointer, message)
            .help("use `type: string` with `format: password`; if the value is not secret, add `x-secret: false`")
    })
}

/// Whether a property name contains a word for a secret.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_snake_case();
    let singular = |word| str::strip_suffix(word, "s").unwrap_or(word);
    let words: Vec<_> = name.split('_').map(singular).collect();
    let is_secret_word = |word: &&str| {
        matches!(
            *word,
            "apikey"
                | "authorization"
                | "bearer"
                | "credential"
                | "passphrase"
                | "passwd"
                | "password"
                | "secret"
                | "token"
        )
    };
    let is_secret_key =
        |pair: &[&str]| matches!(pair, ["access" | "api" | "private" | "signing", "key"]);
    words.iter().any(is_secret_word) || words.windows(2).any(is_secret_key)
}

/// Whether the schema, a member of its `allOf`, or the values of its map have
/// `format: password`.
fn has_password(schema: &Value) -> bool {
    let members = schema.get("allOf").and_then(Value::as_array);
    let mut schemas = members.into_iter().flatten().chain([schema]);
    schemas.any(|schema| {
        schema.get("format") == Some(&"password".into())
            || schema.get("additionalProperties").is_some_and(has_password)
    })
}

/// A closed enum in a response would break every caller as soon as the API returns a new
/// value.
fn check_enum(schema: &Node<'_>, is_in_response: bool) -> Option<Diagnostic> {
    // A closed enum of numbers is not enforced in a response.
    let is_text = !matches!(schema.text("type"), Some("boolean" | "integer" | "number"));
    if is_in_response && is_text && schema.value.get("enum").is_some() {
        let message = "closed enum in a response";
        return Some(Diagnostic::at_key(&schema.child("enum"), message).help(
            "use `x-extensible-enum` instead; with `enum`, a new value would break callers",
        ));
    }
    if let Some(Err(diagnostic)) = OpenEnum::parse(schema) {
        return Some(diagnostic);
    }
    let values = schema.children("enum");
    let names: BTreeSet<_> = values
        .iter()
        .filter_map(|value| Some(type_name(value.value.as_str()?)))
        .collect();
    let texts = values.iter().filter(|value| value.value.is_string());
    if names.len() < texts.count() {
        let message = "two values of the `enum` have the same Rust name";
        return Some(Diagnostic::at_key(&schema.child("enum"), message).help("remove one of them"));
    }
    let is_nullable = schema.value.get("nullable") == Some(&Value::Bool(true));
    let invalid = values.iter().find(|value| {
        let is_allowed = value.value.is_string() || value.value.is_null() && is_nullable;
        schema.text("type") == Some("string") && !is_allowed
    })?;
    Some(
        Diagnostic::at_value(&invalid.pointer, "a value of the `enum` is not a string")
            .help("put it in quotes, or remove it"),
    )
}

/// Returns the locations of the schemas that are types of both requests and responses. A part
/// of an `allOf` is not a type.
fn shared_objects(
    document: &Document,
    schemas: &[Node<'_>],
    responses: &BTreeSet<String>,
) -> BTreeSet<String> {
    if !schemas.iter().any(|schema| is_composition(schema.value)) {
        return &document.request_schemas() & responses;
    }
    let mut merged = document.clone();
    merge_compositions(&mut merged);
    let (requests, responses) = (merged.request_schemas(), merged.response_schemas());
    &requests & &responses
}

/// Requests are validated and responses are read leniently, so one type cannot be both,
/// unless it has no properties and no rules.
fn check_use(schema: &Node<'_>, shared: &BTreeSet<String>) -> Option<Diagnostic> {
    let is_scalar = matches!(
        schema.text("type"),
        Some("boolean" | "integer" | "number" | "string")
    );
    (!is_scalar && schema.is_named_schema() && shared.contains(&schema.pointer)).then(|| {
        let message = "schema is used in both requests and responses";
        Diagnostic::at_key(&schema.pointer, message).help(
            "declare one schema for the request and one for the response; they can share a third by `allOf`",
        )
    })
}

fn check_description(schema: &Node<'_>) -> Option<Diagnostic> {
    if schema.is_named_schema() && schema.is_blank("description") {
        let diagnostic = Diagnostic::at_key(&schema.pointer, "the schema has no `description`");
        return Some(diagnostic.help("add `description`; it is the documentation of the type"));
    }
    markdown::check(schema, "description")
}

fn check_property_description(property: &Node<'_>) -> Option<Diagnostic> {
    if !property.is_blank("description") {
        return None;
    }
    let help = match reference(property.value) {
        Some(_) => "add `description`, and replace `$ref` by `allOf` with this `$ref`",
        None => "add `description`; it is the documentation of the field",
    };
    let message = format!("the property `{}` has no `description`", property.key);
    Some(Diagnostic::at_key(&property.pointer, message).help(help))
}

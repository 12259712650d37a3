use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::super::diagnostic::Fault;
use super::super::document::{Document, Node, reference};
use super::super::open_enum::OpenEnum;
use super::spelling::nearest;

pub fn faults(document: &Document) -> Vec<Fault> {
    let sent = document.sent_schemas();
    let answered = document.answered_schemas();
    let mut faults = Vec::new();
    for schema in document.schemas() {
        let is_answered = answered.contains(&schema.pointer);
        let is_sent = sent.contains(&schema.pointer);
        let found = [
            format_fault(&schema),
            items_fault(&schema),
            rule_fault(&schema),
            type_fault(&schema),
            secret_fault(&schema),
            enum_fault(&schema, is_answered),
            pattern_fault(&schema, is_sent),
            (is_sent && is_answered && schema.is_named_schema()).then(|| shared_fault(&schema)),
            composition_fault(&schema),
            default_fault(&schema),
            words_fault(&schema),
        ];
        faults.extend(found.into_iter().flatten());
        faults.extend(required_faults(document, &schema));
        for property in schema.children("properties") {
            faults.extend(description_fault(&property));
            faults.extend(plain_secret_fault(&property));
        }
    }
    faults
}

fn format_fault(schema: &Node<'_>) -> Option<Fault> {
    let format = schema.text("format")?;
    let (message, help) = match schema.text("type") {
        None => (format!("`format: {format}` has no `type`"), "add it"),
        Some(other) if other != "string" && matches!(format, "password" | "date-time") => (
            format!("`format: {format}` is not for `type: {other}`"),
            "write `type: string`, or remove the format",
        ),
        Some(_) => match nearest(format, &["password", "date-time"]) {
            Some(meant) if meant != format && !matches!(format, "date" | "time") => {
                return Some(
                    Fault::at_value(&schema.child("format"), format!("`{format}` is no format"))
                        .help(format!("did you mean `{meant}`?")),
                );
            }
            _ => return None,
        },
    };
    Some(Fault::at_value(&schema.child("format"), message).help(help))
}

fn items_fault(schema: &Node<'_>) -> Option<Fault> {
    let is_missing = schema.text("type") == Some("array") && schema.value.get("items").is_none();
    is_missing.then(|| {
        Fault::at_value(&schema.child("type"), "the array has no `items`")
            .help("add the schema of what is in it")
    })
}

/// Keys that mean something for one type only.
const RULES: [(&str, &str); 13] = [
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

/// A rule for another type is one that nobody enforces.
fn rule_fault(schema: &Node<'_>) -> Option<Fault> {
    let own = schema.text("type")?;
    let (rule, of) = RULES
        .into_iter()
        .find(|(rule, of)| schema.value.get(rule).is_some() && *of != own)?;
    let message = format!("`{rule}` means nothing for `type: {own}`");
    Some(
        Fault::at_key(&schema.child(rule), message)
            .help(format!("remove it, or write `type: {of}`")),
    )
}

/// Without a type, anything goes. That can be meant, but then it is described
/// and has no rules.
fn type_fault(schema: &Node<'_>) -> Option<Fault> {
    let has = |key: &str| schema.value.get(key).is_some();
    if ["type", "format", "allOf", "anyOf", "oneOf"]
        .into_iter()
        .any(has)
    {
        return None;
    }
    let rule = RULES.into_iter().find(|(rule, _)| has(rule));
    let help = match rule {
        Some((rule, of)) => format!("`{rule}` is for `type: {of}`; add that"),
        None if !has("description") => "add it, or a `$ref`".to_owned(),
        None => return None,
    };
    Some(Fault::at_value(&schema.pointer, "the schema has no `type`").help(help))
}

fn required_faults(document: &Document, schema: &Node<'_>) -> Vec<Fault> {
    // A member of a composition may require what the whole declares, or another
    // member.
    let mut declared = BTreeSet::new();
    let mut whole = schema.pointer.as_str();
    while let Some((around, _)) = ["/allOf/", "/anyOf/", "/oneOf/"]
        .into_iter()
        .filter_map(|composition| whole.rsplit_once(composition))
        .max_by_key(|(around, _)| around.len())
    {
        whole = around;
    }
    let is_known = document
        .at(whole)
        .is_some_and(|whole| collect_declared(document, whole, &mut declared, 0));
    if !is_known {
        return Vec::new();
    }
    let is_declared = |name: &str| declared.contains(name);
    let mut names = schema.children("required");
    names.retain(|name| name.value.as_str().is_some_and(|name| !is_declared(name)));
    names
        .into_iter()
        .map(|name| {
            let text = name.value.as_str().unwrap_or_default();
            let message = format!("`required` names `{text}`, which is not in `properties`");
            Fault::at_value(&name.pointer, message).help("add it there, or correct the name")
        })
        .collect()
}

/// Collects the names of the properties that a schema has, by itself or by what
/// it is composed of; whether all of that is known.
fn collect_declared<'a>(
    document: &'a Document,
    schema: &'a Value,
    declared: &mut BTreeSet<&'a str>,
    depth: usize,
) -> bool {
    let Some(schema) = document.resolve(schema).filter(|_| depth < 32) else {
        return false;
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    declared.extend(
        properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str()),
    );
    let mut members = ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .filter_map(|key| schema.get(key)?.as_array())
        .flatten();
    members.all(|member| collect_declared(document, member, declared, depth + 1))
}

/// What no Rust type is made of.
fn composition_fault(schema: &Node<'_>) -> Option<Fault> {
    let empty = ["allOf", "anyOf", "oneOf", "enum", "x-extensible-enum"]
        .into_iter()
        .find(|key| schema.value.get(key) == Some(&Value::Array(Vec::new())));
    if let Some(key) = empty {
        let fault = Fault::at_key(&schema.child(key), format!("`{key}` is empty"));
        return Some(fault.help("fill it, or remove it"));
    }
    schema.value.get("not").map(|_| {
        Fault::at_key(&schema.child("not"), "no Rust type says what `not` does")
            .help("remove it; say in the `description` what is ruled out")
    })
}

fn default_fault(schema: &Node<'_>) -> Option<Fault> {
    let default = schema.value.get("default")?;
    let is_of_type = match schema.text("type")? {
        "string" => default.is_string(),
        "boolean" => default.is_boolean(),
        "integer" => default.is_i64() || default.is_u64(),
        "number" => default.is_number(),
        "array" => default.is_array(),
        _ => default.is_object(),
    };
    (!is_of_type && !default.is_null()).then(|| {
        Fault::at_value(
            &schema.child("default"),
            "the `default` is of another type than the schema",
        )
        .help("write a value of that type")
    })
}

/// `Secret` is a string that is not empty. It enforces nothing else, and the
/// generator sees it only where it is written out.
fn secret_fault(schema: &Node<'_>) -> Option<Fault> {
    if schema.text("format") != Some("password") {
        return None;
    }
    let parent = schema.pointer.rsplit('/').nth(1);
    if parent != Some("properties") {
        return Some(
            Fault::at_value(
                &schema.child("format"),
                "`format: password` works on a property only",
            )
            .help("write it out in the property"),
        );
    }
    let rules = ["pattern", "maxLength", "enum", "allOf", "anyOf", "oneOf"];
    if let Some(rule) = rules
        .into_iter()
        .find(|rule| schema.value.get(rule).is_some())
    {
        let message = format!("`{rule}` is not enforced on `format: password`");
        return Some(Fault::at_key(&schema.child(rule), message).help("remove it"));
    }
    let min_length = schema.value.get("minLength").and_then(Value::as_u64);
    (min_length > Some(1)).then(|| {
        Fault::at_value(
            &schema.child("minLength"),
            "on `format: password`, no length but 1 is enforced",
        )
        .help("write `minLength: 1`")
    })
}

/// A secret without its format is a plain string, which shows itself in logs.
fn plain_secret_fault(property: &Node<'_>) -> Option<Fault> {
    match property.value.get("x-secret") {
        None => {}
        Some(Value::Bool(false)) => return None,
        Some(_) => {
            return Some(
                Fault::at_value(
                    &property.child("x-secret"),
                    "`x-secret` is either `false` or not there",
                )
                .help("to mark a secret, write `format: password`"),
            );
        }
    }
    let is_plain = !matches!(
        property.text("type"),
        Some("boolean" | "integer" | "number")
    ) && !has_password(property.value)
        && property.value.get("enum").is_none();
    let name = property.key.to_snake_case();
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
    let is_secret = words.iter().any(is_secret_word) || words.windows(2).any(is_secret_key);
    (is_plain && is_secret).then(|| {
        let message = format!(
            "`{}` looks like a secret, but would show itself in logs",
            property.key
        );
        Fault::at_key(&property.pointer, message)
            .help("make it a string with `format: password`; or, if everybody may read it, add `x-secret: false`")
    })
}

/// Whether the schema, or a member of it, has the format of a secret.
fn has_password(schema: &Value) -> bool {
    let members = schema.get("allOf").and_then(Value::as_array);
    let mut schemas = members.into_iter().flatten().chain([schema]);
    schemas.any(|schema| schema.get("format") == Some(&"password".into()))
}

/// A closed enum in a response would break every caller on the day that Duvo
/// answers a new value.
fn enum_fault(schema: &Node<'_>, is_answered: bool) -> Option<Fault> {
    if is_answered && schema.value.get("enum").is_some() {
        return Some(
            Fault::at_key(&schema.child("enum"), "a response has a closed enum").help(
                "write `x-extensible-enum` in its place; a new value would break every caller",
            ),
        );
    }
    if let Some(Err(fault)) = OpenEnum::read(schema) {
        return Some(fault);
    }
    let values = schema.children("enum");
    let names: BTreeSet<_> = values
        .iter()
        .filter_map(|value| Some(value.value.as_str()?.to_pascal_case()))
        .collect();
    let texts = values.iter().filter(|value| value.value.is_string());
    if names.len() < texts.count() {
        return Some(
            Fault::at_key(
                &schema.child("enum"),
                "two values of the `enum` make the same Rust variant",
            )
            .help("leave one out"),
        );
    }
    let is_nullable = schema.value.get("nullable") == Some(&Value::Bool(true));
    let odd = values.iter().find(|value| {
        let is_text = value.value.is_string() || value.value.is_null() && is_nullable;
        schema.text("type") == Some("string") && !is_text
    })?;
    Some(
        Fault::at_value(&odd.pointer, "a value of the `enum` is no string")
            .help("put it in quotes, or remove it"),
    )
}

fn pattern_fault(schema: &Node<'_>, is_sent: bool) -> Option<Fault> {
    let is_enforced = is_sent && schema.value.get("pattern").is_some();
    is_enforced.then(|| {
        Fault::at_key(
            &schema.child("pattern"),
            "a `pattern` in a request needs a regex engine, which the client does without",
        )
        .help("remove it")
    })
}

/// What is answered is read leniently, what is sent is checked: one type cannot
/// be both.
fn shared_fault(schema: &Node<'_>) -> Fault {
    Fault::at_key(&schema.pointer, "this schema is both sent and answered")
        .help("give the request and the response a schema each")
}

fn words_fault(schema: &Node<'_>) -> Option<Fault> {
    if schema.is_named_schema() && schema.is_blank("description") {
        let fault = Fault::at_key(&schema.pointer, "the schema has no `description`");
        return Some(fault.help("add it; it is the documentation of the type"));
    }
    code_fault(schema, "description")
}

/// Descriptions become documentation, where code is compiled and run.
pub fn code_fault(node: &Node<'_>, key: &str) -> Option<Fault> {
    let words = node.text(key)?;
    let is_indented = |line: &str| line.starts_with("    ") || line.starts_with('\t');
    let has_code = words.contains("```") || words.contains("~~~") || words.lines().any(is_indented);
    has_code.then(|| {
        let message =
            format!("the `{key}` has a block of code, which `cargo test` would run as Rust");
        Fault::at_key(&node.child(key), message).help("write the code inline")
    })
}

fn description_fault(property: &Node<'_>) -> Option<Fault> {
    if !property.is_blank("description") {
        return None;
    }
    let help = match reference(property.value) {
        Some(_) => "write one, and `allOf` with this `$ref` in place of `$ref`",
        None => "add it; it is the documentation of the field",
    };
    let message = format!("the property `{}` has no `description`", property.key);
    Some(Fault::at_key(&property.pointer, message).help(help))
}

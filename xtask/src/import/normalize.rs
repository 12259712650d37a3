//! Rewrites a schema of OpenAPI 3.1 as one of 3.0, and drops what neither the client nor the
//! documentation uses.

use serde_yaml::{Mapping, Value};

use crate::MAX_SAFE_INTEGER;

use super::published::{list, mapping, reference, text};

/// Keys that do not restrict a value. `x-` keys are dropped, too, except for known ones.
const DROPPED: [&str; 14] = [
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "definitions",
    "discriminator",
    "propertyNames",
    "title",
    "unevaluatedProperties",
    "xml",
];

const EXTENSIONS: [&str; 2] = ["x-extensible-enum", "x-secret"];

/// Keys that only values of one type have.
const IMPLIED_TYPES: [(&str, &str); 9] = [
    ("properties", "object"),
    ("additionalProperties", "object"),
    ("required", "object"),
    ("items", "array"),
    ("minItems", "array"),
    ("minLength", "string"),
    ("maxLength", "string"),
    ("pattern", "string"),
    ("x-extensible-enum", "string"),
];

/// Rewrites one schema. The schemas below it stay as they are.
pub(super) fn normalize(schema: &Value) -> Value {
    let Value::Mapping(schema) = schema else {
        return match schema {
            Value::Bool(false) => mapping([("not", Mapping::new().into())]).into(),
            _ => Mapping::new().into(),
        };
    };
    let mut schema = schema.clone();
    replace_composition_of_one(&mut schema);
    replace_constant(&mut schema);
    replace_types(&mut schema);
    replace_examples(&mut schema);
    replace_limits(&mut schema);
    replace_null_in_enum(&mut schema);
    replace_pattern_properties(&mut schema);
    drop_annotations(&mut schema);
    add_implied_type(&mut schema);
    drop_format_without_text(&mut schema);
    schema.into()
}

/// A `$ref` with siblings is the same as `allOf` with the `$ref`.
fn replace_composition_of_one(schema: &mut Mapping) {
    if schema.len() > 1
        && let Some(target) = schema.remove("$ref")
    {
        let target = mapping([("$ref", target)]).into();
        match schema.get_mut("allOf") {
            Some(Value::Sequence(members)) => members.push(target),
            _ => drop(schema.insert("allOf".into(), vec![target].into())),
        }
    }
}

fn replace_constant(schema: &mut Mapping) {
    if let Some(constant) = schema.remove("const") {
        if !schema.contains_key("type")
            && let Some(name) = type_of(&constant)
        {
            schema.insert("type".into(), name.into());
        }
        schema.insert("enum".into(), vec![constant].into());
    }
}

/// Returns the JSON type of a value.
fn type_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Sequence(_) => "array",
        Value::Mapping(_) => "object",
        Value::Null => "null",
        Value::Tagged(_) => return None,
    })
}

/// Replaces a list of types by one type and `nullable`, or by `anyOf`.
fn replace_types(schema: &mut Mapping) {
    let Some(Value::Sequence(types)) = schema.get("type").cloned() else {
        return;
    };
    let (null, types): (Vec<_>, Vec<_>) = types.into_iter().partition(|name| name == "null");
    if !null.is_empty() {
        schema.insert("nullable".into(), true.into());
    }
    schema.remove("type");
    match types.as_slice() {
        [] => drop(schema.insert("type".into(), "null".into())),
        [only] => drop(schema.insert("type".into(), only.clone())),
        several => {
            let outer = [
                "description",
                "nullable",
                "deprecated",
                "default",
                "example",
                "examples",
            ];
            let rules = schema
                .iter()
                .filter(|(key, _)| !outer.iter().any(|outer| *key == *outer));
            let rules: Mapping = rules
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let arms: Vec<Value> = several.iter().map(|name| arm(&rules, name)).collect();
            schema.retain(|key, _| outer.iter().any(|outer| key == outer));
            schema.insert("anyOf".into(), arms.into());
        }
    }
}

/// Returns the part of a schema that applies to one of its types.
fn arm(rules: &Mapping, name: &Value) -> Value {
    let applies = |key: &Value| {
        let implied = IMPLIED_TYPES.iter().find(|(rule, _)| key == rule);
        implied.is_none_or(|(_, implied)| name == implied)
    };
    let rules = rules.iter().filter(|(key, _)| applies(key));
    let mut arm: Mapping = rules
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    arm.insert("type".into(), name.clone());
    if let Some(Value::Sequence(values)) = arm.get_mut("enum") {
        values.retain(|value| type_of(value).is_some_and(|of| name == of));
        if values.is_empty() {
            arm.remove("enum");
        }
    }
    arm.into()
}

fn replace_examples(schema: &mut Mapping) {
    if let Some(Value::Sequence(examples)) = schema.remove("examples")
        && !schema.contains_key("example")
        && let Some(first) = examples.into_iter().next()
    {
        schema.insert("example".into(), first);
    }
}

/// Replaces exclusive limits that are numbers, and drops those that are not limits.
fn replace_limits(schema: &mut Mapping) {
    for (exclusive, limit) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if let Some(number @ Value::Number(_)) = schema.get(exclusive).cloned() {
            schema.insert(limit.into(), number);
            schema.insert(exclusive.into(), true.into());
        }
        let is_unlimited = schema.get(limit).is_some_and(|limit| {
            let magnitude = limit.as_i64().map(i64::unsigned_abs);
            magnitude == Some(MAX_SAFE_INTEGER) || limit.as_f64().is_some_and(f64::is_infinite)
        });
        if is_unlimited {
            schema.remove(limit);
        }
        // Without a limit, it has no effect.
        let is_exclusive = schema.get(exclusive) == Some(&true.into());
        if !is_exclusive || !schema.contains_key(limit) {
            schema.remove(exclusive);
        }
    }
}

/// `nullable` states whether null is allowed.
fn replace_null_in_enum(schema: &mut Mapping) {
    let Some(Value::Sequence(values)) = schema.get_mut("enum") else {
        return;
    };
    let count = values.len();
    values.retain(|value| !value.is_null());
    let has_null = values.len() < count;
    let is_empty = values.is_empty();
    if has_null {
        schema.insert("nullable".into(), true.into());
    }
    if is_empty {
        schema.remove("enum");
        schema.insert("type".into(), "null".into());
    }
}

fn replace_pattern_properties(schema: &mut Mapping) {
    if let Some(Value::Mapping(patterns)) = schema.remove("patternProperties")
        && let Some((_, values)) = patterns.into_iter().next()
        && !schema
            .get("additionalProperties")
            .is_some_and(Value::is_mapping)
    {
        schema.insert("additionalProperties".into(), values);
    }
}

fn drop_annotations(schema: &mut Mapping) {
    schema.retain(|key, value| {
        let key = key.as_str().unwrap_or_default();
        let is_default = matches!(
            key,
            "nullable" | "deprecated" | "readOnly" | "writeOnly" | "uniqueItems"
        ) && value.as_bool() == Some(false);
        let is_known = !key.starts_with("x-") || EXTENSIONS.contains(&key);
        is_known && !is_default && !DROPPED.contains(&key)
    });
}

fn add_implied_type(schema: &mut Mapping) {
    if ["type", "$ref", "allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| schema.contains_key(*key))
    {
        return;
    }
    let implied = IMPLIED_TYPES
        .iter()
        .find(|(key, _)| schema.contains_key(*key));
    let of_values = || {
        let first = schema.get("enum")?.as_sequence()?.first()?;
        type_of(first)
    };
    let implied = implied.map(|(_, name)| *name).or_else(of_values);
    let implied = implied.or_else(|| schema.contains_key("format").then_some("string"));
    if let Some(name) = implied {
        schema.insert("type".into(), name.into());
    }
}

/// Only strings and numbers have formats.
fn drop_format_without_text(schema: &mut Mapping) {
    let name = schema.get("type").and_then(Value::as_str);
    if !matches!(name, Some("string" | "integer" | "number")) {
        schema.remove("format");
    }
}

/// Whether only null is allowed.
pub(super) fn is_null(schema: &Value) -> bool {
    text(schema, "type") == Some("null")
}

/// Whether the schema has no rules: any value is allowed.
pub(super) fn is_any(schema: &Value) -> bool {
    ["type", "$ref", "allOf", "anyOf", "oneOf", "not", "enum"]
        .iter()
        .all(|key| schema.get(*key).is_none())
}

/// Keys that describe a schema as a whole, next to a composition.
pub(super) const OUTER: [&str; 7] = [
    "description",
    "nullable",
    "deprecated",
    "default",
    "example",
    "readOnly",
    "writeOnly",
];

/// Returns the only `$ref` that the schema consists of, whatever is stated next to it.
pub(super) fn single_reference(schema: &Value) -> Option<&str> {
    let is_alone = |composition: &str| {
        let keys = schema.as_mapping().into_iter().flat_map(Mapping::keys);
        keys.filter_map(Value::as_str)
            .all(|key| key == composition || OUTER.contains(&key))
    };
    reference(schema).or_else(|| {
        let composition = ["allOf", "anyOf", "oneOf"]
            .into_iter()
            .find(|key| is_alone(key))?;
        match list(schema, composition) {
            [only] => reference(only),
            _ => None,
        }
    })
}

//! Merges schemas into one that accepts what each of them, or all of them, accept.

use serde_yaml::{Mapping, Value};

use super::published::{list, mapping, text};

/// Returns the type that the client can distinguish from others.
pub(super) fn json_type(schema: &Value) -> Option<&str> {
    match text(schema, "type")? {
        "integer" => Some("number"),
        other => Some(other),
    }
}

/// Returns a schema that accepts what either of two schemas of one JSON type accepts.
pub(super) fn merge_values(one: &Value, other: &Value) -> Value {
    if one == other {
        return one.clone();
    }
    let own = one.as_mapping().cloned().unwrap_or_default();
    let mut merged: Mapping = own
        .into_iter()
        .filter(|(key, value)| other.get(key) == Some(value))
        .collect();
    let name = text(one, "type").filter(|name| text(other, "type") == Some(name));
    merged.insert("type".into(), name.unwrap_or("number").into());
    for key in ["enum", "x-extensible-enum"] {
        let mut values = list(one, key).to_vec();
        let others = list(other, key);
        if !values.is_empty() && !others.is_empty() {
            let new = others.iter().filter(|value| !values.contains(value));
            let new: Vec<_> = new.cloned().collect();
            values.extend(new);
            merged.insert(key.into(), values.into());
        }
    }
    if let (Some(one), Some(other)) = (one.get("items"), other.get("items"))
        && one != other
    {
        merged.insert("items".into(), any_of(one, other));
    }
    merged.into()
}

fn any_of(one: &Value, other: &Value) -> Value {
    mapping([("anyOf", vec![one.clone(), other.clone()].into())]).into()
}

/// Returns an object with the properties of all, each as in any of them, that requires what
/// all of them require.
pub(super) fn merge_alternatives(objects: &[Mapping]) -> Mapping {
    let mut merged = merge_properties(objects, any_of);
    let required = objects
        .iter()
        .map(|object| object.get("required").and_then(Value::as_sequence));
    let required: Vec<_> = required
        .map(|names| names.cloned().unwrap_or_default())
        .collect();
    let mut in_all = required.first().cloned().unwrap_or_default();
    in_all.retain(|name| required.iter().all(|names| names.contains(name)));
    insert_required(&mut merged, in_all);
    merged
}

/// Returns an object that has all properties, and requires what any of the members requires.
pub(super) fn merge_members(objects: &[Mapping]) -> Mapping {
    let mut merged = merge_properties(objects, |_, later| later.clone());
    let mut in_any: Vec<Value> = Vec::new();
    for object in objects {
        let names = object.get("required").and_then(Value::as_sequence);
        let new = names
            .into_iter()
            .flatten()
            .filter(|name| !in_any.contains(name));
        let new: Vec<_> = new.cloned().collect();
        in_any.extend(new);
        if let Some(values) = object
            .get("additionalProperties")
            .filter(|values| values.is_mapping())
        {
            merged.insert("additionalProperties".into(), values.clone());
        }
    }
    insert_required(&mut merged, in_any);
    merged
}

fn merge_properties(objects: &[Mapping], combine: impl Fn(&Value, &Value) -> Value) -> Mapping {
    let mut properties = Mapping::new();
    for object in objects {
        let own = object.get("properties").and_then(Value::as_mapping);
        for (name, property) in own.into_iter().flatten() {
            match properties.get_mut(name) {
                Some(other) if other != property => *other = combine(other, property),
                Some(_) => {}
                None => drop(properties.insert(name.clone(), property.clone())),
            }
        }
    }
    mapping([("type", "object".into()), ("properties", properties.into())])
}

fn insert_required(object: &mut Mapping, required: Vec<Value>) {
    if !required.is_empty() {
        object.insert("required".into(), required.into());
    }
}

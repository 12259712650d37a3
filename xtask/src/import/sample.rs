//! Generates the smallest value of a schema: required properties, and one item per list.

use serde_yaml::{Mapping, Value};

use super::published::{list, members, reference, text};

/// The depth of nested schemas, beyond which lists are empty.
const MAX_DEPTH: usize = 12;

/// Returns a value of the schema. `target` returns the schema at a reference.
pub(super) fn sample(target: &dyn Fn(&str) -> Option<Value>, schema: &Value) -> Value {
    sample_at(target, schema, 0)
}

fn sample_at(target: &dyn Fn(&str) -> Option<Value>, schema: &Value, depth: usize) -> Value {
    let below = |schema: &Value| sample_at(target, schema, depth + 1);
    if depth > 2 * MAX_DEPTH {
        return Value::Null;
    }
    if let Some(reference) = reference(schema) {
        return target(reference).map_or(Value::Null, |schema| below(&schema));
    }
    let written = ["example", "default"]
        .into_iter()
        .find_map(|key| schema.get(key));
    let values = ["enum", "x-extensible-enum"].map(|key| list(schema, key));
    let first = values.into_iter().find_map(|values| values.first());
    if let Some(value) = written.filter(|value| !value.is_null()).or(first) {
        return value.clone();
    }
    let all_of = list(schema, "allOf");
    if !all_of.is_empty() {
        return merge(all_of.iter().map(below));
    }
    let arms = ["anyOf", "oneOf"].map(|key| list(schema, key));
    if let Some(first) = arms.into_iter().find_map(|arms| arms.first()) {
        return below(first);
    }
    match text(schema, "type") {
        Some("string") => text_sample(schema).into(),
        Some("boolean") => true.into(),
        Some("integer" | "number") => number_sample(schema).into(),
        Some("array") if depth > MAX_DEPTH => Value::Sequence(Vec::new()),
        Some("array") => {
            let count = limit(schema, "minItems").unwrap_or(1).max(1);
            let item = schema.get("items").map_or(Value::Null, below);
            Value::Sequence(vec![item; count])
        }
        _ => {
            let required = list(schema, "required");
            let required = members(schema, "properties")
                .filter(|(name, _)| required.iter().any(|required| required == name));
            let samples = required.map(|(name, property)| {
                let is_nullable = property.get("nullable") == Some(&true.into());
                let is_left_out = depth > MAX_DEPTH && is_nullable;
                let value = if is_left_out {
                    Value::Null
                } else {
                    below(property)
                };
                (name.into(), value)
            });
            samples.collect::<Mapping>().into()
        }
    }
}

/// Merges the values of the members of `allOf`.
fn merge(samples: impl Iterator<Item = Value>) -> Value {
    let mut merged = Mapping::new();
    let mut last = Value::Null;
    for sample in samples {
        match sample {
            Value::Mapping(object) => merged.extend(object),
            other => last = other,
        }
    }
    if last.is_null() { merged.into() } else { last }
}

fn text_sample(schema: &Value) -> String {
    let sample = match text(schema, "format") {
        Some("date-time") => "2026-01-01T00:00:00Z",
        Some("date") => "2026-01-01",
        Some("time") => "00:00:00Z",
        Some("uuid") => "3f1d0c7e-5b2a-4c8d-9e6f-7a1b2c3d4e5f",
        Some("uri" | "url") => "https://example.com",
        Some("email") => "user@example.com",
        Some("hostname") => "example.com",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        _ => "<string>",
    };
    let shortest = limit(schema, "minLength").unwrap_or(0).min(1 << 12);
    let longest = limit(schema, "maxLength").unwrap_or(usize::MAX);
    let padding = "x".repeat(shortest.saturating_sub(sample.len()));
    (sample.to_owned() + &padding)
        .chars()
        .take(longest)
        .collect()
}

fn number_sample(schema: &Value) -> i64 {
    let limit = |limit: &str, exclusive: &str| {
        let limit = schema.get(limit).and_then(Value::as_i64)?;
        Some((
            limit,
            i64::from(schema.get(exclusive) == Some(&true.into())),
        ))
    };
    let lowest = limit("minimum", "exclusiveMinimum").map(|(limit, step)| limit + step);
    let highest = limit("maximum", "exclusiveMaximum").map(|(limit, step)| limit - step);
    let value = lowest.unwrap_or(1).max(1);
    let value = highest.map_or(value, |highest| value.min(highest));
    let step = schema.get("multipleOf").and_then(Value::as_i64);
    let step = step.filter(|step| *step > 0).unwrap_or(1);
    // Rounded up to a multiple.
    let rest = value.rem_euclid(step);
    if rest == 0 {
        value
    } else {
        value + step - rest
    }
}

fn limit(schema: &Value, key: &str) -> Option<usize> {
    let limit = schema.get(key)?.as_u64()?;
    usize::try_from(limit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_sample(schema: &str, expected: &str) {
        let parse = |text: &str| serde_yaml::from_str::<Value>(text).unwrap();
        let target = |_: &str| {
            Some(parse(
                "{type: object, required: [next], properties: {next: {$ref: x}}}",
            ))
        };
        assert_eq!(sample(&target, &parse(schema)), parse(expected));
    }

    #[test]
    fn sample_has_required_properties_in_their_order() {
        assert_sample(
            "{type: object, required: [a, z], properties: {z: {type: boolean}, b: {type: string}, a: {type: string}}}",
            "{z: true, a: <string>}",
        );
    }

    #[test]
    fn sample_is_within_limits() {
        assert_sample("{type: string, minLength: 10}", "<string>xx");
        assert_sample("{type: string, maxLength: 3}", "<st");
        assert_sample("{type: integer, minimum: 5, exclusiveMinimum: true}", "6");
        assert_sample("{type: integer, maximum: -2}", "-2");
        assert_sample("{type: integer, minimum: 7, multipleOf: 5}", "10");
        assert_sample(
            "{type: array, minItems: 2, items: {type: boolean}}",
            "[true, true]",
        );
        assert_sample("{type: string, x-extensible-enum: [b, a]}", "b");
    }

    #[test]
    fn recursion_ends() {
        let value = sample(
            &|_| {
                Some(
                    serde_yaml::from_str(
                        "{type: object, required: [next], properties: {next: {$ref: x}}}",
                    )
                    .unwrap(),
                )
            },
            &serde_yaml::from_str("{$ref: x}").unwrap(),
        );
        assert!(value.get("next").is_some());
    }
}

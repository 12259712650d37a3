//! Checks that the arms of `oneOf` and `anyOf` can be distinguished. The generated enum
//! takes the first arm that accepts a value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, reference};

/// The depth of nested schemas up to which arms are compared.
const MAX_DEPTH: usize = 8;

pub(crate) fn check(
    document: &Document,
    schemas: &[Node<'_>],
    responses: &BTreeSet<String>,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for schema in schemas {
        diagnostics.extend(check_discriminator(schema));
        let is_in_response = responses.contains(&schema.pointer);
        let comparison = Comparison {
            document,
            is_in_response,
        };
        for key in ["anyOf", "oneOf"] {
            diagnostics.extend(comparison.check_arms(schema, key));
        }
    }
    diagnostics
}

/// progenitor ignores `discriminator`. The schemas of a union are distinct without it; a schema
/// on its own would need it to find the subtype.
fn check_discriminator(schema: &Node<'_>) -> Option<Diagnostic> {
    schema.value.get("discriminator")?;
    if ["anyOf", "oneOf"]
        .into_iter()
        .any(|key| schema.value.get(key).is_some())
    {
        return None;
    }
    let location = schema.child("discriminator");
    let message = "`discriminator` is not supported without `oneOf` or `anyOf`";
    Some(Diagnostic::at_key(&location, message).help(
        "declare a schema with a `oneOf` of the subtypes, which differ in required properties",
    ))
}

/// The values that an arm accepts.
#[derive(Debug, Clone, Default)]
struct Arm<'a> {
    /// The JSON types. None means any type.
    types: BTreeSet<&'a str>,
    properties: BTreeMap<&'a str, &'a Value>,
    required: BTreeSet<&'a str>,
    /// The schema of the other properties, or `false`.
    additional: Option<&'a Value>,
    /// The values of an `enum`.
    values: Option<Vec<&'a Value>>,
}

struct Comparison<'a> {
    document: &'a Document,
    is_in_response: bool,
}

impl<'a> Comparison<'a> {
    fn check_arms(&self, schema: &Node<'a>, key: &str) -> Option<Diagnostic> {
        let arms = schema.children(key);
        // A missing schema is reported elsewhere.
        if !arms
            .iter()
            .all(|arm| self.document.resolve(arm.value).is_some())
        {
            return None;
        }
        let mut whole = Arm::default();
        self.add_rules(&mut whole, schema.value);
        let variants: Vec<_> = arms
            .iter()
            .map(|arm| self.variants(&whole, arm.value, 0))
            .collect();
        let mut pairs =
            (0..arms.len()).flat_map(|later| (0..later).map(move |first| (first, later)));
        let (first, later) = pairs
            .find(|(first, later)| !self.are_distinct(&variants[*first], &variants[*later], 0))?;
        let message = format!(
            "a value of this schema may also match an earlier one of the `{key}`, which the client would take"
        );
        Some(
            Diagnostic::at_value(&arms[later].pointer, message)
                .help("make a property required in the earlier schema that this one does not declare, or list this schema first")
                .with_related_value(&arms[first].pointer, "the earlier schema"),
        )
    }

    /// Returns the arms of a schema, or one arm if it is not a union.
    fn variants(&self, whole: &Arm<'a>, schema: &'a Value, depth: usize) -> Vec<Arm<'a>> {
        let mut arm = whole.clone();
        let Some(resolved) = self.document.resolve(schema).filter(|_| depth < MAX_DEPTH) else {
            return vec![arm];
        };
        self.add_rules(&mut arm, schema);
        let nested = ["anyOf", "oneOf"]
            .into_iter()
            .filter_map(|key| resolved.get(key)?.as_array())
            .flatten();
        let nested: Vec<_> = nested
            .flat_map(|nested| self.variants(&arm, nested, depth + 1))
            .collect();
        if nested.is_empty() { vec![arm] } else { nested }
    }

    /// Adds the rules of a schema and of its `allOf` to an arm.
    fn add_rules(&self, arm: &mut Arm<'a>, schema: &'a Value) {
        let mut open = vec![schema];
        let mut visited = BTreeSet::new();
        while let Some(schema) = open.pop() {
            if reference(schema).is_some_and(|target| !visited.insert(target)) {
                continue;
            }
            let Some(schema) = self.document.resolve(schema) else {
                continue;
            };
            let list = |key: &str| {
                schema
                    .get(key)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
            };
            open.extend(list("allOf"));
            arm.types.extend(schema.get("type").and_then(Value::as_str));
            if is_nullable(schema) {
                arm.types.insert("null");
            }
            let properties = schema.get("properties").and_then(Value::as_object);
            let properties = properties.into_iter().flatten();
            arm.properties
                .extend(properties.map(|(name, schema)| (name.as_str(), schema)));
            arm.required
                .extend(list("required").filter_map(Value::as_str));
            arm.additional = schema.get("additionalProperties").or(arm.additional);
            if schema.get("enum").is_some() {
                arm.values = Some(list("enum").collect());
            }
        }
        if self.is_in_response {
            arm.values = None;
            // The client accepts additional properties, and a missing value as null.
            arm.additional = arm.additional.filter(|schema| schema.is_object());
            let properties = &arm.properties;
            arm.required.retain(|name| {
                let property = properties.get(name);
                !property.is_some_and(|property| self.is_nullable(property))
            });
        }
    }

    fn is_nullable(&self, schema: &'a Value) -> bool {
        let mut arm = Arm::default();
        let members = schema.get("allOf").and_then(Value::as_array);
        let members = members.into_iter().flatten().chain([schema]);
        for member in members {
            if self.document.resolve(member).is_some_and(is_nullable) {
                arm.types.insert("null");
            }
        }
        arm.types.contains("null")
    }

    /// Whether no arm of `earlier` accepts a value that an arm of `later` describes.
    fn are_distinct(&self, earlier: &[Arm<'a>], later: &[Arm<'a>], depth: usize) -> bool {
        earlier.iter().all(|earlier| {
            let mut later = later.iter();
            later.all(|later| self.rejects(earlier, later, depth))
        })
    }

    fn rejects(&self, earlier: &Arm<'a>, later: &Arm<'a>, depth: usize) -> bool {
        if depth >= MAX_DEPTH {
            return false;
        }
        let has_no_common_type = !earlier.types.is_empty()
            && !later.types.is_empty()
            && !earlier.types.iter().any(|own| {
                let mut types = later.types.iter();
                types.any(|other| is_same_type(own, other))
            });
        let has_no_common_value = matches!(
            (&earlier.values, &later.values),
            (Some(own), Some(others)) if !own.iter().any(|value| others.contains(value))
        );
        if has_no_common_type || has_no_common_value {
            return true;
        }
        let is_object = |arm: &Arm<'_>| arm.types.len() == 1 && arm.types.contains("object");
        if !is_object(earlier) || !is_object(later) {
            return false;
        }
        let are_distinct = |own: &'a Value, other: &'a Value| {
            let variants = |schema| self.variants(&Arm::default(), schema, 0);
            self.are_distinct(&variants(own), &variants(other), depth + 1)
        };
        let lacks_required = earlier.required.iter().any(|name| {
            let Some(other) = later.properties.get(name) else {
                return true;
            };
            let own = earlier.properties.get(name);
            own.is_some_and(|own| are_distinct(own, other))
        });
        let has_rejected = later.required.iter().any(|name| {
            let own = earlier.properties.get(name).or(earlier.additional.as_ref());
            match (own, later.properties.get(name)) {
                (Some(Value::Bool(is_allowed)), _) => !is_allowed,
                (Some(own), Some(other)) => are_distinct(own, other),
                _ => false,
            }
        });
        lacks_required || has_rejected
    }
}

fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

/// Whether a value can have both types. An integer is a number.
fn is_same_type(one: &str, other: &str) -> bool {
    let is_number = |name| matches!(name, "integer" | "number");
    one == other || is_number(one) && is_number(other)
}

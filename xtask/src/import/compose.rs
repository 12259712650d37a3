//! Simplifies `allOf`, `anyOf` and `oneOf`, which the client supports only in part.

use serde_yaml::{Mapping, Value};

use super::merge::{json_type, merge_alternatives, merge_members, merge_values};
use super::normalize::{OUTER, is_any, is_null, normalize, single_reference};
use super::published::{Published, list, mapping, members, reference, text};
use crate::Result;

/// The depth of nested compositions up to which they are merged.
const MAX_DEPTH: usize = 10;

const UNIONS: [&str; 2] = ["anyOf", "oneOf"];

/// Simplifies the schemas of a published document for one use.
#[derive(Clone, Copy)]
pub(super) struct Composer<'a> {
    pub(super) published: &'a Published,
    pub(super) is_in_response: bool,
}

/// The arms of a union, and the references that were followed to find them.
#[derive(Default)]
struct Arms {
    found: Vec<Value>,
    visited: Vec<String>,
}

impl Composer<'_> {
    /// Returns the schema in the form of OpenAPI 3.0, without compositions that can be
    /// merged. A reference stays one.
    pub(super) fn simplify(self, schema: &Value) -> Result<Value> {
        self.simplify_at(schema, 0)
    }

    fn simplify_at(self, schema: &Value, depth: usize) -> Result<Value> {
        let schema = normalize(schema);
        if depth > MAX_DEPTH || single_reference(&schema).is_some() {
            return Ok(schema);
        }
        let schema = self.merge_all_of(schema, depth)?;
        self.merge_union(schema, depth)
    }

    /// Merges the objects of `allOf` into one.
    fn merge_all_of(self, schema: Value, depth: usize) -> Result<Value> {
        let all_of = list(&schema, "allOf");
        if all_of.is_empty() {
            return Ok(schema);
        }
        let mut own = schema.as_mapping().cloned().unwrap_or_default();
        own.remove("allOf");
        let outer = take_outer(&mut own);
        if own.is_empty() && all_of.len() == 1 {
            let only = self.simplify_at(&all_of[0], depth + 1)?;
            return Ok(with_outer(only, outer));
        }
        let mut objects = Vec::new();
        let mut all = all_of.to_vec();
        if !own.is_empty() {
            all.push(own.into());
        }
        for member in &all {
            match self.object(member, depth + 1)? {
                Some(object) => objects.push(object),
                // What is left is for the maintainer.
                None if is_any(&normalize(member)) => {}
                None => return Ok(schema),
            }
        }
        let mut merged = merge_members(&objects);
        if let Some(description) = objects.iter().find_map(|object| object.get("description"))
            && !outer.contains_key("description")
            && objects.len() == 1
        {
            merged.insert("description".into(), description.clone());
        }
        Ok(with_outer(merged.into(), outer))
    }

    /// Returns the object that a schema describes, with its compositions merged.
    fn object(self, schema: &Value, depth: usize) -> Result<Option<Mapping>> {
        if depth > MAX_DEPTH {
            return Ok(None);
        }
        let resolved = self.resolve(schema)?;
        let simplified = self.simplify_at(&resolved, depth)?;
        if let Some(target) = single_reference(&simplified) {
            return self.object(self.published.at(target)?, depth + 1);
        }
        let arms = union_arms(&simplified);
        if !arms.is_empty() && self.is_in_response {
            let objects = arms.iter().map(|arm| self.object(arm, depth + 1));
            let objects: Option<Vec<_>> = objects.collect::<Result<_>>()?;
            return Ok(objects.map(|objects| merge_alternatives(&objects)));
        }
        let is_object = text(&simplified, "type") == Some("object") && arms.is_empty();
        Ok(simplified.as_mapping().filter(|_| is_object).cloned())
    }

    fn resolve(self, schema: &Value) -> Result<Value> {
        Ok(normalize(self.published.resolve(schema)?))
    }

    /// Merges what the client cannot distinguish, and replaces null by `nullable`.
    fn merge_union(self, schema: Value, depth: usize) -> Result<Value> {
        let Some(key) = UNIONS
            .into_iter()
            .find(|key| !list(&schema, key).is_empty())
        else {
            return Ok(schema);
        };
        let mut own = schema.as_mapping().cloned().unwrap_or_default();
        own.remove(key);
        let mut outer = take_outer(&mut own);
        let mut arms = Arms::default();
        if self.collect_arms(&schema, key, depth, &mut arms)? {
            outer.insert("nullable".into(), true.into());
        }
        let mut arms = arms.found;
        if !own.is_empty() && !self.distribute(&own, &mut arms, depth)? {
            return Ok(schema);
        }
        if is_json_value(&arms) {
            return Ok(outer.into());
        }
        let arms = self.merge_arms(&arms, depth)?;
        Ok(match <[Value; 1]>::try_from(arms) {
            Ok([only]) => {
                let only = if reference(&only).is_some() || only == schema {
                    only
                } else {
                    self.simplify_at(&only, depth + 1)?
                };
                with_outer(only, outer)
            }
            Err(arms) if arms.is_empty() => outer.into(),
            Err(arms) => {
                outer.insert(key.into(), arms.into());
                outer.into()
            }
        })
    }

    /// Collects the arms of a union, with those of nested unions. Returns whether null is one.
    fn collect_arms(
        self,
        schema: &Value,
        key: &str,
        depth: usize,
        arms: &mut Arms,
    ) -> Result<bool> {
        let mut is_nullable = false;
        for arm in list(schema, key) {
            let arm = normalize(arm);
            if let Some(target) = reference(&arm) {
                // A union can contain itself.
                if arms.visited.iter().any(|visited| visited == target) {
                    continue;
                }
                arms.visited.push(target.to_owned());
            }
            let mut resolved = self.resolve(&arm)?;
            if !list(&resolved, "allOf").is_empty() {
                resolved = self.merge_all_of(resolved, depth + 1)?;
            }
            is_nullable |= resolved.get("nullable") == Some(&true.into());
            let nested = UNIONS
                .into_iter()
                .find(|key| !list(&resolved, key).is_empty());
            let mut rules = resolved.as_mapping().cloned().unwrap_or_default();
            take_outer(&mut rules);
            match nested {
                _ if is_null(&resolved) => is_nullable = true,
                Some(key) if rules.len() == 1 && depth < MAX_DEPTH => {
                    is_nullable |= self.collect_arms(&resolved, key, depth + 1, arms)?;
                }
                _ => {
                    let mut arm = if reference(&arm).is_some() {
                        arm
                    } else {
                        resolved
                    };
                    if let Value::Mapping(arm) = &mut arm {
                        arm.remove("nullable");
                    }
                    if !arms.found.contains(&arm) {
                        arms.found.push(arm);
                    }
                }
            }
        }
        Ok(is_nullable)
    }

    /// Adds the rules next to a union to each of its arms. Arms that only require properties
    /// are dropped, because no type expresses them.
    fn distribute(self, own: &Mapping, arms: &mut Vec<Value>, depth: usize) -> Result<bool> {
        let only_requires = |arm: &Value| {
            let keys = arm.as_mapping().into_iter().flat_map(Mapping::keys);
            keys.into_iter()
                .all(|key| key == "required" || key == "type")
        };
        let own: Value = own.clone().into();
        if arms.iter().all(only_requires) {
            *arms = vec![own];
            return Ok(true);
        }
        for arm in arms.iter_mut() {
            let parts = [self.object(&own, depth + 1)?, self.object(arm, depth + 1)?];
            let [Some(own), Some(other)] = parts else {
                return Ok(false);
            };
            *arm = merge_members(&[own, other]).into();
        }
        Ok(true)
    }

    fn merge_arms(self, arms: &[Value], depth: usize) -> Result<Vec<Value>> {
        let mut merged: Vec<Value> = Vec::new();
        let mut objects: Vec<(Value, Mapping)> = Vec::new();
        for arm in arms {
            if let Some(object) = self.object(arm, depth + 1)? {
                if !objects.iter().any(|(_, other)| *other == object) {
                    objects.push((arm.clone(), object));
                }
                continue;
            }
            let resolved = self.resolve(arm)?;
            let kind = json_type(&resolved);
            let mut others = merged.iter_mut();
            let same = others.find_map(|other| {
                let found = self.resolve(other).ok()?;
                (kind.is_some() && json_type(&found) == kind).then_some((other, found))
            });
            match same {
                Some((other, found)) => *other = merge_values(&found, &resolved),
                None => merged.push(arm.clone()),
            }
        }
        let types: Vec<_> = objects.iter().map(|(_, object)| object.clone()).collect();
        if objects.len() > 1 && self.is_in_response && !self.are_distinct(&types)? {
            merged.push(merge_alternatives(&types).into());
        } else {
            merged.extend(objects.into_iter().map(|(arm, _)| arm));
        }
        Ok(merged)
    }

    /// Whether each object requires a property that no later one declares, and none of their
    /// properties only states which of them it is.
    fn are_distinct(self, objects: &[Mapping]) -> Result<bool> {
        let first: Value = objects[0].clone().into();
        for (name, _) in members(&first, "properties") {
            if discriminator_values(self.published, objects, name)?.is_some() {
                return Ok(false);
            }
        }
        let requires = |object: &Mapping, other: &Mapping| {
            let (object, other): (Value, Value) = (object.clone().into(), other.clone().into());
            list(&object, "required")
                .iter()
                .filter_map(Value::as_str)
                .any(|name| {
                    let own = object.get("properties").and_then(|all| all.get(name));
                    let is_nullable = own.and_then(|own| own.get("nullable")) == Some(&true.into());
                    let declared = other.get("properties").and_then(|all| all.get(name));
                    !is_nullable && declared.is_none()
                })
        };
        let mut pairs = objects.iter().enumerate();
        Ok(pairs.all(|(index, object)| {
            let mut later = objects[index + 1..].iter();
            later.all(|later| requires(object, later))
        }))
    }
}

/// Returns the value of the property `name` in each object, if each allows one value only.
pub(super) fn discriminator_values(
    published: &Published,
    objects: &[Mapping],
    name: &str,
) -> Result<Option<Vec<Value>>> {
    let mut values = Vec::new();
    for object in objects {
        let Some(property) = object.get("properties").and_then(|all| all.get(name)) else {
            return Ok(None);
        };
        let property = normalize(published.resolve(property)?);
        match list(&property, "enum") {
            [value] => values.push(value.clone()),
            _ => return Ok(None),
        }
    }
    Ok(Some(values))
}

/// Returns the arms of a union.
pub(super) fn union_arms(schema: &Value) -> &[Value] {
    let mut arms = UNIONS.into_iter().map(|key| list(schema, key));
    arms.find(|arms| !arms.is_empty()).unwrap_or(&[])
}

fn take_outer(schema: &mut Mapping) -> Mapping {
    let entries = OUTER.iter().filter_map(|key| schema.remove_entry(*key));
    entries.collect()
}

/// Adds the keys next to a composition to the schema that replaces it.
fn with_outer(schema: Value, outer: Mapping) -> Value {
    if outer.is_empty() {
        return schema;
    }
    let mut schema = if reference(&schema).is_some() {
        mapping([("allOf", vec![schema].into())])
    } else {
        schema.as_mapping().cloned().unwrap_or_default()
    };
    schema.extend(outer);
    schema.into()
}

/// Whether the arms are those of a recursive type for any JSON value.
fn is_json_value(arms: &[Value]) -> bool {
    let of_type = |name: &str| arms.iter().find(|arm| text(arm, "type") == Some(name));
    let items = of_type("array").and_then(|arm| reference(arm.get("items")?));
    let values = of_type("object").and_then(|arm| reference(arm.get("additionalProperties")?));
    items.is_some()
        && items == values
        && of_type("string").is_some()
        && of_type("boolean").is_some()
}

//! Converts the keys of a schema: properties, items, arms of a union and values of an enum.

use duvo_codegen::rust_name::is_identifier;
use heck::ToPascalCase;
use serde_yaml::{Mapping, Value};

use super::components::Use;
use super::compose::{discriminator_values, union_arms};
use super::description::documentation;
use super::name::{component_name, join, stem};
use super::normalize::is_null;
use super::published::{list, mapping, members, text};
use super::schema::{Converter, Hint, kept, sort};
use crate::Result;

impl Converter<'_> {
    /// Converts the schema of the component `name`.
    pub(super) fn component_body(
        &mut self,
        schema: &Value,
        name: &str,
        hint: &Hint,
        usage: Use,
    ) -> Result<Mapping> {
        let description = documentation(text(schema, "description"));
        let mut component = mapping([("description", description.into())]);
        let union = ["anyOf", "oneOf"]
            .into_iter()
            .find(|key| !list(schema, key).is_empty());
        if let Some(key) = union {
            let arms = self.arms(union_arms(schema), name, hint, usage)?;
            component.insert(key.into(), arms.into());
        } else if text(schema, "type") == Some("object") {
            component.extend(self.object(schema, name, usage)?);
        } else {
            component.extend(self.enumeration(schema, name, usage));
        }
        Ok(sort(component))
    }

    fn arms(&mut self, arms: &[Value], name: &str, hint: &Hint, usage: Use) -> Result<Vec<Value>> {
        let objects: Vec<_> = arms.iter().filter(|arm| self.is_object(arm)).collect();
        let labels = self.labels(&objects)?;
        let is_only_object = objects.len() == 1;
        let stem = stem(name);
        let mut objects = 0;
        let mut converted = Vec::new();
        for arm in arms {
            let names = if !self.is_object(arm) {
                vec![stem.to_owned()]
            } else if let Some(label) = labels.get(objects) {
                let of_key = hint.key().map(|key| join(&component_name(label), key));
                of_key.into_iter().chain([join(stem, label)]).collect()
            } else if is_only_object {
                vec![format!("{stem}Object")]
            } else {
                vec![format!("{stem}Variant{}", objects + 1)]
            };
            objects += usize::from(self.is_object(arm));
            let mut arm = self.nested(arm, &Hint::Names(names), usage)?;
            if let Value::Mapping(arm) = &mut arm {
                arm.remove("nullable");
            }
            if !converted.contains(&arm) {
                converted.push(arm);
            }
        }
        Ok(converted)
    }

    fn is_object(&self, schema: &Value) -> bool {
        let resolved = self.published.resolve(schema).unwrap_or(schema);
        members(resolved, "properties").next().is_some()
    }

    /// Returns names for the objects of a union: the values of the property that distinguishes
    /// them.
    fn labels(&self, objects: &[&Value]) -> Result<Vec<String>> {
        let resolved: Result<Vec<_>> = objects
            .iter()
            .map(|object| self.published.resolve(object))
            .collect();
        let resolved = resolved?.into_iter().filter_map(Value::as_mapping);
        let objects: Vec<Mapping> = resolved.cloned().collect();
        let [first, _, ..] = objects.as_slice() else {
            return Ok(Vec::new());
        };
        let first: Value = first.clone().into();
        for (name, _) in members(&first, "properties") {
            if let Some(values) = discriminator_values(self.published, &objects, name)? {
                let labels = values.iter().map(|value| value.as_str().map(str::to_owned));
                return Ok(labels.collect::<Option<_>>().unwrap_or_default());
            }
        }
        Ok(Vec::new())
    }

    fn object(&mut self, schema: &Value, name: &str, usage: Use) -> Result<Mapping> {
        let mut object = kept(schema, &["properties", "required", "additionalProperties"]);
        let required: Vec<_> = list(schema, "required")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let mut properties = Mapping::new();
        let unused = if usage == Use::Request {
            "readOnly"
        } else {
            "writeOnly"
        };
        for (key, property) in members(schema, "properties") {
            let is_unused = self.published.resolve(property)?.get(unused) == Some(&true.into());
            if is_unused && !required.contains(&key) {
                self.notes
                    .push(format!("`{key}` is left out, because it is `{unused}`"));
                continue;
            }
            properties.insert(key.into(), self.property(property, name, key, usage)?);
        }
        let (declared, undeclared): (Vec<&str>, Vec<&str>) = required
            .into_iter()
            .partition(|name| properties.contains_key(*name));
        for name in undeclared {
            self.notes.push(format!(
                "`required` named `{name}`, which is not declared; it is left out"
            ));
        }
        if !declared.is_empty() {
            object.insert(
                "required".into(),
                declared
                    .into_iter()
                    .map(Value::from)
                    .collect::<Vec<_>>()
                    .into(),
            );
        }
        object.insert("properties".into(), properties.into());
        if let Some(values) = schema
            .get("additionalProperties")
            .filter(|values| values.is_mapping())
        {
            let hint = Hint::Property {
                parent: name.to_owned(),
                key: "value".to_owned(),
            };
            object.insert(
                "additionalProperties".into(),
                self.map_values(values, &hint, usage)?,
            );
        }
        Ok(object)
    }

    /// Converts the schema of the values of a map. Any value is written as `{}`.
    fn map_values(&mut self, values: &Value, hint: &Hint, usage: Use) -> Result<Value> {
        let mut values = self.nested(values, hint, usage)?;
        if let Value::Mapping(values) = &mut values
            && values
                .keys()
                .all(|key| key == "description" || key == "nullable")
        {
            values.clear();
        }
        Ok(values)
    }

    /// Converts an enum of strings. In a response, it is open.
    fn enumeration(&mut self, schema: &Value, name: &str, usage: Use) -> Mapping {
        let mut converted = kept(schema, &["enum", "x-extensible-enum", "default", "example"]);
        converted.insert("type".into(), "string".into());
        let closed = list(schema, "enum");
        let values = if closed.is_empty() {
            list(schema, "x-extensible-enum")
        } else {
            closed
        };
        let is_closed = !closed.is_empty() && usage == Use::Request;
        let mut variants: Vec<String> = vec!["Unknown".to_owned()];
        let mut known: Vec<Value> = Vec::new();
        for value in values {
            let variant = value.as_str().unwrap_or_default().to_pascal_case();
            if is_closed || is_identifier(&variant) && !variants.contains(&variant) {
                known.push(value.clone());
                variants.push(variant);
            } else {
                self.notes.push(format!(
                    "`{name}` leaves out a value without a Rust name: {}",
                    plain(value)
                ));
            }
        }
        if !known.is_empty() {
            let key = if is_closed {
                "enum"
            } else {
                "x-extensible-enum"
            };
            converted.insert(key.into(), known.into());
        }
        converted
    }

    /// Converts a schema that is written where it is used.
    pub(super) fn inline(&mut self, schema: &Value, hint: &Hint, usage: Use) -> Result<Mapping> {
        let mut converted = kept(
            schema,
            &["items", "additionalProperties", "properties", "required"],
        );
        if is_null(schema) {
            converted.insert("type".into(), "string".into());
        }
        let members = list(schema, "allOf");
        if !members.is_empty() {
            let members = members
                .iter()
                .map(|member| self.nested(member, hint, usage));
            converted.insert("allOf".into(), members.collect::<Result<Vec<_>>>()?.into());
        }
        match text(schema, "type") {
            Some("array") => {
                let any = Mapping::new().into();
                let items = schema.get("items").unwrap_or(&any);
                converted.insert("items".into(), self.nested(items, &hint.item(), usage)?);
            }
            Some("object") => {
                let any = Mapping::new().into();
                let values = schema
                    .get("additionalProperties")
                    .filter(|values| values.is_mapping());
                let values = self.map_values(values.unwrap_or(&any), &hint.item(), usage)?;
                converted.insert("additionalProperties".into(), values);
            }
            _ => {}
        }
        if usage == Use::Response {
            // A new value, or another limit, does not break callers.
            converted.remove("default");
            let values = converted.remove("enum");
            let values = values
                .as_ref()
                .and_then(Value::as_sequence)
                .into_iter()
                .flatten();
            let values: Vec<_> = values.filter(|value| !value.is_bool()).map(plain).collect();
            if !values.is_empty() {
                self.notes.push(format!(
                    "the closed enum [{}] in a response is left out",
                    values.join(", ")
                ));
            }
        } else if converted.remove("pattern").is_some() {
            self.notes.push(
                "a `pattern` in the request is left out; the client has no regex engine".to_owned(),
            );
        }
        Ok(converted)
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => "a value".to_owned(),
    }
}

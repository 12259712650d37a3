//! Converts published schemas: every object, enum and union becomes a component.

use std::collections::BTreeMap;

use serde_yaml::{Mapping, Value};

use super::components::{Components, Use};
use super::compose::{Composer, union_arms};
use super::description::{TODO, clean, documentation};
use super::name::{component_name, property_candidates, singular, stem};
use super::normalize::{is_null, normalize, single_reference};
use super::published::{Published, mapping, members, text};
use super::secret;
use crate::Result;

/// The order of the keys of a schema in our document.
const KEYS: [&str; 29] = [
    "description",
    "deprecated",
    "type",
    "format",
    "nullable",
    "enum",
    "x-extensible-enum",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "default",
    "example",
    "x-secret",
    "required",
    "properties",
    "items",
    "additionalProperties",
    "allOf",
    "not",
];

/// What a schema is named after.
#[derive(Debug, Clone)]
pub(super) enum Hint {
    /// Names to choose from, the best first.
    Names(Vec<String>),
    /// A property of a component.
    Property { parent: String, key: String },
}

impl Hint {
    fn candidates(&self) -> Vec<String> {
        match self {
            Self::Names(names) => names.clone(),
            Self::Property { parent, key } => property_candidates(parent, key),
        }
    }

    pub(super) fn key(&self) -> Option<&str> {
        match self {
            Self::Names(_) => None,
            Self::Property { key, .. } => Some(key),
        }
    }

    /// Returns the hint for the items of a list or the values of a map.
    pub(super) fn item(&self) -> Self {
        match self {
            Self::Names(names) => {
                let names = names.iter().map(|name| format!("{}Item", stem(name)));
                Self::Names(names.collect())
            }
            Self::Property { parent, key } => Self::Property {
                parent: parent.clone(),
                key: singular(key),
            },
        }
    }
}

/// A converted schema, without the description and `nullable`, which belong to its place.
struct Shape {
    description: Option<String>,
    is_nullable: bool,
    is_deprecated: bool,
    /// The default, which belongs to the place of a component. An inline schema has it itself.
    default: Option<Value>,
    form: Form,
}

enum Form {
    Component(String),
    Inline(Mapping),
}

pub(super) struct Converter<'a> {
    pub(super) published: &'a Published,
    pub(super) components: Components,
    /// The components that the published references became.
    references: BTreeMap<(String, Use), String>,
    /// The published references to values that are written inline.
    open: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl<'a> Converter<'a> {
    pub(super) fn new(published: &'a Published, components: Components) -> Self {
        Self {
            published,
            components,
            references: BTreeMap::new(),
            open: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Converts the schema of a body to a component, and returns its name.
    pub(super) fn body(&mut self, schema: &Value, name: &str, usage: Use) -> Result<String> {
        let hint = Hint::Names(vec![name.to_owned()]);
        let shape = self.shape(schema, &hint, usage)?;
        match shape.form {
            Form::Component(name) => Ok(name),
            Form::Inline(body) => {
                let name = self.components.start(&hint.candidates(), usage);
                let description = documentation(shape.description.as_deref());
                let mut component = mapping([("description", description.into())]);
                component.extend(body);
                Ok(self.components.finish(&name, sort(component)))
            }
        }
    }

    /// Converts a schema that is an item, an arm or the schema of a parameter.
    pub(super) fn nested(&mut self, schema: &Value, hint: &Hint, usage: Use) -> Result<Value> {
        let shape = self.shape(schema, hint, usage)?;
        let mut nested = match shape.form {
            Form::Component(name) if shape.is_nullable || shape.default.is_some() => all_of(&name),
            Form::Component(name) => return Ok(reference_to(&name).into()),
            Form::Inline(schema) => schema,
        };
        if shape.is_nullable {
            nested.insert("nullable".into(), true.into());
        }
        if let Some(default) = shape.default {
            nested.insert("default".into(), default);
        }
        let has_type = nested.contains_key("type") || nested.contains_key("allOf");
        let description = shape
            .description
            .or_else(|| (!has_type).then(|| TODO.to_owned()));
        if let Some(description) = description {
            nested.insert("description".into(), description.into());
        }
        Ok(sort(nested).into())
    }

    pub(super) fn property(
        &mut self,
        schema: &Value,
        parent: &str,
        key: &str,
        usage: Use,
    ) -> Result<Value> {
        let hint = Hint::Property {
            parent: parent.to_owned(),
            key: key.to_owned(),
        };
        let shape = self.shape(schema, &hint, usage)?;
        let description = documentation(shape.description.as_deref());
        let mut property = mapping([("description", description.into())]);
        match shape.form {
            Form::Component(name) => property.extend(all_of(&name)),
            Form::Inline(schema) => property.extend(schema),
        }
        for (key, is_set) in [
            ("nullable", shape.is_nullable),
            ("deprecated", shape.is_deprecated),
        ] {
            if is_set {
                property.insert(key.into(), true.into());
            }
        }
        if let Some(default) = shape.default {
            property.insert("default".into(), default);
        }
        secret::mark(parent, key, &mut property, usage);
        Ok(sort(property).into())
    }

    fn shape(&mut self, schema: &Value, hint: &Hint, usage: Use) -> Result<Shape> {
        let composer = Composer {
            published: self.published,
            is_in_response: usage == Use::Response,
        };
        let was_union = union_arms(&normalize(schema)).len() > 1;
        let schema = composer.simplify(schema)?;
        let is_set = |key: &str| schema.get(key) == Some(&true.into());
        let (is_nullable, is_deprecated) = (is_set("nullable"), is_set("deprecated"));
        let description = text(&schema, "description").and_then(clean);
        let default = schema.get("default").cloned();
        let default = default.filter(|_| usage == Use::Request);
        if let Some(target) = single_reference(&schema) {
            let shape = self.reference(target, usage)?;
            return Ok(Shape {
                description: description.or(shape.description),
                is_nullable: is_nullable || shape.is_nullable,
                is_deprecated,
                default: default.or(shape.default),
                form: shape.form,
            });
        }
        let form = if is_component(&schema) {
            let name = self.component(&schema, hint, usage)?;
            if was_union && text(&schema, "type") == Some("object") {
                self.notes.push(format!(
                    "`{name}` is one object for several schemas; what some of them lack is optional"
                ));
            }
            Form::Component(name)
        } else {
            Form::Inline(self.inline(&schema, hint, usage)?)
        };
        Ok(Shape {
            description,
            is_nullable: is_nullable || is_null(&schema),
            is_deprecated,
            default: default.filter(|_| matches!(form, Form::Component(_))),
            form,
        })
    }

    /// Converts the target of a published reference, once for each use.
    fn reference(&mut self, target: &str, usage: Use) -> Result<Shape> {
        let resolved = self.published.at(target)?.clone();
        let composer = Composer {
            published: self.published,
            is_in_response: usage == Use::Response,
        };
        let schema = composer.simplify(&resolved)?;
        let name = target.rsplit('/').next().unwrap_or_default();
        let name = component_name(name);
        let is_nullable = schema.get("nullable") == Some(&true.into());
        let key = (target.to_owned(), usage);
        let form = if let Some(name) = self.references.get(&key) {
            Form::Component(name.clone())
        } else if self.open.iter().any(|open| open == target) {
            self.notes.push(format!(
                "`{target}` contains itself; its inner values can be any value"
            ));
            Form::Inline(Mapping::new())
        } else if is_component(&schema) && single_reference(&schema).is_none() {
            let suffixed = format!("{}{}", stem(&name), usage.name());
            let is_object = text(&schema, "type") == Some("object");
            let candidates = if usage == Use::Request && is_object && !is_request_name(&name) {
                vec![suffixed]
            } else {
                vec![name, suffixed]
            };
            let name = self.components.start(&candidates, usage);
            self.references.insert(key.clone(), name.clone());
            let component = self.component_body(&schema, &name, &Hint::Names(Vec::new()), usage)?;
            let name = self.components.finish(&name, component);
            self.references.insert(key, name.clone());
            // The component has the description.
            return Ok(Shape {
                description: None,
                is_nullable,
                is_deprecated: false,
                default: None,
                form: Form::Component(name),
            });
        } else {
            self.open.push(target.to_owned());
            let shape = self.shape(&schema, &Hint::Names(vec![name]), usage);
            self.open.pop();
            return shape;
        };
        Ok(Shape {
            description: None,
            is_nullable,
            is_deprecated: false,
            default: None,
            form,
        })
    }

    fn component(&mut self, schema: &Value, hint: &Hint, usage: Use) -> Result<String> {
        let name = self.components.start(&hint.candidates(), usage);
        let body = self.component_body(schema, &name, hint, usage)?;
        Ok(self.components.finish(&name, body))
    }
}

/// Whether the schema gets a name: an object with properties, an enum of strings, or a union.
pub(super) fn is_component(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    let is_object =
        text(schema, "type") == Some("object") && members(schema, "properties").next().is_some();
    let is_enum =
        text(schema, "type") == Some("string") && (has("enum") || has("x-extensible-enum"));
    is_object || is_enum || !union_arms(schema).is_empty()
}

fn is_request_name(name: &str) -> bool {
    ["Body", "Input", "Params", "Payload", "Request"]
        .iter()
        .any(|suffix| name.ends_with(suffix))
}

fn reference_to(name: &str) -> Mapping {
    mapping([("$ref", format!("#/components/schemas/{name}").into())])
}

fn all_of(name: &str) -> Mapping {
    mapping([("allOf", vec![Value::from(reference_to(name))].into())])
}

/// Returns the keys of a schema that need no conversion.
pub(super) fn kept(schema: &Value, converted: &[&str]) -> Mapping {
    let is_kept = |key: &Value| {
        let key = key.as_str().unwrap_or_default();
        KEYS.contains(&key)
            && !matches!(key, "description" | "deprecated" | "nullable")
            && !converted.contains(&key)
    };
    let entries = schema.as_mapping().into_iter().flatten();
    entries
        .filter(|(key, _)| is_kept(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Puts the keys of a schema into the order of our document.
pub(super) fn sort(schema: Mapping) -> Mapping {
    let position = |key: &Value| {
        let key = key.as_str().unwrap_or_default();
        KEYS.iter()
            .position(|known| *known == key)
            .unwrap_or(KEYS.len())
    };
    let mut entries: Vec<_> = schema.into_iter().collect();
    entries.sort_by_key(|(key, _)| position(key));
    entries.into_iter().collect()
}

//! The new components of an import. A component that is equal to an existing one becomes a
//! reference to it.

use std::collections::BTreeSet;

use duvo_codegen::document::Document;
use serde_yaml::{Mapping, Value};

use super::name::Names;
use super::reuse::{Existing, expand};

const PREFIX: &str = "#/components/schemas/";

/// Where a component is used. One that is used in both could not be lenient in responses and
/// strict in requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Request,
    Response,
}

impl Use {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Response => "Response",
        }
    }
}

struct Component {
    name: String,
    usage: Use,
    /// The schema. None until it is converted.
    schema: Option<Mapping>,
}

pub(super) struct Components {
    existing: Existing,
    names: Names,
    new: Vec<Component>,
    /// The names of existing components that new schemas refer to.
    pub(super) reused: BTreeSet<String>,
}

impl Components {
    pub(super) fn new(document: &Document) -> Self {
        Self {
            existing: Existing::new(document),
            names: Names::new(document),
            new: Vec::new(),
            reused: BTreeSet::new(),
        }
    }

    pub(super) fn names_mut(&mut self) -> &mut Names {
        &mut self.names
    }

    /// Takes a name for a component whose schema is converted next. It precedes those within.
    pub(super) fn start(&mut self, candidates: &[String], usage: Use) -> String {
        let name = self.names.take(candidates);
        self.new.push(Component {
            name: name.clone(),
            usage,
            schema: None,
        });
        name
    }

    /// Adds the schema of a component. Returns the name of an equal component, if one exists.
    pub(super) fn finish(&mut self, name: &str, schema: Mapping) -> String {
        let Some(index) = self.new.iter().position(|component| component.name == name) else {
            return name.to_owned();
        };
        let usage = self.new[index].usage;
        let json = to_json(&schema);
        self.new[index].schema = Some(schema);
        if let Some(equal) = self.equal(name, usage) {
            self.new.remove(index);
            self.names.release(name);
            self.rename(name, &equal);
            return equal;
        }
        self.names.reserve_properties(name, &json);
        name.to_owned()
    }

    /// Returns the name of another component with the same structure and use.
    fn equal(&self, name: &str, usage: Use) -> Option<String> {
        let target = |name: &str| self.get(name);
        let expanded = |name: &str| {
            let reference = serde_json::json!({ "$ref": format!("{PREFIX}{name}") });
            expand(&reference, &target)
        };
        let own = expanded(name);
        let new = self
            .new
            .iter()
            .filter(|other| other.usage == usage && other.name != name && other.schema.is_some());
        let new = new.map(|other| other.name.as_str());
        let mut candidates = new.chain(self.existing.names(usage == Use::Response));
        candidates
            .find(|other| expanded(other) == own)
            .map(str::to_owned)
    }

    fn get(&self, name: &str) -> Option<serde_json::Value> {
        match self.new.iter().find(|component| component.name == name) {
            Some(component) => component.schema.as_ref().map(to_json),
            None => self.existing.get(name),
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        let (from, to) = (format!("{PREFIX}{from}"), format!("{PREFIX}{to}"));
        for component in &mut self.new {
            for (_, value) in component.schema.iter_mut().flatten() {
                rename_below(value, &from, &to);
            }
        }
    }

    /// Returns the new schemas that `roots` refer to, in the order in which they were found.
    pub(super) fn into_reachable(mut self, roots: &[Value]) -> (Mapping, BTreeSet<String>) {
        let mut open: Vec<String> = Vec::new();
        for root in roots {
            collect_references(root, &mut open);
        }
        let mut reached = BTreeSet::new();
        while let Some(name) = open.pop() {
            if !reached.insert(name.clone()) {
                continue;
            }
            let own = self.new.iter().find(|component| component.name == name);
            let schema = own.and_then(|component| component.schema.clone());
            collect_references(&schema.unwrap_or_default().into(), &mut open);
        }
        self.new
            .retain(|component| reached.contains(&component.name));
        self.reused = reached
            .into_iter()
            .filter(|name| !self.new.iter().any(|component| component.name == *name))
            .collect();
        let schemas = self.new.into_iter();
        let schemas =
            schemas.filter_map(|component| Some((component.name.into(), component.schema?.into())));
        (schemas.collect(), self.reused)
    }
}

pub(super) fn to_json(value: &Mapping) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn rename_below(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Mapping(mapping) => {
            for (key, value) in mapping.iter_mut() {
                if key == "$ref" && value == from {
                    *value = to.into();
                }
                rename_below(value, from, to);
            }
        }
        Value::Sequence(list) => list
            .iter_mut()
            .for_each(|item| rename_below(item, from, to)),
        _ => {}
    }
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Mapping(mapping) => {
            let target = mapping.get("$ref").and_then(Value::as_str);
            found.extend(
                target
                    .and_then(|target| target.strip_prefix(PREFIX))
                    .map(str::to_owned),
            );
            mapping
                .values()
                .for_each(|value| collect_references(value, found));
        }
        Value::Sequence(list) => list.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

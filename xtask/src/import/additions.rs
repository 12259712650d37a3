//! What an import adds to our document.

use std::collections::BTreeSet;

use duvo_codegen::document::Document;
use serde_yaml::{Mapping, Value};

use super::components::to_json;
use super::published::mapping;

/// An operation in the form of our document, with the components that are new.
pub(super) struct Additions {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) method: String,
    pub(super) operation: Value,
    pub(super) tags: Vec<Value>,
    /// The new components of each section.
    pub(super) components: Vec<(&'static str, Mapping)>,
    pub(super) reused_schemas: BTreeSet<String>,
    /// The error responses that the operation shares with others, with their descriptions.
    pub(super) shared_responses: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Additions {
    /// Returns the additions as a separate document.
    pub(super) fn to_document(&self) -> Mapping {
        let operation = mapping([(self.method.as_str(), self.operation.clone())]);
        let paths = mapping([(self.path.as_str(), operation.into())]);
        let components = self.components.iter();
        let components = components.map(|(section, added)| (*section, added.clone().into()));
        let mut document = Mapping::new();
        if !self.tags.is_empty() {
            document.insert("tags".into(), self.tags.clone().into());
        }
        document.insert("paths".into(), paths.into());
        document.insert("components".into(), mapping(components).into());
        document
    }
}

/// Returns our document with the additions.
pub(super) fn merged(document: &Document, additions: &Mapping) -> serde_json::Value {
    let mut root = document.root().clone();
    merge(&mut root, to_json(additions));
    root
}

fn merge(value: &mut serde_json::Value, addition: serde_json::Value) {
    match (value, addition) {
        (serde_json::Value::Object(object), serde_json::Value::Object(added)) => {
            for (key, added) in added {
                merge(object.entry(key).or_insert(serde_json::Value::Null), added);
            }
        }
        (serde_json::Value::Array(list), serde_json::Value::Array(added)) => list.extend(added),
        (value, addition) => *value = addition,
    }
}

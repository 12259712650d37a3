//! Rewrites documents so that equivalent forms become equal.

use duvo_codegen::document::Document;
use duvo_codegen::json_pointer::last_key;
use serde_json::{Map, Value};

use crate::MAX_SAFE_INTEGER;

/// Rewrites a document so that equivalent forms become equal.
pub(super) fn normalize(document: &Document) -> Value {
    let mut root = document.root().clone();
    // Duvo's document has only the plain one of our two error formats.
    if let Some(schemas) = root
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
        && let Some(plain) = schemas.get("PlainError").cloned()
        && let Some(error) = schemas.get_mut("ErrorResponse")
    {
        *error = plain;
    }
    // Settings for all operations, or for those of a path, are copied to each operation.
    for operation in document.operations() {
        let (own, path) = (operation.node.value, operation.path.value);
        let security = own.get("security").or(document.root().get("security"));
        let servers = own.get("servers").or(path.get("servers"));
        if let Some(Value::Object(object)) = root.pointer_mut(&operation.node.pointer) {
            for (key, value) in [("security", security), ("servers", servers)] {
                object.extend(value.map(|value| (key.to_owned(), value.clone())));
            }
        }
    }
    if let Some(root) = root.as_object_mut() {
        root.remove("security");
    }
    let schemas = root.pointer("/components/schemas").cloned();
    let simplifier = Simplifier {
        schemas: schemas.unwrap_or_default(),
    };
    simplifier.simplify(&mut root, &mut Vec::new());
    root
}

struct Simplifier {
    schemas: Value,
}

impl Simplifier {
    /// Rewrites a value and those below it. `open` are the schemas that contain the value.
    fn simplify(&self, value: &mut Value, open: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                let inlined = self.unwrap_all_of(object, open);
                simplify_limits(object);
                // The client accepts additional properties in any case.
                if object.get("additionalProperties") == Some(&Value::Bool(false)) {
                    object.remove("additionalProperties");
                }
                if object.get("in") == Some(&"header".into())
                    && let Some(Value::String(name)) = object.get_mut("name")
                {
                    name.make_ascii_lowercase();
                }
                // The values of an open enum are those that are known so far.
                if let Some(values) = object.remove("x-extensible-enum") {
                    object.insert("enum".to_owned(), values);
                }
                let depth = open.len();
                open.extend(inlined);
                for value in object.values_mut() {
                    self.simplify(value, open);
                }
                open.truncate(depth);
            }
            Value::Array(array) => {
                for item in array {
                    self.simplify(item, open);
                }
            }
            _ => {}
        }
    }

    /// Replaces `allOf` with one `$ref` by the `$ref`, or by its target if other keys than the
    /// description apply, such as `nullable`. Returns the name of the target that was copied.
    fn unwrap_all_of(&self, object: &mut Map<String, Value>, open: &[String]) -> Option<String> {
        let [only] = object.get("allOf")?.as_array()?.as_slice() else {
            return None;
        };
        let target = only.get("$ref")?.as_str()?.to_owned();
        if object
            .keys()
            .all(|key| key == "allOf" || key == "description")
        {
            object.clear();
            object.insert("$ref".to_owned(), target.into());
            return None;
        }
        let name = last_key(&target);
        let Some(Value::Object(schema)) = self.schemas.get(&name) else {
            return None;
        };
        if open.contains(&name) {
            return None;
        }
        object.remove("allOf");
        for (key, value) in schema {
            object.entry(key.clone()).or_insert_with(|| value.clone());
        }
        Some(name)
    }
}

/// Removes limits that are none: the largest integer, and an exclusive limit without a limit.
fn simplify_limits(object: &mut Map<String, Value>) {
    let limits = [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ];
    for (limit, exclusive) in limits {
        let magnitude = object.get(limit).and_then(Value::as_i64);
        // Generators of documents write it where the API has no limit.
        if magnitude.map(i64::unsigned_abs) == Some(MAX_SAFE_INTEGER) {
            object.remove(limit);
        }
        if object.get(exclusive).is_some_and(Value::is_boolean) && !object.contains_key(limit) {
            object.remove(exclusive);
        }
    }
}

//! Moves open enums that are inline to `components.schemas`, where they have a name.

use serde_json::{Map, Value, json};

use crate::document::Document;
use crate::json_pointer::{join, last_key};
use crate::open_enum::KEY;
use crate::type_names::type_names;

/// Gives every inline open enum the name that an inline schema gets: that of its parent, and
/// its key.
pub(super) fn name(document: &mut Document) {
    for (pointer, name) in type_names(document) {
        let component = join("/components/schemas", &name);
        // A schema of a component that several operations use has one name of each.
        let Some(Value::Object(schema)) = document.at_mut(&pointer) else {
            continue;
        };
        if pointer == component || !schema.contains_key(KEY) {
            continue;
        }
        let target = format!("#{component}");
        let values = schema.remove(KEY).unwrap_or_default();
        let description = schema.get("description").cloned();
        let description =
            description.unwrap_or_else(|| format!("A value of `{}`.", owner(&pointer)).into());
        let reference = json!({ "$ref": target });
        let mut rest: Map<String, Value> = std::mem::take(schema);
        rest.retain(|key, _| matches!(key.as_str(), "description" | "nullable" | "x-secret"));
        if rest.is_empty() {
            *schema = Map::from_iter([("$ref".to_owned(), target.into())]);
        } else {
            rest.insert("allOf".to_owned(), json!([reference]));
            *schema = rest;
        }
        let named = json!({ "description": description, "type": "string", KEY: values });
        document.add_component("schemas", &name, named);
    }
}

/// Returns the key of the property or the parameter that a schema belongs to.
fn owner(pointer: &str) -> String {
    let mut pointer = pointer;
    while let Some((parent, "items" | "schema" | "additionalProperties")) = pointer.rsplit_once('/')
    {
        pointer = parent;
    }
    last_key(pointer)
}

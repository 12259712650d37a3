//! Removes the properties that a request or a response does not have.

use serde_json::Value;

use crate::document::Document;

/// Removes properties with `readOnly` from requests, and those with `writeOnly` from
/// responses.
pub(super) fn separate(document: &mut Document) {
    let requests = document.request_schemas();
    let responses = document.response_schemas();
    let marked = requests
        .into_iter()
        .map(|pointer| (pointer, "readOnly"))
        .chain(responses.into_iter().map(|pointer| (pointer, "writeOnly")));
    for (pointer, mark) in marked {
        if let Some(schema) = document.at_mut(&pointer) {
            remove_marked(schema, mark);
        }
    }
}

fn remove_marked(schema: &mut Value, mark: &str) {
    let mut removed = Vec::new();
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.retain(|name, property| {
            let is_marked = property.get(mark) == Some(&Value::Bool(true));
            if is_marked {
                removed.push(name.clone());
            }
            !is_marked
        });
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !removed.iter().any(|removed| name == removed));
    }
}

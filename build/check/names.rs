//! Names that cannot be told apart, or not be used, in Rust.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::super::Fault;
use super::super::document::Document;

/// What the generated client has beside its operations.
const TAKEN: [&str; 11] = [
    "api_version",
    "baseurl",
    "client",
    "clone",
    "exec",
    "fmt",
    "inner",
    "new",
    "new_with_client",
    "post",
    "pre",
];

pub fn faults(document: &Document) -> Vec<Fault> {
    let mut faults = merge_keys(document);

    let mut methods = BTreeMap::new();
    for operation in document.operations() {
        let Some(id) = operation
            .node
            .value
            .get("operationId")
            .and_then(Value::as_str)
        else {
            continue;
        };
        let place = operation.node.pointer;
        let method = id.to_snake_case();
        if TAKEN.contains(&method.as_str()) {
            faults.push(Fault::at_pointer(
                &place,
                format!("the method `{method}` is the client's own; choose another operationId"),
            ));
        }
        if let Some(other) = methods.insert(method, id).filter(|other| *other != id) {
            faults.push(Fault::at_pointer(
                &place,
                format!("the operationIds `{id}` and `{other}` make the same Rust method"),
            ));
        }
    }

    for schema in document.children("/components/schemas") {
        if schema.key != schema.key.to_pascal_case() {
            let name = schema.key.to_pascal_case();
            faults.push(Fault::at_pointer(
                &schema.pointer,
                format!("the name of a schema is that of a Rust type; write `{name}`"),
            ));
        }
    }

    for schema in document.schemas() {
        let mut fields = BTreeMap::new();
        for property in schema.children("properties") {
            if let Some(other) = fields.insert(property.key.to_snake_case(), property.key.clone()) {
                let message = format!(
                    "the properties `{other}` and `{}` make the same Rust field",
                    property.key
                );
                faults.push(Fault::at_pointer(&schema.pointer, message));
            }
        }
    }
    faults
}

/// `<<` is of YAML 1.1; here it is a key like any other, and nothing is merged.
fn merge_keys(document: &Document) -> Vec<Fault> {
    let merge_keys = document.parts().into_iter().filter(|part| part.key == "<<");
    merge_keys
        .map(|part| {
            Fault::at_pointer(
                &part.pointer,
                "`<<` merges nothing here; write the keys out",
            )
        })
        .collect()
}

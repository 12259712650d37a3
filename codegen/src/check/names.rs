//! Names that cannot be told apart, or not be used, in Rust.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};

use super::super::diagnostic::Fault;
use super::super::document::{Document, Node, Operation};

/// What a call, or the server of the test kit, has beside the operations.
const TAKEN: [&str; 10] = [
    "assert_no_unmatched_requests",
    "client",
    "client_builder",
    "exec",
    "new",
    "redactor",
    "requests",
    "start",
    "unmatched_requests",
    "url",
];

pub fn faults(document: &Document) -> Vec<Fault> {
    [
        methods(document),
        types(document),
        fields(document),
        arguments(document),
    ]
    .concat()
}

fn methods(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut methods = BTreeMap::new();
    for operation in document.operations() {
        let Some(id) = operation.node.text("operationId") else {
            continue;
        };
        let place = operation.node.child("operationId");
        let method = id.to_snake_case();
        if syn::parse_str::<syn::Ident>(&method).is_err() {
            let message = format!("the operationId `{id}` does not make the name of a Rust method");
            faults.push(
                Fault::at_value(&place, message).help("write a verb and a noun, as `createThing`"),
            );
        } else if TAKEN.contains(&method.as_str()) {
            let message = format!("the method `{method}` is the client's own");
            faults.push(Fault::at_value(&place, message).help("choose another operationId"));
        }
        let first = methods.insert(method, (id, place.clone()));
        if let Some((other, other_place)) = first {
            let message = if other == id {
                format!("the operationId `{id}` is taken")
            } else {
                format!("the operationIds `{id}` and `{other}` make the same Rust method")
            };
            faults.push(
                Fault::at_value(&place, message)
                    .help("give each operation an id of its own")
                    .beside_value(&other_place, "by this operation"),
            );
        }
    }
    faults
}

fn types(document: &Document) -> Vec<Fault> {
    let fault = |schema: Node<'_>| {
        let name = schema.key.to_pascal_case();
        let (message, help) = if schema.key != name {
            let message = format!("`{}` is not written as a Rust type is", schema.key);
            (message, format!("write `{name}`"))
        } else if syn::parse_str::<syn::Ident>(&name).is_err() {
            let message = format!("`{name}` does not make the name of a Rust type");
            (message, "begin it with a letter".to_owned())
        } else if name == "String" {
            let message = "`String` is a type that the generated code uses".to_owned();
            (message, "choose another name".to_owned())
        } else {
            return None;
        };
        Some(Fault::at_key(&schema.pointer, message).help(help))
    };
    let schemas = document.children("/components/schemas");
    schemas.into_iter().filter_map(fault).collect()
}

/// The parameters of an operation are arguments of its method, beside `body`.
fn arguments(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    for Operation { path, node } in document.operations() {
        let mut arguments = BTreeMap::new();
        let declared = [path, node]
            .into_iter()
            .flat_map(|node| node.children("parameters"));
        for parameter in declared {
            let value = document.resolve(parameter.value);
            let Some(name) = value.and_then(|value| value.get("name")?.as_str()) else {
                continue;
            };
            let argument = name.to_snake_case();
            let message = if matches!(argument.as_str(), "body" | "header_map") {
                format!("the parameter `{name}` makes an argument that the generated code has")
            } else if let Some(other) = arguments.insert(argument, name) {
                format!("the parameters `{other}` and `{name}` make the same Rust argument")
            } else {
                continue;
            };
            faults.push(
                Fault::at_value(&parameter.pointer, message)
                    .help("keep one of them, or give it another name"),
            );
        }
    }
    faults
}

fn fields(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    for schema in document.schemas() {
        let mut fields = BTreeMap::new();
        for property in schema.children("properties") {
            let field = property.key.to_snake_case();
            if let Some(other) = fields.insert(field, property.key.clone()) {
                let message = format!(
                    "the properties `{other}` and `{}` make the same Rust field",
                    property.key
                );
                faults.push(Fault::at_key(&property.pointer, message).help("keep one of them"));
            }
        }
    }
    faults
}

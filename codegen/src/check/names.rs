//! Checks that names in the document become valid and distinct names in Rust.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, Operation};

pub(crate) fn check(
    document: &Document,
    schemas: &[Node<'_>],
    reserved_methods: &[String],
) -> Vec<Diagnostic> {
    [
        check_methods(document, reserved_methods),
        check_types(document),
        check_fields(schemas),
        check_arguments(document),
    ]
    .concat()
}

fn check_methods(document: &Document, reserved: &[String]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut methods = BTreeMap::new();
    for operation in document.operations() {
        let Some(id) = operation.node.text("operationId") else {
            continue;
        };
        let location = operation.node.child("operationId");
        let method = id.to_snake_case();
        if syn::parse_str::<syn::Ident>(&method).is_err() {
            let message = format!("the operationId `{id}` is not a valid Rust method name");
            diagnostics.push(
                Diagnostic::at_value(&location, message)
                    .help("use a verb and a noun, such as `createThing`"),
            );
        } else if reserved.contains(&method) {
            let message = format!("the method name `{method}` is reserved");
            diagnostics
                .push(Diagnostic::at_value(&location, message).help("choose another operationId"));
        }
        let first = methods.insert(method, (id, location.clone()));
        if let Some((other, other_location)) = first {
            let message = if other == id {
                format!("duplicate operationId `{id}`")
            } else {
                format!("the operationIds `{id}` and `{other}` have the same Rust name")
            };
            diagnostics.push(
                Diagnostic::at_value(&location, message)
                    .help("use a different operationId for each operation")
                    .with_related_value(&other_location, "first used here"),
            );
        }
    }
    diagnostics
}

fn check_types(document: &Document) -> Vec<Diagnostic> {
    let check = |schema: Node<'_>| {
        let name = schema.key.to_pascal_case();
        let (message, help) = if schema.key != name {
            let message = format!("the schema name `{}` is not in PascalCase", schema.key);
            (message, format!("rename it to `{name}`"))
        } else if syn::parse_str::<syn::Ident>(&name).is_err() {
            let message = format!("the schema name `{name}` is not a valid Rust type name");
            (message, "start it with a letter".to_owned())
        } else if name == "String" {
            let message = "the generated code uses the type name `String`".to_owned();
            (message, "choose another name".to_owned())
        } else {
            return None;
        };
        Some(Diagnostic::at_key(&schema.pointer, message).help(help))
    };
    let schemas = document.children("/components/schemas");
    schemas.into_iter().filter_map(check).collect()
}

/// Checks the parameters of each operation. They are arguments of its method, next to
/// `body`.
fn check_arguments(document: &Document) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
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
                format!("the generated code uses the argument name `{name}`")
            } else if let Some(other) = arguments.insert(argument, name) {
                format!("the parameters `{other}` and `{name}` have the same Rust name")
            } else {
                continue;
            };
            diagnostics.push(
                Diagnostic::at_value(&parameter.pointer, message)
                    .help("remove or rename the parameter"),
            );
        }
    }
    diagnostics
}

fn check_fields(schemas: &[Node<'_>]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for schema in schemas {
        let mut fields = BTreeMap::new();
        for property in schema.children("properties") {
            let field = property.key.to_snake_case();
            if let Some(other) = fields.insert(field, property.key.clone()) {
                let message = format!(
                    "the properties `{other}` and `{}` have the same Rust name",
                    property.key
                );
                let diagnostic = Diagnostic::at_key(&property.pointer, message);
                diagnostics.push(diagnostic.help("remove one of them"));
            }
        }
    }
    diagnostics
}

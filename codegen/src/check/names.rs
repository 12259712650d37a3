//! Checks that names in the document become valid and distinct names in Rust.

use std::collections::BTreeMap;

use heck::ToPascalCase;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, Operation};
use crate::operation::identity;
use crate::rust_name::{argument_name, field_name, is_in_prelude, type_name};

const OPERATION_ID_HELP: &str = "use a verb and a noun, such as `createThing`";

/// Arguments and functions in a generated operation.
const RESERVED_ARGUMENTS: [&str; 3] = ["body", "encode_path", "header_map"];

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
        let method = argument_name(id);
        // The mock server has a type for each operation.
        let marker = type_name(id);
        let is_escaped = method.starts_with('_') || method.ends_with('_');
        if is_escaped || !id.contains(char::is_alphanumeric) {
            let message = format!("the operationId `{id}` is not a valid Rust method name");
            diagnostics.push(Diagnostic::at_value(&location, message).help(OPERATION_ID_HELP));
        } else if is_in_prelude(&marker) {
            let message = format!("the generated code uses the name of the operationId `{id}`");
            diagnostics.push(Diagnostic::at_value(&location, message).help(OPERATION_ID_HELP));
        } else if reserved.contains(&method) {
            let message = format!("the method name `{method}` is reserved");
            diagnostics
                .push(Diagnostic::at_value(&location, message).help("choose another operationId"));
        }
        let first = methods.insert(marker, (id, location.clone()));
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
        } else if type_name(&name) != name {
            let message = format!("the schema name `{name}` is not a valid Rust type name");
            let help = "choose another name, which starts with a letter";
            (message, help.to_owned())
        } else if is_in_prelude(&name) {
            let message = format!("the generated code uses the type name `{name}`");
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
        let own = node.children("parameters");
        let mut declared = path.children("parameters");
        // A parameter of the operation replaces that of the path.
        declared.retain(|shared| {
            let shared = identity(document, shared);
            own.iter().all(|own| identity(document, own) != shared)
        });
        declared.extend(own);
        for parameter in declared {
            let Some([Some(name), _]) = identity(document, &parameter) else {
                continue;
            };
            let argument = argument_name(name);
            let message = if name.is_empty() {
                "the parameter has an empty name".to_owned()
            } else if RESERVED_ARGUMENTS.contains(&argument.as_str()) {
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
            if property.key.is_empty() {
                let message = "the property has an empty name";
                let diagnostic = Diagnostic::at_key(&property.pointer, message);
                diagnostics.push(diagnostic.help("remove the property"));
            }
            let field = field_name(&property.key);
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

//! The client sends its API key as a bearer token with every request, and
//! nothing else.

use super::super::diagnostic::Fault;
use super::super::document::{Document, Node, children, join};

const SCHEMES: &str = "/components/securitySchemes";

pub fn faults(document: &Document) -> Vec<Fault> {
    let operations = document.operations().into_iter();
    let places = operations
        .map(|operation| operation.node.child("security"))
        .chain(["/security".to_owned()]);
    let mut faults = Vec::new();
    for place in places {
        let Some(requirements) = document.at(&place) else {
            continue;
        };
        let schemes: Vec<_> = children(requirements, &place)
            .into_iter()
            .flat_map(|requirement| children(requirement.value, &requirement.pointer))
            .collect();
        if schemes.is_empty() && requirements.is_array() {
            faults.push(
                Fault::at_value(
                    &place,
                    "no security is required, but the client sends its API key",
                )
                .help("require the bearer scheme"),
            );
        }
        faults.extend(
            schemes
                .iter()
                .filter_map(|scheme| undeclared_fault(document, scheme)),
        );
    }
    faults.extend(document.children(SCHEMES).iter().filter_map(scheme_fault));
    if document.at("/security").is_none() {
        faults.push(
            Fault::at_key("", "the document has no `security`")
                .help("require the bearer scheme, as the client sends its API key"),
        );
    }
    faults
}

fn undeclared_fault(document: &Document, required: &Node<'_>) -> Option<Fault> {
    let name = &required.key;
    if document.at(&join(SCHEMES, name)).is_some() {
        return None;
    }
    let message = format!("the security scheme `{name}` is not declared");
    Some(
        Fault::at_key(&required.pointer, message)
            .help("declare it in `components.securitySchemes`, or correct the name"),
    )
}

fn scheme_fault(scheme: &Node<'_>) -> Option<Fault> {
    if (scheme.text("type"), scheme.text("scheme")) == (Some("http"), Some("bearer")) {
        return None;
    }
    let message = format!("the security scheme `{}` is no bearer token", scheme.key);
    Some(
        Fault::at_key(&scheme.pointer, message)
            .help("write `type: http` and `scheme: bearer`, which is what the client sends"),
    )
}

//! The client sends its API key as a bearer token with every request, and
//! nothing else.

use serde_json::Value;

use super::super::document::{Document, Node, children, join};
use super::super::fault::Fault;

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
                .filter_map(|scheme| scheme_fault(document, scheme)),
        );
    }
    if document.at("/security").is_none() {
        faults.push(
            Fault::at_key("", "the document has no `security`")
                .help("require the bearer scheme, as the client sends its API key"),
        );
    }
    faults
}

fn scheme_fault(document: &Document, required: &Node<'_>) -> Option<Fault> {
    let name = &required.key;
    let place = join("/components/securitySchemes", name);
    let Some(scheme) = document.at(&place) else {
        let message = format!("the security scheme `{name}` is not declared");
        return Some(
            Fault::at_key(&required.pointer, message)
                .help("declare it in `components.securitySchemes`, or correct the name"),
        );
    };
    let text = |key: &str| scheme.get(key).and_then(Value::as_str);
    if (text("type"), text("scheme")) == (Some("http"), Some("bearer")) {
        return None;
    }
    let message = format!("the security scheme `{name}` is no bearer token");
    Some(
        Fault::at_key(&place, message)
            .help("write `type: http` and `scheme: bearer`, which is what the client sends"),
    )
}

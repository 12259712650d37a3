//! Checks that the only credential is a bearer token, which is what the generated client
//! sends with every request.

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, children};
use crate::json_pointer::join;

const SCHEMES: &str = "/components/securitySchemes";

pub(crate) fn check(document: &Document) -> Vec<Diagnostic> {
    let operations = document.operations().into_iter();
    let locations = operations
        .map(|operation| operation.node.child("security"))
        .chain(["/security".to_owned()]);
    let mut diagnostics = Vec::new();
    for location in locations {
        let Some(requirements) = document.at(&location) else {
            continue;
        };
        let schemes: Vec<_> = children(requirements, &location)
            .into_iter()
            .flat_map(|requirement| children(requirement.value, &requirement.pointer))
            .collect();
        if schemes.is_empty() && requirements.is_array() {
            let message = "`security` is empty, but the client always sends its API key";
            let diagnostic = Diagnostic::at_value(&location, message);
            diagnostics.push(diagnostic.help("require the bearer scheme"));
        }
        let undeclared = schemes
            .iter()
            .filter_map(|scheme| check_declared(document, scheme));
        diagnostics.extend(undeclared);
    }
    diagnostics.extend(document.children(SCHEMES).iter().filter_map(check_scheme));
    if document.at("/security").is_none() {
        let diagnostic = Diagnostic::at_key("", "the document has no `security`");
        diagnostics
            .push(diagnostic.help("require the bearer scheme; the client sends its API key"));
    }
    diagnostics
}

fn check_declared(document: &Document, required: &Node<'_>) -> Option<Diagnostic> {
    let name = &required.key;
    if document.at(&join(SCHEMES, name)).is_some() {
        return None;
    }
    let message = format!("the security scheme `{name}` is not declared");
    Some(
        Diagnostic::at_key(&required.pointer, message)
            .help("declare it in `components.securitySchemes`, or correct the name"),
    )
}

fn check_scheme(scheme: &Node<'_>) -> Option<Diagnostic> {
    if (scheme.text("type"), scheme.text("scheme")) == (Some("http"), Some("bearer")) {
        return None;
    }
    let message = format!("the security scheme `{}` is not a bearer token", scheme.key);
    Some(
        Diagnostic::at_key(&scheme.pointer, message)
            .help("write `type: http` and `scheme: bearer`; the client sends a bearer token"),
    )
}

//! Checks that a bearer token, the only credential that the client sends, is enough for
//! every operation.

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, children};
use crate::json_pointer::join;

const SCHEMES: &str = "/components/securitySchemes";

pub(crate) fn check(document: &Document) -> Vec<Diagnostic> {
    let operations = document.operations();
    let own = operations
        .iter()
        .map(|operation| operation.node.child("security"));
    let mut diagnostics: Vec<_> = own
        .chain(["/security".to_owned()])
        .flat_map(|location| check_requirements(document, &location))
        .collect();
    let mut operations = operations.iter();
    let has_own = operations.len() > 0
        && operations.all(|operation| operation.node.value.get("security").is_some());
    if document.at("/security").is_none() && !has_own {
        diagnostics.push(
            Diagnostic::at_key("", "the document has no `security`")
                .help("require the bearer scheme, or write `security: []` if the API needs no key"),
        );
    }
    diagnostics
}

/// Checks the requirements at a location, of which the client has to fulfill one.
fn check_requirements(document: &Document, location: &str) -> Vec<Diagnostic> {
    let requirements = document.children(location);
    let undeclared: Vec<_> = requirements
        .iter()
        .flat_map(schemes)
        .filter_map(|scheme| check_declared(document, &scheme))
        .collect();
    let is_fulfilled = |requirement: &Node<'_>| match &schemes(requirement)[..] {
        [] => true,
        [only] => is_bearer(document, &only.key),
        _ => false,
    };
    if !undeclared.is_empty() || requirements.is_empty() || requirements.iter().any(is_fulfilled) {
        return undeclared;
    }
    let first = requirements.first();
    let other = first.and_then(|requirement| {
        let mut named = schemes(requirement).into_iter();
        named.find(|scheme| !is_bearer(document, &scheme.key))
    });
    let diagnostic = match other {
        Some(other) => {
            let message = format!("the security scheme `{}` is not a bearer token", other.key);
            Diagnostic::at_key(&join(SCHEMES, &other.key), message)
                .help("write `type: http` and `scheme: bearer`, or add a bearer scheme as an alternative; the client sends a bearer token")
        }
        None => Diagnostic::at_key(location, "`security` requires two credentials at once")
            .help("require one bearer scheme; the client sends one token"),
    };
    vec![diagnostic]
}

/// Returns the schemes that a requirement names.
fn schemes<'a>(requirement: &Node<'a>) -> Vec<Node<'a>> {
    children(requirement.value, &requirement.pointer)
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

/// Whether the credential is a bearer token. Those of `OAuth` and `OpenID
/// Connect` are; the client does not request them.
fn is_bearer(document: &Document, scheme: &str) -> bool {
    let text = |key: &str| {
        let scheme = document.at(&join(SCHEMES, scheme))?;
        scheme.get(key)?.as_str()
    };
    match text("type") {
        Some("http") => text("scheme").is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer")),
        Some("oauth2" | "openIdConnect") => true,
        _ => false,
    }
}

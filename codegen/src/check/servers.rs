//! Checks the first server of the document, which is the default of the client.

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node};

/// Returns the URL of a server, with the default of each variable.
pub(crate) fn server_url(server: &Node<'_>) -> Option<String> {
    let mut url = server.text("url")?.to_owned();
    for variable in server.children("variables") {
        if let Some(default) = variable.text("default") {
            url = url.replace(&format!("{{{}}}", variable.key), default);
        }
    }
    Some(url)
}

pub(crate) fn check(document: &Document) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    match document.children("/servers").first() {
        None => diagnostics.push(
            Diagnostic::at_key("/servers", "the document has no server")
                .help("add `servers` with the `url` of the API; it is the client's default"),
        ),
        Some(server) => {
            let url = server_url(server).unwrap_or_default();
            let is_absolute = url
                .strip_prefix("https://")
                .is_some_and(|rest| !rest.is_empty());
            if !is_absolute || url.contains('{') || url.contains(char::is_whitespace) {
                let message = "the URL is not an absolute https URL";
                diagnostics.push(Diagnostic::at_value(&server.child("url"), message).help(
                    "list an absolute https URL first, and give each `{variable}` a `default`",
                ));
            }
        }
    }
    for operation in document.operations() {
        for node in [&operation.path, &operation.node] {
            if node.value.get("servers").is_some() {
                let message = "`servers` is supported only at the top level";
                diagnostics.push(
                    Diagnostic::at_key(&node.child("servers"), message)
                        .help("remove it; the client uses the first of the document's `servers`"),
                );
            }
        }
    }
    diagnostics
}

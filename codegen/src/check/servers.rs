//! The client sends every request to the first server of the document.

use super::super::diagnostic::Fault;
use super::super::document::Document;

pub fn faults(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    match document.children("/servers").first() {
        None => faults.push(
            Fault::at_key("/servers", "the document has no server")
                .help("write `servers`, with the `url` of the API; it is the client's default"),
        ),
        Some(server) => {
            let url = server.text("url").unwrap_or_default();
            let is_whole = url
                .strip_prefix("https://")
                .is_some_and(|rest| !rest.is_empty());
            if !is_whole || url.contains('{') || url.contains(char::is_whitespace) {
                faults.push(
                    Fault::at_value(
                        &server.child("url"),
                        "the client cannot send requests to this URL",
                    )
                    .help("write an absolute https URL without variables"),
                );
            }
        }
    }
    for operation in document.operations() {
        for node in [&operation.path, &operation.node] {
            if node.value.get("servers").is_some() {
                faults.push(
                    Fault::at_key(&node.child("servers"), "the client knows one server only")
                        .help("remove it; the first of the document's `servers` is used"),
                );
            }
        }
    }
    faults
}

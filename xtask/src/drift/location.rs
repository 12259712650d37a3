//! Where a difference that oasdiff reports is in a document.

use duvo_codegen::document::{Document, Node, Operation, local_pointer, reference};
use duvo_codegen::json_pointer::join;

/// Returns the method and the path of an operation.
pub fn operation_name(operation: &Operation<'_>) -> String {
    format!(
        "{} {}",
        operation.node.key.to_uppercase(),
        operation.path.key
    )
}

/// Returns the pointer that the path leads to in our document, as far as it exists there.
pub fn locate(document: &Document, start: &str, path: &[String]) -> String {
    let mut pointer = start.to_owned();
    for key in path {
        match step(document, &pointer, key) {
            Some(next) => pointer = next,
            // oasdiff groups parameters by their location.
            None if matches!(key.as_str(), "cookie" | "header" | "path" | "query") => {}
            None => break,
        }
    }
    pointer
}

fn step(document: &Document, pointer: &str, key: &str) -> Option<String> {
    let value = document.at(pointer)?;
    if let Some(target) = reference(value).and_then(local_pointer) {
        return step(document, target, key);
    }
    if value.get(key).is_some() {
        return Some(join(pointer, key));
    }
    // Every body is JSON.
    let json = "content/application~1json";
    let in_json = format!("{pointer}/{json}/{key}");
    if document.at(&in_json).is_some() {
        return Some(in_json);
    }
    let has_name = |node: &Node<'_>| {
        let name = node.text("name");
        name.is_some_and(|name| name.eq_ignore_ascii_case(key)) || node.value == key
    };
    let resolved = |node: Node<'_>| match document.resolve(node.value) {
        Some(value) => has_name(&Node {
            value,
            ..node.clone()
        })
        .then_some(node.pointer),
        None => None,
    };
    let members: Vec<_> = ["allOf", "anyOf"]
        .into_iter()
        .flat_map(|composition| document.children(&join(pointer, composition)))
        .collect();
    let is_list = value.is_array();
    let mut items = document.children(pointer).into_iter().filter(|_| is_list);
    items.find_map(resolved).or_else(|| {
        members
            .iter()
            .find_map(|member| step(document, &member.pointer, key))
    })
}

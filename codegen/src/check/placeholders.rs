//! Checks for texts that are still to be written. They would become documentation.

use crate::diagnostic::Diagnostic;
use crate::document::{Node, TypedNode};

const MARKER: &str = "TODO";

pub(crate) fn check(nodes: &[TypedNode<'_>]) -> Vec<Diagnostic> {
    let texts = nodes
        .iter()
        .filter(|typed| typed.expected.kind().is_some())
        .flat_map(|typed| ["summary", "description"].map(|key| (&typed.node, key)));
    let placeholders = texts.filter(|(node, key)| node.text(key).is_some_and(is_placeholder));
    placeholders
        .map(|(node, key)| {
            let message = format!("the `{key}` of `{}` is still to be written", subject(node));
            let help = format!("replace `{MARKER}` by the text; it becomes documentation");
            Diagnostic::at_value(&node.child(key), message).help(help)
        })
        .collect()
}

/// Returns the name of the object that has the text.
fn subject<'a>(node: &'a Node<'_>) -> &'a str {
    // An operation and a parameter have their names in a key.
    let mut names = ["operationId", "name"].into_iter();
    let name = names.find_map(|key| node.text(key));
    name.unwrap_or(&node.key)
}

/// Whether the first word of a text is the marker.
fn is_placeholder(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix(MARKER);
    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}

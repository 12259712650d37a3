//! Replaces components that are only a `$ref`.

use crate::document::{Document, reference};

/// The sections in which progenitor follows one `$ref` only.
const SECTIONS: [&str; 5] = [
    "examples",
    "headers",
    "parameters",
    "requestBodies",
    "responses",
];

/// Replaces each component that is a `$ref` to another one by its target.
pub(super) fn replace(document: &mut Document) {
    let mut targets = Vec::new();
    for section in SECTIONS {
        for component in document.children(&format!("/components/{section}")) {
            if reference(component.value).is_some()
                && let Some(target) = document.resolve(component.value)
            {
                targets.push((component.pointer, target.clone()));
            }
        }
    }
    for (pointer, target) in targets {
        if let Some(component) = document.at_mut(&pointer) {
            *component = target;
        }
    }
}

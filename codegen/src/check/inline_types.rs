//! Checks that no inline schema becomes a Rust type with the name of another type.
//! typify would use the first of the two types for both.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::rust_name::is_in_prelude;
use crate::type_names::{NamedType, named_types};

const HELP: &str = "move it to `components.schemas` under another name, and refer to it";

pub(crate) fn check(document: &Document) -> Vec<Diagnostic> {
    let types = named_types(document);
    let mut diagnostics = Vec::new();
    let mut first_uses: BTreeMap<&str, &NamedType> = BTreeMap::new();
    for named in &types {
        if is_in_prelude(&named.name) && !named.is_component {
            let name = &named.name;
            let message =
                format!("the generated code uses the type name `{name}`, which this schema gets");
            diagnostics.push(Diagnostic::at_key(&named.pointer, message).help(HELP));
        }
        let Some(first) = first_uses.get(named.name.as_str()) else {
            first_uses.insert(&named.name, named);
            continue;
        };
        let is_same = first.whole == named.whole || first.pointer == named.pointer;
        if is_same || named.is_component {
            continue;
        }
        let name = &named.name;
        let other = if first.is_component {
            format!("`{name}`")
        } else {
            "another".to_owned()
        };
        let message = format!("this schema and {other} have the same Rust type name `{name}`");
        diagnostics.push(
            Diagnostic::at_key(&named.pointer, message)
                .help(HELP)
                .with_related_key(&first.pointer, "the other schema"),
        );
    }
    diagnostics
}

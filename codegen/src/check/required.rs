//! Checks that required properties are declared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, local_pointer, reference};
use crate::grammar::COMPOSITIONS;

/// Checks that each required property is declared: by the schema, or by every schema that it
/// is a part of.
pub(super) fn check(document: &Document, schemas: &[Node<'_>]) -> Vec<Diagnostic> {
    let users = users(schemas);
    schemas
        .iter()
        .flat_map(|schema| undeclared(document, schema, &users))
        .map(|name| {
            let text = name.value.as_str().unwrap_or_default();
            let message = format!("`required` names `{text}`, which is not in `properties`");
            Diagnostic::at_value(&name.pointer, message)
                .help("add it to `properties`, or correct the name")
        })
        .collect()
}

/// The locations of the outermost schemas that have a component in an `allOf`.
type Users<'a> = BTreeMap<&'a str, Vec<String>>;

fn users<'a>(schemas: &[Node<'a>]) -> Users<'a> {
    let mut users = Users::new();
    for schema in schemas {
        for part in schema.children("allOf") {
            if let Some(component) = reference(part.value).and_then(local_pointer) {
                let user = outermost(&schema.pointer).to_owned();
                users.entry(component).or_default().push(user);
            }
        }
    }
    users
}

/// Returns the required names that are not those of properties.
fn undeclared<'a>(document: &Document, schema: &Node<'a>, users: &Users<'_>) -> Vec<Node<'a>> {
    let mut names = schema.children("required");
    if names.is_empty() {
        return names;
    }
    let declared = wholes(users, &schema.pointer)
        .into_iter()
        .map(|whole| {
            let mut declared = BTreeSet::new();
            let whole = document.at(&whole)?;
            collect_declared(document, whole, &mut declared, 0).then_some(declared)
        })
        .collect::<Option<Vec<_>>>();
    names.retain(|name| {
        let name = name.value.as_str();
        // A missing part is reported elsewhere.
        let mut wholes = declared.iter().flatten();
        name.is_some_and(|name| wholes.any(|declared| !declared.contains(name)))
    });
    names
}

/// Returns the locations of the outermost schemas that a schema is a part of, or its own.
fn wholes(users: &Users<'_>, pointer: &str) -> Vec<String> {
    let mut wholes = Vec::new();
    let mut visited = BTreeSet::new();
    let mut open = vec![outermost(pointer).to_owned()];
    while let Some(pointer) = open.pop() {
        if visited.insert(pointer.clone()) {
            match users.get(pointer.as_str()) {
                Some(users) => open.extend(users.iter().cloned()),
                None => wholes.push(pointer),
            }
        }
    }
    wholes
}

/// Returns the location of the schema of which an inline schema is a part.
fn outermost(pointer: &str) -> &str {
    let mut whole = pointer;
    while let Some((parent, _)) = ["/allOf/", "/anyOf/", "/oneOf/"]
        .into_iter()
        .filter_map(|composition| whole.rsplit_once(composition))
        .max_by_key(|(parent, _)| parent.len())
    {
        whole = parent;
    }
    whole
}

/// Collects the names of the properties of a schema and of its compositions. Returns
/// `false` if a part is missing or nested too deeply.
fn collect_declared<'a>(
    document: &'a Document,
    schema: &'a Value,
    declared: &mut BTreeSet<&'a str>,
    depth: usize,
) -> bool {
    let Some(schema) = document.resolve(schema).filter(|_| depth < 32) else {
        return false;
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    let properties = properties.into_iter().flatten();
    declared.extend(properties.map(|(name, _)| name.as_str()));
    let mut members = COMPOSITIONS
        .into_iter()
        .filter_map(|key| schema.get(key)?.as_array())
        .flatten();
    members.all(|member| collect_declared(document, member, declared, depth + 1))
}

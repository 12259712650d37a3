//! Checks how parameters are written into a request. The client writes them in the
//! default style of OpenAPI.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, children};

/// The types of values that are one text.
const TEXT_TYPES: [&str; 4] = ["boolean", "integer", "number", "string"];

pub(crate) fn check(document: &Document, parameter: &Node<'_>) -> Vec<Diagnostic> {
    [
        check_content(parameter),
        check_style(parameter),
        check_explode(document, parameter),
        check_option(parameter, "allowReserved"),
        check_option(parameter, "allowEmptyValue"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn check_content(parameter: &Node<'_>) -> Option<Diagnostic> {
    parameter.value.get("content")?;
    let message = "`content` is not supported in a parameter";
    let diagnostic = Diagnostic::at_key(&parameter.child("content"), message);
    Some(diagnostic.help("replace it by `schema`"))
}

fn check_style(parameter: &Node<'_>) -> Option<Diagnostic> {
    let style = parameter.text("style")?;
    let default = match parameter.text("in") {
        Some("query" | "cookie") => "form",
        Some("path" | "header") => "simple",
        _ => return None,
    };
    (style != default).then(|| {
        let message = format!("`style: {style}` is not supported");
        Diagnostic::at_value(&parameter.child("style"), message).help(format!(
            "remove it; the client writes the parameter in the default style, `{default}`"
        ))
    })
}

/// `explode` has an effect on lists and objects only. They are supported only in the
/// query, where each item or property becomes a pair.
fn check_explode(document: &Document, parameter: &Node<'_>) -> Option<Diagnostic> {
    let is_exploded = parameter.value.get("explode")?.as_bool()?;
    let is_text = has_text_form(document, parameter.value.get("schema")?);
    (!is_exploded && !is_text && parameter.text("in") == Some("query")).then(|| {
        let message = "`explode: false` is not supported for lists and objects";
        Diagnostic::at_value(&parameter.child("explode"), message)
            .help("remove it; the client writes one `name=value` pair per item")
    })
}

fn check_option(parameter: &Node<'_>, key: &str) -> Option<Diagnostic> {
    let is_set = parameter.value.get(key) == Some(&Value::Bool(true));
    is_set.then(|| {
        let message = format!("`{key}: true` is not supported");
        let diagnostic = Diagnostic::at_value(&parameter.child(key), message);
        diagnostic.help("remove it; the client percent-encodes values, and omits missing ones")
    })
}

/// Whether every value of the schema is a string, a number or a boolean.
pub(crate) fn has_text_form(document: &Document, schema: &Value) -> bool {
    let mut types = BTreeSet::new();
    is_typed(document, schema, &mut types, 0) && types.iter().all(|name| TEXT_TYPES.contains(name))
}

/// Collects the types of a schema, with `null`. Returns `false` if it allows any type.
fn is_typed<'a>(
    document: &'a Document,
    schema: &'a Value,
    types: &mut BTreeSet<&'a str>,
    depth: usize,
) -> bool {
    let Some(schema) = document.resolve(schema).filter(|_| depth < 16) else {
        return false;
    };
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        types.insert("null");
    }
    let own = schema.get("type").and_then(Value::as_str);
    types.extend(own);
    let mut members = |key: &str| {
        let members = schema.get(key).map(|members| children(members, ""));
        let members = members.unwrap_or_default().into_iter();
        members
            .map(|member| is_typed(document, member.value, types, depth + 1))
            .collect::<Vec<_>>()
    };
    // One typed member of `allOf` is enough; of a union, every one must be.
    let all_of = members("allOf");
    let unions = [members("anyOf"), members("oneOf")];
    let is_union_typed = unions
        .iter()
        .any(|arms| !arms.is_empty() && arms.iter().all(|is_typed| *is_typed));
    own.is_some() || all_of.contains(&true) || is_union_typed
}

//! Checks how parameters are written into a request. The client writes them in the
//! default style of OpenAPI.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Node, children};
use crate::operation::list_items;

/// The types of values that are one text.
const TEXT_TYPES: [&str; 4] = ["boolean", "integer", "number", "string"];

pub(crate) fn check(document: &Document, parameter: &Node<'_>) -> Option<Diagnostic> {
    check_content(parameter)
        .or_else(|| check_style(parameter))
        .or_else(|| check_explode(document, parameter))
        .or_else(|| check_text_form(document, parameter))
}

fn check_content(parameter: &Node<'_>) -> Option<Diagnostic> {
    parameter.value.get("content")?;
    let message = "`content` is not supported in a parameter";
    let diagnostic = Diagnostic::at_key(&parameter.child("content"), message);
    Some(
        diagnostic
            .help("replace it by `schema`; the client writes a parameter as text, not as JSON"),
    )
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
        let help = match style {
            "deepObject" => "declare one parameter for each key, such as `filter[name]`".to_owned(),
            "pipeDelimited" | "spaceDelimited" => {
                "remove it; with `explode: false`, the client separates items by commas".to_owned()
            }
            _ => format!(
                "remove it; the client writes the parameter in the default style, `{default}`"
            ),
        };
        Diagnostic::at_value(&parameter.child("style"), message).help(help)
    })
}

/// `explode` has an effect on lists and objects only. Objects are supported only in the
/// query, where each property becomes a pair.
fn check_explode(document: &Document, parameter: &Node<'_>) -> Option<Diagnostic> {
    let is_exploded = parameter.value.get("explode")?.as_bool()?;
    let schema = parameter.value.get("schema")?;
    let is_object = !has_text_form(document, schema) && list_items(document, schema).is_none();
    (!is_exploded && is_object && parameter.text("in") == Some("query")).then(|| {
        let message = "`explode: false` is not supported for objects";
        Diagnostic::at_value(&parameter.child("explode"), message)
            .help("remove it; the client writes one `name=value` pair for each property")
    })
}

/// Checks that the value, or each item of a list, can be written as one text. In the query,
/// an object can also be written as several pairs.
fn check_text_form(document: &Document, parameter: &Node<'_>) -> Option<Diagnostic> {
    let schema = parameter.value.get("schema")?;
    let name = parameter.text("name").unwrap_or_default();
    let (message, help) = if let Some(items) = list_items(document, schema) {
        if has_text_form(document, items) {
            return None;
        }
        let message = format!("the items of the parameter `{name}` have no text form");
        (
            message,
            "use items of `type` boolean, integer, number or string, without `nullable`",
        )
    } else {
        // A schema without keys is reported elsewhere.
        let is_empty = document
            .resolve(schema)?
            .as_object()
            .is_some_and(Map::is_empty);
        let is_in_query = !matches!(parameter.text("in"), Some("header" | "path"));
        if is_in_query || is_empty || has_text_form(document, schema) {
            return None;
        }
        let message = format!("the parameter `{name}` has no text form");
        (
            message,
            "use `type` boolean, integer, number or string, or a list of them, without `nullable`",
        )
    };
    Some(Diagnostic::at_value(&parameter.pointer, message).help(help))
}

/// Whether every value of the schema is a string, a number or a boolean.
fn has_text_form(document: &Document, schema: &Value) -> bool {
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

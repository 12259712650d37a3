//! How the client calls an operation, as far as the document decides it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, Node, Operation, children};
use crate::media_type::json_content;
use crate::rust_name::argument_name;

/// How the client calls an operation.
#[derive(Debug, Clone)]
pub(crate) struct OperationSpec {
    /// Whether a request changes nothing.
    pub(crate) is_safe: bool,
    pub(crate) sends_api_key: bool,
    /// The media type of the request body.
    pub(crate) content_type: String,
    /// The media type of the success response.
    pub(crate) accept: String,
    pub(crate) success_body: SuccessBody,
    /// The parameters that are lists in one text.
    pub(crate) lists: Vec<ListParameter>,
}

/// A list whose items are separated by commas: in a path or a header, or in the query with
/// `explode: false`.
#[derive(Debug, Clone)]
pub(crate) struct ListParameter {
    pub(crate) name: String,
    pub(crate) location: ListLocation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListLocation {
    Path,
    Query,
    Header,
}

/// The body of the success response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SuccessBody {
    Json,
    /// JSON in some responses, and nothing in others.
    Optional,
    Empty,
}

/// The media type that progenitor writes.
pub(crate) const JSON: &str = "application/json";

impl OperationSpec {
    /// Returns the Rust name of the operation, with how the client calls it. Returns `None`
    /// if the operation has no name.
    pub(crate) fn new(document: &Document, operation: &Operation<'_>) -> Option<(String, Self)> {
        let name = argument_name(operation.node.text("operationId")?);
        let body = request_body(document, operation);
        let media_type = |holder: Option<Node<'_>>| {
            let content = holder.and_then(|holder| json_content(&holder));
            content.map_or_else(|| JSON.to_owned(), |content| content.key)
        };
        let spec = Self {
            is_safe: is_safe(&operation.node.key, operation.node.value),
            sends_api_key: sends_api_key(document, operation),
            content_type: media_type(body),
            accept: media_type(success_response(document, operation)),
            success_body: success_body(document, operation),
            lists: parameters(document, operation)
                .iter()
                .filter_map(|parameter| ListParameter::new(document, parameter))
                .collect(),
        };
        Some((name, spec))
    }
}

impl ListParameter {
    /// Returns `None` if the parameter is not a list, or one value for each item.
    pub(crate) fn new(document: &Document, parameter: &Node<'_>) -> Option<Self> {
        list_items(document, parameter.value.get("schema")?)?;
        let is_exploded = parameter.value.get("explode") != Some(&Value::Bool(false));
        let location = match parameter.text("in")? {
            "path" => ListLocation::Path,
            "header" => ListLocation::Header,
            "query" if !is_exploded => ListLocation::Query,
            _ => return None,
        };
        let name = parameter.text("name")?.to_owned();
        Some(Self { name, location })
    }
}

/// Returns the schema of the items, if a schema is a list.
pub(crate) fn list_items<'a>(document: &'a Document, schema: &'a Value) -> Option<&'a Value> {
    let schema = document.resolve(schema)?;
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => schema.get("items"),
        _ => None,
    }
}

/// Returns the parameters of the path and of the operation. Those of the operation take
/// precedence.
pub(crate) fn parameters<'a>(document: &'a Document, operation: &Operation<'a>) -> Vec<Node<'a>> {
    let mut declared = BTreeMap::new();
    for holder in [&operation.path, &operation.node] {
        for parameter in holder.children("parameters") {
            if let Some(value) = document.resolve(parameter.value) {
                let identity = identity(document, &parameter);
                declared.insert(identity, Node { value, ..parameter });
            }
        }
    }
    declared.into_values().collect()
}

/// Returns the name of a parameter, and its location in a request.
pub(crate) fn identity<'a>(
    document: &'a Document,
    parameter: &Node<'a>,
) -> Option<[Option<&'a str>; 2]> {
    let value = document.resolve(parameter.value)?;
    Some(["name", "in"].map(|key| value.get(key).and_then(Value::as_str)))
}

/// Whether a request of the operation changes nothing: by its method, or by `x-safe`.
#[must_use]
pub fn is_safe(method: &str, operation: &Value) -> bool {
    matches!(method, "get" | "head") || operation.get("x-safe") == Some(&Value::Bool(true))
}

/// Whether a request of the operation has the API key: whether the operation, or else the
/// document, has a security requirement that is not empty.
pub(crate) fn sends_api_key(document: &Document, operation: &Operation<'_>) -> bool {
    let own = operation.node.value.get("security");
    let requirements = own.or_else(|| document.at("/security"));
    requirements.is_some_and(|requirements| {
        let mut requirements = children(requirements, "").into_iter();
        requirements.any(|requirement| !children(requirement.value, "").is_empty())
    })
}

/// Returns the request body, which can be a component.
pub(crate) fn request_body<'a>(
    document: &'a Document,
    operation: &Operation<'a>,
) -> Option<Node<'a>> {
    document.resolve_node(operation.node.get("requestBody")?)
}

/// Returns the 2xx responses of an operation.
pub(crate) fn success<'a>(operation: &Operation<'a>) -> Vec<Node<'a>> {
    let mut responses = operation.node.children("responses");
    responses.retain(|response| response.key.starts_with('2'));
    responses
}

/// Returns the 2xx response from which the return type is generated: the first with JSON.
pub(crate) fn success_response<'a>(
    document: &'a Document,
    operation: &Operation<'a>,
) -> Option<Node<'a>> {
    let responses = success(operation).into_iter();
    let mut responses = responses.filter_map(|response| document.resolve_node(response));
    responses.find(|response| json_content(response).is_some())
}

pub(crate) fn success_body(document: &Document, operation: &Operation<'_>) -> SuccessBody {
    // HTTP allows no body.
    if operation.node.key == "head" {
        return SuccessBody::Empty;
    }
    let responses = success(operation).into_iter();
    let has_json: Vec<_> = responses
        .filter_map(|response| document.resolve_node(response))
        .map(|response| json_content(&response).is_some())
        .collect();
    if !has_json.contains(&true) {
        SuccessBody::Empty
    } else if has_json.contains(&false) {
        SuccessBody::Optional
    } else {
        SuccessBody::Json
    }
}

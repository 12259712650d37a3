//! The names of the types that schemas become. An inline schema is named after its parent and
//! its key.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::{Document, Node, Operation, reference};
use crate::grammar::COMPOSITIONS;
use crate::json_pointer::join;
use crate::media_type::json_content;
use crate::open_enum::KEY;
use crate::operation::{request_body, success_response};
use crate::rust_name::type_name;

/// Returns the location of the schema that becomes the type `name`.
pub(crate) fn location(document: &Document, name: &str) -> Option<String> {
    let mut types = type_names(document).into_iter();
    types
        .find(|(_, other)| other == name)
        .map(|(pointer, _)| pointer)
}

/// Returns the locations of the schemas that become a type, with the name of the type.
pub(crate) fn type_names(document: &Document) -> Vec<(String, String)> {
    let types = named_types(document).into_iter();
    types.map(|named| (named.pointer, named.name)).collect()
}

/// A schema that becomes a type of its name.
pub(crate) struct NamedType {
    pub(crate) name: String,
    pub(crate) pointer: String,
    /// The schema that it is merged into by `allOf`, or the schema itself.
    pub(crate) whole: String,
    pub(crate) is_component: bool,
}

/// Returns the schemas that become types, components first.
pub(crate) fn named_types(document: &Document) -> Vec<NamedType> {
    TypeNames::new(document).types
}

/// The types that schemas become, components first.
struct TypeNames {
    types: Vec<NamedType>,
    responses: BTreeSet<String>,
}

impl TypeNames {
    fn new(document: &Document) -> Self {
        let components = document.children("/components/schemas");
        let mut names = Self {
            types: components
                .iter()
                .map(|schema| NamedType {
                    name: type_name(&schema.key),
                    pointer: schema.pointer.clone(),
                    whole: schema.pointer.clone(),
                    is_component: true,
                })
                .collect(),
            responses: document.response_schemas(),
        };
        for schema in &components {
            names.add_parts(&schema.key, schema, &schema.pointer);
        }
        for operation in document.operations() {
            names.add_operation(document, &operation);
        }
        names
    }

    /// Adds the inline schemas of parameters, of the body and of the success response.
    fn add_operation(&mut self, document: &Document, operation: &Operation<'_>) {
        let Some(id) = operation.node.text("operationId") else {
            return;
        };
        let parameters = [&operation.path, &operation.node]
            .into_iter()
            .flat_map(|node| node.children("parameters"));
        for parameter in parameters.filter_map(|node| document.resolve_node(node)) {
            let name = parameter.text("name").unwrap_or_default();
            let name = match parameter.pointer.strip_prefix("/components/parameters/") {
                Some(component) if has_open_enum(parameter.value) => component.to_owned(),
                _ => format!("{id}-{name}"),
            };
            self.add_key(&name, &parameter, "schema");
        }
        for (name, holder) in [
            ("response", success_response(document, operation)),
            ("body", request_body(document, operation)),
        ] {
            if let Some(content) = holder.and_then(|holder| json_content(&holder)) {
                self.add_key(&format!("{id}-{name}"), &content, "schema");
            }
        }
    }

    /// Adds the schema under `key` of a node, if one exists.
    fn add_key(&mut self, name: &str, node: &Node<'_>, key: &str) {
        if let Some(schema) = node.get(key) {
            self.add(name, &schema, &schema.pointer);
        }
    }

    fn add(&mut self, name: &str, schema: &Node<'_>, whole: &str) {
        if reference(schema.value).is_some() || !schema.value.is_object() {
            return;
        }
        if is_named_type(schema.value, self.responses.contains(&schema.pointer)) {
            self.types.push(NamedType {
                name: type_name(name),
                pointer: schema.pointer.clone(),
                whole: whole.to_owned(),
                is_component: false,
            });
        }
        self.add_parts(name, schema, whole);
    }

    /// Adds the schemas within a schema.
    fn add_parts(&mut self, name: &str, schema: &Node<'_>, whole: &str) {
        for property in schema.children("properties") {
            let whole = join(whole, &property.key);
            self.add(&format!("{name}_{}", property.key), &property, &whole);
        }
        self.add_key(&format!("{name}_item"), schema, "items");
        self.add_key(&format!("{name}_value"), schema, "additionalProperties");
        // The members of `allOf` are merged into one type.
        for member in schema.children("allOf") {
            if reference(member.value).is_none() {
                self.add_parts(name, &member, whole);
            }
        }
        for key in ["anyOf", "oneOf"] {
            for arm in schema.children(key) {
                let name = format!("{name}_variant_{}", arm.key);
                self.add(&name, &arm, &arm.pointer);
            }
        }
    }
}

/// Whether the schema of a parameter, or of its items, is an open enum. All operations that
/// use the parameter have one type for it.
fn has_open_enum(parameter: &Value) -> bool {
    let is_open_enum = |schema: &Value| schema.get(KEY).is_some();
    let schema = parameter.get("schema");
    let items = schema.and_then(|schema| schema.get("items"));
    schema.is_some_and(is_open_enum) || items.is_some_and(is_open_enum)
}

/// Whether a type is declared for an inline schema.
fn is_named_type(schema: &Value, is_in_response: bool) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    let length = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    };
    let is_composed = COMPOSITIONS.into_iter().any(|key| length(key) > 1);
    // Rules are not enforced in responses.
    let has_rules = ["enum", "minLength", "maxLength", "pattern"]
        .into_iter()
        .any(has)
        && !is_in_response
        && !matches!(
            schema.get("format").and_then(Value::as_str),
            Some("password" | "date-time")
        );
    let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    is_composed || has_rules || has("properties") || is_closed || has(KEY)
}

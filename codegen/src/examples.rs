use std::collections::BTreeMap;

use heck::ToSnakeCase;
use proc_macro2::Span;
use serde_json::Value;
use syn::{File, Ident, Item, LitStr, Type};

use crate::document::{Document, Node, Operation, local_pointer, reference};
use crate::json_pointer::{join, last_key};
use crate::media_type::json_content;
use crate::rust_name::is_identifier;
use crate::type_item::type_ident;

/// An example of a response.
pub(crate) struct Example {
    /// The name of the generated function.
    pub(crate) name: Ident,
    pub(crate) pointer: String,
    /// The generated type that the function returns.
    pub(crate) type_name: Ident,
    pub(crate) value: Value,
    pub(crate) summary: String,
    pub(crate) is_success: bool,
}

impl Example {
    /// Returns the example that represents the others: the one with the name of its type,
    /// or else the first by name.
    pub(crate) fn canonical<'a>(examples: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        examples.into_iter().min_by_key(|example| {
            let has_type_name = example.name == example.type_name.to_string().to_snake_case();
            (!has_type_name, example.name.to_string())
        })
    }

    /// Returns the value as a raw string literal.
    pub(crate) fn json(&self) -> syn::Result<LitStr> {
        let json = format!("{:#}", self.value);
        let mut hashes = "#".to_owned();
        while json.contains(&format!("\"{hashes}")) {
            hashes.push('#');
        }
        syn::parse_str(&format!("r{hashes}\"{json}\"{hashes}"))
    }
}

/// Returns the examples of the responses of an operation. Examples whose schema has no
/// generated type are left out.
pub(crate) fn response_examples(
    document: &Document,
    operation: &Operation<'_>,
    types: &TypeIndex<'_>,
) -> Vec<Example> {
    let mut examples = Vec::new();
    for response in operation.node.children("responses") {
        let content = document
            .resolve_node(response.clone())
            .and_then(|response| json_content(&response));
        let schema = content
            .as_ref()
            .and_then(|content| reference(content.value.get("schema")?));
        let (Some(content), Some(schema)) = (&content, schema.map(last_key)) else {
            continue;
        };
        for example in media_examples(document, operation, &response, content) {
            let Some(type_name) = types.type_of(document, &schema, example.value) else {
                continue;
            };
            examples.push(Example {
                name: ident(&example.name.to_snake_case()),
                pointer: example.pointer,
                type_name,
                value: example.value.clone(),
                summary: example.summary.unwrap_or("An example").to_owned(),
                is_success: response.key.starts_with('2'),
            });
        }
    }
    examples
}

/// An example as it is written in the document.
struct MediaExample<'a> {
    pointer: String,
    name: String,
    value: &'a Value,
    summary: Option<&'a str>,
}

fn media_examples<'a>(
    document: &'a Document,
    operation: &Operation<'_>,
    response: &Node<'_>,
    media: &Node<'a>,
) -> Vec<MediaExample<'a>> {
    // The examples of a component have one name for all operations that use it.
    let component = reference(response.value).and_then(local_pointer);
    let name = component.map_or_else(
        || {
            let operation = operation.node.text("operationId").unwrap_or_default();
            format!("{operation}_{}", response.key)
        },
        last_key,
    );
    let single = media.value.get("example").map(|value| MediaExample {
        pointer: media.child("example"),
        name: format!("{name}_example"),
        value,
        summary: None,
    });
    let named = media
        .children("examples")
        .into_iter()
        .filter_map(|written| {
            let name = match reference(written.value) {
                Some(component) => last_key(component),
                None => format!("{name}_{}", written.key),
            };
            let example = document.resolve_node(written)?;
            Some(MediaExample {
                pointer: example.child("value"),
                name,
                value: example.value.get("value")?,
                summary: example.text("summary"),
            })
        });
    single.into_iter().chain(named).collect()
}

/// The generated types, by name.
pub(crate) struct TypeIndex<'a>(BTreeMap<String, &'a Item>);

impl<'a> TypeIndex<'a> {
    pub(crate) fn new(types: &'a File) -> Self {
        let items = types.items.iter();
        let named = items.filter_map(|item| Some((type_ident(item)?.to_string(), item)));
        Self(named.collect())
    }

    /// Returns the type of an example of the schema `name`. For an enum of schemas, that
    /// is the first variant whose required properties the example has.
    fn type_of(&self, document: &Document, name: &str, example: &Value) -> Option<Ident> {
        match self.0.get(name)? {
            Item::Struct(item) => Some(item.ident.clone()),
            Item::Type(alias) => self.type_of(document, &type_name(&alias.ty)?, example),
            Item::Enum(item) => {
                let mut payloads = item.variants.iter().filter_map(|variant| {
                    let payload = variant.fields.iter().next()?;
                    type_name(&payload.ty)
                });
                let payload = payloads.find(|name| has_required(document, name, example));
                let variant = payload.and_then(|name| self.type_of(document, &name, example));
                Some(variant.unwrap_or_else(|| item.ident.clone()))
            }
            _ => None,
        }
    }
}

/// Whether the example is an object with all properties that the schema `name` requires.
fn has_required(document: &Document, name: &str, example: &Value) -> bool {
    let schema = document.at(&join("/components/schemas", name));
    let Some(schema) = schema.and_then(|schema| document.resolve(schema)) else {
        return false;
    };
    let required = schema.get("required").and_then(Value::as_array);
    let mut names = required.into_iter().flatten().filter_map(Value::as_str);
    example.is_object() && names.all(|name| example.get(name).is_some())
}

/// Returns the last segment of a path to a type.
fn type_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// Returns `name` as a Rust identifier, changed if it is a keyword or starts with a digit.
pub(crate) fn ident(name: &str) -> Ident {
    let parse = |name: &str| is_identifier(name).then(|| Ident::new(name, Span::call_site()));
    parse(name)
        .or_else(|| parse(&format!("{name}_")))
        .or_else(|| parse(&format!("x{name}")))
        .unwrap_or_else(|| Ident::new("unnamed", Span::call_site()))
}

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Ident, Path};

use crate::document::{Document, Node, Operation, children, reference};
use crate::examples::ident;
use crate::json_pointer::last_key;
use crate::media_type::json_content;
use crate::operation::{ListParameter, list_items, parameters, request_body};
use crate::rust_name::stem;

/// A parameter of an operation, or a property of its body.
pub(crate) struct Input {
    location: ParameterLocation,
    name: String,
    rust_name: String,
    description: String,
    pub(crate) value_type: ValueType,
    is_required: bool,
}

/// The location of an input in a request.
enum ParameterLocation {
    Path,
    /// The query, with the default value of the parameter.
    Query(Option<String>),
    Header,
    /// A property of the body.
    Property {
        is_secret: bool,
    },
}

/// The Rust type of an input.
pub(crate) enum ValueType {
    Text,
    Unsigned,
    Signed,
    Number,
    Boolean,
    Enum(Ident),
    Json,
    List {
        /// Whether each item has a parameter, instead of a part of the text.
        is_exploded: bool,
    },
}

impl Input {
    /// Generates the methods that match the value, or its absence.
    pub(crate) fn to_matchers(&self, mock: &Path) -> TokenStream {
        let Self {
            name, rust_name, ..
        } = self;
        let argument = match &self.value_type {
            ValueType::Text => quote!(impl Into<String>),
            ValueType::Json => quote!(impl Into<::serde_json::Value>),
            ValueType::List { .. } => quote!(impl IntoIterator<Item = impl ToString>),
            other => other.to_type(),
        };
        let items = quote!(
            value
                .into_iter()
                .map(|item| item.to_string())
                .collect::<Vec<_>>()
        );
        let text = match &self.value_type {
            ValueType::Text => quote!(value.into()),
            ValueType::List { .. } => quote!(#items.join(",")),
            _ => quote!(value.to_string()),
        };
        let json = match &self.value_type {
            ValueType::Text => quote!(value.into().into()),
            ValueType::Enum(_) => quote!(::serde_json::to_value(value).unwrap_or_default()),
            _ => quote!(value.into()),
        };
        let (present, absent) = match &self.location {
            ParameterLocation::Path => (quote!(Path(#name, #text)), None),
            ParameterLocation::Query(_) if self.is_exploded_list() => (
                quote!(QueryList(#name, #items)),
                Some(quote!(NoQuery(#name))),
            ),
            ParameterLocation::Query(default) => {
                let default = default
                    .as_ref()
                    .map_or_else(|| quote!(None), |default| quote!(Some(#default)));
                (
                    quote!(Query(#name, #text, #default)),
                    Some(quote!(NoQuery(#name))),
                )
            }
            ParameterLocation::Header => {
                (quote!(Header(#name, #text)), Some(quote!(NoHeader(#name))))
            }
            ParameterLocation::Property { is_secret } => {
                let present = if *is_secret {
                    quote!(Secret(#name, #json))
                } else {
                    quote!(Property(#name, #json))
                };
                (present, Some(quote!(NoProperty(#name))))
            }
        };
        let with = ident(&format!("with_{rust_name}"));
        let docs = format!("Matches this `{name}` only.\n\n{}", self.description);
        let without = absent.filter(|_| !self.is_required).map(|absent| {
            let without = ident(&format!("without_{rust_name}"));
            let docs = format!("Matches requests without `{name}` only.");
            quote! {
                #[doc = #docs]
                pub fn #without(self) -> Self {
                    self.with_matcher(#mock::expectation::Matcher::#absent)
                }
            }
        });
        quote! {
            #[doc = #docs]
            pub fn #with(self, value: #argument) -> Self {
                self.with_matcher(#mock::expectation::Matcher::#present)
            }

            #without
        }
    }

    /// Generates the method that returns the value in a request.
    pub(crate) fn to_accessor(&self, mock: &Path) -> TokenStream {
        let Self {
            name, rust_name, ..
        } = self;
        let docs = format!(
            "Returns the `{name}` of the request, if present.\n\n{}",
            self.description
        );
        let found = match self.location {
            ParameterLocation::Path => quote!(#mock::request::path_parameter(self, #name)),
            ParameterLocation::Query(_) => quote!(#mock::request::query_parameter(self, #name)),
            ParameterLocation::Header => quote!(#mock::request::header(self, #name)),
            ParameterLocation::Property { .. } => quote!(#mock::request::property(self, #name)),
        };
        let is_text = !matches!(self.location, ParameterLocation::Property { .. });
        let (returned, value) = match &self.value_type {
            ValueType::List { .. } if self.is_exploded_list() => (
                quote!(Vec<&str>),
                quote!(#mock::request::query_parameters(self, #name)),
            ),
            ValueType::List { .. } => (
                quote!(Vec<&str>),
                quote!(Some(#found?.split(',').collect())),
            ),
            ValueType::Text if is_text => (quote!(&str), found),
            other if is_text => (other.to_type(), quote!(#found?.parse().ok())),
            ValueType::Text => (quote!(&str), quote!(#found?.as_str())),
            ValueType::Json => (quote!(&::serde_json::Value), found),
            other => (
                other.to_type(),
                quote!(::serde_json::from_value(#found?.clone()).ok()),
            ),
        };
        let name = ident(rust_name);
        quote! {
            #[doc = #docs]
            #[must_use]
            pub fn #name(&self) -> Option<#returned> {
                #value
            }
        }
    }

    fn is_exploded_list(&self) -> bool {
        matches!(self.value_type, ValueType::List { is_exploded: true })
    }

    fn new(name: &str, node: &Node<'_>, location: ParameterLocation, value: ValueType) -> Self {
        let description = node.text("description").unwrap_or_default();
        Self {
            location,
            name: name.to_owned(),
            rust_name: stem(name),
            description: description.trim().to_owned(),
            value_type: value,
            is_required: false,
        }
    }

    /// Returns `None` for a parameter that is an object.
    fn from_parameter(document: &Document, parameter: &Node<'_>) -> Option<Self> {
        let schema = parameter.value.get("schema")?;
        let location = match parameter.text("in") {
            Some("path") => ParameterLocation::Path,
            Some("query") => {
                let default = document.resolve(schema)?.get("default");
                ParameterLocation::Query(default.map(|default| match default {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                }))
            }
            Some("header") => ParameterLocation::Header,
            _ => return None,
        };
        let value_type = if list_items(document, schema).is_some() {
            let is_exploded = ListParameter::new(document, parameter).is_none();
            ValueType::List { is_exploded }
        } else {
            ValueType::new(document, schema, false)?
        };
        Some(Self {
            is_required: parameter.value.get("required") == Some(&Value::Bool(true)),
            ..Self::new(parameter.text("name")?, parameter, location, value_type)
        })
    }
}

impl ValueType {
    fn to_type(&self) -> TokenStream {
        match self {
            Self::Text => quote!(String),
            Self::Json | Self::List { .. } => quote!(::serde_json::Value),
            Self::Unsigned => quote!(u64),
            Self::Signed => quote!(i64),
            Self::Number => quote!(f64),
            Self::Boolean => quote!(bool),
            Self::Enum(name) => quote!(types::#name),
        }
    }

    /// Returns the type of a schema or of a `$ref`. Returns `None` for a parameter that
    /// is an object.
    fn new(document: &Document, written: &Value, is_property: bool) -> Option<Self> {
        // A property with a `$ref` and a description wraps the `$ref` in `allOf`.
        let target = match written.get("allOf").and_then(Value::as_array) {
            Some(members) => members.first()?,
            None => written,
        };
        let schema = document.resolve(target)?;
        let is_enum = schema.get("enum").is_some() || schema.get("x-extensible-enum").is_some();
        let value_type = match schema.get("type").and_then(Value::as_str) {
            Some("string") if is_enum && is_property => {
                let name = reference(target).map(|target| ident(&last_key(target)));
                name.map_or(Self::Text, Self::Enum)
            }
            Some("string") => Self::Text,
            Some("integer") if schema.get("minimum").and_then(Value::as_u64).is_some() => {
                Self::Unsigned
            }
            Some("integer") => Self::Signed,
            Some("number") => Self::Number,
            Some("boolean") => Self::Boolean,
            _ if is_property => Self::Json,
            _ => return None,
        };
        Some(value_type)
    }
}

/// Returns the parameters of an operation and the properties of its body.
///
/// `reserved` are names of methods that the mock already has.
pub(crate) fn inputs(
    document: &Document,
    operation: &Operation<'_>,
    reserved: &[String],
) -> Vec<Input> {
    let mut inputs: Vec<Input> = parameters(document, operation)
        .into_iter()
        .filter_map(|parameter| Input::from_parameter(document, &parameter))
        .chain(properties(document, operation))
        .collect();
    // A parameter and a property can have the same name, as can two parameters in
    // different locations.
    let methods = reserved.iter().map(String::as_str);
    let taken = methods.chain(["with_matcher"]);
    let taken = taken.filter_map(|method| method.strip_prefix("with_"));
    let mut names: BTreeSet<_> = taken.map(str::to_owned).collect();
    for input in &mut inputs {
        while !names.insert(input.rust_name.clone()) {
            input.rust_name.insert_str(0, "other_");
        }
    }
    inputs
}

fn properties(document: &Document, operation: &Operation<'_>) -> Vec<Input> {
    let body = request_body(document, operation);
    let schema = body
        .and_then(|body| json_content(&body)?.value.get("schema"))
        .and_then(|schema| document.resolve(schema));
    let Some(schema) = schema else {
        return Vec::new();
    };
    let required = schema.get("required").and_then(Value::as_array);
    let properties = schema.get("properties").into_iter();
    properties
        .flat_map(|properties| children(properties, ""))
        .filter_map(|property| {
            let location = ParameterLocation::Property {
                is_secret: contains_secret(document, property.value, &mut BTreeSet::new()),
            };
            let value_type = ValueType::new(document, property.value, true)?;
            Some(Input {
                is_required: required
                    .is_some_and(|names| names.contains(&property.key.as_str().into())),
                ..Input::new(&property.key, &property, location, value_type)
            })
        })
        .collect()
}

/// Whether the schema, or a part of it, has `format: password`.
fn contains_secret<'a>(
    document: &'a Document,
    schema: &'a Value,
    visited: &mut BTreeSet<&'a str>,
) -> bool {
    if schema.get("format").and_then(Value::as_str) == Some("password") {
        return true;
    }
    if let Some(target) = reference(schema) {
        let resolved = document.resolve(schema);
        return visited.insert(target)
            && resolved.is_some_and(|schema| contains_secret(document, schema, visited));
    }
    children(schema, "")
        .into_iter()
        .any(|child| contains_secret(document, child.value, visited))
}

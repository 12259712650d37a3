use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::Ident;

use super::super::document::{Document, Node, Operation, children, last_key, reference};
use super::super::examples::ident;

/// A part of a request that has a name.
pub struct Input {
    place: Place,
    name: String,
    /// As it is called in Rust.
    words: String,
    description: String,
    pub kind: Kind,
    is_required: bool,
}

enum Place {
    Path,
    /// With what it means that there is none.
    Query(Option<String>),
    Header,
    Property {
        is_secret: bool,
    },
}

/// What an input is in Rust.
pub enum Kind {
    Text,
    Unsigned,
    Signed,
    Number,
    Boolean,
    Enum(Ident),
    Json,
}

impl Input {
    /// What may be expected of it: a value, or that it is not there.
    pub fn to_expectations(&self) -> TokenStream {
        let Self { name, words, .. } = self;
        let argument = match &self.kind {
            Kind::Text => quote!(impl Into<String>),
            Kind::Json => quote!(impl Into<::serde_json::Value>),
            kind => kind.to_type(),
        };
        let text = if matches!(self.kind, Kind::Text) {
            quote!(value.into())
        } else {
            quote!(value.to_string())
        };
        let json = match &self.kind {
            Kind::Text => quote!(value.into().into()),
            Kind::Enum(_) => quote!(::serde_json::to_value(value).unwrap_or_default()),
            _ => quote!(value.into()),
        };
        let (present, absent) = match &self.place {
            Place::Path => (quote!(Path(#name, #text)), None),
            Place::Query(default) => {
                let default = default
                    .as_ref()
                    .map_or_else(|| quote!(None), |default| quote!(Some(#default)));
                (
                    quote!(Query(#name, #text, #default)),
                    Some(quote!(NoQuery(#name))),
                )
            }
            Place::Header => (quote!(Header(#name, #text)), Some(quote!(NoHeader(#name)))),
            Place::Property { is_secret } => {
                let present = if *is_secret {
                    quote!(Secret(#name, #json))
                } else {
                    quote!(Property(#name, #json))
                };
                (present, Some(quote!(NoProperty(#name))))
            }
        };
        let with = ident(&format!("with_{words}"));
        let docs = format!("Expects this `{name}`.\n\n{}", self.description);
        let without = absent.filter(|_| !self.is_required).map(|absent| {
            let without = ident(&format!("without_{words}"));
            let docs = format!("Expects no `{name}`.");
            quote! {
                #[doc = #docs]
                pub fn #without(self) -> Self {
                    self.with_matcher(super::expectation::Matcher::#absent)
                }
            }
        });
        quote! {
            #[doc = #docs]
            pub fn #with(self, value: #argument) -> Self {
                self.with_matcher(super::expectation::Matcher::#present)
            }

            #without
        }
    }

    /// Its value in a request that came.
    pub fn to_accessor(&self) -> TokenStream {
        let Self { name, words, .. } = self;
        let docs = format!(
            "The `{name}` of the request, if it had one.\n\n{}",
            self.description
        );
        let found = match self.place {
            Place::Path => quote!(super::request::path_parameter(self, #name)),
            Place::Query(_) => quote!(super::request::query_parameter(self, #name)),
            Place::Header => quote!(super::request::header(self, #name)),
            Place::Property { .. } => quote!(super::request::property(self, #name)),
        };
        let is_text = !matches!(self.place, Place::Property { .. });
        let (of, value) = match &self.kind {
            Kind::Text if is_text => (quote!(&str), found),
            kind if is_text => (kind.to_type(), quote!(#found?.parse().ok())),
            Kind::Text => (quote!(&str), quote!(#found?.as_str())),
            Kind::Json => (quote!(&::serde_json::Value), found),
            kind => (
                kind.to_type(),
                quote!(::serde_json::from_value(#found?.clone()).ok()),
            ),
        };
        let name = ident(words);
        quote! {
            #[doc = #docs]
            #[must_use]
            pub fn #name(&self) -> Option<#of> {
                #value
            }
        }
    }
}

impl Kind {
    fn to_type(&self) -> TokenStream {
        match self {
            Self::Text => quote!(String),
            Self::Json => quote!(::serde_json::Value),
            Self::Unsigned => quote!(u64),
            Self::Signed => quote!(i64),
            Self::Number => quote!(f64),
            Self::Boolean => quote!(bool),
            Self::Enum(of) => quote!(types::#of),
        }
    }

    /// Of a schema, or of a `$ref` to one; nothing for what is written in a form
    /// of its own, such as a list in a query.
    fn of(document: &Document, written: &Value, is_property: bool) -> Option<Self> {
        // A property that says more than its `$ref` has it in `allOf`.
        let target = match written.get("allOf").and_then(Value::as_array) {
            Some(parts) => parts.first()?,
            None => written,
        };
        let schema = document.resolve(target)?;
        let is_enum = schema.get("enum").is_some() || schema.get("x-extensible-enum").is_some();
        let kind = match schema.get("type").and_then(Value::as_str) {
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
        Some(kind)
    }
}

/// The parameters of an operation, and the properties of its body.
pub fn inputs(document: &Document, operation: &Operation<'_>) -> Vec<Input> {
    let mut inputs: Vec<Input> = parameters(document, operation)
        .into_iter()
        .filter_map(|parameter| Input::of_parameter(document, &parameter))
        .chain(properties(document, operation))
        .collect();
    // A parameter and a property may have one name, and so may parameters in two
    // places.
    let mut taken = BTreeSet::new();
    for input in &mut inputs {
        while !taken.insert(input.words.clone()) {
            input.words.insert_str(0, "other_");
        }
    }
    inputs
}

/// Those of the operation, and those of the path that it does not replace.
fn parameters<'a>(document: &'a Document, operation: &Operation<'a>) -> Vec<Node<'a>> {
    let mut declared = BTreeMap::new();
    for holder in [&operation.path, &operation.node] {
        for parameter in holder.children("parameters") {
            if let Some(value) = document.resolve(parameter.value) {
                let key = ["name", "in"].map(|key| value.get(key).and_then(Value::as_str));
                declared.insert(key, Node { value, ..parameter });
            }
        }
    }
    declared.into_values().collect()
}

fn properties(document: &Document, operation: &Operation<'_>) -> Vec<Input> {
    let body = operation.node.value.get("requestBody");
    let schema = body
        .and_then(|body| document.resolve(body))
        .and_then(|body| body.pointer("/content/application~1json/schema"))
        .and_then(|schema| document.resolve(schema));
    let Some(schema) = schema else {
        return Vec::new();
    };
    let required = schema.get("required").and_then(Value::as_array);
    let properties = schema.get("properties").into_iter();
    properties
        .flat_map(|properties| children(properties, ""))
        .filter_map(|property| {
            let is_required =
                required.is_some_and(|names| names.contains(&property.key.as_str().into()));
            Some(Input {
                place: Place::Property {
                    is_secret: holds_secret(document, property.value, &mut BTreeSet::new()),
                },
                kind: Kind::of(document, property.value, true)?,
                is_required,
                ..Input::named(&property.key, &property)
            })
        })
        .collect()
}

/// Whether a password is what the schema describes, or part of it.
fn holds_secret<'a>(
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
            && resolved.is_some_and(|schema| holds_secret(document, schema, visited));
    }
    children(schema, "")
        .into_iter()
        .any(|child| holds_secret(document, child.value, visited))
}

impl Input {
    fn named(name: &str, node: &Node<'_>) -> Self {
        Self {
            place: Place::Path,
            name: name.to_owned(),
            words: name.to_snake_case(),
            description: node
                .text("description")
                .unwrap_or_default()
                .trim()
                .to_owned(),
            kind: Kind::Text,
            is_required: true,
        }
    }

    /// Nothing, if its value is written in a form of its own, such as a list.
    fn of_parameter(document: &Document, parameter: &Node<'_>) -> Option<Self> {
        let schema = parameter.value.get("schema")?;
        let place = match parameter.text("in") {
            Some("path") => Place::Path,
            Some("query") => {
                let default = document.resolve(schema)?.get("default");
                Place::Query(default.map(|default| match default {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                }))
            }
            Some("header") => Place::Header,
            _ => return None,
        };
        Some(Self {
            place,
            kind: Kind::of(document, schema, false)?,
            is_required: parameter.value.get("required") == Some(&Value::Bool(true)),
            ..Self::named(parameter.text("name")?, parameter)
        })
    }
}

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{File, Ident};

use super::document::{Document, Node, Operation, children, last_key, local, reference};
use super::fault::Fault;
use super::fixtures::{self, Fixture, Types, identifier};

/// Generates what the test kit knows of the API: for each operation, what may
/// be expected of a request and what may be answered, and the examples of the
/// answers. `client` is the generated client.
pub fn render(document: &Document, client: &File) -> Result<File, Vec<Fault>> {
    let types = Types::of(client);
    let mut faults = Vec::new();
    let mut examples = BTreeMap::new();
    let mut operations = Vec::new();
    for operation in document.operations() {
        let mut own = Vec::new();
        for fixture in fixtures::of_operation(document, &operation, &types) {
            match fixture {
                Ok(fixture) => own.push(fixture),
                // What several operations share is at fault once.
                Err(fault) if faults.contains(&fault) => {}
                Err(fault) => faults.push(fault),
            }
        }
        let answer = Fixture::foremost(own.iter().filter(|fixture| fixture.is_success));
        operations.extend(MockedOperation::new(document, &operation, answer));
        examples.extend(
            own.into_iter()
                .map(|fixture| (fixture.name.to_string(), fixture)),
        );
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let types = operations
        .iter()
        .flat_map(|operation| operation.types.iter());
    let types: BTreeSet<_> = types
        .chain(examples.values().map(|fixture| &fixture.type_name))
        .collect();
    let markers = operations.iter().map(MockedOperation::to_marker);
    let operations = operations.iter().map(MockedOperation::to_methods);
    let foremost = types.iter().filter_map(|of| {
        Fixture::foremost(
            examples
                .values()
                .filter(|fixture| fixture.type_name == **of),
        )
    });
    let foremost = foremost.map(to_example);
    let functions = examples.values().map(to_function);
    let tokens = quote! {
        pub use crate::generated::types::{ #(#types),* };

        use super::{Call, Mock, Response, Responses, Server};
        use crate::generated::types;

        /// The operations of the API.
        pub mod operations {
            use super::super::operation::sealed::Sealed;
            use super::super::{Operation, Response, Responses};
            use super::examples;

            #(#markers)*
        }

        #(#operations)*

        #(#foremost)*

        /// The examples of the answers in the OpenAPI document.
        pub mod examples {
            use crate::generated::types;

            #(#functions)*
        }
    };
    syn::parse2(tokens).map_err(|error| {
        let message = format!("the test kit cannot be generated: {error}");
        vec![
            Fault::at_value("", message).help("say it another way, as the document does elsewhere"),
        ]
    })
}

fn to_function(fixture: &Fixture) -> TokenStream {
    let Fixture {
        name,
        type_name,
        value,
        ..
    } = fixture;
    let docs = format!("{}.", fixture.summary.trim_end_matches('.'));
    quote! {
        #[doc = #docs]
        #[must_use]
        pub fn #name() -> types::#type_name {
            #value
        }
    }
}

/// The example that stands for its type, as a function of the type.
fn to_example(fixture: &Fixture) -> TokenStream {
    let Fixture {
        name, type_name, ..
    } = fixture;
    let docs = format!(
        "{}. For tests, with the feature `mock`.",
        fixture.summary.trim_end_matches('.')
    );
    quote! {
        impl types::#type_name {
            #[doc = #docs]
            #[must_use]
            pub fn example() -> Self {
                examples::#name()
            }
        }
    }
}

struct MockedOperation {
    /// As the generated client calls it.
    method_name: Ident,
    marker: Ident,
    http_method: String,
    path: String,
    summary: String,
    inputs: Vec<Input>,
    responses: Vec<DocumentedResponse>,
    /// The example that is answered unless a test says otherwise.
    answer: Option<Ident>,
    /// The generated types that its signatures name.
    types: Vec<Ident>,
}

/// A part of a request that has a name.
struct Input {
    place: Place,
    name: String,
    ident: Ident,
    accessor: Ident,
    description: String,
    kind: Kind,
    is_secret: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Path,
    Query,
    Header,
    Property,
}

/// What an input is in Rust.
enum Kind {
    Text,
    Unsigned,
    Signed,
    Number,
    Boolean,
    Enum(Ident),
    Json,
}

struct DocumentedResponse {
    status: u16,
    name: Ident,
    description: String,
    body: Body,
    is_success: bool,
}

enum Body {
    Nothing,
    Schema(Ident),
    Unnamed,
}

impl MockedOperation {
    /// Nothing, if the operation has no name.
    fn new(
        document: &Document,
        operation: &Operation<'_>,
        answer: Option<&Fixture>,
    ) -> Option<Self> {
        let id = operation.node.text("operationId")?;
        let inputs = inputs(document, operation);
        let responses = responses(document, operation);
        let of_inputs = inputs.iter().filter_map(|input| match &input.kind {
            Kind::Enum(name) => Some(name.clone()),
            _ => None,
        });
        let of_responses = responses
            .iter()
            .filter_map(|response| match &response.body {
                Body::Schema(name) => Some(name.clone()),
                Body::Nothing | Body::Unnamed => None,
            });
        let types = of_inputs.chain(of_responses).collect();
        Some(Self {
            method_name: identifier(&id.to_snake_case())?,
            marker: identifier(&id.to_pascal_case())?,
            http_method: operation.node.key.to_uppercase(),
            path: operation.path.key.clone(),
            summary: operation
                .node
                .text("summary")
                .unwrap_or_default()
                .to_owned(),
            inputs,
            responses,
            answer: answer.map(|fixture| fixture.name.clone()),
            types,
        })
    }

    /// The operation itself, as a type.
    fn to_marker(&self) -> TokenStream {
        let Self {
            method_name,
            marker,
            http_method,
            path,
            ..
        } = self;
        let name = method_name.to_string();
        let docs = self.docs();
        let success = self.responses.iter().find(|response| response.is_success);
        let default = success.zip(self.answer.as_ref()).map_or_else(
            || quote!(None),
            |(success, example)| {
                let success = &success.name;
                quote!(Some(Responses::<Self>::new().#success(examples::#example())))
            },
        );
        quote! {
            #[doc = #docs]
            #[derive(Debug)]
            pub enum #marker {}

            impl Sealed for #marker {}

            impl Operation for #marker {
                const NAME: &'static str = #name;
                const METHOD: &'static str = #http_method;
                const PATH: &'static str = #path;

                fn default_response() -> Option<Response> {
                    #default
                }
            }
        }
    }

    /// What can be done with it.
    fn to_methods(&self) -> TokenStream {
        let Self {
            method_name,
            marker,
            ..
        } = self;
        let docs = format!("Mocks an operation. {}", self.docs());
        let expectations = self.inputs.iter().map(Input::to_expectation);
        let accessors = self.inputs.iter().map(Input::to_accessor);
        let responses = self.responses.iter().map(DocumentedResponse::to_method);
        quote! {
            impl Server {
                #[doc = #docs]
                pub fn #method_name(&self) -> Mock<operations::#marker> {
                    Mock::new(self)
                }
            }

            impl Mock<operations::#marker> {
                #(#expectations)*
            }

            impl Call<operations::#marker> {
                #(#accessors)*
            }

            impl Responses<operations::#marker> {
                #(#responses)*
            }
        }
    }

    fn docs(&self) -> String {
        let summary = self.summary.trim_end_matches('.');
        format!("{summary}: `{} {}`.", self.http_method, self.path)
    }
}

impl Input {
    fn to_expectation(&self) -> TokenStream {
        let Self { name, ident, .. } = self;
        let docs = format!("Expects this `{name}`.\n\n{}", self.description);
        let expects = match self.place {
            Place::Path => quote!(expecting_path),
            Place::Query => quote!(expecting_query),
            Place::Header => quote!(expecting_header),
            Place::Property => {
                let (argument, value) = match &self.kind {
                    Kind::Text => (quote!(impl Into<String>), quote!(value.into().into())),
                    Kind::Json => (quote!(impl Into<::serde_json::Value>), quote!(value.into())),
                    Kind::Enum(of) => (
                        quote!(types::#of),
                        quote!(::serde_json::to_value(value).unwrap_or_default()),
                    ),
                    other => {
                        let of = other.to_type();
                        (of, quote!(value.into()))
                    }
                };
                let expects = if self.is_secret {
                    quote!(expecting_secret)
                } else {
                    quote!(expecting_property)
                };
                return quote! {
                    #[doc = #docs]
                    pub fn #ident(self, value: #argument) -> Self {
                        self.#expects(#name, #value)
                    }
                };
            }
        };
        let (argument, value) = match &self.kind {
            Kind::Text => (quote!(impl Into<String>), quote!(value.into())),
            other => (other.to_type(), quote!(value.to_string())),
        };
        quote! {
            #[doc = #docs]
            pub fn #ident(self, value: #argument) -> Self {
                self.#expects(#name, #value)
            }
        }
    }

    fn to_accessor(&self) -> TokenStream {
        let Self { name, accessor, .. } = self;
        let docs = format!(
            "The `{name}` of the request, if it had one.\n\n{}",
            self.description
        );
        let (of, value) = if self.place == Place::Property {
            let found = quote!(self.property(#name));
            match &self.kind {
                Kind::Text => (quote!(&str), quote!(#found?.as_str())),
                Kind::Json => (quote!(&::serde_json::Value), found),
                Kind::Unsigned => (quote!(u64), quote!(#found?.as_u64())),
                Kind::Signed => (quote!(i64), quote!(#found?.as_i64())),
                Kind::Number => (quote!(f64), quote!(#found?.as_f64())),
                Kind::Boolean => (quote!(bool), quote!(#found?.as_bool())),
                Kind::Enum(of) => (
                    quote!(types::#of),
                    quote!(::serde_json::from_value(#found?.clone()).ok()),
                ),
            }
        } else {
            let found = match self.place {
                Place::Path => quote!(self.path_parameter(#name)),
                Place::Query => quote!(self.query_parameter(#name)),
                Place::Header | Place::Property => quote!(self.header(#name)),
            };
            match &self.kind {
                Kind::Text => (quote!(&str), found),
                other => (other.to_type(), quote!(#found?.parse().ok())),
            }
        };
        quote! {
            #[doc = #docs]
            #[must_use]
            pub fn #accessor(&self) -> Option<#of> {
                #value
            }
        }
    }
}

impl Kind {
    fn to_type(&self) -> TokenStream {
        match self {
            Self::Text | Self::Json => quote!(String),
            Self::Unsigned => quote!(u64),
            Self::Signed => quote!(i64),
            Self::Number => quote!(f64),
            Self::Boolean => quote!(bool),
            Self::Enum(of) => quote!(types::#of),
        }
    }

    /// Of a schema, or of a `$ref` to one; nothing for what is written in a form
    /// of its own, such as a list in a query.
    fn of(document: &Document, written: &Value, place: Place) -> Option<Self> {
        // A property that says more than its `$ref` has it in `allOf`.
        let target = match written.get("allOf").and_then(Value::as_array) {
            Some(parts) => parts.first()?,
            None => written,
        };
        let schema = document.resolve(target)?;
        let is_enum = schema.get("enum").is_some() || schema.get("x-extensible-enum").is_some();
        let kind = match schema.get("type").and_then(Value::as_str) {
            Some("string") if is_enum && place == Place::Property => {
                let name = reference(target).and_then(|target| identifier(&last_key(target)));
                name.map_or(Self::Text, Self::Enum)
            }
            Some("string") => Self::Text,
            Some("integer") if schema.get("minimum").and_then(Value::as_u64).is_some() => {
                Self::Unsigned
            }
            Some("integer") => Self::Signed,
            Some("number") => Self::Number,
            Some("boolean") => Self::Boolean,
            _ if place == Place::Property => Self::Json,
            _ => return None,
        };
        Some(kind)
    }
}

/// The parameters of an operation, and the properties of its body.
fn inputs(document: &Document, operation: &Operation<'_>) -> Vec<Input> {
    let mut declared = BTreeMap::new();
    // Those of the operation go before those of the path.
    for holder in [&operation.path, &operation.node] {
        for parameter in holder.children("parameters") {
            let Some(value) = document.resolve(parameter.value) else {
                continue;
            };
            let parameter = Node { value, ..parameter };
            let place = match parameter.text("in") {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                Some("header") => Place::Header,
                _ => continue,
            };
            let name = parameter.text("name").unwrap_or_default().to_owned();
            declared.insert((name, place as u8), (place, parameter));
        }
    }
    let mut inputs = Vec::new();
    let mut taken = BTreeSet::new();
    for ((name, _), (place, parameter)) in declared {
        let schema = parameter.value.get("schema");
        let kind = schema.and_then(|schema| Kind::of(document, schema, place));
        inputs.extend(input(place, &name, &parameter, kind, &mut taken));
    }
    let body = operation.node.value.get("requestBody");
    let body = body.and_then(|body| document.resolve(body));
    let schema = body.and_then(|body| body.pointer("/content/application~1json/schema"));
    let schema = schema.and_then(|schema| document.resolve(schema));
    let properties = schema.and_then(|schema| schema.get("properties"));
    for property in properties.into_iter().flat_map(|value| children(value, "")) {
        let kind = Kind::of(document, property.value, Place::Property);
        let name = property.key.clone();
        inputs.extend(input(Place::Property, &name, &property, kind, &mut taken));
    }
    inputs
}

fn input(
    place: Place,
    name: &str,
    node: &Node<'_>,
    kind: Option<Kind>,
    taken: &mut BTreeSet<String>,
) -> Option<Input> {
    let mut words = name.to_snake_case();
    // A parameter and a property may have one name.
    if !taken.insert(words.clone()) {
        words = format!("body_{words}");
        taken.insert(words.clone());
    }
    Some(Input {
        place,
        name: name.to_owned(),
        ident: identifier(&format!("with_{words}"))?,
        accessor: identifier(&words)?,
        description: node
            .text("description")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        kind: kind?,
        is_secret: node.text("format") == Some("password"),
    })
}

fn responses(document: &Document, operation: &Operation<'_>) -> Vec<DocumentedResponse> {
    let mut taken = BTreeSet::new();
    let mut responses = Vec::new();
    for written in operation.node.children("responses") {
        // A class of statuses, or what is left of them, is no status to answer.
        let (Ok(status), Some(value)) = (written.key.parse(), document.resolve(written.value))
        else {
            continue;
        };
        let component = reference(written.value).and_then(local);
        let name = component.map_or_else(
            || format!("status_{status}"),
            |pointer| last_key(pointer).to_snake_case(),
        );
        let name = if taken.insert(name.clone()) {
            name
        } else {
            format!("{name}_{status}")
        };
        let Some(name) = identifier(&name) else {
            continue;
        };
        let schema = value.pointer("/content/application~1json/schema");
        let name_of_schema = schema
            .and_then(reference)
            .and_then(|target| identifier(&last_key(target)));
        let body = match (schema, name_of_schema) {
            (None, _) => Body::Nothing,
            (_, Some(name)) => Body::Schema(name),
            (Some(_), None) => Body::Unnamed,
        };
        let description = value.get("description").and_then(Value::as_str);
        responses.push(DocumentedResponse {
            status,
            name,
            description: description.unwrap_or_default().trim().to_owned(),
            body,
            is_success: written.key.starts_with('2'),
        });
    }
    responses
}

impl DocumentedResponse {
    fn to_method(&self) -> TokenStream {
        let Self { status, name, .. } = self;
        let docs = format!("`{status}`: {}", self.description);
        let (argument, body) = match &self.body {
            Body::Nothing => {
                return quote! {
                    #[doc = #docs]
                    #[must_use]
                    pub fn #name(self) -> Response {
                        Response::new(#status)
                    }
                };
            }
            Body::Schema(of) => (quote!(impl Into<types::#of>), quote!(&body.into())),
            Body::Unnamed => (quote!(impl ::serde::Serialize), quote!(&body)),
        };
        quote! {
            #[doc = #docs]
            #[must_use]
            pub fn #name(self, body: #argument) -> Response {
                Response::json(#status, #body)
            }
        }
    }
}

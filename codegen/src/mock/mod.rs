//! What the test kit knows of the API.

mod input;
mod response;

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{File, Ident};

use input::{Input, Kind, inputs};
use response::{Body, Response, responses};

use super::diagnostic::Fault;
use super::document::{Document, Operation};
use super::examples::{Fixture, ident};
use super::literal::Types;

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
        for fixture in super::examples::of_operation(document, &operation, &types) {
            match fixture {
                Ok(fixture) => own.push(fixture),
                // What several operations share is at fault once.
                Err(fault) if faults.contains(&fault) => {}
                Err(fault) => faults.push(fault),
            }
        }
        let answer = Fixture::foremost(own.iter().filter(|fixture| fixture.is_success));
        operations.extend(MockedOperation::new(document, &operation, answer));
        for fixture in own {
            faults.extend(clash(&examples, &fixture));
            examples.entry(fixture.name.to_string()).or_insert(fixture);
        }
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
    let foremost = types.iter().filter_map(|of| {
        Fixture::foremost(
            examples
                .values()
                .filter(|fixture| fixture.type_name == **of),
        )
    });
    let foremost = foremost.map(to_example);
    let functions = examples.values().map(to_function);
    let table = operations.iter().map(MockedOperation::to_row);
    let markers = operations.iter().map(MockedOperation::to_marker);
    let methods = operations.iter().map(MockedOperation::to_methods);
    // Names of the document go before those of the test kit, so these are
    // written with where they are from.
    let tokens = quote! {
        /// The types of what is sent and answered.
        pub mod types {
            pub use crate::generated::types::{ #(#types),* };
        }

        /// The operations of the API.
        pub mod operations {
            use super::examples;

            #(#markers)*
        }

        /// The name, the method and the path of each operation.
        pub(super) const OPERATIONS: &[(&str, &str, &str)] = &[ #(#table),* ];

        #(#methods)*

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

/// Two examples of one name.
fn clash(examples: &BTreeMap<String, Fixture>, fixture: &Fixture) -> Option<Fault> {
    let other = examples.get(&fixture.name.to_string())?;
    (other.pointer != fixture.pointer).then(|| {
        let message = format!("two examples make the fixture `{}`", fixture.name);
        Fault::at_value(&fixture.pointer, message)
            .help("give one of them another key")
            .beside_value(&other.pointer, "the other")
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
    responses: Vec<Response>,
    /// The example that is answered unless a test says otherwise.
    answer: Option<Ident>,
    /// The generated types that its signatures name.
    types: Vec<Ident>,
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
            method_name: ident(&id.to_snake_case()),
            marker: ident(&id.to_pascal_case()),
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
                quote!(Some(super::super::operation::responses::<Self>().#success(examples::#example())))
            },
        );
        quote! {
            #[doc = #docs]
            #[derive(Debug)]
            pub enum #marker {}

            impl super::super::operation::sealed::Sealed for #marker {}

            impl super::super::operation::Operation for #marker {
                const NAME: &'static str = #name;
                const METHOD: &'static str = #http_method;
                const PATH: &'static str = #path;

                fn default_response() -> Option<super::super::response::Response> {
                    #default
                }
            }
        }
    }

    fn to_row(&self) -> TokenStream {
        let (name, method, path) = (self.method_name.to_string(), &self.http_method, &self.path);
        quote!((#name, #method, #path))
    }

    /// What can be done with it.
    fn to_methods(&self) -> TokenStream {
        let Self {
            method_name,
            marker,
            ..
        } = self;
        let docs = format!("Mocks an operation. {}", self.docs());
        let expectations = self.inputs.iter().map(Input::to_expectations);
        let accessors = self.inputs.iter().map(Input::to_accessor);
        let responses = self.responses.iter().map(Response::to_method);
        quote! {
            impl super::server::Server {
                #[doc = #docs]
                pub fn #method_name(&self) -> super::operation::Mock<operations::#marker> {
                    super::operation::Mock::new(self)
                }
            }

            impl super::operation::Mock<operations::#marker> {
                #(#expectations)*
            }

            impl super::operation::Call<operations::#marker> {
                #(#accessors)*
            }

            impl super::operation::Responses<operations::#marker> {
                #(#responses)*
            }
        }
    }

    fn docs(&self) -> String {
        let summary = self.summary.trim_end_matches('.');
        format!("{summary}: `{} {}`.", self.http_method, self.path)
    }
}

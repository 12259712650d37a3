//! The part of the mock server that depends on the document.

mod input;
mod response;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{File, Ident, Path};

use crate::Settings;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Operation};
use crate::examples::{Example, TypeIndex, ident, response_examples};
use crate::rust_name::{argument_name, type_name};
use input::{Input, ValueType, inputs};
use response::{Body, Response, responses};

/// Generates the mock: for each operation, the methods that match its requests and build
/// its responses; and the examples of the responses. `types` are the generated types.
pub(crate) fn render(
    document: &Document,
    types: &File,
    settings: &Settings,
) -> Result<File, Vec<Diagnostic>> {
    let types = TypeIndex::new(types);
    let mut diagnostics = Vec::new();
    let mut examples = BTreeMap::new();
    let mut operations = Vec::new();
    for operation in document.operations() {
        let found = response_examples(document, &operation, &types);
        let default = Example::canonical(found.iter().filter(|example| example.is_success));
        operations.extend(MockedOperation::new(
            document, &operation, default, settings,
        ));
        for example in found {
            diagnostics.extend(check_name_collision(&examples, &example));
            examples.entry(example.name.to_string()).or_insert(example);
        }
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let examples: Vec<_> = examples.into_values().collect();
    to_file(&operations, &examples, settings).map_err(|error| {
        let message = format!("the mock server cannot be generated: {error}");
        let help = "rewrite the document in a form that it already uses elsewhere";
        vec![Diagnostic::at_value("", message).help(help)]
    })
}

fn to_file(
    operations: &[MockedOperation],
    examples: &[Example],
    settings: &Settings,
) -> syn::Result<File> {
    let Settings { types, mock, .. } = settings;
    let used = operations
        .iter()
        .flat_map(|operation| operation.types.iter());
    let used: BTreeSet<_> = used
        .chain(examples.iter().map(|example| &example.type_name))
        .collect();
    let constructors = used.iter().filter_map(|name| {
        let of_type = examples
            .iter()
            .filter(|example| example.type_name == **name);
        Example::canonical(of_type).map(|example| to_constructor(example, &settings.mock_feature))
    });
    let functions: Vec<_> = examples
        .iter()
        .map(|example| to_function(example, mock))
        .collect::<syn::Result<_>>()?;
    let names = examples.iter().map(|example| &example.name);
    let rows = operations.iter().map(MockedOperation::to_row);
    let markers = operations.iter().map(|operation| operation.to_marker(mock));
    let methods = operations
        .iter()
        .map(|operation| operation.to_methods(mock));
    // Names of the document would shadow imported names, so the code has full paths.
    syn::parse2(quote! {
        /// Types of request and response bodies.
        pub mod types {
            pub use #types::{ #(#used),* };
        }

        /// Operations of the API.
        pub mod operations {
            use super::examples;

            #(#markers)*
        }

        /// The name, the method and the path of each operation.
        pub(super) const OPERATIONS: &[(&str, &str, &str)] = &[ #(#rows),* ];

        #(#methods)*

        #(#constructors)*

        /// Example responses from the OpenAPI document.
        pub mod examples {
            use #types;

            #(#functions)*
        }

        #[cfg(test)]
        mod tests {
            use super::examples;

            #[test]
            fn examples_match_their_types() {
                #(let _ = examples::#names();)*
            }
        }
    })
}

/// Checks that an example does not have the name of another one.
fn check_name_collision(
    examples: &BTreeMap<String, Example>,
    example: &Example,
) -> Option<Diagnostic> {
    let other = examples.get(&example.name.to_string())?;
    (other.pointer != example.pointer).then(|| {
        let message = format!("two examples have the same Rust name `{}`", example.name);
        Diagnostic::at_value(&example.pointer, message)
            .help("rename the key of one of them")
            .with_related_value(&other.pointer, "the other example")
    })
}

fn to_function(example: &Example, mock: &Path) -> syn::Result<TokenStream> {
    let Example {
        name, type_name, ..
    } = example;
    let docs = format!("{}.", example.summary.trim_end_matches('.'));
    let text = name.to_string();
    let json = example.json()?;
    Ok(quote! {
        #[doc = #docs]
        #[must_use]
        pub fn #name() -> types::#type_name {
            #mock::example::parse(#text, #json)
        }
    })
}

/// Generates `example` for the type of an example.
fn to_constructor(example: &Example, feature: &str) -> TokenStream {
    let Example {
        name, type_name, ..
    } = example;
    let docs = format!(
        "{}. Requires the feature `{feature}`.",
        example.summary.trim_end_matches('.')
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
    /// The method of the generated client.
    method_name: Ident,
    marker: Ident,
    http_method: String,
    path: String,
    summary: String,
    inputs: Vec<Input>,
    responses: Vec<Response>,
    /// The example that a new mock responds with.
    default: Option<Ident>,
    /// The generated types in its signatures.
    types: Vec<Ident>,
}

impl MockedOperation {
    /// Returns `None` if the operation has no name.
    fn new(
        document: &Document,
        operation: &Operation<'_>,
        default: Option<&Example>,
        settings: &Settings,
    ) -> Option<Self> {
        let id = operation.node.text("operationId")?;
        let inputs = inputs(document, operation, &settings.reserved_methods);
        let responses = responses(document, operation);
        let input_types = inputs.iter().filter_map(|input| match &input.value_type {
            ValueType::Enum(name) => Some(name.clone()),
            _ => None,
        });
        let response_types = responses
            .iter()
            .filter_map(|response| match &response.body {
                Body::Schema(name) => Some(name.clone()),
                Body::Empty | Body::Inline => None,
            });
        let types = input_types.chain(response_types).collect();
        Some(Self {
            method_name: ident(&argument_name(id)),
            marker: ident(&type_name(id)),
            http_method: operation.node.key.to_uppercase(),
            path: operation.path.key.clone(),
            summary: operation
                .node
                .text("summary")
                .unwrap_or_default()
                .to_owned(),
            inputs,
            responses,
            default: default.map(|example| example.name.clone()),
            types,
        })
    }

    /// Generates the type that stands for the operation.
    fn to_marker(&self, mock: &Path) -> TokenStream {
        let Self {
            method_name,
            marker,
            http_method,
            path,
            ..
        } = self;
        let name = method_name.to_string();
        let docs = format!("{}: `{http_method} {path}`.", self.title());
        let default = match self.default_response() {
            None => quote!(None),
            Some((response, example)) => {
                let name = &response.name;
                let body = example.map(|example| quote!(examples::#example()));
                quote!(Some(#mock::operation::responses::<Self>().#name(#body)))
            }
        };
        quote! {
            #[doc = #docs]
            #[derive(Debug)]
            pub enum #marker {}

            impl #mock::operation::sealed::Sealed for #marker {}

            impl #mock::operation::Operation for #marker {
                const NAME: &'static str = #name;
                const METHOD: &'static str = #http_method;
                const PATH: &'static str = #path;

                fn default_response() -> Option<#mock::response::Response> {
                    #default
                }
            }
        }
    }

    /// Returns the response of a new mock, with its example: the first success that has one,
    /// or else the first success without a body.
    fn default_response(&self) -> Option<(&Response, Option<&Ident>)> {
        let successes = self.responses.iter().filter(|response| response.is_success);
        let (empty, others): (Vec<_>, Vec<_>) =
            successes.partition(|response| matches!(response.body, Body::Empty));
        let with_example = others.first().zip(self.default.as_ref());
        with_example
            .map(|(response, example)| (*response, Some(example)))
            .or_else(|| Some((*empty.first()?, None)))
    }

    fn to_row(&self) -> TokenStream {
        let (name, method, path) = (self.method_name.to_string(), &self.http_method, &self.path);
        quote!((#name, #method, #path))
    }

    /// Generates the methods of the mock, of its calls and of its responses.
    fn to_methods(&self, mock: &Path) -> TokenStream {
        let Self {
            method_name,
            marker,
            http_method,
            path,
            ..
        } = self;
        let docs = format!("Mocks `{http_method} {path}`: {}.", self.title());
        let matchers = self.inputs.iter().map(|input| input.to_matchers(mock));
        let accessors = self.inputs.iter().map(|input| input.to_accessor(mock));
        let responses = self
            .responses
            .iter()
            .map(|response| response.to_method(mock));
        quote! {
            impl #mock::server::Server {
                #[doc = #docs]
                pub fn #method_name(&self) -> #mock::operation::Mock<operations::#marker> {
                    #mock::operation::Mock::new(self)
                }
            }

            impl #mock::operation::Mock<operations::#marker> {
                #(#matchers)*
            }

            impl #mock::operation::Call<operations::#marker> {
                #(#accessors)*
            }

            impl #mock::operation::Responses<operations::#marker> {
                #(#responses)*
            }
        }
    }

    fn title(&self) -> &str {
        self.summary.trim_end_matches('.')
    }
}

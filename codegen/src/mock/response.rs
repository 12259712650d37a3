use std::collections::BTreeSet;

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Ident, Path};

use crate::document::{Document, Operation, local_pointer, reference};
use crate::examples::ident;
use crate::json_pointer::last_key;

/// A response that the document describes.
pub(crate) struct Response {
    status: u16,
    pub(crate) name: Ident,
    description: String,
    pub(crate) body: Body,
    pub(crate) is_success: bool,
}

/// The body of a response.
pub(crate) enum Body {
    Empty,
    /// JSON of a named schema.
    Schema(Ident),
    /// JSON of an inline schema.
    Inline,
}

/// Returns the responses of an operation that have a single status.
pub(crate) fn responses(document: &Document, operation: &Operation<'_>) -> Vec<Response> {
    let mut names = BTreeSet::new();
    let mut responses = Vec::new();
    for written in operation.node.children("responses") {
        // `4XX` and `default` are not a status.
        let (Ok(status), Some(value)) = (written.key.parse(), document.resolve(written.value))
        else {
            continue;
        };
        let component = reference(written.value).and_then(local_pointer);
        let name = component.map_or_else(
            || format!("status_{status}"),
            |pointer| last_key(pointer).to_snake_case(),
        );
        let name = if names.insert(name.clone()) {
            name
        } else {
            format!("{name}_{status}")
        };
        let name = ident(&name);
        let schema = value.pointer("/content/application~1json/schema");
        let schema_name = schema
            .and_then(reference)
            .map(|target| ident(&last_key(target)));
        let body = match (schema, schema_name) {
            (None, _) => Body::Empty,
            (_, Some(name)) => Body::Schema(name),
            (Some(_), None) => Body::Inline,
        };
        let description = value.get("description").and_then(Value::as_str);
        responses.push(Response {
            status,
            name,
            description: description.unwrap_or_default().trim().to_owned(),
            body,
            is_success: written.key.starts_with('2'),
        });
    }
    responses
}

impl Response {
    /// Generates a method that builds the response. `mock` is the module of the mock
    /// server.
    pub(crate) fn to_method(&self, mock: &Path) -> TokenStream {
        let Self { status, name, .. } = self;
        let docs = format!("Builds a `{status}` response. {}", self.description);
        let (argument, body) = match &self.body {
            Body::Empty => {
                return quote! {
                    #[doc = #docs]
                    #[must_use]
                    pub fn #name(self) -> #mock::response::Response {
                        #mock::response::Response::new(#status)
                    }
                };
            }
            Body::Schema(name) => (quote!(impl Into<types::#name>), quote!(&body.into())),
            Body::Inline => (quote!(impl ::serde::Serialize), quote!(&body)),
        };
        quote! {
            #[doc = #docs]
            #[must_use]
            pub fn #name(self, body: #argument) -> #mock::response::Response {
                #mock::response::Response::json(#status, #body)
            }
        }
    }
}

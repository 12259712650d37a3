use std::collections::BTreeSet;

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path};

use crate::document::{Document, Operation, local_pointer, reference};
use crate::examples::ident;
use crate::json_pointer::last_key;
use crate::media_type::json_content;
use crate::operation::JSON;

/// A response that the document describes.
pub(crate) struct Response {
    status: u16,
    pub(crate) name: Ident,
    description: String,
    pub(crate) body: Body,
    content_type: String,
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
        let response = document.resolve_node(written.clone());
        let (Ok(status), Some(response)) = (written.key.parse(), response) else {
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
        // A response to a HEAD has no body.
        let content = json_content(&response).filter(|_| operation.node.key != "head");
        let schema = content
            .as_ref()
            .and_then(|content| content.value.get("schema"));
        let schema_name = schema
            .and_then(reference)
            .map(|target| ident(&last_key(target)));
        let body = match (schema, schema_name) {
            (None, _) => Body::Empty,
            (_, Some(name)) => Body::Schema(name),
            (Some(_), None) => Body::Inline,
        };
        let description = response.text("description").unwrap_or_default();
        responses.push(Response {
            status,
            name,
            description: description.trim().to_owned(),
            body,
            content_type: content.map(|content| content.key).unwrap_or_default(),
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
        let content_type = Some(&self.content_type).filter(|content_type| *content_type != JSON);
        let content_type = content_type.into_iter();
        quote! {
            #[doc = #docs]
            #[must_use]
            pub fn #name(self, body: #argument) -> #mock::response::Response {
                #mock::response::Response::json(#status, #body)
                    #(.with_header("content-type", #content_type))*
            }
        }
    }
}

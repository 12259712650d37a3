use std::collections::BTreeSet;

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::Ident;

use super::super::document::{Document, Operation, last_key, local, reference};
use super::super::examples::ident;

/// An answer that the document has.
pub struct Response {
    status: u16,
    pub name: Ident,
    description: String,
    pub body: Body,
    pub is_success: bool,
}

pub enum Body {
    Nothing,
    Schema(Ident),
    Unnamed,
}

pub fn responses(document: &Document, operation: &Operation<'_>) -> Vec<Response> {
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
        let name = ident(&name);
        let schema = value.pointer("/content/application~1json/schema");
        let name_of_schema = schema
            .and_then(reference)
            .map(|target| ident(&last_key(target)));
        let body = match (schema, name_of_schema) {
            (None, _) => Body::Nothing,
            (_, Some(name)) => Body::Schema(name),
            (Some(_), None) => Body::Unnamed,
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
    pub fn to_method(&self) -> TokenStream {
        let Self { status, name, .. } = self;
        let docs = format!("`{status}`: {}", self.description);
        let (argument, body) = match &self.body {
            Body::Nothing => {
                return quote! {
                    #[doc = #docs]
                    #[must_use]
                    pub fn #name(self) -> super::response::Response {
                        super::response::Response::new(#status)
                    }
                };
            }
            Body::Schema(of) => (quote!(impl Into<types::#of>), quote!(&body.into())),
            Body::Unnamed => (quote!(impl ::serde::Serialize), quote!(&body)),
        };
        quote! {
            #[doc = #docs]
            #[must_use]
            pub fn #name(self, body: #argument) -> super::response::Response {
                super::response::Response::json(#status, #body)
            }
        }
    }
}

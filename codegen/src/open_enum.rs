use std::collections::BTreeSet;

use heck::ToPascalCase;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{File, Item};

use super::diagnostic::Fault;
use super::document::Node;

const KEY: &str = "x-extensible-enum";

/// A string type with known values that may grow: `x-extensible-enum`.
pub struct OpenEnum {
    pub name: String,
    description: Option<String>,
    values: Vec<String>,
    variants: Vec<Ident>,
}

impl OpenEnum {
    /// Reads the schema at `node`; `None` if it is no open enum.
    pub fn read(node: &Node<'_>) -> Option<Result<Self, Fault>> {
        let values = node.value.get(KEY)?;
        Some(Self::from_values(node, values))
    }

    fn from_values(node: &Node<'_>, values: &Value) -> Result<Self, Fault> {
        let place = node.child(KEY);
        let fault = |message: &str, help: &str| Fault::at_value(&place, message).help(help);
        if !node.is_named_schema() {
            return Err(fault(
                "`x-extensible-enum` works in `components.schemas` only, where the enum gets its name",
                "move it there, and refer to it",
            ));
        }
        if node.text("type") != Some("string") {
            return Err(fault("`x-extensible-enum` has no `type: string`", "add it"));
        }
        let values: Option<Vec<String>> = values.as_array().and_then(|values| {
            values
                .iter()
                .map(|value| value.as_str().map(str::to_owned))
                .collect()
        });
        let values = values.ok_or_else(|| {
            fault(
                "`x-extensible-enum` is no list of strings",
                "write the known values, as `[a, b]`",
            )
        })?;
        let variants = values
            .iter()
            .map(|value| syn::parse_str::<Ident>(&value.to_pascal_case()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| {
                fault(
                    "a value of `x-extensible-enum` does not make the name of a Rust variant",
                    "leave it out; callers get it as text",
                )
            })?;
        let names: BTreeSet<&Ident> = variants.iter().collect();
        if names.len() < variants.len() || variants.iter().any(|variant| variant == "Unknown") {
            return Err(fault(
                "two values of `x-extensible-enum` make the same variant, or one makes `Unknown`",
                "leave one out; callers get it as text",
            ));
        }
        let description = node.text("description");
        Ok(Self {
            name: node.key.clone(),
            description: description.map(str::to_owned),
            values,
            variants,
        })
    }

    /// An enum that keeps the text of a value it does not know.
    pub fn to_items(&self) -> syn::Result<Vec<Item>> {
        Ok(syn::parse2::<File>(self.to_tokens())?.items)
    }

    fn to_tokens(&self) -> TokenStream {
        let name = format_ident!("{}", self.name);
        let description = self.description.iter();
        let values = &self.values;
        let variants = &self.variants;
        let variant_docs = values.iter().map(|value| format!("`{value}`"));
        quote! {
            #(#[doc = #description])*
            #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #[non_exhaustive]
            pub enum #name {
                #(#[doc = #variant_docs] #variants,)*
                /// A value that this version of the crate does not know, as
                /// the server wrote it.
                Unknown(String),
            }

            impl #name {
                /// The value as it is written in JSON.
                pub fn as_str(&self) -> &str {
                    match self {
                        #(Self::#variants => #values,)*
                        Self::Unknown(value) => value,
                    }
                }
            }

            impl From<String> for #name {
                fn from(value: String) -> Self {
                    match value.as_str() {
                        #(#values => Self::#variants,)*
                        _ => Self::Unknown(value),
                    }
                }
            }

            impl From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self::from(value.to_owned())
                }
            }

            impl ::std::fmt::Display for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(self.as_str())
                }
            }

            impl ::serde::Serialize for #name {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    <String as ::serde::Deserialize>::deserialize(deserializer).map(Self::from)
                }
            }
        }
    }
}

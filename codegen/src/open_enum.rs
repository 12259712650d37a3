use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{File, Item};

use crate::diagnostic::Diagnostic;
use crate::document::Node;
use crate::examples::ident;
use crate::rust_name::type_name;

pub(crate) const KEY: &str = "x-extensible-enum";

/// The variant of every other value, and of a value with this name.
const UNKNOWN: &str = "Unknown";

/// A string type whose known values can grow: `x-extensible-enum`.
pub(crate) struct OpenEnum {
    pub(crate) name: String,
    description: Option<String>,
    /// The known values with the names of their variants.
    variants: Vec<(String, Ident)>,
}

impl OpenEnum {
    /// Parses the schema at `node`. Returns `None` if it is not an open enum.
    pub(crate) fn parse(node: &Node<'_>) -> Option<Result<Self, Diagnostic>> {
        let values = node.value.get(KEY)?;
        Some(Self::from_values(node, values))
    }

    fn from_values(node: &Node<'_>, values: &Value) -> Result<Self, Diagnostic> {
        let location = node.child(KEY);
        let error = |message: &str, help: &str| Diagnostic::at_value(&location, message).help(help);
        if node.text("type") != Some("string") {
            return Err(error(
                "`x-extensible-enum` requires `type: string`",
                "add `type: string`",
            ));
        }
        let values: Option<Vec<String>> = values.as_array().and_then(|values| {
            values
                .iter()
                .map(|value| value.as_str().map(str::to_owned))
                .collect()
        });
        let values = values.ok_or_else(|| {
            error(
                "`x-extensible-enum` is not a list of strings",
                "write the known values as `[a, b]`",
            )
        })?;
        let variants: Vec<_> = values
            .iter()
            .map(|value| (value.clone(), ident(&type_name(value))))
            .filter(|(_, variant)| variant != UNKNOWN)
            .collect();
        let names: BTreeSet<&Ident> = variants.iter().map(|(_, variant)| variant).collect();
        if names.len() < variants.len() {
            return Err(error(
                "two values of `x-extensible-enum` have the same Rust name",
                "remove one value; callers receive it as a string",
            ));
        }
        let description = node.text("description");
        Ok(Self {
            name: node.key.clone(),
            description: description.map(str::to_owned),
            variants,
        })
    }

    /// Generates an enum that keeps the text of an unknown value.
    pub(crate) fn to_items(&self) -> syn::Result<Vec<Item>> {
        Ok(syn::parse2::<File>(self.to_tokens())?.items)
    }

    fn to_tokens(&self) -> TokenStream {
        let name = format_ident!("{}", self.name);
        let description = self.description.iter();
        let (values, variants): (Vec<_>, Vec<_>) = self.variants.iter().cloned().unzip();
        let variant_docs = values.iter().map(|value| format!("`{value}`"));
        quote! {
            #(#[doc = #description])*
            #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #[non_exhaustive]
            pub enum #name {
                #(#[doc = #variant_docs] #variants,)*
                /// A value that this version of the crate does not know.
                Unknown(String),
            }

            impl #name {
                /// Returns the value as it is written in JSON.
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

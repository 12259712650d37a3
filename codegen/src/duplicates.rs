//! Checks the generated code for members with the same name, which rustc would report in
//! the generated files.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{File, FnArg, Ident, ImplItem, Item};

use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::render::Client;
use crate::rust_name::argument_name;
use crate::type_names::location;

/// Returns an error for each type or operation that has two members of one name.
pub(crate) fn check(document: &Document, client: &Client) -> Vec<Diagnostic> {
    let types = client.types.items.iter().filter_map(|item| {
        let (name, members, duplicate) = match item {
            Item::Struct(item) => {
                let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
                (&item.ident, "properties", find_duplicate(fields)?)
            }
            Item::Enum(item) => {
                let variants = item.variants.iter().map(|variant| &variant.ident);
                (&item.ident, "values", find_duplicate(variants)?)
            }
            _ => return None,
        };
        let location = location(document, &name.to_string()).unwrap_or_default();
        Some(Diagnostic::at_key(&location, message(members, &duplicate)).help(HELP))
    });
    let operations = operations(&client.operations).map(|(name, duplicate)| {
        let operations = document.operations().into_iter();
        let mut named = operations.filter(|operation| {
            let id = operation.node.text("operationId");
            id.is_some_and(|id| argument_name(id) == name)
        });
        let location = named.next().map(|operation| operation.node.pointer);
        let message = message("parameters", &duplicate);
        Diagnostic::at_key(&location.unwrap_or_default(), message).help(HELP)
    });
    types.chain(operations).collect()
}

const HELP: &str = "rename or remove one of them";

fn message(members: &str, name: &str) -> String {
    format!("two {members} have the same Rust name `{name}`")
}

/// Returns the name of each operation that has an argument twice, with the argument.
fn operations(file: &File) -> impl Iterator<Item = (String, String)> {
    let implementations = file.items.iter().filter_map(|item| match item {
        Item::Impl(item) => Some(&item.items),
        _ => None,
    });
    implementations.flatten().filter_map(|item| {
        let ImplItem::Fn(function) = item else {
            return None;
        };
        let arguments = function.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(argument) => Some(argument.pat.to_token_stream().to_string()),
            FnArg::Receiver(_) => None,
        });
        let duplicate = find_repeated(arguments)?;
        Some((function.sig.ident.to_string(), duplicate))
    })
}

fn find_duplicate<'a>(names: impl Iterator<Item = &'a Ident>) -> Option<String> {
    find_repeated(names.map(Ident::to_string))
}

fn find_repeated(mut names: impl Iterator<Item = String>) -> Option<String> {
    let mut seen = BTreeSet::new();
    names.find(|name| !seen.insert(name.clone()))
}

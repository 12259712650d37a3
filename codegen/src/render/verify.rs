//! Checks that progenitor generated what the document describes, under the names that the
//! rest of this crate uses.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use serde_json::Value;
use syn::{Fields, GenericParam, ImplItemFn, Item, ItemStruct};

use super::assumption::{Assumption, Broken};
use super::operations;
use crate::Settings;
use crate::adapt::Adapted;
use crate::document::children;
use crate::rust_name::{argument_name, field_name, is_identifier, type_name};
use crate::settings::path_text;
use crate::type_item::type_ident;

/// Checks the types before open enums are added.
pub(super) fn verify_types(
    types: &[Item],
    adapted: &Adapted,
    settings: &Settings,
) -> Result<(), Broken> {
    let named = types
        .iter()
        .filter_map(|item| Some((type_ident(item)?.to_string(), item)));
    let items: BTreeMap<String, &Item> = named.collect();
    let open_enums = adapted.open_enums.iter();
    let replaced: BTreeSet<_> = open_enums
        .map(|open_enum| type_name(&open_enum.name))
        .collect();
    if let Some(name) = replaced.iter().find(|name| items.contains_key(*name)) {
        return Err(Broken::new(Assumption::ReplacedTypes, name));
    }
    for schema in children(&adapted.document["components"]["schemas"], "") {
        let name = type_name(&schema.key);
        match items.get(&name) {
            None if replaced.contains(&name) => {}
            None => return Err(Broken::new(Assumption::SchemaTypes, schema.key)),
            Some(Item::Struct(item)) => verify_fields(item, schema.value, settings)?,
            Some(_) => {}
        }
    }
    let variants = types.iter().filter_map(|item| match item {
        Item::Enum(item) => Some((&item.ident, item.variants.iter())),
        _ => None,
    });
    for (name, mut variants) in variants {
        let is_doc = |attribute: &syn::Attribute| attribute.path().is_ident("doc");
        if variants.any(|variant| variant.attrs.iter().any(is_doc)) {
            return Err(Broken::new(Assumption::VariantDocs, name.to_string()));
        }
    }
    Ok(())
}

fn verify_fields(item: &ItemStruct, schema: &Value, settings: &Settings) -> Result<(), Broken> {
    let (Fields::Named(fields), Some(properties)) = (&item.fields, schema.get("properties")) else {
        return Ok(());
    };
    for property in children(properties, "") {
        let subject = || format!("{}.{}", item.ident, property.key);
        let name = field_name(&property.key);
        let mut fields = fields.named.iter();
        let field = fields.find(|field| field.ident.as_ref().is_some_and(|ident| *ident == name));
        let Some(field) = field else {
            return Err(Broken::new(Assumption::FieldNames, subject()));
        };
        let expected = match property.text("format") {
            Some("password") => &settings.secret,
            Some("date-time") => &settings.timestamp,
            _ => continue,
        };
        let written = field.ty.to_token_stream().to_string().replace(' ', "");
        if !written.contains(&path_text(expected)) {
            return Err(Broken::new(Assumption::FormatTypes, subject()));
        }
    }
    Ok(())
}

/// Checks that the document has an operation for each method, and the other way around.
pub(super) fn verify_method_names<'a>(
    methods: impl Iterator<Item = &'a ImplItemFn>,
    document: &Value,
) -> Result<(), Broken> {
    let expected: BTreeSet<_> = operations(document)
        .into_iter()
        .filter_map(|operation| Some(argument_name(operation.text("operationId")?)))
        .collect();
    let written: BTreeSet<_> = methods.map(|method| method.sig.ident.to_string()).collect();
    match expected.symmetric_difference(&written).next() {
        Some(name) => Err(Broken::new(Assumption::MethodNames, name)),
        None => Ok(()),
    }
}

/// Names that the generated operations import or that are in Rust's prelude.
const KNOWN_NAMES: [&str; 13] = [
    "Headers",
    "None",
    "OperationInfo",
    "Option",
    "ResponseValue",
    "Result",
    "Some",
    "String",
    "Vec",
    "encode_path",
    "format",
    "progenitor_client",
    "types",
];

/// Keywords that start the path to a type of the consumer.
const PATH_KEYWORDS: [&str; 3] = ["crate", "self", "super"];

/// Crates that the consumer must depend on.
const KNOWN_CRATES: [&str; 5] = ["http", "reqwest", "serde", "serde_json", "std"];

/// Checks that a rewritten operation uses only names that the consumer has.
pub(super) fn verify_names(operation: &ImplItemFn) -> Result<(), Assumption> {
    let mut known: BTreeSet<_> = KNOWN_NAMES.map(str::to_owned).into();
    known.extend(
        operation
            .sig
            .generics
            .params
            .iter()
            .filter_map(|param| match param {
                GenericParam::Type(param) => Some(param.ident.to_string()),
                _ => None,
            }),
    );
    let (signature, block) = (&operation.sig, &operation.block);
    let (inputs, output) = (&signature.inputs, &signature.output);
    let is_known = uses_known_names(quote!(#inputs #output #block), &known);
    is_known.then_some(()).ok_or(Assumption::KnownNames)
}

/// Whether each name that starts a path, is called, or is a type is one of `known`, or a
/// crate that the consumer depends on.
fn uses_known_names(code: TokenStream, known: &BTreeSet<String>) -> bool {
    let tokens = without_lifetimes(code);
    let token = |index: Option<usize>| index.and_then(|index| tokens.get(index));
    let is_punctuation = |index: Option<usize>, expected: char| matches!(token(index), Some(TokenTree::Punct(token)) if token.as_char() == expected);
    tokens.iter().enumerate().all(|(index, tree)| {
        let before = |distance| index.checked_sub(distance);
        match tree {
            // An attribute, whose names are not those of items.
            TokenTree::Group(_) if is_punctuation(before(1), '#') => true,
            TokenTree::Group(group) => uses_known_names(group.stream(), known),
            TokenTree::Ident(name) => {
                let name = name.to_string();
                if is_punctuation(before(1), ':') && is_punctuation(before(2), ':') {
                    let continues_path = match token(before(3)) {
                        Some(TokenTree::Ident(name)) => {
                            let name = name.to_string();
                            is_identifier(&name) || PATH_KEYWORDS.contains(&name.as_str())
                        }
                        Some(TokenTree::Punct(token)) => token.as_char() == '>',
                        _ => false,
                    };
                    return continues_path || KNOWN_CRATES.contains(&name.as_str());
                }
                let starts_path =
                    is_punctuation(Some(index + 1), ':') && is_punctuation(Some(index + 2), ':');
                let is_called = matches!(token(Some(index + 1)), Some(TokenTree::Group(group))
                    if group.delimiter() == Delimiter::Parenthesis);
                let is_type = name.starts_with(char::is_uppercase);
                let is_member = is_punctuation(before(1), '.');
                let is_item = !is_member && (starts_path || is_called || is_type);
                !is_item || !is_identifier(&name) || known.contains(&name)
            }
            _ => true,
        }
    })
}

fn without_lifetimes(code: TokenStream) -> Vec<TokenTree> {
    let mut tokens = code.into_iter();
    let mut kept = Vec::new();
    while let Some(token) = tokens.next() {
        match &token {
            TokenTree::Punct(token) if token.as_char() == '\'' => drop(tokens.next()),
            _ => kept.push(token),
        }
    }
    kept
}

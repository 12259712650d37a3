use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};
use syn::{
    Attribute, Fields, File, GenericArgument, Ident, Item, ItemEnum, ItemStruct, LitStr,
    PathArguments, Type,
};

/// The types of the generated client, by their names.
pub struct Types<'a>(BTreeMap<String, &'a Item>);

/// Why a value makes no expression.
pub enum Unfit {
    /// The value is not of its type.
    Value(String),
    /// The type is one that no expression is made of.
    Type,
}

impl Unfit {
    fn new(reason: &str) -> Self {
        Self::Value(reason.to_owned())
    }

    /// The same, of what is under `key`.
    fn under(self, key: &str) -> Self {
        match self {
            Self::Value(reason) => Self::Value(format!("`{key}` {reason}")),
            Self::Type => Self::Type,
        }
    }
}

type Result<T, E = Unfit> = std::result::Result<T, E>;

impl<'a> Types<'a> {
    pub fn of(client: &'a File) -> Self {
        let types = client.items.iter().find_map(|item| match item {
            Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
            _ => None,
        });
        let items = types.into_iter().flat_map(|(_, items)| items);
        let named = items.filter_map(|item| {
            let name = match item {
                Item::Struct(item) => &item.ident,
                Item::Enum(item) => &item.ident,
                Item::Type(item) => &item.ident,
                _ => return None,
            };
            Some((name.to_string(), item))
        });
        Self(named.collect())
    }

    /// JSON as an expression of the type of this name, and which type it has: of
    /// an enum of several schemas, the first that it fits.
    pub fn expression(&self, name: &str, value: &Value) -> Result<(Ident, TokenStream)> {
        match self.0.get(name) {
            Some(Item::Struct(item)) => Ok((item.ident.clone(), self.structure(item, value)?)),
            Some(Item::Enum(item)) => self.one_of(item, value),
            Some(Item::Type(item)) => {
                let target = name_of(&item.ty).ok_or(Unfit::Type)?;
                self.expression(&target, value)
            }
            _ => Err(Unfit::Type),
        }
    }

    fn one_of(&self, item: &ItemEnum, value: &Value) -> Result<(Ident, TokenStream)> {
        let mut reasons = Vec::new();
        for variant in &item.variants {
            let payload = variant.fields.iter().next();
            let Some(name) = payload.and_then(|field| name_of(&field.ty)) else {
                continue;
            };
            match self.expression(&name, value) {
                Ok(found) => return Ok(found),
                Err(Unfit::Value(reason)) => reasons.push(reason),
                Err(Unfit::Type) => return Err(Unfit::Type),
            }
        }
        if reasons.is_empty() {
            return Err(Unfit::Type);
        }
        Err(Unfit::Value(reasons.join("; or ")))
    }

    fn structure(&self, item: &ItemStruct, value: &Value) -> Result<TokenStream> {
        let Fields::Named(fields) = &item.fields else {
            return Err(Unfit::Type);
        };
        let object = value.as_object();
        let object = object.ok_or_else(|| Unfit::new("it is no object"))?;
        let mut values = Vec::new();
        for field in &fields.named {
            let ident = field.ident.as_ref().ok_or(Unfit::Type)?;
            let attributes = serde_attributes(&field.attrs);
            if attributes.is_flattened {
                return Err(Unfit::Type);
            }
            let key = attributes.name.unwrap_or_else(|| ident.to_string());
            let value = self.field(&field.ty, object.get(&key));
            let value = value.map_err(|unfit| unfit.under(&key))?;
            values.push(quote!(#ident: #value));
        }
        let name = &item.ident;
        Ok(quote!(types::#name { #(#values),* }))
    }

    fn field(&self, of: &Type, value: Option<&Value>) -> Result<TokenStream> {
        let name = name_of(of).ok_or(Unfit::Type)?;
        match (name.as_str(), value) {
            ("Option", None | Some(Value::Null)) => Ok(quote!(None)),
            ("Option", Some(value)) => {
                let value = self.value(inner(of).ok_or(Unfit::Type)?, value)?;
                Ok(quote!(Some(#value)))
            }
            (_, None) => Err(Unfit::new("is missing")),
            (_, Some(value)) => self.value(of, value),
        }
    }

    fn value(&self, of: &Type, value: &Value) -> Result<TokenStream> {
        let name = name_of(of).ok_or(Unfit::Type)?;
        let inner = || inner(of).ok_or(Unfit::Type);
        match (name.as_str(), value) {
            ("String", Value::String(text)) => Ok(quote!(#text.to_owned())),
            ("Timestamp", Value::String(text)) => Ok(quote!(crate::Timestamp::from_example(#text))),
            ("bool", Value::Bool(value)) => Ok(quote!(#value)),
            ("u64", Value::Number(number)) if number.is_u64() => {
                let literal = number.as_u64().map(Literal::u64_unsuffixed);
                Ok(quote!(#literal))
            }
            ("i64", Value::Number(number)) if number.is_i64() => {
                let literal = number.as_i64().map(Literal::i64_unsuffixed);
                Ok(quote!(#literal))
            }
            ("f64", Value::Number(number)) => {
                let literal = number.as_f64().map(Literal::f64_unsuffixed);
                Ok(quote!(#literal))
            }
            ("Box", value) => {
                let value = self.value(inner()?, value)?;
                Ok(quote!(Box::new(#value)))
            }
            ("Vec", Value::Array(values)) => {
                let inner = inner()?;
                let values: Vec<_> = values
                    .iter()
                    .map(|value| self.value(inner, value))
                    .collect::<Result<_>>()?;
                // A macro would not be laid out.
                Ok(quote!(Vec::from([#(#values),*])))
            }
            ("Map" | "HashMap", Value::Object(object)) => self.map(inner()?, object),
            ("Value", value) => Ok(json(value)),
            (
                "String" | "Timestamp" | "bool" | "u64" | "i64" | "f64" | "Vec" | "Map" | "HashMap",
                _,
            ) => Err(Unfit::new("is not of the type that its schema has")),
            (name, value) => match self.0.get(name) {
                Some(Item::Enum(item)) if is_open(item) => {
                    let text = value.as_str().ok_or_else(|| Unfit::new("is no text"))?;
                    let name = &item.ident;
                    Ok(quote!(types::#name::from(#text)))
                }
                Some(Item::Enum(item)) => {
                    let (_, value) = self.one_of(item, value)?;
                    Ok(quote!(#value.into()))
                }
                _ => self.expression(name, value).map(|(_, value)| value),
            },
        }
    }

    fn map(&self, of: &Type, object: &Map<String, Value>) -> Result<TokenStream> {
        let entry = |(key, value): (&String, &Value)| {
            let value = self.value(of, value).map_err(|unfit| unfit.under(key))?;
            Ok(quote!((#key.to_owned(), #value)))
        };
        let entries: Vec<_> = object.iter().map(entry).collect::<Result<_>>()?;
        Ok(quote!([#(#entries),*].into_iter().collect()))
    }
}

fn json(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(::serde_json::Value::Null),
        Value::Array(values) => {
            let values = values.iter().map(json);
            quote!(::serde_json::Value::Array(Vec::from([#(#values),*])))
        }
        Value::Object(object) => {
            let (keys, values) = (object.keys(), object.values().map(json));
            quote!(::serde_json::Value::Object(
                [#((#keys.to_owned(), #values)),*].into_iter().collect()
            ))
        }
        Value::String(text) => quote!(::serde_json::Value::from(#text)),
        Value::Bool(value) => quote!(::serde_json::Value::from(#value)),
        Value::Number(number) => {
            let literal = number
                .as_u64()
                .map(Literal::u64_suffixed)
                .or_else(|| number.as_i64().map(Literal::i64_suffixed))
                .or_else(|| number.as_f64().map(Literal::f64_suffixed));
            quote!(::serde_json::Value::from(#literal))
        }
    }
}

#[derive(Default)]
pub struct SerdeAttributes {
    /// What it is called in JSON, if that is not its name in Rust.
    pub name: Option<String>,
    is_flattened: bool,
}

/// What `serde` is told of a field or a variant.
pub fn serde_attributes(attributes: &[Attribute]) -> SerdeAttributes {
    let mut found = SerdeAttributes::default();
    for attribute in attributes {
        if attribute.path().is_ident("serde") {
            // Of what else there may be, nothing is needed.
            let _ = attribute.parse_nested_meta(|meta| {
                found.is_flattened |= meta.path.is_ident("flatten");
                if meta.path.is_ident("rename") {
                    found.name = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.input.peek(syn::Token![=]) {
                    meta.value()?.parse::<LitStr>()?;
                }
                Ok(())
            });
        }
    }
    found
}

/// The last word of a path to a type.
fn name_of(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// The type that a generic one is made of; of a map, that of its values.
fn inner(of: &Type) -> Option<&Type> {
    let Type::Path(path) = of else {
        return None;
    };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.last()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// Whether an enum keeps values that it does not know.
fn is_open(item: &ItemEnum) -> bool {
    item.variants
        .iter()
        .any(|variant| variant.ident == "Unknown")
}

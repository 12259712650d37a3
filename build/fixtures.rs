use std::collections::BTreeMap;

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{
    Attribute, Fields, File, GenericArgument, Ident, Item, ItemStruct, LitStr, PathArguments, Type,
};

use super::document::{Document, Node, Operation, join, last_key, local, reference};
use super::fault::Fault;

/// An example of an answer, as a value of its generated type.
pub struct Fixture {
    pub name: Ident,
    /// The generated type: of a schema that is one of several, that one.
    pub type_name: Ident,
    pub value: TokenStream,
    pub summary: String,
    pub is_success: bool,
}

impl Fixture {
    /// The one that stands for the others: that is called as its type, or else
    /// the first by name.
    pub fn foremost<'a>(fixtures: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        fixtures.into_iter().min_by_key(|fixture| {
            let is_namesake = fixture.name == fixture.type_name.to_string().to_snake_case();
            (!is_namesake, fixture.name.to_string())
        })
    }
}

/// The types of the generated client, by their names.
pub struct Types<'a>(BTreeMap<String, &'a Item>);

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
}

/// Every example of what an operation answers.
pub fn of_operation(
    document: &Document,
    operation: &Operation<'_>,
    types: &Types<'_>,
) -> Vec<Result<Fixture, Fault>> {
    let responses = operation.node.children("responses").into_iter();
    responses
        .flat_map(|response| of_response(document, operation, &response, types))
        .collect()
}

fn of_response(
    document: &Document,
    operation: &Operation<'_>,
    response: &Node<'_>,
    types: &Types<'_>,
) -> Vec<Result<Fixture, Fault>> {
    let media = document
        .resolve(response.value)
        .and_then(|response| response.pointer("/content/application~1json"));
    let schema = media.and_then(|media| reference(media.get("schema")?));
    let (Some(media), Some(schema)) = (media, schema.map(last_key)) else {
        return Vec::new();
    };
    // What several operations share has one name, and so one fixture.
    let component = reference(response.value).and_then(local);
    let name = component.map_or_else(
        || {
            let operation = operation.node.text("operationId").unwrap_or_default();
            format!("{operation}_{}", response.key)
        },
        last_key,
    );
    let pointer = join(component.unwrap_or(&response.pointer), "content");
    let media = Node {
        key: String::new(),
        pointer: join(&pointer, "application/json"),
        value: media,
    };
    let is_success = response.key.starts_with('2');
    let examples = media.children("examples").into_iter();
    let fixtures =
        examples.filter_map(|example| of_example(document, &example, &name, &schema, types));
    fixtures
        .map(|fixture| {
            fixture.map(|fixture| Fixture {
                is_success,
                ..fixture
            })
        })
        .collect()
}

/// The fixture of one example; nothing if it has no value.
fn of_example(
    document: &Document,
    example: &Node<'_>,
    response: &str,
    schema: &str,
    types: &Types<'_>,
) -> Option<Result<Fixture, Fault>> {
    let resolved = document.resolve(example.value)?;
    let (pointer, name) = match reference(example.value).and_then(local) {
        Some(pointer) => (pointer.to_owned(), last_key(pointer)),
        None => (
            example.pointer.clone(),
            format!("{response}_{}", example.key),
        ),
    };
    let value = resolved.get("value")?;
    let summary = resolved.get("summary").and_then(Value::as_str);
    let place = join(&pointer, "value");
    let fixture = named(types, schema, value)
        .and_then(|(type_name, value)| {
            let name = identifier(&name.to_snake_case()).ok_or("its key makes no name in Rust")?;
            Ok(Fixture {
                name,
                type_name,
                value,
                summary: summary.unwrap_or("An example").to_owned(),
                is_success: false,
            })
        })
        .map_err(|reason| {
            let message = format!("this example makes no fixture: {reason}");
            Fault::at_value(&place, message).help("write it as its schema says")
        });
    Some(fixture)
}

/// `name` as an identifier of Rust, if it makes one.
pub fn identifier(name: &str) -> Option<Ident> {
    let parse = |name: &str| syn::parse_str::<Ident>(name).ok();
    parse(name).or_else(|| parse(&format!("{name}_")))
}

/// A value of the type of this name, and which type it has: of an enum of
/// several schemas, the first that it fits.
fn named(types: &Types<'_>, name: &str, value: &Value) -> Result<(Ident, TokenStream), String> {
    match types.0.get(name) {
        Some(Item::Struct(item)) => Ok((item.ident.clone(), structure(types, item, value)?)),
        Some(Item::Enum(item)) => {
            let mut reasons = Vec::new();
            let payloads = item.variants.iter().filter_map(|variant| {
                let mut fields = variant.fields.iter();
                fields.next().map(|field| &field.ty)
            });
            for payload in payloads {
                let Some(name) = type_name(payload) else {
                    continue;
                };
                match named(types, &name, value) {
                    Ok(found) => return Ok(found),
                    Err(reason) => reasons.push(reason),
                }
            }
            Err(reasons.join("; or "))
        }
        Some(Item::Type(item)) => {
            let target = type_name(&item.ty).unwrap_or_default();
            named(types, &target, value)
        }
        _ => Err(format!("there is no type `{name}`")),
    }
}

fn structure(types: &Types<'_>, item: &ItemStruct, value: &Value) -> Result<TokenStream, String> {
    let Fields::Named(fields) = &item.fields else {
        return Err(format!("`{}` has no fields", item.ident));
    };
    let Value::Object(object) = value else {
        return Err("it is no object".to_owned());
    };
    let mut values = Vec::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else {
            continue;
        };
        let key = json_name(&field.attrs).unwrap_or_else(|| ident.to_string());
        let value = object.get(&key);
        let value =
            of_type(types, &field.ty, value).map_err(|reason| format!("`{key}` {reason}"))?;
        values.push(quote!(#ident: #value));
    }
    let name = &item.ident;
    Ok(quote!(types::#name { #(#values),* }))
}

/// What a field or a variant is called in JSON, if that is not its name in Rust.
pub fn json_name(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes {
        if attribute.path().is_ident("serde") {
            // Of what else there may be, nothing is needed.
            let _ = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    name = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.input.peek(syn::Token![=]) {
                    meta.value()?.parse::<LitStr>()?;
                }
                Ok(())
            });
        }
    }
    name
}

/// The last word of a path to a type.
fn type_name(of: &Type) -> Option<String> {
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
    match &path.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.last()? {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

fn of_type(types: &Types<'_>, of: &Type, value: Option<&Value>) -> Result<TokenStream, String> {
    let name = type_name(of).unwrap_or_default();
    if name == "Option" {
        return match (value, inner(of)) {
            (None | Some(Value::Null), _) => Ok(quote!(None)),
            (Some(value), Some(inner)) => {
                let value = of_type(types, inner, Some(value))?;
                Ok(quote!(Some(#value)))
            }
            (Some(_), None) => Err("has no type".to_owned()),
        };
    }
    let value = value.ok_or("is missing")?;
    match (name.as_str(), value) {
        ("String", Value::String(text)) => Ok(quote!(#text.to_owned())),
        ("Timestamp", Value::String(text)) => Ok(quote!(crate::Timestamp::of_example(#text))),
        ("bool", Value::Bool(value)) => Ok(quote!(#value)),
        ("u64" | "u32" | "i64" | "i32" | "f64" | "f32", Value::Number(number)) => {
            let is_float = name.starts_with('f');
            let number = if is_float && number.as_f64().is_some_and(|value| value.fract() == 0.0) {
                format!("{number}.0")
            } else {
                number.to_string()
            };
            number.parse().map_err(|_| "is no number".to_owned())
        }
        ("Vec", Value::Array(values)) => {
            let inner = inner(of).ok_or("has no type")?;
            let values: Vec<_> = values
                .iter()
                .map(|value| of_type(types, inner, Some(value)))
                .collect::<Result<_, _>>()?;
            Ok(quote!(vec![#(#values),*]))
        }
        ("Map" | "HashMap", Value::Object(object)) => {
            let inner = inner(of).ok_or("has no type")?;
            let values: Vec<_> = object
                .iter()
                .map(|(key, value)| {
                    let value = of_type(types, inner, Some(value))?;
                    Ok(quote!((#key.to_owned(), #value)))
                })
                .collect::<Result<_, String>>()?;
            Ok(quote!([#(#values),*].into_iter().collect()))
        }
        ("Value", value) => {
            let json: TokenStream = value
                .to_string()
                .parse()
                .map_err(|_| "is no JSON".to_owned())?;
            Ok(quote!(::serde_json::json!(#json)))
        }
        (name, value) => match types.0.get(name) {
            Some(Item::Enum(item)) if is_open(item) => {
                let text = value.as_str().ok_or("is no text")?;
                let name = &item.ident;
                Ok(quote!(types::#name::from(#text)))
            }
            Some(Item::Enum(item)) => {
                let (_, value) = named(types, &item.ident.to_string(), value)?;
                Ok(quote!(#value.into()))
            }
            Some(_) => named(types, name, value).map(|(_, value)| value),
            None => Err(format!("is not of the type that its schema has, {name}")),
        },
    }
}

/// Whether an enum keeps values that it does not know.
fn is_open(item: &syn::ItemEnum) -> bool {
    item.variants
        .iter()
        .any(|variant| variant.ident == "Unknown")
}

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use quote::quote;
use schemars::schema::{InstanceType, SchemaObject};
use serde_json::{Map, Value, json};
use syn::spanned::Spanned as _;
use syn::{
    Error, Expr, ExprLit, ExprMethodCall, Fields, File, ImplItem, ImplItemFn, Item, Lit, Local,
    LocalInit, PathArguments, ReturnType, Stmt, Type, Variant, parse_quote,
};

use super::adapt::Adapted;
use super::diagnostic::Fault;
use super::document::{children, reference};
use super::literal::serde_attributes;

/// Generates the client.
pub fn render(adapted: &Adapted) -> Result<File, Fault> {
    client(adapted).map_err(|reason| locate(adapted, &reason))
}

fn client(adapted: &Adapted) -> Result<File, String> {
    let document: OpenAPI =
        serde_json::from_value(adapted.document.clone()).map_err(|error| error.to_string())?;
    // The generator panics on some of what it does not handle.
    let tokens = catch_unwind(|| Generator::new(&settings(adapted)).generate_tokens(&document));
    let tokens = tokens
        .map_err(|_| String::new())?
        .map_err(|error| error.to_string())?;
    let mut file: File = syn::parse2(tokens).map_err(|error| error.to_string())?;
    refine(&mut file, adapted).map_err(|error| error.to_string())?;
    match twice(&file) {
        Some(name) => Err(format!(
            "two schemas make the Rust type {name}; a schema that is written out within another is called after both"
        )),
        None => Ok(file),
    }
}

/// The name of a type that is there twice.
fn twice(file: &File) -> Option<String> {
    let mut names = BTreeSet::new();
    let types = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let names_of_types = types?.1.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    });
    let mut names_of_types = names_of_types.map(ToString::to_string);
    names_of_types.find(|name| !names.insert(name.clone()))
}

/// The generator does not say where it failed, so it is asked again about each
/// operation alone, and then about each schema.
fn locate(adapted: &Adapted, reason: &str) -> Fault {
    let fails = |document: Value| {
        client(&Adapted {
            document,
            open_enums: Vec::new(),
        })
        .err()
    };
    let schemas = &adapted.document["components"]["schemas"];
    let schema = children(schemas, "/components/schemas")
        .into_iter()
        .find_map(|schema| {
            let mut needed = Map::new();
            collect_with_references(&schema.key, schemas, &mut needed);
            let alone = json!({
                "openapi": adapted.document["openapi"],
                "info": adapted.document["info"],
                "paths": {},
                "components": { "schemas": needed },
            });
            Some((schema.pointer, fails(alone)?))
        });
    let paths = children(&adapted.document["paths"], "/paths");
    let path = || {
        paths.into_iter().find_map(|path| {
            let mut alone = adapted.document.clone();
            alone["paths"] = json!({ path.key: path.value });
            Some((path.pointer, fails(alone)?))
        })
    };
    let (place, reason) = match schema.or_else(path) {
        Some((pointer, reason)) => (pointer, reason),
        None => (String::new(), reason.to_owned()),
    };
    let reason: String = reason.chars().take(200).collect();
    let message = format!("progenitor cannot generate this: {reason}");
    let message = message.trim_end_matches([':', ' ']);
    Fault::at_key(&place, message).help("say it another way, as the document does elsewhere")
}

/// The schema `name`, and those that it refers to.
fn collect_with_references(name: &str, schemas: &Value, needed: &mut Map<String, Value>) {
    if needed.contains_key(name) {
        return;
    }
    needed.insert(name.to_owned(), schemas[name].clone());
    let mut open = vec![&schemas[name]];
    while let Some(value) = open.pop() {
        if let Some(name) =
            reference(value).and_then(|target| target.strip_prefix("#/components/schemas/"))
        {
            collect_with_references(name, schemas, needed);
        }
        open.extend(children(value, "").into_iter().map(|node| node.value));
    }
}

fn settings(adapted: &Adapted) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_derive("PartialEq")
        .with_conversion(
            string("password"),
            "crate::secret::SerializableSecret",
            no_impls(),
        )
        .with_conversion(string("date-time"), "crate::Timestamp", no_impls());
    for open_enum in &adapted.open_enums {
        let path = format!("crate::generated::types::{}", open_enum.name);
        settings.with_replacement(&open_enum.name, path, [TypeImpl::Display].into_iter());
    }
    settings
}

fn string(format: &str) -> SchemaObject {
    SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some(format.to_owned()),
        ..SchemaObject::default()
    }
}

fn no_impls() -> impl Iterator<Item = TypeImpl> {
    std::iter::empty()
}

/// What the generator has no setting for. Of what it wrote, the types stay, and
/// the operations, which become methods of `Call`.
fn refine(file: &mut File, adapted: &Adapted) -> syn::Result<()> {
    let mut items: Vec<Item> = vec![
        parse_quote!(
            use crate::error::Result;
        ),
        parse_quote!(
            use crate::call::request::{self as progenitor_client, Headers, OperationInfo, encode_path};
        ),
        parse_quote!(
            use crate::response::Response as ResponseValue;
        ),
    ];
    for item in file.items.drain(..) {
        match item {
            Item::Mod(mut module) if module.ident == "types" => {
                if let Some((_, types)) = &mut module.content {
                    refine_types(types, adapted)?;
                }
                items.push(Item::Mod(module));
            }
            Item::Impl(mut implementation) if implementation.trait_.is_none() => {
                implementation.items.retain(is_operation);
                for item in &mut implementation.items {
                    if let ImplItem::Fn(operation) = item {
                        refine_operation(operation)?;
                    }
                }
                *implementation.self_ty = parse_quote!(crate::call::Call<'_>);
                if !implementation.items.is_empty() {
                    items.push(Item::Impl(implementation));
                }
            }
            _ => {}
        }
    }
    if let Some(url) = adapted.document["servers"][0]["url"].as_str() {
        items.push(parse_quote! {
            /// The first of the document's servers.
            pub const SERVER_URL: &str = #url;
        });
    }
    file.items = items;
    Ok(())
}

fn refine_types(types: &mut Vec<Item>, adapted: &Adapted) -> syn::Result<()> {
    for item in types.iter_mut() {
        match item {
            Item::Struct(structure) if matches!(structure.fields, Fields::Named(_)) => {
                structure.attrs.push(parse_quote!(#[non_exhaustive]));
            }
            Item::Enum(item) => item.variants.iter_mut().for_each(document_variant),
            _ => {}
        }
    }
    for open_enum in &adapted.open_enums {
        types.extend(open_enum.to_items()?);
    }
    Ok(())
}

fn is_operation(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.asyncness.is_some())
}

/// An operation ends with the sending of its request: what came back is read
/// once, where nothing of it is lost. And it sends no header `api-version`,
/// which is the generator's own addition.
fn refine_operation(operation: &mut ImplItemFn) -> syn::Result<()> {
    let unexpected = Error::new(
        operation.sig.span(),
        "the generator writes an operation in another way than it did",
    );
    // Of `Result<ResponseValue<T>, Error<()>>`, the first.
    let ReturnType::Type(_, output) = &mut operation.sig.output else {
        return Err(unexpected);
    };
    let Type::Path(output) = &mut **output else {
        return Err(unexpected);
    };
    let Some(PathArguments::AngleBracketed(arguments)) = output
        .path
        .segments
        .last_mut()
        .map(|last| &mut last.arguments)
    else {
        return Err(unexpected);
    };
    arguments.args.pop();
    arguments.args.pop_punct();

    let statements = &mut operation.block.stmts;
    let position = |statements: &[Stmt], begin: &str| {
        statements
            .iter()
            .position(|statement| quote!(#statement).to_string().starts_with(begin))
    };
    let Some(headers) = position(statements, "let mut header_map =") else {
        return Err(unexpected);
    };
    statements[headers] = parse_quote!(let mut header_map = Headers::default(););
    let next = statements.get(headers + 1);
    if !next.is_some_and(|next| quote!(#next).to_string().contains("api-version")) {
        return Err(unexpected);
    }
    statements.remove(headers + 1);
    for append in statements.iter_mut().filter_map(append_of_header) {
        if !name_header(append) {
            return Err(unexpected);
        }
    }
    let Some(pre) = position(statements, "self . pre (") else {
        return Err(unexpected);
    };
    statements.remove(pre);
    if position(statements, "let result = self . exec (") != Some(pre) {
        return Err(unexpected);
    }
    statements.truncate(pre + 1);
    match statements.pop() {
        Some(Stmt::Local(Local {
            init: Some(LocalInit { expr, .. }),
            ..
        })) => statements.push(Stmt::Expr(*expr, None)),
        _ => return Err(unexpected),
    }
    Ok(())
}

/// Where a statement appends a header, if it does.
fn append_of_header(statement: &mut Stmt) -> Option<&mut ExprMethodCall> {
    match statement {
        Stmt::Expr(Expr::MethodCall(call), _) if call.method == "append" => Some(call),
        // One that is not required.
        Stmt::Expr(Expr::If(condition), _) => {
            let mut statements = condition.then_branch.stmts.iter_mut();
            statements.find_map(append_of_header)
        }
        _ => None,
    }
}

/// Makes the name of a header when the crate is compiled, not anew in each call;
/// `false` if there is none.
fn name_header(append: &mut ExprMethodCall) -> bool {
    if let Some(argument) = append.args.first_mut()
        && let Expr::Lit(ExprLit {
            lit: Lit::Str(name),
            ..
        }) = argument
    {
        let name = name.value().to_ascii_lowercase();
        *argument = parse_quote!(const { ::http::HeaderName::from_static(#name) });
        true
    } else {
        false
    }
}

/// The generator has no words for the variants of an enum.
fn document_variant(variant: &mut Variant) {
    let docs = match &variant.fields {
        Fields::Unit => {
            let value = serde_attributes(&variant.attrs)
                .name
                .unwrap_or_else(|| variant.ident.to_string());
            format!("`{value}`")
        }
        _ => format!("The form of `{}`.", variant.ident),
    };
    variant.attrs.insert(0, parse_quote!(#[doc = #docs]));
}

//! Runs progenitor, and changes its output.

mod assumption;
mod operation;
#[cfg(test)]
mod reasons;
mod request;
#[cfg(test)]
mod tests;
mod types;
mod verify;

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use schemars::schema::{InstanceType, SchemaObject};
use serde_json::{Map, Value, json};
use syn::spanned::Spanned as _;
use syn::{File, Ident, ImplItem, ImplItemFn, Item, Path, parse_quote};

use crate::Settings;
use crate::adapt::Adapted;
use crate::check::server_url;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, children, reference};
use crate::grammar::METHODS;
use crate::rust_name::argument_name;
use crate::settings::path_text;
use crate::type_item::type_ident;
use assumption::{Assumption, Broken};
use operation::rewrite_operation;
use types::rewrite_types;
use verify::{verify_method_names, verify_names, verify_types};

/// The generated client.
pub(crate) struct Client {
    pub(crate) types: File,
    pub(crate) operations: File,
}

/// Why no client is generated.
enum Failure {
    /// progenitor does not support the document.
    Unsupported(String),
    /// progenitor's output is not as this crate assumes.
    Broken(Broken),
}

impl From<Broken> for Failure {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl From<syn::Error> for Failure {
    fn from(error: syn::Error) -> Self {
        Self::Unsupported(error.to_string())
    }
}

/// Generates the client.
pub(crate) fn render(adapted: &Adapted, settings: &Settings) -> Result<Client, Diagnostic> {
    generate(adapted, settings).map_err(|failure| match failure {
        Failure::Unsupported(reason) => bisect_failure(adapted, settings, &reason),
        Failure::Broken(broken) => broken_assumption(&adapted.document, &broken),
    })
}

/// Reports an assumption that does not hold, at the operation or the schema that shows it.
fn broken_assumption(document: &Value, broken: &Broken) -> Diagnostic {
    let subject = broken.subject.as_deref().unwrap_or_default();
    let schema = subject.split('.').next().unwrap_or_default();
    let schemas = children(&document["components"]["schemas"], "/components/schemas");
    let schemas = schemas.into_iter().filter(|node| node.key == schema);
    let operations = operations(document).into_iter();
    let operations = operations.filter(|node| {
        let id = node.text("operationId");
        id.is_some_and(|id| argument_name(id) == subject)
    });
    let location = operations.chain(schemas).next().map(|node| node.pointer);
    Diagnostic::at_key(&location.unwrap_or_default(), broken.to_string())
        .help("see docs/upgrading-progenitor.md in the repository of duvo-codegen")
}

fn generate(adapted: &Adapted, settings: &Settings) -> Result<Client, Failure> {
    let file = run_progenitor(adapted, settings).map_err(Failure::Unsupported)?;
    let client = rewrite(file, adapted, settings)?;
    match find_duplicate_type(&client.types) {
        Some(name) => Err(Failure::Unsupported(format!(
            "two schemas have the same Rust type name {name}; an inline schema is named after its parent and its key"
        ))),
        None => Ok(client),
    }
}

fn run_progenitor(adapted: &Adapted, settings: &Settings) -> Result<File, String> {
    let document: OpenAPI =
        serde_json::from_value(adapted.document.clone()).map_err(|error| error.to_string())?;
    let progenitor_settings = progenitor_settings(adapted, settings);
    // progenitor panics on some input that it does not support.
    let tokens = catch_unwind(|| Generator::new(&progenitor_settings).generate_tokens(&document));
    let tokens = tokens
        .map_err(|_| String::new())?
        .map_err(|error| error.to_string())?;
    syn::parse2(tokens).map_err(|error| error.to_string())
}

fn find_duplicate_type(types: &File) -> Option<String> {
    let mut names = BTreeSet::new();
    let mut type_names = types.items.iter().filter_map(type_ident);
    type_names
        .find(|name| !names.insert(*name))
        .map(Ident::to_string)
}

/// Returns the location of a failure of progenitor, which does not report one. Generates
/// each schema alone, and then each path alone, until one fails.
fn bisect_failure(adapted: &Adapted, settings: &Settings, reason: &str) -> Diagnostic {
    let failure = |document: Value| {
        let adapted = Adapted {
            document,
            open_enums: Vec::new(),
            operations: adapted.operations.clone(),
        };
        match generate(&adapted, settings) {
            Err(Failure::Unsupported(reason)) => Some(reason),
            Err(Failure::Broken(_)) | Ok(_) => None,
        }
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
            Some((schema.pointer, failure(alone)?))
        });
    let paths = children(&adapted.document["paths"], "/paths");
    let path = || {
        paths.into_iter().find_map(|path| {
            let mut alone = adapted.document.clone();
            alone["paths"] = json!({ path.key: path.value });
            Some((path.pointer, failure(alone)?))
        })
    };
    let (location, reason) = match schema.or_else(path) {
        Some((pointer, reason)) => (pointer, reason),
        None => (String::new(), reason.to_owned()),
    };
    let reason: String = reason.chars().take(200).collect();
    let message = format!("progenitor cannot generate code for this: {reason}");
    let message = message.trim_end_matches([':', ' ']);
    Diagnostic::at_key(&location, message)
        .help("rewrite it in a form that the document already uses elsewhere")
}

/// Adds the schema `name`, and the schemas that it refers to, to `needed`.
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

fn progenitor_settings(adapted: &Adapted, settings: &Settings) -> GenerationSettings {
    let no_impls = std::iter::empty::<TypeImpl>;
    let mut progenitor = GenerationSettings::new();
    let secret = path_text(&settings.secret);
    let timestamp = path_text(&settings.timestamp);
    progenitor
        .with_interface(InterfaceStyle::Positional)
        .with_derive("PartialEq")
        // Ordered, so that the same value is always the same text.
        .with_map_type("::std::collections::BTreeMap")
        .with_conversion(string_schema("password"), secret, no_impls())
        .with_conversion(string_schema("date-time"), timestamp, no_impls());
    for open_enum in &adapted.open_enums {
        let path = settings.type_path(&open_enum.name);
        progenitor.with_replacement(&open_enum.name, path, [TypeImpl::Display].into_iter());
    }
    progenitor
}

fn string_schema(format: &str) -> SchemaObject {
    SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some(format.to_owned()),
        ..SchemaObject::default()
    }
}

/// Splits progenitor's output into types and operations, and changes what progenitor has
/// no setting for. progenitor's own client is dropped.
fn rewrite(file: File, adapted: &Adapted, settings: &Settings) -> Result<Client, Failure> {
    let Settings { call, request, .. } = settings;
    let imports = [
        import(&settings.result, "Result"),
        parse_quote!(use #request::{self as progenitor_client, Headers, OperationInfo, encode_path};),
        import(&settings.response, "ResponseValue"),
        import(&settings.types, "types"),
    ];
    let mut types = None;
    let mut operations = Vec::from(imports);
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                let (_, mut items) = module.content.unwrap_or_default();
                verify_types(&items, adapted, settings)?;
                rewrite_types(&mut items, adapted)?;
                types = Some(items);
            }
            Item::Impl(mut implementation) if implementation.trait_.is_none() => {
                implementation.items.retain(is_operation);
                for item in &mut implementation.items {
                    if let ImplItem::Fn(operation) = item {
                        let name = operation.sig.ident.to_string();
                        let spec = adapted.operations.get(&name);
                        let spec = spec.ok_or(Assumption::MethodNames);
                        spec.and_then(|spec| rewrite_operation(operation, spec))
                            .and_then(|()| verify_names(operation))
                            .map_err(|assumption| Broken::new(assumption, name))?;
                    }
                }
                *implementation.self_ty = call.clone();
                if !implementation.items.is_empty() {
                    operations.push(Item::Impl(implementation));
                }
            }
            _ => {}
        }
    }
    verify_method_names(methods(&operations), &adapted.document)?;
    let mut types = types.ok_or(Broken::from(Assumption::TypesModule))?;
    let servers = children(&adapted.document["servers"], "/servers");
    if let Some(url) = servers.first().and_then(server_url) {
        types.push(parse_quote! {
            /// The URL of the first server in the OpenAPI document.
            pub const SERVER_URL: &str = #url;
        });
    }
    Ok(Client {
        types: to_file(types),
        operations: to_file(operations),
    })
}

fn methods(items: &[Item]) -> impl Iterator<Item = &ImplItemFn> {
    let implementations = items.iter().filter_map(|item| match item {
        Item::Impl(item) => Some(&item.items),
        _ => None,
    });
    implementations.flatten().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    })
}

fn to_file(items: Vec<Item>) -> File {
    File {
        items,
        ..parse_quote!()
    }
}

/// Imports `path` under the name that progenitor uses.
fn import(path: &Path, name: &str) -> Item {
    match path.segments.last() {
        Some(last) if last.ident == name => parse_quote!(use #path;),
        _ => {
            let name = Ident::new(name, path.span());
            parse_quote!(use #path as #name;)
        }
    }
}

fn is_operation(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.asyncness.is_some())
}

/// Returns the operations of the paths.
fn operations(document: &Value) -> Vec<Node<'_>> {
    let paths = children(&document["paths"], "/paths").into_iter();
    paths
        .flat_map(|path| children(path.value, &path.pointer))
        .filter(|member| METHODS.contains(&member.key.as_str()))
        .collect()
}

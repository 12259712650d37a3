use std::collections::BTreeSet;
use std::panic::catch_unwind;

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use quote::quote;
use schemars::schema::{InstanceType, SchemaObject};
use serde_json::{Map, Value, json};
use syn::spanned::Spanned as _;
use syn::{
    Attribute, Error, Expr, ExprLit, ExprMethodCall, ExprStruct, Fields, File, Ident, ImplItem,
    ImplItemFn, Item, Lit, LitStr, Local, LocalInit, Path, PathArguments, ReturnType, Stmt, Type,
    Variant, parse_quote,
};

use crate::Settings;
use crate::adapt::Adapted;
use crate::check::is_safe;
use crate::diagnostic::Diagnostic;
use crate::document::{children, reference};
use crate::rust_name::argument_name;
use crate::settings::path_text;

/// The generated client.
pub(crate) struct Client {
    pub(crate) types: File,
    pub(crate) operations: File,
}

/// Generates the client.
pub(crate) fn render(adapted: &Adapted, settings: &Settings) -> Result<Client, Diagnostic> {
    let client = generate(adapted, settings);
    client.map_err(|reason| bisect_failure(adapted, settings, &reason))
}

fn generate(adapted: &Adapted, settings: &Settings) -> Result<Client, String> {
    let document: OpenAPI =
        serde_json::from_value(adapted.document.clone()).map_err(|error| error.to_string())?;
    let progenitor_settings = progenitor_settings(adapted, settings);
    // progenitor panics on some input that it does not support.
    let tokens = catch_unwind(|| Generator::new(&progenitor_settings).generate_tokens(&document));
    let tokens = tokens
        .map_err(|_| String::new())?
        .map_err(|error| error.to_string())?;
    let file: File = syn::parse2(tokens).map_err(|error| error.to_string())?;
    let client = rewrite(file, adapted, settings).map_err(|error| error.to_string())?;
    match find_duplicate_type(&client.types) {
        Some(name) => Err(format!(
            "two schemas have the same Rust type name {name}; an inline schema is named after its parent and its key"
        )),
        None => Ok(client),
    }
}

fn find_duplicate_type(types: &File) -> Option<String> {
    let mut names = BTreeSet::new();
    let mut type_names = types.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    });
    type_names.find(|name| !names.insert(name.clone()))
}

/// Returns the location of a failure of progenitor, which does not report one. Generates
/// each schema alone, and then each path alone, until one fails.
fn bisect_failure(adapted: &Adapted, settings: &Settings, reason: &str) -> Diagnostic {
    let failure = |document: Value| {
        let open_enums = Vec::new();
        let adapted = Adapted {
            document,
            open_enums,
        };
        generate(&adapted, settings).err()
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
fn rewrite(file: File, adapted: &Adapted, settings: &Settings) -> syn::Result<Client> {
    let Settings { call, request, .. } = settings;
    let imports = [
        import(&settings.result, "Result"),
        parse_quote!(use #request::{self as progenitor_client, Headers, OperationInfo, encode_path};),
        import(&settings.response, "ResponseValue"),
        import(&settings.types, "types"),
    ];
    let safe_methods = safe_methods(&adapted.document);
    let mut types = Vec::new();
    let mut operations = Vec::from(imports);
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                let (_, mut items) = module.content.unwrap_or_default();
                rewrite_types(&mut items, adapted)?;
                types.extend(items);
            }
            Item::Impl(mut implementation) if implementation.trait_.is_none() => {
                implementation.items.retain(is_operation);
                for item in &mut implementation.items {
                    if let ImplItem::Fn(operation) = item {
                        let is_safe = safe_methods.contains(&operation.sig.ident.to_string());
                        rewrite_operation(operation, is_safe)?;
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
    if let Some(url) = adapted.document["servers"][0]["url"].as_str() {
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

fn rewrite_types(types: &mut Vec<Item>, adapted: &Adapted) -> syn::Result<()> {
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

/// Makes an operation end with `self.exec(request, &info).await`. progenitor's code after
/// that line drops the status and the headers of a response that it cannot decode.
///
/// Also removes the header `api-version`, which progenitor adds to every request, and adds
/// to the information about the operation whether it is safe.
fn rewrite_operation(operation: &mut ImplItemFn, is_safe: bool) -> syn::Result<()> {
    let shape_changed = Error::new(
        operation.sig.span(),
        "progenitor's output for an operation has changed",
    );
    // `Result<ResponseValue<T>, Error<()>>` becomes `Result<ResponseValue<T>>`.
    let ReturnType::Type(_, output) = &mut operation.sig.output else {
        return Err(shape_changed);
    };
    let Type::Path(output) = &mut **output else {
        return Err(shape_changed);
    };
    let Some(PathArguments::AngleBracketed(arguments)) = output
        .path
        .segments
        .last_mut()
        .map(|last| &mut last.arguments)
    else {
        return Err(shape_changed);
    };
    arguments.args.pop();
    arguments.args.pop_punct();

    let statements = &mut operation.block.stmts;
    let position = |statements: &[Stmt], start: &str| {
        statements
            .iter()
            .position(|statement| quote!(#statement).to_string().starts_with(start))
    };
    let Some(headers) = position(statements, "let mut header_map =") else {
        return Err(shape_changed);
    };
    statements[headers] = parse_quote!(let mut header_map = Headers::default(););
    let next = statements.get(headers + 1);
    if !next.is_some_and(|next| quote!(#next).to_string().contains("api-version")) {
        return Err(shape_changed);
    }
    statements.remove(headers + 1);
    for append in statements.iter_mut().filter_map(find_append) {
        if !rewrite_header_name(append) {
            return Err(shape_changed);
        }
    }
    let Some(info) = statements.iter_mut().find_map(find_operation_info) else {
        return Err(shape_changed);
    };
    info.fields.push(parse_quote!(is_safe: #is_safe));
    let Some(pre) = position(statements, "self . pre (") else {
        return Err(shape_changed);
    };
    statements.remove(pre);
    // The variable has another name if a parameter is named `result`.
    let call = statements.get(pre);
    let is_call = call.is_some_and(|call| {
        let call = quote!(#call).to_string();
        call.starts_with("let ") && call.contains("= self . exec (")
    });
    if !is_call {
        return Err(shape_changed);
    }
    statements.truncate(pre + 1);
    match statements.pop() {
        Some(Stmt::Local(Local {
            init: Some(LocalInit { expr, .. }),
            ..
        })) => statements.push(Stmt::Expr(*expr, None)),
        _ => return Err(shape_changed),
    }
    Ok(())
}

/// Returns the Rust names of the operations that change nothing.
fn safe_methods(document: &Value) -> BTreeSet<String> {
    let paths = children(&document["paths"], "/paths");
    let operations = paths
        .into_iter()
        .flat_map(|path| children(path.value, &path.pointer));
    operations
        .filter(|operation| is_safe(&operation.key, operation.value))
        .filter_map(|operation| Some(argument_name(operation.text("operationId")?)))
        .collect()
}

/// Returns the literal in a statement that describes the operation.
fn find_operation_info(statement: &mut Stmt) -> Option<&mut ExprStruct> {
    match statement {
        Stmt::Local(Local {
            init: Some(LocalInit { expr, .. }),
            ..
        }) => match &mut **expr {
            Expr::Struct(literal) if literal.path.is_ident("OperationInfo") => Some(literal),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the call in a statement that appends a header.
fn find_append(statement: &mut Stmt) -> Option<&mut ExprMethodCall> {
    match statement {
        Stmt::Expr(Expr::MethodCall(call), _) if call.method == "append" => Some(call),
        // An optional header is appended within an `if`.
        Stmt::Expr(Expr::If(condition), _) => {
            let mut statements = condition.then_branch.stmts.iter_mut();
            statements.find_map(find_append)
        }
        _ => None,
    }
}

/// Makes the name of a header a constant, so that a call does not parse it. Returns
/// `false` if the name is not a literal.
fn rewrite_header_name(append: &mut ExprMethodCall) -> bool {
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

/// Documents a variant of an enum. progenitor does not.
fn document_variant(variant: &mut Variant) {
    let docs = match &variant.fields {
        Fields::Unit => {
            let name = serde_rename(&variant.attrs).unwrap_or_else(|| variant.ident.to_string());
            format!("`{name}`")
        }
        _ => format!("The form of `{}`.", variant.ident),
    };
    variant.attrs.insert(0, parse_quote!(#[doc = #docs]));
}

/// Returns the name of `#[serde(rename = "…")]`, as progenitor writes it.
fn serde_rename(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let mut name = None;
        if attribute.path().is_ident("serde") {
            // An attribute in another form does not rename.
            let _ = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    name = Some(meta.value()?.parse::<LitStr>()?.value());
                }
                Ok(())
            });
        }
        name
    })
}

//! Rewrites how a generated operation builds its request and reads its response, if that is
//! not progenitor's way.

use proc_macro2::Span;
use quote::{ToTokens as _, quote};
use syn::punctuated::Punctuated;
use syn::{
    Expr, ExprLit, ExprMethodCall, GenericArgument, Ident, ImplItemFn, Lit, LitStr, Local,
    LocalInit, PathArguments, ReturnType, Stmt, Token, Type, parse_quote,
};

use crate::operation::{JSON, ListLocation, OperationSpec, SuccessBody};
use crate::rust_name::argument_name;

/// Rewrites an operation. Returns `None` if it does not have the expected structure.
pub(super) fn rewrite_request(operation: &mut ImplItemFn, spec: &OperationSpec) -> Option<()> {
    let statements = &mut operation.block.stmts;
    for name in list_names(spec, ListLocation::Path) {
        let mut statements = statements.iter_mut();
        statements.find_map(|statement| rewrite_path_list(statement, name))?;
    }
    let build = statements.iter_mut().find_map(find_build)?;
    if !spec.sends_api_key {
        let receiver = &build.receiver;
        build.receiver = parse_quote!(#receiver.without_api_key());
    }
    let mut receiver = &mut *build.receiver;
    while let Expr::MethodCall(call) = receiver {
        rewrite_builder_call(call, spec)?;
        receiver = &mut call.receiver;
    }
    rewrite_success(operation, spec.success_body)
}

/// Returns the last call of the builder in the statement that builds the request.
fn find_build(statement: &mut Stmt) -> Option<&mut ExprMethodCall> {
    let Stmt::Local(Local {
        init: Some(LocalInit { expr, .. }),
        ..
    }) = statement
    else {
        return None;
    };
    match &mut **expr {
        Expr::Try(attempt) => match &mut *attempt.expr {
            Expr::MethodCall(call) if call.method == "build" => Some(call),
            _ => None,
        },
        _ => None,
    }
}

fn rewrite_builder_call(call: &mut ExprMethodCall, spec: &OperationSpec) -> Option<()> {
    match call.method.to_string().as_str() {
        // progenitor writes no other header here.
        "header" if spec.accept != JSON => {
            *find_text(call.args.last_mut()?)? = literal(&spec.accept);
        }
        "json" if spec.content_type != JSON => {
            let content_type = &spec.content_type;
            call.method = Ident::new("json_as", call.method.span());
            call.args.insert(
                0,
                parse_quote!(::reqwest::header::HeaderValue::from_static(#content_type)),
            );
        }
        "query" => {
            let argument = call.args.first_mut()?;
            let (name, value) = query_parameter(argument)?;
            if list_names(spec, ListLocation::Query).any(|list| list == name.value()) {
                call.method = Ident::new("query_list", call.method.span());
                call.args = parse_quote!(#name, #value);
            }
        }
        _ => {}
    }
    Some(())
}

fn list_names(spec: &OperationSpec, location: ListLocation) -> impl Iterator<Item = &str> {
    let lists = spec.lists.iter();
    let lists = lists.filter(move |list| list.location == location);
    lists.map(|list| list.name.as_str())
}

/// Returns the arguments in `&QueryParam::new("…", &value)`.
fn query_parameter(argument: &Expr) -> Option<(LitStr, Expr)> {
    let Expr::Reference(reference) = argument else {
        return None;
    };
    let Expr::Call(parameter) = &*reference.expr else {
        return None;
    };
    match parameter.args.first()? {
        Expr::Lit(ExprLit {
            lit: Lit::Str(name),
            ..
        }) => Some((name.clone(), parameter.args.last()?.clone())),
        _ => None,
    }
}

/// Rewrites `append(name, list.to_string().try_into()?)` for a list.
pub(super) fn rewrite_header_list(append: &mut ExprMethodCall, spec: &OperationSpec) -> Option<()> {
    let Some(Expr::Lit(ExprLit {
        lit: Lit::Str(name),
        ..
    })) = append.args.first()
    else {
        return None;
    };
    let name = name.value();
    if list_names(spec, ListLocation::Header).any(|list| list == name) {
        let value = append.args.last_mut()?;
        let Expr::Try(attempt) = value else {
            return None;
        };
        let list = receiver(receiver(&attempt.expr, "try_into")?, "to_string")?;
        *value = parse_quote!(progenitor_client::header_list(#list)?);
    }
    Some(())
}

/// Returns the receiver of a call of `method`.
fn receiver<'a>(call: &'a Expr, method: &str) -> Option<&'a Expr> {
    match call {
        Expr::MethodCall(call) if call.method == method => Some(&call.receiver),
        _ => None,
    }
}

/// Rewrites `encode_path(&list.to_string())` in the statement that builds the path. Returns
/// `None` if the statement has no such call for the list `name`.
fn rewrite_path_list(statement: &mut Stmt, name: &str) -> Option<()> {
    let Stmt::Local(Local {
        init: Some(LocalInit { expr, .. }),
        ..
    }) = statement
    else {
        return None;
    };
    let Expr::Macro(format) = &mut **expr else {
        return None;
    };
    let parse = Punctuated::<Expr, Token![,]>::parse_terminated;
    let mut arguments = format.mac.parse_body_with(parse).ok()?;
    let list = Ident::new(&argument_name(name), Span::call_site());
    let written = quote!(encode_path(&#list.to_string())).to_string();
    let mut segments = arguments.iter_mut();
    let segment = segments.find(|argument| argument.to_token_stream().to_string() == written)?;
    *segment = parse_quote!(progenitor_client::encode_path_list(#list)?);
    format.mac.tokens = arguments.into_token_stream();
    Some(())
}

fn literal(text: &str) -> Lit {
    parse_quote!(#text)
}

/// Returns the literal in `HeaderValue::from_static("…")`.
fn find_text(value: &mut Expr) -> Option<&mut Lit> {
    let Expr::Call(value) = value else {
        return None;
    };
    match value.args.first_mut()? {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        _ => None,
    }
}

/// Makes an operation end with the method of the consumer that reads its response.
fn rewrite_success(operation: &mut ImplItemFn, body: SuccessBody) -> Option<()> {
    let method = match body {
        SuccessBody::Json => return Some(()),
        SuccessBody::Optional => "exec_optional",
        SuccessBody::Empty => "exec_empty",
    };
    let Some(Stmt::Expr(Expr::Await(wait), None)) = operation.block.stmts.last_mut() else {
        return None;
    };
    let Expr::MethodCall(exec) = &mut *wait.base else {
        return None;
    };
    exec.method = Ident::new(method, exec.method.span());
    if body == SuccessBody::Optional {
        let value = success_type(&mut operation.sig.output)?;
        *value = parse_quote!(Option<#value>);
    }
    Some(())
}

/// Returns `T` in `Result<ResponseValue<T>>`.
fn success_type(output: &mut ReturnType) -> Option<&mut Type> {
    let ReturnType::Type(_, output) = output else {
        return None;
    };
    first_argument(first_argument(output)?)
}

fn first_argument(generic: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = generic else {
        return None;
    };
    let last = path.path.segments.last_mut()?;
    let PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
        return None;
    };
    match arguments.args.first_mut()? {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    }
}

//! Changes an operation as progenitor writes it.

use quote::ToTokens;
use syn::{
    Expr, ExprLit, ExprMethodCall, ExprStruct, GenericArgument, Ident, ImplItemFn, Lit, Local,
    LocalInit, Pat, PathArguments, PathSegment, ReturnType, Stmt, Type, parse_quote,
};

use super::assumption::Assumption;
use super::request::{rewrite_header_list, rewrite_request};
use crate::operation::OperationSpec;

/// Makes an operation end with `self.exec(request, &info).await`. progenitor's code after
/// that line drops the status and the headers of a response that it cannot decode.
///
/// Also removes the header `api-version`, which progenitor adds to every request, and adds
/// to the information about the operation whether it is safe.
pub(super) fn rewrite_operation(
    operation: &mut ImplItemFn,
    spec: &OperationSpec,
) -> Result<(), Assumption> {
    drop_error_type(&mut operation.sig.output).ok_or(Assumption::ReturnType)?;
    let statements = &mut operation.block.stmts;
    rewrite_headers(statements, spec)?;
    let info = statements.iter_mut().find_map(find_operation_info);
    let info = info.ok_or(Assumption::OperationInfo)?;
    let is_safe = spec.is_safe;
    info.fields.push(parse_quote!(is_safe: #is_safe));
    end_with_exec(statements)?;
    rewrite_request(operation, spec).ok_or(Assumption::RequestBuilder)
}

/// Makes `Result<ResponseValue<T>, Error<()>>` to `Result<ResponseValue<T>>`.
fn drop_error_type(output: &mut ReturnType) -> Option<()> {
    let ReturnType::Type(_, output) = output else {
        return None;
    };
    let Type::Path(output) = &mut **output else {
        return None;
    };
    let result = output.path.segments.last_mut()?;
    let is_result = result.ident == "Result";
    let PathArguments::AngleBracketed(arguments) = &mut result.arguments else {
        return None;
    };
    let has_arguments = match &arguments.args.iter().collect::<Vec<_>>()[..] {
        [value, error] => {
            last_segment(value)?.ident == "ResponseValue"
                && last_segment(error)?.to_token_stream().to_string() == "Error < () >"
        }
        _ => false,
    };
    arguments.args.pop();
    arguments.args.pop_punct();
    (is_result && has_arguments).then_some(())
}

fn last_segment(argument: &GenericArgument) -> Option<&PathSegment> {
    match argument {
        GenericArgument::Type(Type::Path(path)) => path.path.segments.last(),
        _ => None,
    }
}

fn rewrite_headers(statements: &mut Vec<Stmt>, spec: &OperationSpec) -> Result<(), Assumption> {
    let is_header_map = |statement: &Stmt| {
        let Stmt::Local(local) = statement else {
            return false;
        };
        matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == "header_map")
    };
    let start = statements.iter().position(is_header_map);
    let start = start.ok_or(Assumption::HeaderMap)?;
    statements[start] = parse_quote!(let mut header_map = Headers::default(););
    let first = statements.get_mut(start + 1).and_then(find_append);
    if !first.is_some_and(|append| is_api_version(append)) {
        return Err(Assumption::ApiVersion);
    }
    statements.remove(start + 1);
    for append in statements.iter_mut().filter_map(find_append) {
        rewrite_header_list(append, spec).ok_or(Assumption::HeaderNames)?;
        rewrite_header_name(append).ok_or(Assumption::HeaderNames)?;
    }
    Ok(())
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

/// Whether a header is `HeaderName::from_static("api-version")`.
fn is_api_version(append: &ExprMethodCall) -> bool {
    let Some(Expr::Call(name)) = append.args.first() else {
        return false;
    };
    let text = name.args.first().and_then(literal);
    text.is_some_and(|text| text == "api-version")
}

fn literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// Makes the name of a header a constant, so that a call does not parse it. Returns
/// `None` if the name is not a literal.
fn rewrite_header_name(append: &mut ExprMethodCall) -> Option<()> {
    let argument = append.args.first_mut()?;
    let name = literal(argument)?.to_ascii_lowercase();
    *argument = parse_quote!(const { ::http::HeaderName::from_static(#name) });
    Some(())
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

fn end_with_exec(statements: &mut Vec<Stmt>) -> Result<(), Assumption> {
    let is_pre = |statement: &Stmt| match statement {
        Stmt::Expr(call, _) => method_of_self(call).is_some_and(|method| method == "pre"),
        _ => false,
    };
    let pre = statements.iter().position(is_pre);
    let pre = pre.ok_or(Assumption::Hooks)?;
    let after_exec = statements.split_off((pre + 2).min(statements.len()));
    let exec = statements.pop().and_then(into_value);
    let exec = exec.filter(|call| method_of_self(call).is_some_and(|method| method == "exec"));
    let exec = exec.ok_or(Assumption::Hooks)?;
    statements.truncate(pre);
    statements.push(Stmt::Expr(exec, None));
    match &after_exec[..] {
        [
            Stmt::Expr(post, Some(_)),
            Stmt::Local(Local {
                init: Some(response),
                ..
            }),
            Stmt::Expr(Expr::Match(_), None),
        ] if method_of_self(post).is_some_and(|method| method == "post")
            && matches!(*response.expr, Expr::Try(_)) =>
        {
            Ok(())
        }
        _ => Err(Assumption::CodeAfterExec),
    }
}

/// Returns the value of a `let`. The variable has another name if a parameter is named
/// like it.
fn into_value(statement: Stmt) -> Option<Expr> {
    match statement {
        Stmt::Local(Local {
            init: Some(LocalInit { expr, .. }),
            ..
        }) => Some(*expr),
        _ => None,
    }
}

/// Returns the method in `self.method(…)`, with or without `.await` and `?`.
fn method_of_self(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Try(inner) => method_of_self(&inner.expr),
        Expr::Await(inner) => method_of_self(&inner.base),
        Expr::MethodCall(call) => match &*call.receiver {
            Expr::Path(path) if path.path.is_ident("self") => Some(&call.method),
            _ => None,
        },
        _ => None,
    }
}

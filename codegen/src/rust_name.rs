//! Names of the document as the generator writes them in Rust. The rules are those of
//! progenitor and typify.

use heck::{ToPascalCase, ToSnakeCase};
use syn::Ident;

/// Returns the name of a type or a variant.
pub(crate) fn type_name(name: &str) -> String {
    escape_keyword(start_with_letter(
        words(name, str::to_pascal_case),
        "X",
        "X",
    ))
}

/// Returns the name of a field.
pub(crate) fn field_name(name: &str) -> String {
    escape_keyword(start_with_letter(words(name, str::to_snake_case), "x", "x"))
}

/// Returns the name of an argument or a method.
pub(crate) fn argument_name(name: &str) -> String {
    escape_keyword(start_with_letter(words(name, str::to_snake_case), "x", "_"))
}

/// Whether `name` is an identifier in edition 2024, and not a keyword.
pub(crate) fn is_identifier(name: &str) -> bool {
    // `syn` knows the keywords of earlier editions.
    name != "gen" && syn::parse_str::<Ident>(name).is_ok()
}

fn words(name: &str, to_case: fn(&str) -> String) -> String {
    match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => {
            let name = name.replace('\'', "");
            to_case(&name.replace(|character| !continues_identifier(character), "-"))
        }
    }
}

fn continues_identifier(character: char) -> bool {
    syn::parse_str::<Ident>(&format!("x{character}")).is_ok()
}

fn start_with_letter(name: String, empty: &str, prefix: &str) -> String {
    match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if syn::parse_str::<Ident>(&format!("{first}x")).is_ok() => name,
        Some(_) => format!("{prefix}{name}"),
    }
}

fn escape_keyword(name: String) -> String {
    if is_identifier(&name) {
        name
    } else {
        format!("{name}_")
    }
}

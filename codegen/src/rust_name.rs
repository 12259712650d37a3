//! Names of the document as the generator writes them in Rust. The rules are those of
//! progenitor and typify.

use heck::{ToPascalCase, ToSnakeCase};
use syn::Ident;

/// Returns the name of a type or a variant.
#[must_use]
pub fn type_name(name: &str) -> String {
    escape_keyword(start_with_letter(
        words(name, str::to_pascal_case),
        "X",
        "X",
    ))
}

/// Returns the name of a field.
pub(crate) fn field_name(name: &str) -> String {
    escape_keyword(stem(name))
}

/// Returns the part of a method name that stands for `name`, such as `x` of `with_x`.
pub(crate) fn stem(name: &str) -> String {
    start_with_letter(words(name, str::to_snake_case), "x", "x")
}

/// Returns the name of an argument or a method.
#[must_use]
pub fn argument_name(name: &str) -> String {
    escape_keyword(start_with_letter(words(name, str::to_snake_case), "x", "_"))
}

/// Whether `name` is an identifier in edition 2024, and not a keyword.
#[must_use]
pub fn is_identifier(name: &str) -> bool {
    // `syn` knows the keywords of earlier editions.
    name != "gen" && syn::parse_str::<Ident>(name).is_ok()
}

/// Names of the prelude, which the generated code uses without a path.
const PRELUDE: [&str; 27] = [
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "From",
    "Hash",
    "Into",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Some",
    "String",
    "ToString",
    "TryFrom",
    "Vec",
];

/// Whether a type of this name would hide a name that the generated code uses.
#[must_use]
pub fn is_in_prelude(name: &str) -> bool {
    PRELUDE.contains(&name)
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
    // A parser for each character of each name would be slow.
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    syn::parse_str::<Ident>(&format!("x{character}")).is_ok()
}

fn starts_identifier(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic() || character == '_';
    }
    syn::parse_str::<Ident>(&format!("{character}x")).is_ok()
}

fn start_with_letter(name: String, empty: &str, prefix: &str) -> String {
    match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if starts_identifier(first) => name,
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

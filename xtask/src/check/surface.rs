//! What the generated source offers to the crate and to its users, as a list of items.
//!
//! Read with syn, so that it is known while the crate does not compile.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens as _;
use syn::visit::Visit;
use syn::{Attribute, Fields, FnArg, ImplItem, Item, ItemImpl, ReturnType, Visibility};

use crate::Result;
use crate::source::is_in_name;

/// The items of the generated source, by their names.
#[derive(Debug, Default)]
pub struct Surface {
    pub items: BTreeMap<Name, Entry>,
    /// The types that each type contains.
    contents: BTreeMap<String, BTreeSet<String>>,
    /// The types in the requests and in the response of each operation.
    operations: BTreeMap<String, OperationTypes>,
}

/// The name of an item. The order is that of the summary.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    Operation(String),
    Parameter {
        operation: String,
        name: String,
    },
    Result {
        operation: String,
    },
    Type(String),
    Field {
        owner: String,
        name: String,
    },
    Variant {
        owner: String,
        name: String,
    },
    /// The validation of a value.
    Validation {
        owner: String,
    },
    /// A method or a function of the mock server.
    Mock {
        owner: String,
        name: String,
    },
    /// The value of a documented example.
    Fixture(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The type, the signature or the value.
    pub text: String,
    /// The name in JSON, if it differs from that in Rust.
    pub json_name: Option<String>,
    /// The documentation.
    pub description: String,
    /// Whether the item belongs to the public API.
    pub is_public: bool,
    /// Whether users can list all items of the owner, so that another one breaks them.
    pub is_exhaustive: bool,
}

#[derive(Debug, Default)]
struct OperationTypes {
    request: BTreeSet<String>,
    response: BTreeSet<String>,
}

/// How many operations send and receive a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub requests: usize,
    pub responses: usize,
}

impl Surface {
    /// Parses the three generated files.
    pub fn parse(types: &str, operations: &str, mock: &str) -> Result<Self> {
        let mut surface = Self::default();
        let parse = |name: &str, text: &str| {
            syn::parse_file(text).map_err(|error| format!("src/generated/{name}: {error}"))
        };
        for item in &parse("types.rs", types)?.items {
            surface.add_type(item);
        }
        for item in &parse("operations.rs", operations)?.items {
            if let Item::Impl(item) = item {
                surface.add_operations(item);
            }
        }
        let mock = parse("mock.rs", mock)?;
        surface.add_mock_items(&mock.items, "mock");
        surface.set_public_types(&mock.items);
        surface.remove_validation_of_enums();
        Ok(surface)
    }

    /// The values of an enum are its variants.
    fn remove_validation_of_enums(&mut self) {
        let enums = self.items.keys().filter_map(|name| match name {
            Name::Variant { owner, .. } => Some(owner.clone()),
            _ => None,
        });
        let enums: BTreeSet<_> = enums.collect();
        self.items
            .retain(|name, _| !matches!(name, Name::Validation { owner } if enums.contains(owner)));
    }

    /// Types are public if the mock server exports them, or if an exported type contains
    /// them.
    fn set_public_types(&mut self, mock: &[Item]) {
        let exports = mock.iter().filter_map(|item| match item {
            Item::Mod(item) if item.ident == "types" => item.content.as_ref(),
            _ => None,
        });
        let mut open: Vec<String> = exports
            .flat_map(|(_, items)| items)
            .flat_map(types_in)
            .collect();
        let mut public = BTreeSet::new();
        while let Some(name) = open.pop() {
            if public.insert(name.clone()) {
                open.extend(self.contents.get(&name).into_iter().flatten().cloned());
            }
        }
        for (name, entry) in &mut self.items {
            if let Name::Type(owner) | Name::Field { owner, .. } | Name::Variant { owner, .. } =
                name
            {
                entry.is_public = public.contains(owner);
            }
        }
    }

    /// Returns how many operations send and receive a type, directly or within others.
    pub fn usage(&self, name: &str) -> Usage {
        let mut containers = BTreeSet::from([name.to_owned()]);
        loop {
            let contains = |contents: &BTreeSet<String>| !contents.is_disjoint(&containers);
            let found = self.contents.iter().filter(|(_, types)| contains(types));
            let found: Vec<_> = found.map(|(name, _)| name.clone()).collect();
            let before = containers.len();
            containers.extend(found);
            if containers.len() == before {
                break;
            }
        }
        let count = |types: fn(&OperationTypes) -> &BTreeSet<String>| {
            let operations = self.operations.values();
            operations
                .filter(|operation| !types(operation).is_disjoint(&containers))
                .count()
        };
        Usage {
            requests: count(|operation| &operation.request),
            responses: count(|operation| &operation.response),
        }
    }

    fn add(&mut self, name: Name, text: String, is_public: bool, is_exhaustive: bool) {
        let entry = Entry {
            text,
            json_name: None,
            description: String::new(),
            is_public,
            is_exhaustive,
        };
        self.items.insert(name, entry);
    }

    /// Adds what the attributes state.
    fn describe(&mut self, name: &Name, attributes: &[Attribute]) {
        if let Some(entry) = self.items.get_mut(name) {
            entry.json_name = json_name(attributes);
            entry.description = description(attributes);
        }
    }

    fn add_type(&mut self, item: &Item) {
        match item {
            Item::Struct(item) => {
                let owner = item.ident.to_string();
                let is_exhaustive = !is_non_exhaustive(&item.attrs);
                self.contents.insert(owner.clone(), types_in(&item.fields));
                let text = match &item.fields {
                    Fields::Named(_) => "struct".to_owned(),
                    fields => short(fields),
                };
                self.add(Name::Type(owner.clone()), text, true, false);
                self.describe(&Name::Type(owner.clone()), &item.attrs);
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    let Some(name) = &field.ident else { continue };
                    let name = name.to_string();
                    let owner = owner.clone();
                    let name = Name::Field { owner, name };
                    self.add(name.clone(), short(&field.ty), true, is_exhaustive);
                    self.describe(&name, &field.attrs);
                }
            }
            Item::Enum(item) => {
                let owner = item.ident.to_string();
                let is_exhaustive = !is_non_exhaustive(&item.attrs);
                let contents = item.variants.iter().flat_map(|v| types_in(&v.fields));
                self.contents.insert(owner.clone(), contents.collect());
                self.add(Name::Type(owner.clone()), "enum".to_owned(), true, false);
                self.describe(&Name::Type(owner.clone()), &item.attrs);
                for variant in &item.variants {
                    let name = variant.ident.to_string();
                    let text = match &variant.fields {
                        Fields::Unit => String::new(),
                        fields => short(fields),
                    };
                    let owner = owner.clone();
                    let name = Name::Variant { owner, name };
                    self.add(name.clone(), text, true, is_exhaustive);
                    self.describe(&name, &variant.attrs);
                }
            }
            Item::Type(item) => {
                let name = item.ident.to_string();
                self.contents.insert(name.clone(), types_in(&item.ty));
                self.add(Name::Type(name), short(&item.ty), true, false);
            }
            Item::Impl(item) if is_trait(item, "FromStr") => {
                let owner = short(&item.self_ty);
                let text = item.to_token_stream().to_string();
                self.add(Name::Validation { owner }, text, false, false);
            }
            _ => {}
        }
    }

    fn add_operations(&mut self, item: &ItemImpl) {
        for item in &item.items {
            let ImplItem::Fn(function) = item else {
                continue;
            };
            let operation = function.sig.ident.to_string();
            let mut types = OperationTypes::default();
            for input in &function.sig.inputs {
                let FnArg::Typed(input) = input else { continue };
                types.request.extend(types_in(&input.ty));
                let name = short(&input.pat);
                let operation = operation.clone();
                let name = Name::Parameter { operation, name };
                self.add(name, short(&input.ty), false, false);
            }
            if let ReturnType::Type(_, output) = &function.sig.output {
                types.response.extend(types_in(output));
                let text = short(output).replace("Result<ResponseValue<", "");
                let text = text.strip_suffix(">>").unwrap_or(&text).to_owned();
                let operation = operation.clone();
                self.add(Name::Result { operation }, text, false, false);
            }
            let is_safe = short(&function.block).contains("is_safe: true");
            let text = if is_safe { " (safe)" } else { "" };
            // The mock server has a public method for each operation.
            let name = Name::Operation(operation.clone());
            self.add(name.clone(), text.to_owned(), true, false);
            self.describe(&name, &function.attrs);
            self.operations.insert(operation, types);
        }
    }

    fn add_mock_items(&mut self, items: &[Item], module: &str) {
        for item in items {
            match item {
                Item::Const(item) if item.ident == "OPERATIONS" => self.add_paths(&item.expr),
                Item::Impl(item) if item.trait_.is_none() => self.add_mock_methods(item),
                Item::Mod(item) => {
                    let items = item.content.as_ref().map(|(_, items)| items.as_slice());
                    if item.ident != "tests" {
                        self.add_mock_items(items.unwrap_or(&[]), &item.ident.to_string());
                    }
                }
                Item::Fn(item) if is_public(&item.vis) => {
                    let name = item.sig.ident.to_string();
                    let fixture = item.block.to_token_stream().to_string();
                    self.add(Name::Fixture(name.clone()), fixture, false, false);
                    let owner = module.to_owned();
                    let text = short(&item.sig.output);
                    self.add(Name::Mock { owner, name }, text, true, false);
                }
                _ => {}
            }
        }
    }

    fn add_mock_methods(&mut self, item: &ItemImpl) {
        let owner = short(&item.self_ty);
        for item in &item.items {
            if let ImplItem::Fn(function) = item
                && is_public(&function.vis)
            {
                let name = function.sig.ident.to_string();
                let inputs = function.sig.inputs.iter().filter_map(|input| match input {
                    FnArg::Typed(input) => Some(short(&input.ty)),
                    FnArg::Receiver(_) => None,
                });
                let inputs: Vec<_> = inputs.collect();
                let output = short(&function.sig.output);
                let text = format!("({}) {output}", inputs.join(", "));
                let owner = owner.clone();
                self.add(Name::Mock { owner, name }, text, true, false);
            }
        }
    }

    /// Adds the method and the path of each operation.
    fn add_paths(&mut self, table: &syn::Expr) {
        struct Tuples(Vec<Vec<String>>);
        impl<'ast> Visit<'ast> for Tuples {
            fn visit_expr_tuple(&mut self, tuple: &'ast syn::ExprTuple) {
                let texts = tuple.elems.iter().filter_map(|value| match value {
                    syn::Expr::Lit(literal) => match &literal.lit {
                        syn::Lit::Str(text) => Some(text.value()),
                        _ => None,
                    },
                    _ => None,
                });
                self.0.push(texts.collect());
            }
        }
        let mut tuples = Tuples(Vec::new());
        tuples.visit_expr(table);
        for tuple in tuples.0 {
            if let [operation, method, path] = &tuple[..]
                && let Some(entry) = self.items.get_mut(&Name::Operation(operation.clone()))
            {
                entry.text = format!("{method} {path}{}", entry.text);
            }
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_non_exhaustive(attributes: &[Attribute]) -> bool {
    let mut attributes = attributes.iter();
    attributes.any(|attribute| attribute.path().is_ident("non_exhaustive"))
}

fn is_trait(item: &ItemImpl, name: &str) -> bool {
    let path = item.trait_.as_ref().map(|(path, _)| path);
    path.is_some_and(|path| path.segments.last().is_some_and(|last| last.ident == name))
}

/// Returns the documentation.
fn description(attributes: &[Attribute]) -> String {
    let attributes = attributes.iter();
    let lines = attributes.filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            syn::Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the name in JSON, if serde renames the field or the variant.
fn json_name(attributes: &[Attribute]) -> Option<String> {
    let mut found = None;
    let attributes = attributes.iter();
    for attribute in attributes.filter(|attribute| attribute.path().is_ident("serde")) {
        // Other arguments of the attribute follow from the type.
        let _ = attribute.parse_nested_meta(|meta| {
            let is_rename = meta.path.is_ident("rename");
            let value = meta
                .value()
                .and_then(syn::parse::ParseBuffer::parse::<syn::LitStr>);
            if let (Ok(value), true) = (value, is_rename) {
                found = Some(value.value());
            }
            Ok(())
        });
    }
    found
}

/// Returns the generated types within a type or within fields.
fn types_in(node: &impl quote::ToTokens) -> BTreeSet<String> {
    let text = short(node);
    let words = text.split(|character| !is_in_name(character));
    words
        .filter(|word| word.starts_with(char::is_uppercase))
        .map(str::to_owned)
        .collect()
}

/// Returns Rust code without the paths to types: `Option<String>`.
fn short(node: &impl quote::ToTokens) -> String {
    let is_name = |word: &&str| word.chars().all(is_in_name);
    let tokens = node.to_token_stream().to_string();
    let mut words: Vec<&str> = Vec::new();
    for word in tokens.split(' ') {
        if word == "::" {
            words.pop_if(|word| is_name(word));
        } else {
            words.push(word);
        }
    }
    SPACES
        .iter()
        .fold(words.join(" "), |text, (from, to)| text.replace(from, to))
}

/// The spaces between tokens that rustfmt would not write.
const SPACES: [(&str, &str); 9] = [
    (" < ", "<"),
    (" <", "<"),
    ("< ", "<"),
    (" >", ">"),
    ("& ", "&"),
    (" ,", ","),
    (" :", ":"),
    ("( ", "("),
    (" )", ")"),
];

use heck::ToSnakeCase;
use proc_macro2::{Span, TokenStream};
use serde_json::Value;
use syn::Ident;

use super::diagnostic::Fault;
use super::document::{Document, Node, Operation, join, last_key, local, reference};
use super::literal::{Types, Unfit};

/// An example of an answer, as a value of its generated type.
pub struct Fixture {
    pub name: Ident,
    pub pointer: String,
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

/// An example, and what is known of it where it is referred to.
struct Example<'a> {
    pointer: String,
    name: String,
    value: &'a Value,
    summary: Option<&'a str>,
}

/// Every example of what an operation answers.
pub fn of_operation(
    document: &Document,
    operation: &Operation<'_>,
    types: &Types<'_>,
) -> Vec<Result<Fixture, Fault>> {
    let mut fixtures = Vec::new();
    for response in operation.node.children("responses") {
        let media = document
            .resolve(response.value)
            .and_then(|response| response.pointer("/content/application~1json"));
        let schema = media.and_then(|media| reference(media.get("schema")?));
        let (Some(media), Some(schema)) = (media, schema.map(last_key)) else {
            continue;
        };
        let is_success = response.key.starts_with('2');
        let examples = of_media(document, operation, &response, media).into_iter();
        fixtures.extend(examples.filter_map(|example| example.fixture(types, &schema, is_success)));
    }
    fixtures
}

/// The examples of a response.
fn of_media<'a>(
    document: &'a Document,
    operation: &Operation<'_>,
    response: &Node<'_>,
    media: &'a Value,
) -> Vec<Example<'a>> {
    // What several operations share has one name, and so one fixture.
    let component = reference(response.value).and_then(local);
    let name = component.map_or_else(
        || {
            let operation = operation.node.text("operationId").unwrap_or_default();
            format!("{operation}_{}", response.key)
        },
        last_key,
    );
    let content = join(component.unwrap_or(&response.pointer), "content");
    let media = Node {
        key: String::new(),
        pointer: join(&content, "application/json"),
        value: media,
    };
    let alone = media.value.get("example").map(|value| Example {
        pointer: media.child("example"),
        name: format!("{name}_example"),
        value,
        summary: None,
    });
    let listed = media
        .children("examples")
        .into_iter()
        .filter_map(|written| {
            let name = match reference(written.value) {
                Some(component) => last_key(component),
                None => format!("{name}_{}", written.key),
            };
            let example = document.resolved(written)?;
            Some(Example {
                pointer: example.child("value"),
                name,
                value: example.value.get("value")?,
                summary: example.text("summary"),
            })
        });
    alone.into_iter().chain(listed).collect()
}

impl Example<'_> {
    /// Nothing, if its type is one that no fixture is made of.
    fn fixture(
        self,
        types: &Types<'_>,
        schema: &str,
        is_success: bool,
    ) -> Option<Result<Fixture, Fault>> {
        match types.expression(schema, self.value) {
            Ok((type_name, value)) => Some(Ok(Fixture {
                name: ident(&self.name.to_snake_case()),
                pointer: self.pointer,
                type_name,
                value,
                summary: self.summary.unwrap_or("An example").to_owned(),
                is_success,
            })),
            Err(Unfit::Value(reason)) => {
                let message = format!("this example makes no fixture: {reason}");
                let fault = Fault::at_value(&self.pointer, message);
                Some(Err(fault.help("write it as its schema says")))
            }
            Err(Unfit::Type) => None,
        }
    }
}

/// `name` as an identifier of Rust: as it is, or with what makes it one.
pub fn ident(name: &str) -> Ident {
    let parse = |name: &str| syn::parse_str::<Ident>(name).ok();
    // Keywords, and what begins with a digit.
    parse(name)
        .or_else(|| parse(&format!("{name}_")))
        .or_else(|| parse(&format!("x{name}")))
        .unwrap_or_else(|| Ident::new("unnamed", Span::call_site()))
}

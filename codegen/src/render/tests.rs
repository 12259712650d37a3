//! Progenitor's output with one change at a time. Each change breaks one assumption, which
//! the error names.

use super::*;
use crate::adapt::adapt;
use crate::diagnostic::Location;
use crate::document::Document;

/// A document with a parameter of each kind, a secret, a time and an open enum.
const DOCUMENT: &str = "
openapi: 3.0.3
info: { title: Books, version: '1' }
paths:
  /books/{id}:
    put:
      operationId: putBook
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: dry, in: query, schema: { type: boolean } }
        - { name: X-Key, in: header, schema: { type: string } }
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/NewBook' } } }
      responses:
        '200':
          description: B.
          content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } }
components:
  schemas:
    NewBook:
      type: object
      properties:
        pin: { type: string, format: password }
        cover: { type: string, enum: [soft, hard] }
    Book:
      type: object
      properties:
        due: { type: string, format: date-time }
        state: { $ref: '#/components/schemas/State' }
    State: { type: string, x-extensible-enum: [lent] }
";

fn adapted() -> Adapted {
    adapt(Document::load(DOCUMENT).unwrap())
}

/// Returns progenitor's output as formatted text.
fn output() -> String {
    let file = run_progenitor(&adapted(), &Settings::default()).unwrap();
    prettyplease::unparse(&file)
}

fn rewritten(output: &str) -> Result<Client, Failure> {
    let file = syn::parse_str(output).unwrap();
    rewrite(file, &adapted(), &Settings::default())
}

#[track_caller]
fn assert_broken(from: &str, to: &str, message: &str) {
    let output = output();
    assert!(output.contains(from), "{from:?} is not in {output}");
    match rewritten(&output.replacen(from, to, 1)) {
        Err(Failure::Broken(broken)) => assert_eq!(broken.to_string(), message),
        Err(Failure::Unsupported(reason)) => panic!("{reason}"),
        Ok(client) => panic!("{}", prettyplease::unparse(&client.operations)),
    }
}

#[test]
fn pinned_release_meets_every_assumption() {
    assert!(rewritten(&output()).is_ok());
}

#[test]
fn names_the_types_module() {
    assert_broken(
        "pub mod types {",
        "pub mod models {",
        "progenitor's output breaks the assumption `types-module`: all types are in the module `types`",
    );
}

#[test]
fn names_the_types_of_schemas() {
    assert_broken(
        "pub struct NewBook {",
        "pub struct NewBookBody {",
        "progenitor's output for `NewBook` breaks the assumption `schema-types`: a component is a type, with the name that `rust_name` returns",
    );
}

#[test]
fn names_a_type_of_a_replaced_schema() {
    assert_broken(
        "pub struct NewBook {",
        "pub struct State;\n    pub struct NewBook {",
        "progenitor's output for `State` breaks the assumption `replaced-types`: a replaced schema has no type",
    );
}

#[test]
fn names_the_fields_of_properties() {
    assert_broken(
        "pub due: ",
        "pub due_: ",
        "progenitor's output for `Book.due` breaks the assumption `field-names`: a property is a field, with the name that `rust_name` returns",
    );
}

#[test]
fn names_the_types_of_secrets_and_times() {
    for (path, field) in [
        ("crate::Secret", "NewBook.pin"),
        ("crate::Timestamp", "Book.due"),
    ] {
        assert_broken(
            &format!("<{path}>"),
            "<::std::string::String>",
            &format!(
                "progenitor's output for `{field}` breaks the assumption `format-types`: a string with `format: password` or `date-time` has the type of the settings"
            ),
        );
    }
}

#[test]
fn names_documented_variants() {
    assert_broken(
        "#[serde(rename = \"soft\")]",
        "///Soft.\n#[serde(rename = \"soft\")]",
        "progenitor's output for `NewBookCover` breaks the assumption `variant-docs`: variants of enums have no documentation",
    );
}

const METHOD: &str = "progenitor's output for `put_book` breaks the assumption";

#[test]
fn names_the_methods_of_operations() {
    let message = |name: &str| {
        format!(
            "progenitor's output for `{name}` breaks the assumption `method-names`: an operation is an async method, with the name that `rust_name` returns"
        )
    };
    assert_broken(
        "pub async fn put_book",
        "pub async fn book_put",
        &message("book_put"),
    );
    assert_broken(
        "pub async fn put_book",
        "pub fn put_book",
        &message("put_book"),
    );
}

#[test]
fn names_the_return_type() {
    for (from, to) in [
        (
            "Result<ResponseValue<types::Book>, Error<()>>",
            "ResponseValue<types::Book>",
        ),
        ("Error<()>>", "Error<types::Book>>"),
        ("ResponseValue<types::Book>", "types::Book"),
    ] {
        assert_broken(
            from,
            to,
            &format!(
                "{METHOD} `return-type`: an operation returns `Result<ResponseValue<…>, Error<()>>`"
            ),
        );
    }
}

#[test]
fn names_the_header_map() {
    assert_broken(
        "let mut header_map = ",
        "let mut headers = ",
        &format!("{METHOD} `header-map`: the headers are in `let mut header_map = …`"),
    );
}

#[test]
fn names_the_header_of_the_version() {
    assert_broken(
        "from_static(\"api-version\")",
        "from_static(\"x-version\")",
        &format!(
            "{METHOD} `api-version`: the first header that is appended is the literal `api-version`"
        ),
    );
}

#[test]
fn names_the_names_of_headers() {
    assert_broken(
        "header_map.append(\"X-Key\", ",
        "header_map.append(X_KEY, ",
        &format!("{METHOD} `header-names`: the name of a header is a literal"),
    );
}

#[test]
fn names_the_information_about_the_operation() {
    assert_broken(
        "let info = OperationInfo {",
        "let info = Info {",
        &format!(
            "{METHOD} `operation-info`: the operation is described by `let … = OperationInfo {{ … }}`"
        ),
    );
}

#[test]
fn names_the_hooks() {
    let message =
        format!("{METHOD} `hooks`: `self.pre` is followed by `let … = self.exec(…).await`");
    assert_broken("self.pre(", "self.before(", &message);
    assert_broken("self.exec(", "self.execute(", &message);
}

#[test]
fn names_the_builder_of_the_request() {
    assert_broken(
        ".build()?;",
        ".finish()?;",
        &format!(
            "{METHOD} `request-builder`: a request is built by `let … = ….build()?`, with each parameter as one argument"
        ),
    );
}

#[test]
fn names_the_code_after_exec() {
    let message = format!(
        "{METHOD} `code-after-exec`: `self.exec` is followed by `self.post`, `let … = …?` and a `match` only"
    );
    assert_broken("self.post(", "self.retry(", &message);
    assert_broken("let response = result?;", "", &message);
}

#[test]
fn names_unknown_names() {
    let message = format!(
        "{METHOD} `known-names`: an operation uses no names but those that the consumer provides"
    );
    for (from, to) in [
        ("encode_path(", "encode_segment("),
        (
            "progenitor_client::QueryParam",
            "progenitor_runtime::QueryParam",
        ),
        ("body: &'a types::NewBook", "body: &'a models::NewBook"),
        ("dry: Option<bool>", "dry: Maybe<bool>"),
    ] {
        assert_broken(from, to, &message);
    }
}

#[test]
fn broken_assumption_is_an_error_with_location_and_page() {
    for (subject, location) in [
        ("put_book", "/paths/~1books~1{id}/put"),
        ("Book.due", "/components/schemas/Book"),
        ("NewBookCover", ""),
    ] {
        let broken = Broken::new(Assumption::Hooks, subject);
        let error = broken_assumption(&adapted().document, &broken);
        assert_eq!(error.message, broken.to_string());
        assert_eq!(error.location, Location::Key(location.to_owned()));
        let help = "see docs/upgrading-progenitor.md in the repository of duvo-codegen";
        assert_eq!(error.help.as_deref(), Some(help));
    }
}

#[test]
fn page_lists_every_assumption() {
    let page = include_str!("../../../docs/upgrading-progenitor.md");
    for assumption in Assumption::ALL {
        let row = format!("| `{}` | {} |", assumption.name(), assumption.statement());
        assert!(page.contains(&row), "{row}");
    }
}

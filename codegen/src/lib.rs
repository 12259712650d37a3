//! Generates a Rust API client and a mock server from an OpenAPI 3.0 document, for a
//! crate whose maintainers edit the document by hand.
//!
//! [progenitor] generates the client. This crate adds what a hand-kept document and a
//! published client need:
//!
//! 1. **Load**: parses the YAML, and the position of every key ([`Document`], [`Source`]).
//! 2. **Check**: reports misspelled keys, missing documentation, names that collide in
//!    Rust, unmarked secrets, and input that progenitor would panic on or silently
//!    misinterpret. All errors are reported at once, each with its line and a fix.
//! 3. **Normalize**: names inline open enums, merges the parts of an `allOf`, and leaves out
//!    properties that are only read or only written.
//! 4. **Adapt**: makes the schemas of responses lenient, so that a new property or a
//!    missing value does not break the client, and turns `x-extensible-enum` into an enum
//!    with a variant for unknown values.
//! 5. **Render**: runs progenitor, moves its operations to a type of the consumer, and
//!    generates the mock server from the full document.
//!
//! Nothing in this crate depends on a particular API. It works with any document within
//! the limits below.
//!
//! # Usage
//!
//! Call [`build_script::run`] from `build.rs`. It writes `types.rs`, `operations.rs` and
//! `mock.rs` to `OUT_DIR`, and prints the errors in the document in the form that Cargo
//! shows:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! use duvo_codegen::{Settings, build_script, parse_quote};
//!
//! fn main() -> ExitCode {
//!     let settings = Settings {
//!         call: parse_quote!(crate::transport::Call<'_>),
//!         secret: parse_quote!(crate::secret::ApiSecret),
//!         reserved_methods: vec!["exec".to_owned(), "start".to_owned()],
//!         ..Settings::default()
//!     };
//!     build_script::run("openapi/api.yaml", &settings)
//! }
//! ```
//!
//! The consumer includes `types.rs` in the module [`Settings::types`], and `operations.rs`
//! and `mock.rs` in any modules. Only tests need the last one:
//!
//! ```ignore
//! mod generated {
//!     pub(crate) mod types {
//!         include!(concat!(env!("OUT_DIR"), "/types.rs"));
//!     }
//!     mod operations {
//!         include!(concat!(env!("OUT_DIR"), "/operations.rs"));
//!     }
//!     #[cfg(feature = "mock")]
//!     mod mock {
//!         include!(concat!(env!("OUT_DIR"), "/mock.rs"));
//!     }
//! }
//! ```
//!
//! [`generate`] returns the same source as strings, for example for a test that compares
//! it with a committed copy.
//!
//! A wrong edit of the document ends the build:
//!
//! ```
//! use duvo_codegen::{Settings, generate};
//!
//! let document = "openapi: 3.0.3\ninfo: { title: Shelf, version: '1', licens: {} }\npaths: {}\n";
//! let report = generate(document, &Settings::default()).unwrap_err();
//! let errors = report.diagnostics();
//! assert_eq!(
//!     errors[0].to_line("api.yaml"),
//!     "api.yaml:1:1: the document has no `security`; \
//!      require the bearer scheme, or write `security: []` if the API needs no key",
//! );
//! assert!(report.to_text("api.yaml", document).contains("help: did you mean `license`?"));
//! ```
//!
//! # What the consumer provides
//!
//! The page [`example`] shows a complete crate: the document, the build script, all items
//! that the generated code refers to, and tests against the mock server.
//!
//! The generated code refers to these items of the consumer:
//!
//! | setting | items |
//! |---|---|
//! | [`call`](Settings::call) | the fields `baseurl`, a prefix of every path, and `client`, with a method for each HTTP method that returns a request builder; the method `async fn exec(&self, request, &OperationInfo) -> Result<Response<T>>` |
//! | [`request`](Settings::request) | `OperationInfo { operation_id: &'static str, is_safe: bool }`, where a safe operation is one that changes nothing: a GET, a HEAD, or a POST with `x-safe: true`; `Headers`, which is `Default` and has `append(HeaderName, value)`; `QueryParam::new(name, &value)`; `encode_path(&str)`, which percent-encodes a segment; the request builder with `header`, `headers`, `json`, `query` and `build` |
//! | [`result`](Settings::result), [`response`](Settings::response) | `Result<T>` and `Response<T>` |
//! | [`secret`](Settings::secret), [`timestamp`](Settings::timestamp) | types with `Clone`, `Debug`, `PartialEq`, `Serialize` and `Deserialize` |
//! | [`mock`](Settings::mock) | only if the consumer includes `mock.rs`: the modules `server`, `operation`, `expectation`, `request`, `response` and `example` of the mock server, which do not depend on the document |
//!
//! Some documents need more of them:
//!
//! | the document has | item |
//! |---|---|
//! | an operation without a body in its success responses | `call`: `async fn exec_empty(&self, request, &OperationInfo) -> Result<Response<()>>` |
//! | an operation whose success responses are with and without a body | `call`: `async fn exec_optional(&self, request, &OperationInfo) -> Result<Response<Option<T>>>` |
//! | an operation with `security: []` | the request builder: `without_api_key()` |
//! | a request body in another type of JSON | the request builder: `json_as(HeaderValue, &body)` |
//! | a list in the query with `explode: false` | the request builder: `query_list(&str, &list)` |
//! | a list in a path | `request`: `encode_path_list(&[T]) -> Result<String>` |
//! | a list in a header | `request`: `header_list(&[T]) -> Result<V>`, where `V` is the value that `Headers::append` takes |
//! | a list in the query, as one pair for each item | `mock`: `expectation::Matcher::QueryList(&str, Vec<String>)` and `request::query_parameters(&Call, &str) -> Option<Vec<&str>>` |
//!
//! It also uses the crates `http`, `reqwest`, `serde` and `serde_json`: of `http` and
//! `reqwest`, only the names and the values of headers, so `reqwest` needs no features.
//! Another HTTP client can send the requests.
//!
//! # Limits
//!
//! - The document is one file in OpenAPI 3.0.
//! - Requests and responses are JSON. An operation has one schema for all 2xx responses with
//!   a body.
//! - The API key is a bearer token, and the first of the `servers` is the default.
//! - Cookies, `not`, `discriminator`, other styles of parameters than the default, and the
//!   methods OPTIONS and TRACE are not supported.
//!
//! An error names what to write instead.
//!
//! [progenitor]: https://docs.rs/progenitor
//! [`Document`]: document::Document

mod adapt;
pub mod build_script;
mod check;
mod diagnostic;
pub mod document;
mod duplicates;
mod examples;
mod grammar;
pub mod json_pointer;
mod media_type;
mod mock;
mod normalize;
mod open_enum;
mod operation;
mod render;
mod repair;
mod report;
pub mod rust_name;
mod settings;
mod source;
mod type_item;
mod type_names;

#[cfg(doc)]
#[doc = include_str!("example.md")]
pub mod example {}

pub use check::{is_secret_name, nearest};
pub use diagnostic::Diagnostic;
pub use operation::is_safe;
pub use report::{RenderedDiagnostic, Report};
pub use settings::Settings;
pub use source::Source;
pub use syn::parse_quote;

use document::Document;

/// The generated source files.
#[derive(Debug)]
pub struct Generated {
    /// The types of requests and responses, and the URL of the server.
    pub types: String,
    /// The operations of the client.
    pub operations: String,
    /// The part of the mock server that depends on the document.
    pub mock: String,
}

impl Generated {
    /// Returns the file names with the source of each file.
    #[must_use]
    pub fn files(&self) -> [(&'static str, &str); 3] {
        [
            ("types.rs", &self.types),
            ("operations.rs", &self.operations),
            ("mock.rs", &self.mock),
        ]
    }
}

/// Generates code from the text of an OpenAPI document.
///
/// # Errors
///
/// Returns all detectable errors of the document at once. [`explain`] finds the causes of
/// some of them.
pub fn generate(text: &str, settings: &Settings) -> Result<Generated, Report> {
    let document = check_text(text, settings)?;
    render_files(document, settings).map_err(|errors| Report::new(&errors, &Source::parse(text).0))
}

/// Replaces the errors of a document that one edit of a line's layout removes, such as of its
/// indentation, by one error that describes this edit.
///
/// Checks the document again for each edit that it tries, up to a hundred times.
#[must_use]
pub fn explain(text: &str, settings: &Settings, report: Report) -> Report {
    repair::explain(text, report, |text| check_text(text, settings).err())
}

/// Parses a document. Returns an error if progenitor would panic on it.
fn check_text(text: &str, settings: &Settings) -> Result<Document, Report> {
    let document = Document::load(text)
        .map_err(|error| Report::new(&[error], &Source::without_positions(text)))?;
    let (source, mut diagnostics) = Source::parse(text);
    let mut found = check::check(&document, settings);
    // An error at a duplicate key may be due to the missing other value.
    found.retain(|error| {
        let mut duplicates = diagnostics.iter();
        let range = source.range(&error.location);
        !duplicates.any(|duplicate| range == source.range(&duplicate.location))
    });
    diagnostics.extend(found);
    if diagnostics.is_empty() {
        Ok(document)
    } else {
        Err(Report::new(&diagnostics, &source))
    }
}

fn render_files(document: Document, settings: &Settings) -> Result<Generated, Vec<Diagnostic>> {
    let document = &normalize::normalize(document);
    let adapted = adapt::adapt(document.clone());
    let client = render::render(&adapted, settings).map_err(|error| vec![error])?;
    let duplicates = duplicates::check(document, &client);
    if !duplicates.is_empty() {
        return Err(duplicates);
    }
    let mock = mock::render(document, &client.types, settings)?;
    Ok(Generated {
        types: to_text(&client.types),
        operations: to_text(&client.operations),
        mock: to_text(&mock),
    })
}

fn to_text(file: &syn::File) -> String {
    let name = env!("CARGO_PKG_NAME");
    let header = format!("// Generated by {name} from the OpenAPI document. Do not edit.\n\n");
    header + &prettyplease::unparse(file)
}

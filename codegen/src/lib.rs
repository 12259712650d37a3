//! From the OpenAPI document to the source of the client:
//! load → check → adapt → render.

mod adapt;
pub mod build_script;
mod check;
pub mod diagnostic;
pub mod document;
mod examples;
pub mod grammar;
mod literal;
mod mock;
mod open_enum;
mod render;
pub mod report;
pub mod source;

use diagnostic::Fault;
use document::Document;
use report::Report;
use source::Source;

/// What is generated, as source text.
#[derive(Debug)]
pub struct Generated {
    pub client: String,
    /// What the test kit knows of the API.
    pub mock: String,
}

impl Generated {
    /// The files, by their names.
    pub fn files(&self) -> [(&'static str, &str); 2] {
        [("client.rs", &self.client), ("mock.rs", &self.mock)]
    }
}

/// Turns the text of the document into source.
///
/// All faults that can be told are reported together. The generator is run only
/// on a document without any.
pub fn generate(text: &str) -> Result<Generated, Report> {
    let document = Document::load(text)
        .map_err(|fault| Report::new(&[fault], &Source::without_places(text)))?;
    let (source, duplicates) = Source::read(text);
    generated(&document, duplicates).map_err(|faults| Report::new(&faults, &source))
}

fn generated(document: &Document, mut faults: Vec<Fault>) -> Result<Generated, Vec<Fault>> {
    faults.extend(check::faults(document));
    if !faults.is_empty() {
        return Err(faults);
    }
    let adapted = adapt::adapt(document.clone());
    let client = render::render(&adapted).map_err(|fault| vec![fault])?;
    let mock = mock::render(document, &client)?;
    Ok(Generated {
        client: prettyplease::unparse(&client),
        mock: prettyplease::unparse(&mock),
    })
}

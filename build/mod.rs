//! From the OpenAPI document to the source of the client:
//! load → check → adapt → render.

mod adapt;
mod check;
pub mod document;
pub mod fault;
mod grammar;
mod open_enum;
mod render;
pub mod report;
pub mod source;

use document::Document;
use fault::Fault;
use report::Report;
use source::Source;

/// Turns the text of the document into the source of the generated client.
///
/// All faults that can be told are reported together. The generator is run only
/// on a document without any.
pub fn generate(text: &str) -> Result<String, Report> {
    let document = Document::load(text)
        .map_err(|fault| Report::new(&[fault], &Source::without_places(text)))?;
    let (source, duplicates) = Source::read(text);
    generated(document, duplicates).map_err(|faults| Report::new(&faults, &source))
}

fn generated(document: Document, mut faults: Vec<Fault>) -> Result<String, Vec<Fault>> {
    faults.extend(check::faults(&document));
    if !faults.is_empty() {
        return Err(faults);
    }
    let adapted = adapt::adapt(document);
    render::render(&adapted).map_err(|fault| vec![fault])
}

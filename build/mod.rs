//! From the OpenAPI document to the source of the client:
//! load → check → adapt → render.

mod adapt;
mod check;
mod document;
mod fault;
mod open_enum;
mod render;

use document::Document;
pub use fault::Fault;

/// Turns the text of the document into the source of the generated client.
///
/// All faults that a step finds are reported together; a later step runs only
/// on what the earlier ones found sound.
pub fn generate(text: &str) -> Result<String, Vec<Fault>> {
    let document = Document::load(text)?;
    check::check(&document)?;
    let adapted = adapt::adapt(document);
    render::render(&adapted)
}

//! From the OpenAPI document to the source of the client:
//! load → check → adapt → render.

mod adapt;
mod check;
mod document;
mod fault;
mod open_enum;
mod render;

use std::any::Any;
use std::panic;

pub use fault::Fault;

/// Turns the text of the document into the source of the generated client.
///
/// All faults that a step finds are reported together; a later step runs only
/// on what the earlier ones found sound.
pub fn generate(text: &str) -> Result<String, Vec<Fault>> {
    // The generator panics on some of what it does not handle.
    panic::catch_unwind(|| steps(text)).unwrap_or_else(|panic| {
        let reason = panic_message(&*panic);
        Err(vec![Fault::in_document(format!(
            "the generator does not handle something in it: {reason}"
        ))])
    })
}

fn steps(text: &str) -> Result<String, Vec<Fault>> {
    let document = document::Document::load(text)?;
    check::check(&document)?;
    let adapted = adapt::adapt(document);
    render::render(&adapted).map_err(|error| vec![Fault::in_document(error.to_string())])
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it does not say what")
}

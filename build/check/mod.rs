//! What the generator would panic on, or take without a word for something
//! else than what was meant.

mod names;
mod operations;
mod references;
mod schemas;
mod security;
mod structure;

use serde_json::Value;

use super::document::Document;
use super::fault::Fault;

pub use operations::success;

pub fn faults(document: &Document) -> Vec<Fault> {
    // Another version has other keys, so nothing else is looked at.
    if let Some(fault) = version(document) {
        return vec![fault];
    }
    let structure = structure::check(document);
    let mended = &structure.mended;
    let of_meaning = [
        references::faults(mended),
        operations::faults(mended),
        security::faults(mended),
        schemas::faults(mended),
        names::faults(mended),
    ];
    // What is in an unsound object may be wrong because of that.
    let is_sound = |fault: &Fault| {
        let mut unsound = structure.unsound.iter();
        !unsound.any(|pointer| fault.is_within(pointer))
    };
    let of_meaning = of_meaning.into_iter().flatten().filter(is_sound);
    structure.faults.into_iter().chain(of_meaning).collect()
}

fn version(document: &Document) -> Option<Fault> {
    let key = ["openapi", "swagger"]
        .into_iter()
        .find(|key| document.root().get(key).is_some())?;
    let version = document.root().get(key).and_then(Value::as_str)?;
    if key == "openapi" && version.starts_with("3.0.") {
        return None;
    }
    let message = format!("this is version {version}, and the generator reads OpenAPI 3.0 only");
    let fault = Fault::at_value(&format!("/{key}"), message);
    Some(fault.help("write the document as OpenAPI 3.0, and `openapi: 3.0.3`"))
}

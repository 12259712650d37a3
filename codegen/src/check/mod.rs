//! What the generator would panic on, or take without a word for something
//! else than what was meant.

mod names;
mod operations;
mod references;
mod schemas;
mod security;
mod servers;
mod spelling;
mod structure;

use serde_json::Value;

use super::diagnostic::Fault;
use super::document::Document;

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
        servers::faults(mended),
        schemas::faults(mended),
        names::faults(mended),
    ];
    // What is in an unsound object may be wrong because of that.
    let is_sound = |fault: &Fault| {
        let mut unsound = structure.unsound.iter();
        !unsound.any(|pointer| fault.is_within(pointer))
    };
    let of_meaning = of_meaning.into_iter().flatten().filter(is_sound);
    let mut faults: Vec<Fault> = Vec::new();
    for fault in structure.faults.into_iter().chain(of_meaning) {
        // In the text, misspelt keys are as they were.
        let renames = structure.renames.iter().rev();
        let fault = renames.fold(fault, |fault, (mended, written)| {
            fault.moved(mended, written)
        });
        // What several operations share is at fault once.
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    faults
}

fn version(document: &Document) -> Option<Fault> {
    if document.root().is_null() {
        let fault = Fault::at_line(1, 1, "the document is empty");
        return Some(fault.help("begin it with `openapi: 3.0.3`"));
    }
    let (key, version) = ["openapi", "swagger"]
        .into_iter()
        .find_map(|key| Some((key, document.root().get(key)?)))?;
    // Without quotes, 3.1 is a number.
    let version = match version {
        Value::String(version) => version.clone(),
        Value::Number(version) => version.to_string(),
        _ => return None,
    };
    if key == "openapi" && (version.starts_with("3.0.") || version == "3.0") {
        return None;
    }
    let message = format!("this is version {version}, and the generator reads OpenAPI 3.0 only");
    let fault = Fault::at_value(&format!("/{key}"), message);
    Some(fault.help("write the document as OpenAPI 3.0, and `openapi: 3.0.3`"))
}

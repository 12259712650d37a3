//! What the generator would panic on, or take without a word for something
//! else than what was meant.

mod names;
mod operations;
mod references;
mod schemas;

use super::Fault;
use super::document::Document;

pub use operations::success;

pub fn check(document: &Document) -> Result<(), Vec<Fault>> {
    // The other rules follow references, so they come after.
    report(references::faults(document))?;
    report(
        [
            operations::faults(document),
            schemas::faults(document),
            names::faults(document),
        ]
        .concat(),
    )
}

fn report(faults: Vec<Fault>) -> Result<(), Vec<Fault>> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

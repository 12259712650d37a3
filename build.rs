//! Generates the client from the OpenAPI document.

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "build/mod.rs"]
mod build;

use std::path::Path;
use std::{env, fs, panic, process};

const DOCUMENT: &str = "openapi/duvo.yaml";

fn main() {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    if let Err(lines) = run() {
        for line in lines {
            println!("cargo::error={line}");
        }
        process::exit(1);
    }
}

fn run() -> Result<(), Vec<String>> {
    let text =
        fs::read_to_string(DOCUMENT).map_err(|error| vec![format!("{DOCUMENT}: {error}")])?;
    let source = without_panic_message(|| build::generate(&text)).map_err(|faults| {
        faults
            .iter()
            .map(|fault| fault.to_line(DOCUMENT))
            .collect::<Vec<_>>()
    })?;
    let directory = env::var_os("OUT_DIR").ok_or_else(|| vec!["OUT_DIR is not set".to_owned()])?;
    let path = Path::new(&directory).join("client.rs");
    fs::write(&path, source).map_err(|error| vec![format!("{}: {error}", path.display())])
}

/// A panic of the generator becomes a fault of the document, with words of our
/// own.
fn without_panic_message<T>(work: impl FnOnce() -> T) -> T {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = work();
    panic::set_hook(hook);
    result
}

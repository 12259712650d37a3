//! What the build script does with the feature `codegen`.

use std::fmt::Display;
use std::panic::{self, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

/// Generates the source from the document at `path` into `OUT_DIR`, and reports
/// errors as Cargo shows them.
pub fn run(path: &str) -> ExitCode {
    println!("cargo::rerun-if-changed={path}");
    match write(path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Writes what is generated; an error is what the maintainer reads.
fn write(document: &str) -> Result<(), String> {
    let text = fs::read_to_string(document).map_err(|error| failed(&document, &error))?;
    let generated = without_panic_message(|| catch_unwind(|| crate::generate(&text)));
    let generated = generated.map_err(|_| {
        shown(format!(
            "{document}: a mistake in codegen keeps this document from being read"
        ))
    })?;
    let generated = generated.map_err(|report| {
        // Cargo shows these lines first, even if it is told to be quiet.
        for diagnostic in report.diagnostics() {
            println!("cargo::error={}", diagnostic.to_line(document));
        }
        report.to_text(document, &text)
    })?;
    let directory = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    for (name, source) in generated.files() {
        let path = Path::new(&directory).join(name);
        fs::write(&path, source).map_err(|error| failed(&path.display(), &error))?;
    }
    Ok(())
}

fn failed(path: &dyn Display, error: &io::Error) -> String {
    shown(format!("{path}: {error}"))
}

/// A message that Cargo shows as an error of its own.
fn shown(message: String) -> String {
    println!("cargo::error={message}");
    message
}

/// Does the work without the words of a panic on the way: what the generator
/// panics on is reported as a fault of the document.
fn without_panic_message<T>(work: impl FnOnce() -> T) -> T {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = work();
    panic::set_hook(hook);
    result
}

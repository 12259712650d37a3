//! The main function of a build script.

use std::fmt::Display;
use std::panic::{self, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use crate::{Settings, explain, generate};

/// Generates code from the document at `path` into `OUT_DIR`.
///
/// Prints errors in the form that Cargo shows. Cargo reruns the build script only if the
/// document or the build script changes.
#[must_use]
pub fn run(path: &str, settings: &Settings) -> ExitCode {
    println!("cargo::rerun-if-changed={path}");
    match write_files(path, settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the generated files. On failure, returns the full message for the maintainer.
fn write_files(document: &str, settings: &Settings) -> Result<(), String> {
    let text = fs::read_to_string(document).map_err(|error| io_error(&document, &error))?;
    let generated = silence_panics(|| {
        // A panic cannot leave `settings` in an inconsistent state: nothing changes it.
        catch_unwind(panic::AssertUnwindSafe(|| {
            generate(&text, settings).map_err(|report| explain(&text, settings, report))
        }))
    });
    let generated = generated.map_err(|_| {
        emit_error(format!(
            "{document}: internal error in codegen while reading this document"
        ))
    })?;
    let generated = generated.map_err(|report| {
        // Cargo prints these lines first, even with `--quiet`.
        for diagnostic in report.diagnostics() {
            println!("cargo::error={}", diagnostic.to_line(document));
        }
        report.to_text(document, &text)
    })?;
    let directory = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    for (name, source) in generated.files() {
        let path = Path::new(&directory).join(name);
        fs::write(&path, source).map_err(|error| io_error(&path.display(), &error))?;
    }
    Ok(())
}

fn io_error(path: &dyn Display, error: &io::Error) -> String {
    emit_error(format!("{path}: {error}"))
}

/// Prints a message as a Cargo error, and returns it.
fn emit_error(message: String) -> String {
    println!("cargo::error={message}");
    message
}

/// Runs `work` without printing panic messages. A panic of progenitor is caught and
/// reported as an error in the document.
fn silence_panics<T>(work: impl FnOnce() -> T) -> T {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = work();
    panic::set_hook(hook);
    result
}

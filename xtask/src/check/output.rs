//! Prints the results of a check.

use duvo_codegen::document::Document;
use duvo_codegen::{Diagnostic, Report, Source};
use heck::ToSnakeCase;

use super::Format;
use super::build::{CompileError, DocumentErrors};
use super::summary::{self, Change};
use super::surface::Name;
use super::touched::FileReport;
use crate::DOCUMENT;
use crate::version::{Impact, Version};

const ACCEPT: &str = "cargo xtask check --accept";

pub struct Output {
    format: Format,
}

impl Output {
    pub fn new(format: Format) -> Self {
        Self { format }
    }

    fn is_human(&self) -> bool {
        self.format == Format::Human
    }

    pub fn document_errors(&mut self, errors: &DocumentErrors) {
        if self.is_human() {
            println!("{}\n", errors.rendered);
            let count = count(errors.lines.len(), "error");
            println!("{DOCUMENT} has {count}; nothing was generated.");
        } else {
            for line in &errors.lines {
                println!("{}", with_level(line, "error"));
            }
        }
    }

    pub fn no_document_errors(&mut self) {
        if self.is_human() {
            println!("{DOCUMENT} has no errors.");
        }
    }

    /// Prints the changes, in the short format with their locations in the document.
    pub fn changes(&mut self, revision: &str, changes: &[Change], text: &str) {
        if !self.is_human() {
            for change in changes {
                if let Some(line) = located(change, text) {
                    println!("{line}");
                }
            }
            return;
        }
        println!("\nChanges since {revision}:");
        for change in changes {
            println!("  {}", change.text);
        }
        if changes.is_empty() {
            println!("  no change of a type, an operation or the mock server");
        }
    }

    pub fn source(&mut self, patch: &str) {
        if self.is_human() && !patch.is_empty() {
            println!("\nGenerated source:\n{}", patch.trim_end());
        }
    }

    pub fn public_api(&mut self, text: &str) {
        self.section("Rust API", text);
    }

    /// Prints what the generated source determines about the public API, if rustdoc reports
    /// only an error.
    pub fn generated_api(&mut self, error: &str, changes: &[Change]) {
        let line = |change: &Change| {
            let impact = match change.impact {
                Impact::Nothing => return None,
                Impact::Addition => "addition",
                Impact::Breaking => "breaking",
            };
            Some(format!("  {impact}  {}\n", change.text))
        };
        let text: String = changes.iter().filter_map(line).collect();
        self.unknown("Rust API", error);
        self.section("Rust API, as far as it is generated", &text);
    }

    /// Prints that a part of the result is not known.
    pub fn unknown(&mut self, title: &str, error: &str) {
        if self.is_human() {
            println!("\n{title}: not known, because {error}");
        } else {
            let line = error.lines().next().unwrap_or_default();
            println!("{DOCUMENT}:1:1: error: {title}: not known, because {line}");
        }
    }

    pub fn wire(&mut self, text: &str) {
        self.section("Wire format", text);
    }

    fn section(&mut self, title: &str, text: &str) {
        if self.is_human() {
            let text = if text.is_empty() {
                "  no changes\n"
            } else {
                text
            };
            print!("\n{title}:\n{text}");
        }
    }

    pub fn version(&mut self, impact: Impact, required: Version, current: Version) {
        if !self.is_human() {
            return;
        }
        let verdict = if current >= required {
            "sufficient"
        } else {
            "too low"
        };
        println!(
            "\n{impact}: the next version is {required} or higher. \
             The version {current} in Cargo.toml is {verdict}."
        );
    }

    /// Prints what else the edit requires: errors of rustc, and of other files.
    pub fn touched(&mut self, errors: &[CompileError], reports: &[FileReport]) {
        let lines = reports.iter().flat_map(|file| {
            let diagnostics = file.report.diagnostics().iter();
            diagnostics.map(|diagnostic| with_level(&diagnostic.to_line(file.path), file.level))
        });
        let lines: Vec<_> = lines.collect();
        if self.is_human() && !(errors.is_empty() && lines.is_empty()) {
            println!("\nTo be changed as well:\n");
        }
        for error in errors {
            let CompileError {
                file,
                line,
                column,
                message,
                rendered,
            } = error;
            if self.is_human() {
                println!("{}\n", rendered.trim_end());
            } else {
                println!("{file}:{line}:{column}: error: {message}");
            }
        }
        for line in lines {
            println!("{line}");
        }
    }

    pub fn accepted(&mut self, paths: &[&str]) {
        if self.is_human() && !paths.is_empty() {
            println!("\nAccepted: {}.", paths.join(", "));
        }
    }

    pub fn outdated(&mut self, paths: &[&str]) {
        if paths.is_empty() {
            return;
        }
        if self.is_human() {
            println!(
                "\nOutdated: {}. To accept the changes: {ACCEPT}",
                paths.join(", ")
            );
        } else {
            for path in paths {
                println!("{path}:1:1: error: outdated; to accept the changes, run `{ACCEPT}`");
            }
        }
    }
}

fn count(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Inserts the level into a line `file:line:column: message`.
fn with_level(line: &str, level: &str) -> String {
    match line.split_once(": ") {
        Some((location, message)) => format!("{location}: {level}: {message}"),
        None => line.to_owned(),
    }
}

/// Returns a change with its location in the document, unless the item was removed.
fn located(change: &Change, text: &str) -> Option<String> {
    let document = Document::load(text).ok()?;
    let pointer = pointer(change.item.as_ref()?, &document)?;
    let diagnostic = Diagnostic::at_key(&pointer, &change.text);
    let report = Report::new(&[diagnostic], &Source::parse(text).0);
    let level = match change.impact {
        Impact::Breaking => "warning",
        Impact::Nothing | Impact::Addition => "note",
    };
    let line = report.diagnostics().first()?.to_line(DOCUMENT);
    Some(with_level(&line, level))
}

/// Returns the location of an item in the document: that of a schema, a property or an
/// operation.
fn pointer(item: &Name, document: &Document) -> Option<String> {
    let schemas = "/components/schemas";
    let operation = |name: &str| {
        let operations = document.operations().into_iter();
        let mut operations = operations.map(|operation| operation.node);
        operations
            .find(|node| {
                node.text("operationId")
                    .map(ToSnakeCase::to_snake_case)
                    .as_deref()
                    == Some(name)
            })
            .map(|node| node.pointer)
    };
    match item {
        Name::Field { owner, name } => Some(format!("{schemas}/{owner}/properties/{name}")),
        Name::Type(owner) | Name::Variant { owner, .. } | Name::Validation { owner } => {
            Some(format!("{schemas}/{owner}"))
        }
        Name::Operation(name)
        | Name::Parameter {
            operation: name, ..
        }
        | Name::Result { operation: name } => operation(name),
        Name::Mock { .. } | Name::Fixture(_) => match summary::owner(item)? {
            Name::Operation(name) => operation(&name),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_is_inserted_after_the_location() {
        assert_eq!(
            with_level("openapi/duvo.yaml:3:7: unknown key: `x`", "error"),
            "openapi/duvo.yaml:3:7: error: unknown key: `x`"
        );
    }
}

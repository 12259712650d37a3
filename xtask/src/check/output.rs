//! Prints the results of a check.

use duvo_codegen::Source;
use duvo_codegen::document::Document;

use super::Format;
use super::build::{Build, CompileError, Compiled, DocumentErrors};
use super::location::{locate_change, locate_wire_change};
use super::summary::{Change, Kind};
use super::touched::FileReport;
use crate::oasdiff::{self, Level};
use crate::version::{Impact, Version};
use crate::{DOCUMENT, wire};

const ACCEPT: &str = "cargo xtask check --accept";

pub struct Output {
    format: Format,
    has_warnings: bool,
}

impl Output {
    pub fn new(format: Format) -> Self {
        Self {
            format,
            has_warnings: false,
        }
    }

    fn is_human(&self) -> bool {
        self.format == Format::Human
    }

    pub fn document_errors(&mut self, errors: &DocumentErrors) {
        if self.is_human() {
            if errors.rendered.is_empty() {
                print_line!("{}\n", errors.lines.join("\n"));
            } else {
                print_line!("{}\n", errors.rendered);
            }
            let count = count(errors.lines.len(), "error");
            print_line!("{DOCUMENT} has {count}; nothing was generated.");
        } else {
            for line in &errors.lines {
                print_line!("{}", with_level(line, "error"));
            }
        }
    }

    pub fn no_document_errors(&mut self) {
        if self.is_human() {
            print_line!("{DOCUMENT} has no errors.");
        }
    }

    /// Prints the changes of the generated source.
    pub fn changes(
        &mut self,
        revision: &str,
        changes: &[Change],
        document: &Document,
        source: &Source<'_>,
    ) {
        if !self.is_human() {
            for change in changes {
                let level = match change.impact {
                    Impact::Breaking => "warning",
                    Impact::Nothing | Impact::Addition => "note",
                };
                let line = locate_change(change, document, source);
                print_line!("{}", with_level(&line, level));
            }
            return;
        }
        print_line!("\nChanges since {revision}:");
        for change in changes {
            print_line!("  {}", change.text);
        }
        if changes.is_empty() {
            print_line!("  no change of a type, an operation or the mock server");
        }
    }

    /// Prints the changes of a document that have no other effect.
    pub fn without_effect(&mut self, lines: &[String]) {
        if !lines.is_empty() {
            let lines: Vec<_> = lines.iter().map(|line| format!("  {line}\n")).collect();
            self.section(
                "Changes of the document without an effect on the client",
                &lines.concat(),
            );
        }
    }

    pub fn source(&mut self, patch: &str) {
        if self.is_human() && !patch.is_empty() {
            print_line!("\nGenerated source:\n{}", patch.trim_end());
        }
    }

    /// Prints the lines of the public API that changed. Not visible in these lines is that an
    /// addition to what users can list completely breaks them.
    pub fn public_api(&mut self, text: &str, changes: &[Change]) {
        let is_breaking =
            |change: &&Change| change.kind == Kind::Added && change.impact == Impact::Breaking;
        let breaking = changes.iter().filter(is_breaking);
        let breaking: Vec<_> = breaking
            .map(|change| {
                let text = &change.text;
                format!("  breaking  {text}: code that lists all parts no longer compiles\n")
            })
            .collect();
        self.section("Rust API", &(text.to_owned() + &breaking.concat()));
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
        let title = format!("Rust API, as far as it is generated, because {error}");
        self.section(&title, &text);
    }

    /// Prints that a part of the result is not known.
    pub fn unknown(&mut self, title: &str, error: &str) {
        if self.is_human() {
            print_line!("\n{title}: not known, because {error}");
        } else {
            let line = error.lines().next().unwrap_or_default();
            print_line!("{DOCUMENT}:1:1: error: {title}: not known, because {line}");
        }
    }

    pub fn wire(&mut self, changes: &[oasdiff::Change], document: &Document, source: &Source<'_>) {
        let text = match changes {
            [] => "  no change that oasdiff reports\n".to_owned(),
            changes => wire::to_text(changes),
        };
        self.section("Wire format", &text);
        if !self.is_human() {
            let changes = changes.iter();
            for change in changes.filter(|change| change.level != Level::Info) {
                let line = locate_wire_change(change, document, source);
                print_line!("{}", with_level(&line, "warning"));
            }
        }
    }

    fn section(&mut self, title: &str, text: &str) {
        if self.is_human() {
            let text = if text.is_empty() {
                "  no changes\n"
            } else {
                text
            };
            print_text!("\n{title}:\n{text}");
        }
    }

    /// Prints the version that the next release requires. `base` is the version of the last
    /// release, or without one, that of the compared revision.
    pub fn version(&mut self, impact: Impact, base: Version, current: Version, is_released: bool) {
        if !self.is_human() {
            return;
        }
        if impact == Impact::Nothing {
            print_line!("\n{impact}.");
            return;
        }
        let next = base.after(impact);
        if !is_released {
            print_line!(
                "\n{impact}: the version after {base} is {next} or higher. \
                 There is no release tag; {base} can stay if it was never released."
            );
            return;
        }
        let verdict = if current >= next {
            "sufficient"
        } else {
            "too low; raise it before the release"
        };
        print_line!(
            "\n{impact}: the next version is {next} or higher. \
             The version {current} in Cargo.toml is {verdict}."
        );
    }

    fn end(&self, is_valid: bool) {
        let text = match (is_valid, self.has_warnings) {
            (false, _) => "Fix what is listed above.",
            (true, true) => {
                "Nothing is left to accept. Correct what has a warning, unless it may stay. \
                 Run `cargo test` before you commit."
            }
            (true, false) => {
                "Nothing is left to change or accept. Run `cargo test` before you commit."
            }
        };
        print_line!("\n{text}");
    }

    /// Prints what else the edit requires: errors of rustc and of other files, and texts that
    /// are no longer right.
    pub fn touched(&mut self, build: &Build, reports: &[FileReport], texts: &[String]) {
        let errors = &build.errors;
        let lines = reports.iter().flat_map(|file| {
            let diagnostics = file.report.diagnostics().iter();
            diagnostics.map(|diagnostic| with_level(&diagnostic.to_line(file.path), file.level))
        });
        let text_lines = texts.iter().map(|line| with_level(line, "warning"));
        let lines: Vec<_> = lines.chain(text_lines).collect();
        let mut warnings = reports.iter().filter(|file| file.level == "warning");
        self.has_warnings =
            !texts.is_empty() || warnings.any(|file| !file.report.diagnostics().is_empty());
        if self.is_human() && !(errors.is_empty() && lines.is_empty()) {
            print_line!("\nTo be changed as well:\n");
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
                print_line!("{}\n", rendered.trim_end());
            } else {
                print_line!("{file}:{line}:{column}: error: {message}");
            }
        }
        let is_incomplete = build.compiled == Compiled::Library && !errors.is_empty();
        if self.is_human() && is_incomplete {
            print_line!(
                "More errors may follow in tests/ and examples/ once these are corrected.\n"
            );
        }
        for line in lines {
            print_line!("{line}");
        }
    }

    pub fn accepted(&mut self, paths: &[&str], is_valid: bool) {
        if !self.is_human() {
            return;
        }
        if !paths.is_empty() {
            print_line!("\nAccepted: {}.", paths.join(", "));
        }
        self.end(is_valid);
    }

    pub fn outdated(&mut self, paths: &[&str], is_valid: bool) {
        if !self.is_human() {
            for path in paths {
                print_line!("{path}:1:1: error: outdated; to accept the changes, run `{ACCEPT}`");
            }
        } else if paths.is_empty() {
            self.end(is_valid);
        } else {
            let first = match (is_valid, self.has_warnings) {
                (false, _) => "First fix what is listed above. ",
                (true, true) => "First correct what has a warning, unless it may stay. ",
                (true, false) => "",
            };
            print_line!(
                "\nOutdated: {}. {first}To accept the changes: {ACCEPT}",
                paths.join(", ")
            );
        }
    }
}

/// Prints that a method of the public API, or its test, is missing for an operation.
pub fn uncalled(operations: &[(&str, &str)]) {
    for (folder, operation) in operations {
        let (file, missing) = match *folder {
            "src" => ("src/lib.rs", "a method"),
            _ => ("tests/client/main.rs", "a test"),
        };
        print_line!(
            "{file}:1:1: error: nothing in {folder}/ calls the operation `{operation}`; \
             add {missing}, as docs/openapi-document.md describes"
        );
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

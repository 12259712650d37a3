//! Compiles the crate, and reads what the build script generated.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::dependents::Dependent;
use crate::{DOCUMENT, Result, document_file, process};

/// The outcome of a build.
#[derive(Debug, Default)]
pub struct Build {
    /// The errors of the OpenAPI document; without them, the source was generated.
    pub document_errors: Option<DocumentErrors>,
    /// The folder of the generated source.
    pub generated: Option<PathBuf>,
    /// The errors of rustc.
    pub errors: Vec<CompileError>,
    pub compiled: Compiled,
}

/// What was compiled.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Compiled {
    /// The library, and what tests share.
    #[default]
    Library,
    /// Those tests and examples as well that contain a broken name.
    Affected,
    /// All tests in `tests/` and all examples as well.
    All,
}

#[derive(Debug, PartialEq, Eq)]
pub struct DocumentErrors {
    /// One line for each error: `file:line:column: message`.
    pub lines: Vec<String>,
    /// The errors with the lines of the document.
    pub rendered: String,
}

/// An error of rustc.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CompileError {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
    /// The error as rustc prints it.
    pub rendered: String,
}

/// Compiles the library with all features, and what tests share. The unit tests would compile
/// the library a second time.
pub fn library() -> Result<Build> {
    // The library alone would be compiled with other features of its dependencies than for
    // the tests. This test takes no time.
    check(&["--lib", "--test", "generated"])
}

/// Compiles tests and examples, and returns their errors.
pub fn dependents(dependents: &[Dependent]) -> Result<Vec<CompileError>> {
    if dependents.is_empty() {
        return Ok(Vec::new());
    }
    let options = dependents.iter();
    let options = options.flat_map(|dependent| [dependent.option(), dependent.name.as_str()]);
    let options: Vec<_> = options.collect();
    Ok(check(&options)?.errors)
}

fn check(targets: &[&str]) -> Result<Build> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["check", "--package", "duvo", "--all-features"]);
    cargo.args(targets);
    cargo.args(["--keep-going", "--message-format=json"]);
    let output = process::run(&mut cargo)?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let build = read(&stdout, &stderr);
    let has_failed = build.document_errors.is_some() || !build.errors.is_empty();
    if !output.status.success() && !has_failed {
        return Err(format!("cargo check failed:\n{stderr}"));
    }
    Ok(build)
}

/// A message of Cargo, as far as it is used.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    BuildScriptExecuted {
        out_dir: PathBuf,
    },
    #[serde(rename = "compiler-message")]
    Compiler {
        message: Diagnostic,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    column_start: usize,
    is_primary: bool,
    /// The call of the macro that the code comes from.
    expansion: Option<Box<Expansion>>,
}

#[derive(Deserialize)]
struct Expansion {
    span: Span,
}

impl Span {
    /// Returns the innermost location outside other packages, whose files a maintainer can
    /// edit: an error in the code of `vec!` is at the call.
    fn in_own_code(self, generated: Option<&str>) -> Self {
        let is_own = Path::new(&self.file_name).is_relative()
            || generated.is_some_and(|folder| self.file_name.starts_with(folder));
        match self.expansion {
            Some(expansion) if !is_own => expansion.span.in_own_code(generated),
            _ => self,
        }
    }
}

fn read(stdout: &str, stderr: &str) -> Build {
    let mut build = Build {
        document_errors: document_errors(stderr),
        ..Build::default()
    };
    let mut diagnostics = Vec::new();
    for line in stdout.lines() {
        match serde_json::from_str(line) {
            Ok(Message::BuildScriptExecuted { out_dir }) if is_own(&out_dir) => {
                build.generated = Some(out_dir);
            }
            Ok(Message::Compiler { message }) if message.level == "error" => {
                diagnostics.push(message);
            }
            _ => {}
        }
    }
    let generated = build.generated.as_ref();
    let generated = generated.map(|folder| folder.display().to_string());
    let errors = diagnostics.into_iter();
    let errors = errors.filter_map(|diagnostic| compile_error(diagnostic, generated.as_deref()));
    // A module that several tests include has the same errors in each.
    build.errors = errors.collect::<BTreeSet<_>>().into_iter().collect();
    build
}

/// Whether the folder is that of the build script of `duvo`: `build/duvo-0123456789abcdef/out`.
fn is_own(out_dir: &Path) -> bool {
    let unit = out_dir.parent().and_then(Path::file_name);
    let hash = unit.and_then(|unit| unit.to_str()?.strip_prefix("duvo-"));
    hash.is_some_and(|hash| hash.chars().all(|digit| digit.is_ascii_hexdigit()))
}

fn compile_error(diagnostic: Diagnostic, generated: Option<&str>) -> Option<CompileError> {
    // The summary "could not compile" has no location.
    let span = diagnostic.spans.into_iter().find(|span| span.is_primary)?;
    let span = span.in_own_code(generated);
    // The committed copy is the one that a maintainer reads.
    let committed = |text: String| match generated {
        Some(folder) => text.replace(folder, "src/generated"),
        None => text,
    };
    Some(CompileError {
        file: committed(span.file_name),
        line: span.line_start,
        column: span.column_start,
        rendered: committed(diagnostic.rendered.unwrap_or_default()),
        message: diagnostic.message,
    })
}

/// Reads the errors of the build script from the output of Cargo, which prints each on one
/// line, and then the output of the build script.
fn document_errors(stderr: &str) -> Option<DocumentErrors> {
    let lines: Vec<_> = stderr
        .lines()
        .filter_map(|line| {
            let line = line.strip_prefix("error: duvo@")?.split_once(": ")?.1;
            // A document that cannot be read has an error without a location.
            let without_location = line.strip_prefix(DOCUMENT)?.strip_prefix(": ");
            Some(without_location.map_or_else(
                || line.to_owned(),
                |message| format!("{DOCUMENT}:1:1: {message}"),
            ))
        })
        .collect();
    let rendered = stderr.split_once("--- stderr\n");
    let rendered = rendered.map_or("", |(_, rendered)| rendered);
    let rendered = rendered
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with("  "));
    let rendered: Vec<_> = rendered
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect();
    (!lines.is_empty()).then(|| DocumentErrors {
        lines,
        rendered: rendered.join("\n").trim_end().to_owned(),
    })
}

/// Reads the generated files.
pub fn generated_files(folder: &Path) -> Result<[String; 3]> {
    let [types, operations, mock] =
        ["types.rs", "operations.rs", "mock.rs"].map(|name| document_file::read(folder.join(name)));
    Ok([types?, operations?, mock?])
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT_ERROR: &str = "   Compiling duvo v0.1.0 (/duvo)
error: duvo@0.1.0: openapi/duvo.yaml:39:7: unknown key `sumary` in an operation; did you mean `summary`?
error: failed to run custom build command for `duvo v0.1.0 (/duvo)`

Caused by:
  process didn't exit successfully: `/duvo/target/debug/build/duvo-679f93fc49b32685/build-script-build` (exit status: 1)
  --- stdout
  cargo::error=openapi/duvo.yaml:39:7: unknown key `sumary` in an operation; did you mean `summary`?

  --- stderr
  error: unknown key `sumary` in an operation
    --> openapi/duvo.yaml:39:7
     |
  39 |       sumary: Register
     |       ^^^^^^

  error: another
warning: build failed, waiting for other jobs to finish...
";

    const MESSAGES: &str = r#"{"reason":"build-script-executed","package_id":"a","linked_libs":[],"linked_paths":[],"cfgs":[],"env":[],"out_dir":"/duvo/target/debug/build/ring-0ba4c04dd7f0e7ed/out"}
{"reason":"build-script-executed","package_id":"b","linked_libs":[],"linked_paths":[],"cfgs":[],"env":[],"out_dir":"/duvo/target/debug/build/duvo-79ab5fbfe6bd6f1c/out"}
{"reason":"compiler-message","package_id":"b","message":{"level":"warning","message":"unused","rendered":"warning: unused\n","spans":[{"file_name":"src/lib.rs","line_start":1,"column_start":1,"is_primary":true}]}}
{"reason":"compiler-message","package_id":"b","message":{"level":"error","message":"mismatched types","rendered":"error[E0308]: mismatched types\n","spans":[{"file_name":"src/client.rs","line_start":2,"column_start":3,"is_primary":false},{"file_name":"src/teams.rs","line_start":30,"column_start":5,"is_primary":true}]}}
{"reason":"compiler-message","package_id":"b","message":{"level":"error","message":"mismatched types","rendered":"error[E0308]: mismatched types\n","spans":[{"file_name":"src/teams.rs","line_start":30,"column_start":5,"is_primary":true}]}}
{"reason":"compiler-message","package_id":"b","message":{"level":"error","message":"aborting due to 1 previous error","rendered":"error: aborting due to 1 previous error\n","spans":[]}}
{"reason":"build-finished","success":false}
"#;

    #[test]
    fn reads_errors_of_the_document() {
        let errors = read("", DOCUMENT_ERROR).document_errors.unwrap();
        assert_eq!(
            errors.lines,
            [
                "openapi/duvo.yaml:39:7: unknown key `sumary` in an operation; did you mean `summary`?"
            ]
        );
        assert_eq!(
            errors.rendered,
            "error: unknown key `sumary` in an operation\n  --> openapi/duvo.yaml:39:7\n   |\n\
             39 |       sumary: Register\n   |       ^^^^^^\n\nerror: another"
        );
    }

    #[test]
    fn error_in_a_macro_of_another_package_is_at_its_call() {
        let message = r#"{"reason":"compiler-message","package_id":"b","message":{"level":"error","message":"mismatched types","rendered":"error[E0308]: mismatched types\n","spans":[{"file_name":"/rustc/596/library/alloc/src/macros.rs","line_start":114,"column_start":13,"is_primary":true,"expansion":{"span":{"file_name":"tests/client/plan.rs","line_start":7,"column_start":20,"is_primary":false,"expansion":null}}}]}}"#;
        let errors = read(message, "").errors;
        let error = &errors[0];
        let location = (error.file.as_str(), error.line, error.column);
        assert_eq!(location, ("tests/client/plan.rs", 7, 20));
    }

    #[test]
    fn error_in_generated_code_is_in_the_committed_copy() {
        let generated = r#"{"reason":"build-script-executed","package_id":"b","out_dir":"/target/debug/build/duvo-79ab5fbfe6bd6f1c/out"}"#;
        let message = r#"{"reason":"compiler-message","package_id":"b","message":{"level":"error","message":"private","rendered":"error\n --> /target/debug/build/duvo-79ab5fbfe6bd6f1c/out/types.rs:3:10\n","spans":[{"file_name":"/target/debug/build/duvo-79ab5fbfe6bd6f1c/out/types.rs","line_start":3,"column_start":10,"is_primary":true,"expansion":{"span":{"file_name":"src/lib.rs","line_start":1,"column_start":1,"is_primary":false,"expansion":null}}}]}}"#;
        let errors = read(&format!("{generated}\n{message}\n"), "").errors;
        assert_eq!(errors[0].file, "src/generated/types.rs");
        assert_eq!(
            errors[0].rendered,
            "error\n --> src/generated/types.rs:3:10\n"
        );
    }

    #[test]
    fn reads_the_generated_folder_and_each_error_of_rustc_once() {
        let build = read(MESSAGES, "error: could not compile `duvo`\n");
        assert_eq!(build.document_errors, None);
        let generated = "/duvo/target/debug/build/duvo-79ab5fbfe6bd6f1c/out";
        assert_eq!(build.generated.unwrap(), Path::new(generated));
        assert_eq!(
            build.errors,
            [CompileError {
                file: "src/teams.rs".to_owned(),
                line: 30,
                column: 5,
                message: "mismatched types".to_owned(),
                rendered: "error[E0308]: mismatched types\n".to_owned(),
            }]
        );
    }
}

//! `cargo xtask`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use xtask::{DOCUMENT, Result, breaking, check, drift, import, root, verify, watch};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Runs the maintainers' tasks of duvo")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Report breaking changes and the required next version.
    Breaking {
        /// Git revision to compare with [default: the last release]
        revision: Option<String>,
    },
    /// Report every effect of an edit of the OpenAPI document.
    Check {
        /// Git revision to compare with
        #[arg(default_value = "HEAD")]
        revision: String,
        /// Accept the changes: write the generated source and the public API
        #[arg(long)]
        accept: bool,
        /// Form of the output
        #[arg(long, value_enum, default_value_t = MessageFormat::Human)]
        message_format: MessageFormat,
    },
    /// Report differences from Duvo's published OpenAPI document.
    Drift {
        /// Duvo's document, as downloaded
        published: PathBuf,
        /// Our document [default: openapi/duvo.yaml]
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
        /// Accepted differences [default: openapi/known-differences.yaml]
        #[arg(long, value_name = "FILE")]
        known: Option<PathBuf>,
    },
    /// Import an operation from a published OpenAPI document into ours.
    #[command(allow_missing_positional = true)]
    Import {
        /// The operationId, or the method and the path, as in "GET /v2/teams"
        #[arg(required_unless_present = "all")]
        operation: Option<String>,
        /// The published document, in JSON or YAML
        published: PathBuf,
        /// Our document [default: openapi/duvo.yaml]
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
        /// Insert the operation into our document instead of printing it
        #[arg(long)]
        write: bool,
        /// Report for every operation whether the generator accepts it after an import
        #[arg(long, conflicts_with_all = ["operation", "write"])]
        all: bool,
    },
    /// Run third-party validators and a third-party mock server.
    Verify,
    /// Check after every change of a file, with output for an editor.
    Watch {
        /// Git revision to compare with
        #[arg(default_value = "HEAD")]
        revision: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum MessageFormat {
    /// Sections for a reader
    Human,
    /// One line for each diagnostic: `file:line:column: level: message`
    Short,
}

impl From<MessageFormat> for check::Format {
    fn from(format: MessageFormat) -> Self {
        match format {
            MessageFormat::Human => Self::Human,
            MessageFormat::Short => Self::Short,
        }
    }
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Breaking { revision } => at_root().and_then(|()| breaking::run(revision)),
        Task::Check {
            revision,
            accept,
            message_format,
        } => at_root().and_then(|()| check::run(&revision, accept, message_format.into())),
        Task::Drift {
            published,
            document,
            known,
        } => drift(&published, document, known),
        Task::Import {
            operation,
            published,
            document,
            write,
            all: _,
        } => import(operation.as_deref(), &published, document, write),
        Task::Verify => at_root().map(|()| verify::run()),
        Task::Watch { revision } => at_root().and_then(|()| watch::run(&revision)),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn import(
    operation: Option<&str>,
    published: &Path,
    document: Option<PathBuf>,
    write: bool,
) -> Result<bool> {
    let published = absolute(published)?;
    let document = document.map_or(Ok(DOCUMENT.into()), |path| absolute(&path))?;
    at_root()?;
    match operation {
        Some(operation) => import::run(operation, &published, &document, write),
        None => import::run_all(&published, &document),
    }
}

fn drift(published: &Path, document: Option<PathBuf>, known: Option<PathBuf>) -> Result<bool> {
    let published = absolute(published)?;
    let document = document.map_or(Ok(DOCUMENT.into()), |path| absolute(&path))?;
    let known = known.map_or(Ok(drift::known::FILE.into()), |path| absolute(&path))?;
    at_root()?;
    drift::run(&published, &document, &known)
}

/// Makes a path independent of the folder in which the command is run.
fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn at_root() -> Result<()> {
    std::env::set_current_dir(root()).map_err(|error| format!("{}: {error}", root().display()))
}

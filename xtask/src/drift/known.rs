//! The accepted differences from Duvo's document.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Result;

/// The file of the accepted differences, from the root of the repository.
pub const FILE: &str = "openapi/known-differences.yaml";

/// Differences that are accepted for the same reason.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedDifference {
    pub operation: String,
    pub reason: String,
    pub differences: Vec<String>,
}

/// Parses the text of the file at `path`.
pub fn parse(path: &Path, text: &str) -> Result<Vec<AcceptedDifference>> {
    let known: Vec<AcceptedDifference> =
        serde_yaml::from_str(text).map_err(|error| format!("{}: {error}", path.display()))?;
    match known.iter().find(|known| known.reason.trim().is_empty()) {
        Some(known) => Err(format!(
            "{}: the differences of {} have no reason; add one",
            path.display(),
            known.operation
        )),
        None => Ok(known),
    }
}

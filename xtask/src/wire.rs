//! Compares two versions of the OpenAPI document by their effect on clients.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::document_file::read;
use crate::oasdiff::{self, Change, Level};
use crate::version::Impact;
use crate::{DOCUMENT, Result};

/// Returns the changes of the document since `old`, the text of an earlier version.
pub fn changes_since(old: &str) -> Result<Vec<Change>> {
    let before = PathBuf::from(format!(
        "target/document-before-{}.yaml",
        std::process::id()
    ));
    fs::create_dir_all("target")
        .and_then(|()| fs::write(&before, old))
        .map_err(|error| format!("{}: {error}", before.display()))?;
    let changes = oasdiff::changes(&before, Path::new(DOCUMENT));
    let _ = fs::remove_file(before);
    let mut changes = changes?;
    changes.extend(server_change(old)?);
    Ok(changes)
}

/// Compares the URL of the first server, which oasdiff ignores and the client uses.
fn server_change(old: &str) -> Result<Option<Change>> {
    let document = read(DOCUMENT)?;
    let server = |text: &str| {
        let document: Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        Ok::<_, String>(document["servers"][0]["url"].clone())
    };
    let (old, new) = (server(old)?, server(&document)?);
    Ok((old != new).then(|| Change {
        text: format!("requests are sent to {new} instead of {old}"),
        level: Level::Error,
        method: None,
        path: None,
    }))
}

/// Returns the impact of the most severe change.
pub fn impact(changes: &[Change]) -> Impact {
    match changes.iter().map(|change| change.level).max() {
        Some(Level::Error) => Impact::Breaking,
        Some(Level::Warning | Level::Info) => Impact::Addition,
        None => Impact::Nothing,
    }
}

/// Returns one line for each change.
pub fn to_text(changes: &[Change]) -> String {
    let line = |change: &Change| {
        let impact = match change.level {
            Level::Error => "breaking",
            Level::Warning => "warning ",
            Level::Info => "info    ",
        };
        let operation = change.operation();
        let separator = if operation.is_empty() { "" } else { " " };
        format!("  {impact} {operation}{separator}{}\n", change.text)
    };
    changes.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impact_is_that_of_the_most_severe_change() {
        let change = |level| Change {
            text: "added the request property `region`".to_owned(),
            level,
            method: Some("POST".to_owned()),
            path: Some("/v1/x".to_owned()),
        };
        assert_eq!(impact(&[]), Impact::Nothing);
        assert_eq!(impact(&[change(Level::Info)]), Impact::Addition);
        let both = [change(Level::Info), change(Level::Error)];
        assert_eq!(impact(&both), Impact::Breaking);
        assert_eq!(
            to_text(&both[1..]),
            "  breaking POST /v1/x added the request property `region`\n"
        );
    }
}

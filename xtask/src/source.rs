//! Finds the source files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;

/// Returns the source files at these paths and below, sorted.
pub fn files(paths: &[&str]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open: Vec<_> = paths.iter().map(PathBuf::from).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let failed = |error: std::io::Error| format!("{}: {error}", path.display());
            for entry in fs::read_dir(&path).map_err(failed)? {
                open.push(entry.map_err(failed)?.path());
            }
        } else if is_source(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a character can be part of a name in Rust.
pub fn is_in_name(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Whether a file is source or documentation, and no temporary file of an editor.
fn is_source(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("md" | "rs" | "toml" | "yaml"))
}

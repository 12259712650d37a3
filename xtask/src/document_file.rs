//! Reads files of the repository, and OpenAPI documents.

use std::fs;
use std::path::Path;

use duvo_codegen::document::Document;
use duvo_codegen::{Report, Source};

use crate::Result;

/// Reads a file. The error names the path.
pub fn read(path: impl AsRef<Path>) -> Result<String> {
    let path = path.as_ref();
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Parses the document that was read from `path`. The error shows the line.
pub fn load(path: impl AsRef<Path>, text: &str) -> Result<Document> {
    Document::load(text).map_err(|error| {
        let report = Report::new(&[error], &Source::without_positions(text));
        format!(
            "this is not an OpenAPI document\n{}",
            report.to_text(&path.as_ref().display().to_string(), text)
        )
    })
}

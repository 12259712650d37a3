//! Checks after every change of a file, for an editor.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::check::{self, Format};
use crate::{DOCUMENT, Result};

/// The pause between two looks at the files.
const PAUSE: Duration = Duration::from_millis(200);

/// Checks the edits since `revision` after every change of the document, the known
/// differences or the source. Ends only with an error.
///
/// The lines `checking` and `checked` enclose the diagnostics of a check, so that an editor
/// knows which ones are current.
pub fn run(revision: &str) -> Result<bool> {
    let mut seen = None;
    loop {
        let state = state()?;
        if seen.as_ref() == Some(&state) {
            #[allow(clippy::disallowed_methods, reason = "no test runs this loop")]
            thread::sleep(PAUSE);
            continue;
        }
        seen = Some(state);
        println!("checking {DOCUMENT}");
        let has_passed = match check::run(revision, false, Format::Short) {
            Ok(has_passed) => has_passed,
            Err(message) => {
                println!("{DOCUMENT}:1:1: error: {}", message.replace('\n', " "));
                false
            }
        };
        let result = if has_passed { "no errors" } else { "errors" };
        println!("checked {DOCUMENT}: {result}");
    }
}

/// Returns the watched files with the times of their last changes.
fn state() -> Result<Vec<(PathBuf, SystemTime)>> {
    let mut files = Vec::new();
    let mut open = [
        "openapi",
        "src",
        "tests",
        "examples",
        "build.rs",
        "Cargo.toml",
    ]
    .map(PathBuf::from)
    .to_vec();
    while let Some(path) = open.pop() {
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        // An editor may replace a file at this moment.
        let Ok(metadata) = fs::metadata(&path) else {
            continue;
        };
        if metadata.is_dir() {
            for entry in fs::read_dir(&path).map_err(failed)? {
                open.push(entry.map_err(failed)?.path());
            }
        } else if is_watched(&path) {
            files.push((path.clone(), metadata.modified().map_err(failed)?));
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file is one that affects a check, and not a temporary file of an editor.
fn is_watched(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("rs" | "toml" | "yaml"))
}

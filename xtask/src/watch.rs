//! Checks after every change of a file, for an editor.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::check::mentions::SEARCHED;
use crate::check::{self, Format};
use crate::{DOCUMENT, Result, source};

const WATCHED: [&str; 3] = ["Cargo.toml", "build.rs", "openapi"];

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
        print_line!("checking {DOCUMENT}");
        let has_passed = match check::run(revision, false, Format::Short) {
            Ok(has_passed) => has_passed,
            Err(message) => {
                print_line!("{DOCUMENT}:1:1: error: {}", message.replace('\n', " "));
                false
            }
        };
        let result = if has_passed { "no errors" } else { "errors" };
        print_line!("checked {DOCUMENT}: {result}");
    }
}

/// Returns the watched files with the times of their last changes.
fn state() -> Result<Vec<(PathBuf, SystemTime)>> {
    let watched: Vec<_> = WATCHED.into_iter().chain(SEARCHED).collect();
    let files = source::files(&watched)?.into_iter();
    // An editor may replace a file at this moment.
    let files = files.filter_map(|path| {
        let changed = fs::metadata(&path).ok()?.modified().ok()?;
        Some((path, changed))
    });
    Ok(files.collect())
}

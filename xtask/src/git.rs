//! Reads earlier revisions of the repository.

use std::path::Path;
use std::process::Command;

use crate::{Result, process};

/// Checks that a revision exists.
pub fn check_revision(revision: &str) -> Result<()> {
    let mut git = Command::new("git");
    git.args(["rev-parse", "--quiet", "--verify"]);
    process::output(git.arg(format!("{revision}^{{commit}}")))
        .map(|_| ())
        .map_err(|_| format!("`{revision}` is not a revision of this repository"))
}

/// Returns a file at a revision.
pub fn file_at(revision: &str, path: &str) -> Result<String> {
    let mut git = Command::new("git");
    process::output(git.arg("show").arg(format!("{revision}:{path}"))).map_err(|_| {
        format!("{path} does not exist at {revision}; pass a revision that contains it")
    })
}

/// Whether files at these paths have changed since a revision, or were added.
pub fn has_changed(revision: &str, paths: &[&str]) -> Result<bool> {
    let list = |arguments: &[&str]| {
        let mut git = Command::new("git");
        process::output(git.args(arguments).arg("--").args(paths))
    };
    Ok(!list(&["diff", "--name-only", revision])?.is_empty()
        || !list(&["ls-files", "--others", "--exclude-standard"])?.is_empty())
}

/// Returns the tag of the last release, such as `v0.1.0`, or `None` before the first release.
pub fn last_release() -> Option<String> {
    let mut git = Command::new("git");
    git.args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
    let tag = process::output(&mut git).ok()?;
    Some(tag.trim().to_owned())
}

/// Returns the difference between two files of a folder as a patch.
pub fn difference(folder: &Path, old: &str, new: &str) -> Result<String> {
    let mut git = Command::new("git");
    git.current_dir(folder);
    git.args([
        "diff",
        "--no-index",
        "--no-color",
        "--no-prefix",
        "--unified=1",
    ]);
    // The exit status is 1 if the files differ.
    let output = process::run(git.args([old, new]))?;
    let patch = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<_> = patch
        .lines()
        .filter(|line| !line.starts_with("diff ") && !line.starts_with("index "))
        .collect();
    Ok(lines.join("\n") + "\n")
}

//! Reports breaking changes, and the version that the next release requires.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::oasdiff::{self, Change, Level};
use crate::version::{Impact, Version};
use crate::{DOCUMENT, Result, process, public_api};

const SEMVER_CHECKS: &str = "cargo install --locked cargo-semver-checks@0.51.0";

/// Prints the changes since `revision`, by default the last release. Returns whether the
/// version in `Cargo.toml` is high enough.
pub fn run(revision: Option<String>) -> Result<bool> {
    let revision = revision.map_or_else(last_release, Ok)?;
    let manifest = fs::read_to_string("Cargo.toml").map_err(|error| error.to_string())?;
    let old = Version::from_manifest(&at_revision(&revision, "Cargo.toml")?)?;
    let current = Version::from_manifest(&manifest)?;
    check()?;
    let before = Path::new("target/document-before.yaml");
    let old_document = at_revision(&revision, DOCUMENT)?;
    fs::create_dir_all("target")
        .and_then(|()| fs::write(before, &old_document))
        .map_err(|error| format!("{}: {error}", before.display()))?;
    let mut wire = oasdiff::changes(before, Path::new(DOCUMENT))?;
    wire.extend(server_change(&old_document)?);
    let (old_api, new_api) = (
        at_revision(&revision, public_api::SNAPSHOT)?,
        public_api::current()?,
    );
    let api = ApiChange::between(&old_api, &new_api);
    let lints = semver_lints(&revision)?;

    println!("Rust API, since {revision}:");
    print!("{}", api.to_text());
    print!("{}", lints.as_deref().unwrap_or_default());
    println!("\nWire format, since {revision}:");
    print!("{}", wire_text(&wire));

    let lint_impact = lints.map_or(Impact::Nothing, |_| Impact::Breaking);
    let impact = api.impact().max(lint_impact).max(wire_impact(&wire));
    let required = old.after(impact);
    let is_sufficient = current >= required;
    let warnings = wire.iter().filter(|change| change.level == Level::Warning);
    if let count @ 1.. = warnings.count() {
        println!("\nReview the {count} warnings: such a change may break some consumers.");
    }
    let summary = match impact {
        Impact::Nothing => "No change for consumers",
        Impact::Addition => "Compatible additions",
        Impact::Breaking => "Breaking changes",
    };
    let verdict = if is_sufficient {
        "sufficient"
    } else {
        "too low"
    };
    println!(
        "\n{summary} since {old}: the next version is {required} or higher. \
         The version {current} in Cargo.toml is {verdict}."
    );
    Ok(is_sufficient)
}

fn last_release() -> Result<String> {
    let mut git = Command::new("git");
    git.args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
    process::output(&mut git)
        .map(|tag| tag.trim().to_owned())
        .map_err(|_| {
            "no release tag such as v0.1.0 exists; \
             pass a revision, as in `cargo xtask breaking HEAD~1`"
                .to_owned()
        })
}

/// Checks that the crate compiles, because the other checks require it.
fn check() -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["check", "--quiet", "--package", "duvo", "--all-features"]);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("the crate does not compile; fix it first".to_owned()),
        Err(error) => Err(format!("cannot run cargo: {error}")),
    }
}

/// Compares the URL of the first server, which oasdiff ignores and the client uses.
fn server_change(old_document: &str) -> Result<Option<Change>> {
    let document = fs::read_to_string(DOCUMENT).map_err(|error| error.to_string())?;
    let server = |text: &str| {
        let document: Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        Ok::<_, String>(document["servers"][0]["url"].clone())
    };
    let (old, new) = (server(old_document)?, server(&document)?);
    Ok((old != new).then(|| Change {
        text: format!("requests are sent to {new} instead of {old}"),
        level: Level::Error,
        method: None,
        path: None,
    }))
}

fn at_revision(revision: &str, path: &str) -> Result<String> {
    let mut git = Command::new("git");
    process::output(git.arg("show").arg(format!("{revision}:{path}"))).map_err(|_| {
        format!("{path} does not exist at {revision}; pass a revision that contains it")
    })
}

/// Returns the findings of cargo-semver-checks. It detects additions that break, but does
/// not compare types.
fn semver_lints(revision: &str) -> Result<Option<String>> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["semver-checks", "--package", "duvo"]);
    command.args(["--release-type", "minor", "--baseline-rev", revision]);
    let output = process::run(&mut command)?;
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    let log = String::from_utf8_lossy(&output.stderr);
    match (output.status.success(), found.trim().is_empty()) {
        (true, _) => Ok(None),
        (false, false) => Ok(Some(found)),
        (false, true) if log.contains("no such command") => Err(format!(
            "cargo-semver-checks is not installed; run `{SEMVER_CHECKS}`"
        )),
        (false, true) => Err(format!("cargo semver-checks failed:\n{log}")),
    }
}

/// The lines of the public API that were removed and added. A changed item is one of each.
#[derive(Debug, PartialEq, Eq)]
struct ApiChange<'a> {
    removed: BTreeSet<&'a str>,
    added: BTreeSet<&'a str>,
}

impl<'a> ApiChange<'a> {
    fn between(old: &'a str, new: &'a str) -> Self {
        let old: BTreeSet<_> = old.lines().collect();
        let new: BTreeSet<_> = new.lines().collect();
        Self {
            removed: &old - &new,
            added: &new - &old,
        }
    }

    fn impact(&self) -> Impact {
        match (self.removed.is_empty(), self.added.is_empty()) {
            (false, _) => Impact::Breaking,
            (true, false) => Impact::Addition,
            (true, true) => Impact::Nothing,
        }
    }

    fn to_text(&self) -> String {
        let removed = self
            .removed
            .iter()
            .map(|line| format!("  breaking  - {line}\n"));
        let added = self
            .added
            .iter()
            .map(|line| format!("  addition  + {line}\n"));
        let text: String = removed.chain(added).collect();
        or_no_changes(text)
    }
}

fn wire_impact(changes: &[Change]) -> Impact {
    match changes.iter().map(|change| change.level).max() {
        Some(Level::Error) => Impact::Breaking,
        Some(Level::Warning | Level::Info) => Impact::Addition,
        None => Impact::Nothing,
    }
}

fn wire_text(changes: &[Change]) -> String {
    let line = |change: &Change| {
        let impact = match change.level {
            Level::Error => "error  ",
            Level::Warning => "warning",
            Level::Info => "info   ",
        };
        let operation = change.operation();
        let separator = if operation.is_empty() { "" } else { " " };
        format!("  {impact} {operation}{separator}{}\n", change.text)
    };
    or_no_changes(changes.iter().map(line).collect())
}

fn or_no_changes(text: String) -> String {
    if text.is_empty() {
        "  no changes\n".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "pub mod duvo\npub duvo::Integration::name: String\n";

    #[test]
    fn changed_field_type_is_breaking() {
        let new = "pub mod duvo\npub duvo::Integration::name: Option<String>\n";
        let change = ApiChange::between(API, new);
        assert_eq!(change.impact(), Impact::Breaking);
        assert_eq!(
            change.to_text(),
            "  breaking  - pub duvo::Integration::name: String\n  \
               addition  + pub duvo::Integration::name: Option<String>\n"
        );
    }

    #[test]
    fn added_field_is_an_addition() {
        let new = format!("{API}pub duvo::Integration::icon: String\n");
        assert_eq!(ApiChange::between(API, &new).impact(), Impact::Addition);
    }

    #[test]
    fn identical_api_has_no_changes() {
        let change = ApiChange::between(API, API);
        assert_eq!(change.impact(), Impact::Nothing);
        assert_eq!(change.to_text(), "  no changes\n");
    }

    #[test]
    fn wire_impact_is_that_of_the_most_severe_change() {
        let change = |level| Change {
            text: "added the request property `region`".to_owned(),
            level,
            method: Some("POST".to_owned()),
            path: Some("/v1/x".to_owned()),
        };
        assert_eq!(wire_impact(&[]), Impact::Nothing);
        assert_eq!(wire_impact(&[change(Level::Info)]), Impact::Addition);
        let both = [change(Level::Info), change(Level::Error)];
        assert_eq!(wire_impact(&both), Impact::Breaking);
        assert_eq!(
            wire_text(&both[1..]),
            "  error   POST /v1/x added the request property `region`\n"
        );
    }
}

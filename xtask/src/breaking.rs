//! What breaks consumers, and so what the next version must be.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::oasdiff::{self, Change, Level};
use crate::version::{Impact, Version};
use crate::{DOCUMENT, Result, process, public_api};

const SEMVER_CHECKS: &str = "cargo install --locked cargo-semver-checks@0.51.0";

/// Prints the changes since `revision`, or since the last release, and whether
/// the version in `Cargo.toml` is high enough.
pub fn run(revision: Option<String>) -> Result<bool> {
    let revision = revision.map_or_else(last_release, Ok)?;
    let manifest = fs::read_to_string("Cargo.toml").map_err(|error| error.to_string())?;
    let old = Version::of_manifest(&at_revision(&revision, "Cargo.toml")?)?;
    let current = Version::of_manifest(&manifest)?;
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

    println!("At compile time, since {revision}:");
    print!("{}", api.to_text());
    print!("{}", lints.as_deref().unwrap_or_default());
    println!("\nOn the wire, since {revision}:");
    print!("{}", wire_text(&wire));

    let of_lints = lints.map_or(Impact::Nothing, |_| Impact::Breaking);
    let impact = api.impact().max(of_lints).max(wire_impact(&wire));
    let needed = old.after(impact);
    let is_enough = current >= needed;
    let verdict = if is_enough { "is enough" } else { "is too low" };
    let doubtful = wire.iter().filter(|change| change.level == Level::Doubtful);
    if let count @ 1.. = doubtful.count() {
        println!("\nLook at what is doubtful, {count} in all: it may break some consumers.");
    }
    let what = match impact {
        Impact::Nothing => "Nothing changed for consumers, so that no release is needed",
        Impact::Addition => "Nothing breaks, and something is new",
        Impact::Breaking => "Something breaks",
    };
    println!(
        "\n{what}: after {old} comes {needed} or higher. Cargo.toml says {current}, which {verdict}."
    );
    Ok(is_enough)
}

fn last_release() -> Result<String> {
    let mut git = Command::new("git");
    git.args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
    process::output(&mut git)
        .map(|tag| tag.trim().to_owned())
        .map_err(|_| {
            "there is no release yet, which is a tag such as v0.1.0; \
             name a revision, as in `cargo xtask breaking HEAD~1`"
                .to_owned()
        })
}

/// Whether the crate compiles, without which the rest tells nothing.
fn check() -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["check", "--quiet", "--package", "duvo", "--all-features"]);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("the crate does not compile; mend it first".to_owned()),
        Err(error) => Err(format!("cargo cannot be run: {error}")),
    }
}

/// The client sends its requests to the first server, of which the differ says
/// nothing.
fn server_change(old_document: &str) -> Result<Option<Change>> {
    let document = fs::read_to_string(DOCUMENT).map_err(|error| error.to_string())?;
    let server = |text: &str| {
        let document: Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        Ok::<_, String>(document["servers"][0]["url"].clone())
    };
    let (old, new) = (server(old_document)?, server(&document)?);
    Ok((old != new).then(|| Change {
        text: format!("every request goes to {new}, and not to {old}"),
        level: Level::Breaking,
        method: None,
        path: None,
    }))
}

fn at_revision(revision: &str, path: &str) -> Result<String> {
    let mut git = Command::new("git");
    process::output(git.arg("show").arg(format!("{revision}:{path}")))
        .map_err(|_| format!("git has no {path} at {revision}; name a revision that has one"))
}

/// What cargo-semver-checks finds breaking, if it finds anything. It knows
/// which additions break; it does not compare types.
fn semver_lints(revision: &str) -> Result<Option<String>> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["semver-checks", "--package", "duvo"]);
    command.args(["--release-type", "minor", "--baseline-rev", revision]);
    let output = process::attempt(&mut command)?;
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    let log = String::from_utf8_lossy(&output.stderr);
    match (output.status.success(), found.trim().is_empty()) {
        (true, _) => Ok(None),
        (false, false) => Ok(Some(found)),
        (false, true) if log.contains("no such command") => {
            Err(format!("cargo-semver-checks is missing; {SEMVER_CHECKS}"))
        }
        (false, true) => Err(format!("cargo semver-checks failed:\n{log}")),
    }
}

/// The lines of the public API that went and came. An item that changed is one
/// of each.
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
            .map(|line| format!("  breaks  - {line}\n"));
        let added = self
            .added
            .iter()
            .map(|line| format!("  new     + {line}\n"));
        let text: String = removed.chain(added).collect();
        or_nothing(text)
    }
}

fn wire_impact(changes: &[Change]) -> Impact {
    match changes.iter().map(|change| change.level).max() {
        Some(Level::Breaking) => Impact::Breaking,
        Some(Level::Doubtful | Level::Harmless) => Impact::Addition,
        None => Impact::Nothing,
    }
}

fn wire_text(changes: &[Change]) -> String {
    let line = |change: &Change| {
        let impact = match change.level {
            Level::Breaking => "breaks  ",
            Level::Doubtful => "doubtful",
            Level::Harmless => "new     ",
        };
        let operation = change.operation();
        let separator = if operation.is_empty() { "" } else { " " };
        format!("  {impact} {operation}{separator}{}\n", change.text)
    };
    or_nothing(changes.iter().map(line).collect())
}

fn or_nothing(text: String) -> String {
    if text.is_empty() {
        "  nothing\n".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "pub mod duvo\npub duvo::Integration::name: String\n";

    #[test]
    fn a_field_that_changes_its_type_breaks() {
        let new = "pub mod duvo\npub duvo::Integration::name: Option<String>\n";
        let change = ApiChange::between(API, new);
        assert_eq!(change.impact(), Impact::Breaking);
        assert_eq!(
            change.to_text(),
            "  breaks  - pub duvo::Integration::name: String\n  \
               new     + pub duvo::Integration::name: Option<String>\n"
        );
    }

    #[test]
    fn what_is_only_new_adds() {
        let new = format!("{API}pub duvo::Integration::icon: String\n");
        assert_eq!(ApiChange::between(API, &new).impact(), Impact::Addition);
    }

    #[test]
    fn the_same_api_changes_nothing() {
        let change = ApiChange::between(API, API);
        assert_eq!(change.impact(), Impact::Nothing);
        assert_eq!(change.to_text(), "  nothing\n");
    }

    #[test]
    fn what_breaks_on_the_wire_is_told_from_what_is_new() {
        let change = |level| Change {
            text: "added the request property `region`".to_owned(),
            level,
            method: Some("POST".to_owned()),
            path: Some("/v1/x".to_owned()),
        };
        assert_eq!(wire_impact(&[]), Impact::Nothing);
        assert_eq!(wire_impact(&[change(Level::Harmless)]), Impact::Addition);
        let both = [change(Level::Harmless), change(Level::Breaking)];
        assert_eq!(wire_impact(&both), Impact::Breaking);
        assert_eq!(
            wire_text(&both[1..]),
            "  breaks   POST /v1/x added the request property `region`\n"
        );
    }
}

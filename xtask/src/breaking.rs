//! Reports breaking changes, and the version that the next release requires.

use std::process::Command;

use crate::api_change::ApiChange;
use crate::document_file::read;
use crate::oasdiff::Level;
use crate::version::{Impact, Version};
use crate::{DOCUMENT, Result, git, process, public_api, wire};

const SEMVER_CHECKS: &str = "cargo install --locked cargo-semver-checks@0.51.0";

/// Prints the changes since `revision`, by default the last release. Returns whether the
/// version in `Cargo.toml` is high enough.
pub fn run(revision: Option<String>) -> Result<bool> {
    let revision = revision.map_or_else(last_release, Ok)?;
    git::check_revision(&revision)?;
    let manifest = read("Cargo.toml")?;
    let old = Version::from_manifest(&git::file_at(&revision, "Cargo.toml")?)?;
    let current = Version::from_manifest(&manifest)?;
    let changes = wire::changes_since(&git::file_at(&revision, DOCUMENT)?)?;
    let (old_api, new_api) = (
        git::file_at(&revision, public_api::SNAPSHOT)?,
        public_api::current()?,
    );
    let api = ApiChange::between(&old_api, &new_api);

    print_line!("Rust API, since {revision}:");
    print_text!("{}", or_no_changes(api.to_text()));
    print_line!("\nWire format, since {revision}:");
    print_text!("{}", or_no_changes(wire::to_text(&changes)));
    let lints = semver_lints(&revision)?;
    if let Some(lints) = &lints {
        print_text!("\ncargo-semver-checks, since {revision}:\n{lints}");
    }

    let lint_impact = lints.map_or(Impact::Nothing, |_| Impact::Breaking);
    let impact = api.impact().max(lint_impact).max(wire::impact(&changes));
    let required = old.after(impact);
    let is_sufficient = current >= required;
    let warnings = changes
        .iter()
        .filter(|change| change.level == Level::Warning);
    if let count @ 1.. = warnings.count() {
        print_line!("\nReview the {count} warnings: such a change may break some consumers.");
    }
    let verdict = if is_sufficient {
        "sufficient"
    } else {
        "too low"
    };
    print_line!(
        "\n{impact} since {old}: the next version is {required} or higher. \
         The version {current} in Cargo.toml is {verdict}."
    );
    Ok(is_sufficient)
}

fn last_release() -> Result<String> {
    git::last_release().ok_or_else(|| {
        "no release tag such as v0.1.0 exists; \
         pass a revision, as in `cargo xtask breaking HEAD~1`"
            .to_owned()
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

fn or_no_changes(text: String) -> String {
    if text.is_empty() {
        "  no changes\n".to_owned()
    } else {
        text
    }
}

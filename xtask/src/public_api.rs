//! The public API of the crate, as rustdoc sees it.

use std::path::Path;
use std::process::Command;

use crate::{Result, process, root};

pub const SNAPSHOT: &str = "snapshots/public-api.txt";

/// Every public item of the crate with all its features, one a line.
pub fn current() -> Result<String> {
    let target = root().join("target/public-api");
    let mut rustdoc = Command::new(env!("CARGO"));
    rustdoc
        .current_dir(root())
        // What rustdoc says in JSON is for tools only, and so switched off in a
        // stable toolchain.
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTDOCFLAGS")
        .args([
            "rustdoc",
            "--quiet",
            "--locked",
            "--package",
            "duvo",
            "--lib",
        ])
        .args(["--all-features", "--target-dir"])
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"]);
    process::output(&mut rustdoc)?;
    read(&target.join("doc/duvo.json"))
}

fn read(json: &Path) -> Result<String> {
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_derived_impls(false)
        .build()
        .map_err(|error| {
            format!(
                "public-api cannot read what this toolchain's rustdoc wrote ({error}); \
                 take the release of public-api for it in xtask/Cargo.toml"
            )
        })?;
    Ok(api.to_string())
}

#[cfg(test)]
mod tests {
    use snapbox::{Data, assert_data_eq, file};

    use super::*;

    /// Every crate whose types are part of the API: a new major version of one is
    /// a breaking change of this crate.
    const FOREIGN: [&str; 9] = [
        "alloc",
        "chrono",
        "core",
        "futures_core",
        "http",
        "reqwest",
        "serde_core",
        "serde_json",
        "std",
    ];

    #[test]
    fn the_public_api_has_no_foreign_types_but_those_that_are_listed() {
        let text = std::fs::read_to_string(root().join(SNAPSHOT)).unwrap();
        let is_of_path = |character: char| character.is_alphanumeric() || "_:".contains(character);
        let paths = text.split(|character| !is_of_path(character));
        let mut crates: Vec<_> = paths
            .filter_map(|path| Some(path.split_once("::")?.0))
            .collect();
        crates.sort_unstable();
        crates.dedup();
        crates.retain(|name| !FOREIGN.contains(name) && !matches!(*name, "" | "Self" | "duvo"));
        assert_eq!(crates, [""; 0]);
        for name in FOREIGN {
            assert!(
                text.contains(&format!("{name}::")),
                "{name} is not part of the API"
            );
        }
    }

    #[test]
    fn the_public_api_is_that_of_its_snapshot() {
        let snapshot: Data = file!["../../snapshots/public-api.txt"];
        println!(
            "To accept what changed: SNAPSHOTS=overwrite cargo test -p duvo -p xtask snapshot"
        );
        assert_data_eq!(current().unwrap(), snapshot.raw());
    }
}

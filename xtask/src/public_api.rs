//! Lists the public API of the crate, from rustdoc's JSON.

use std::path::Path;
use std::process::Command;

use crate::{Result, process, root};

pub const SNAPSHOT: &str = "snapshots/public-api.txt";

/// The target directory of rustdoc, so that it does not wait for other builds.
pub const TARGET: &str = "target/public-api";

/// Returns the public items of the crate with all features, one in each line.
pub fn current() -> Result<String> {
    let target = root().join(TARGET);
    let mut rustdoc = Command::new(env!("CARGO"));
    rustdoc
        .current_dir(root())
        // The output as JSON is unstable. As an option of Cargo, and not of rustdoc, it is
        // written again only if the crate has changed.
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTDOCFLAGS")
        .args([
            "rustdoc",
            "-Z",
            "unstable-options",
            "--output-format",
            "json",
        ])
        .args(["--quiet", "--locked", "--package", "duvo", "--lib"])
        .args(["--all-features", "--target-dir"])
        .arg(&target);
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
                "public-api cannot parse the output of this toolchain's rustdoc ({error}); \
                 use the matching release of public-api in xtask/Cargo.toml"
            )
        })?;
    Ok(api.to_string())
}

#[cfg(test)]
mod tests {
    use snapbox::{Data, assert_data_eq, file};

    use super::*;

    /// The crates whose types are part of the public API. A new major version of one is a
    /// breaking change of this crate.
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
    fn public_api_contains_only_listed_foreign_types() {
        let text = std::fs::read_to_string(root().join(SNAPSHOT)).unwrap();
        let is_path_character =
            |character: char| character.is_alphanumeric() || "_:".contains(character);
        let paths = text.split(|character| !is_path_character(character));
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
    fn public_api_is_up_to_date() {
        let snapshot: Data = file!["../../snapshots/public-api.txt"];
        println!("To accept the changes: cargo xtask check --accept");
        assert_data_eq!(current().unwrap(), snapshot.raw());
    }
}

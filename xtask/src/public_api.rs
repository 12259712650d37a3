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

    #[test]
    fn the_public_api_is_that_of_its_snapshot() {
        let snapshot: Data = file!["../../snapshots/public-api.txt"];
        println!("To accept what changed: SNAPSHOTS=overwrite cargo test --workspace snapshot");
        assert_data_eq!(current().unwrap(), snapshot.raw());
    }
}

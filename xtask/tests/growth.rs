//! The document grows by a resource, and nothing in `build/` has to: a copy of
//! the crate with a longer document is built, and its client is called against
//! its test kit, which has grown with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCUMENT: &str = include_str!("../../openapi/duvo.yaml");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// The text with one part replaced, which must be there.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "there is no {from:?}");
    text.replacen(from, to, 1)
}

fn grown() -> String {
    let paths = include_str!("growth/paths.yaml");
    let schemas = include_str!("growth/schemas.yaml");
    let document = replaced(DOCUMENT, "\npaths:\n", &format!("\npaths:\n{paths}"));
    replaced(
        &document,
        "\n  schemas:\n",
        &format!("\n  schemas:\n{schemas}"),
    )
}

#[test]
fn another_resource_needs_no_edit_of_the_build() {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("growth");
    let _ = fs::remove_dir_all(&package);
    for part in ["build", "build.rs", "src", "README.md", "Cargo.lock"] {
        fs::create_dir_all(&package).unwrap();
        copy(&root().join(part), &package.join(part));
    }
    let write = |path: &str, text: &str| {
        let path = package.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest = replaced(
        &manifest,
        r#"members = ["benches", "benches/footprint", "benches/generated", "xtask"]"#,
        "",
    );
    // In one target directory, Cargo tells packages by their names.
    let manifest = replaced(&manifest, "name = \"duvo\"", "name = \"duvo-growth\"");
    let bench = "[[bench]]\nname = \"generation\"\nharness = false\n";
    let manifest = replaced(&manifest, bench, "");
    let example = "[[example]]\nname = \"testing\"\ntest = true\n";
    let manifest = replaced(&manifest, example, "");
    let itself =
        r#"duvo = { path = ".", default-features = false, features = ["blocking", "mock"] }"#;
    let manifest = replaced(&manifest, itself, "");
    write("Cargo.toml", &manifest);
    write("openapi/duvo.yaml", &grown());
    write("src/folders.rs", include_str!("growth/folders.rs"));
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules = "\n#[cfg(test)]\nmod folders;\n";
    write("src/lib.rs", &format!("{library}{modules}"));

    // The target directory is that of this test, so that what both need is
    // built once.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .current_dir(&package)
        .args(["test", "--offline", "--lib", "--features", "mock"])
        .args(["folders", "--target-dir"])
        .arg(target)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains("3 passed"), "{printed}");
}

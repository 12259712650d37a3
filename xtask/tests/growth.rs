//! Checks that a new resource needs an edit of the OpenAPI document only: builds a copy
//! of the crate with a longer document, and calls the new operations on its mock server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toml::{Table, Value};

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

/// Inserts `addition` after the first `line` of `text`.
fn insert_after(text: &str, line: &str, addition: &str) -> String {
    assert!(text.contains(line), "{line:?} is missing");
    text.replacen(line, &format!("{line}{addition}"), 1)
}

fn document_with_folders() -> String {
    let paths = include_str!("growth/paths.yaml");
    let schemas = include_str!("growth/schemas.yaml");
    let document = insert_after(DOCUMENT, "\npaths:\n", paths);
    insert_after(&document, "\n  schemas:\n", schemas)
}

/// Returns the manifest of the crate, reduced to what a package on its own needs.
fn manifest() -> String {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut manifest: Table = toml::from_str(&text).unwrap();
    // Packages that share a target directory need different names.
    manifest["package"]["name"] = Value::from("duvo-growth");
    // The generator is the one under test, and is not copied.
    let codegen = root().join("codegen").display().to_string();
    manifest["build-dependencies"]["duvo-codegen"]["path"] = Value::from(codegen);
    // The unit tests need these only.
    let dev_dependencies = manifest["dev-dependencies"].as_table_mut().unwrap();
    dev_dependencies.retain(|name, _| name == "proptest");
    let tokio = "version = \"1\"\nfeatures = [\"macros\", \"test-util\"]";
    let tokio = toml::from_str::<Table>(tokio).unwrap();
    dev_dependencies.insert("tokio".to_owned(), tokio.into());
    let workspace = manifest["workspace"].as_table_mut().unwrap();
    workspace.retain(|key, _| key == "lints");
    manifest.retain(|key, _| !matches!(key, "bench" | "example"));
    manifest.to_string()
}

#[test]
fn new_resource_needs_document_edit_only() {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("growth");
    let _ = fs::remove_dir_all(&package);
    for part in ["build.rs", "src", "README.md", "Cargo.lock"] {
        fs::create_dir_all(&package).unwrap();
        copy(&root().join(part), &package.join(part));
    }
    let write = |path: &str, text: &str| {
        let path = package.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", &manifest());
    write("openapi/duvo.yaml", &document_with_folders());
    write("src/folders.rs", include_str!("growth/folders.rs"));
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules = "\n#[cfg(test)]\nmod folders;\n";
    write("src/lib.rs", &format!("{library}{modules}"));

    // The copy shares this test's target directory, so that common dependencies
    // are built once.
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

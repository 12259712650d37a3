//! Tests that the modules of `src/` import in the direction that docs/architecture.md
//! describes.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of `src/`. Each may import only modules after it. The generated types are at
/// the bottom; the generated operations are called through `call`.
const LAYERS: [&str; 22] = [
    "blocking",
    "mock",
    "integrations",
    "connections",
    "teams",
    "call",
    "client",
    "retry",
    "telemetry",
    "server_url",
    "error",
    "response",
    "attempt",
    "outcome",
    "redact",
    "redacted_url",
    "secret",
    "timeouts",
    "timestamp",
    "serialized",
    "sanitize",
    "json",
];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("src")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                rust_files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Returns the name of the top-level module that a file belongs to.
fn module(file: &Path) -> String {
    let path = file.strip_prefix(src()).unwrap();
    let first = path.components().next().unwrap().as_os_str();
    first.to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// Returns the top-level modules that the code imports, except for generated code.
fn imports(code: &str) -> Vec<&str> {
    let without_comments = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let names = without_comments.flat_map(|line| line.split("crate::").skip(1));
    names
        .map(|rest| {
            let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
        .filter(|name| *name != "generated")
        .collect()
}

#[test]
fn modules_import_only_lower_layers() {
    let position = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut violations = Vec::new();
    for file in rust_files(&src()) {
        let module = module(&file);
        if module == "lib" || module == "generated" {
            continue;
        }
        let layer = position(&module);
        assert!(layer.is_some(), "{module} is not in the list of layers");
        let code = fs::read_to_string(&file).unwrap();
        for import in imports(&code) {
            if import != module && position(import) <= layer {
                violations.push(format!("{} imports {import}", file.display()));
            }
        }
    }
    assert_eq!(violations, [""; 0]);
}

#[test]
fn imports_are_found_in_code_but_not_in_comments() {
    let code = "use crate::error::Error;\n/// See [`x`](crate::Client).\n    crate::call::f();\n";
    assert_eq!(imports(code), ["error", "call"]);
}

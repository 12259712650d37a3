//! Checks that operations of other forms than ours need an edit of the OpenAPI document only:
//! builds a copy of the repository with a longer document, and calls the new operations on its
//! mock server.

use std::fs;
use std::path::Path;
use std::process::Command;

use xtask::{DOCUMENT, process, root};

/// Copies the files of the repository, so that the manifests stay as they are.
fn copy_repository(to: &Path) {
    let mut git = Command::new("git");
    let files = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let files = process::output(git.current_dir(root()).args(files)).unwrap();
    for path in files.lines().filter(|path| root().join(path).exists()) {
        let target = to.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(root().join(path), target).unwrap();
    }
}

/// Inserts `addition` after the first `line` of the file.
fn insert_after(path: &Path, line: &str, addition: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(line), "{line:?} is missing");
    fs::write(path, text.replacen(line, &format!("{line}{addition}"), 1)).unwrap();
}

#[test]
fn operations_of_other_forms_need_an_edit_of_the_document_only() {
    let repository = Path::new(env!("CARGO_TARGET_TMPDIR")).join("variations");
    let _ = fs::remove_dir_all(&repository);
    copy_repository(&repository);
    let document = repository.join(DOCUMENT);
    insert_after(&document, "\npaths:\n", include_str!("paths.yaml"));
    insert_after(&document, "\n  schemas:\n", include_str!("schemas.yaml"));
    let calls = repository.join("src/calls.rs");
    fs::write(calls, include_str!("calls.rs")).unwrap();
    let library = repository.join("src/lib.rs");
    insert_after(
        &library,
        "\nmod generated;\n",
        "\n#[cfg(test)]\nmod calls;\n",
    );

    // The copy shares this test's target directory, so that dependencies are built once.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(&repository)
        .args(["test", "--offline", "--package", "duvo", "--lib"])
        .args(["--target-dir".as_ref(), target.as_os_str()])
        .args(["--", "calls::"]);
    let output = process::run(&mut cargo).unwrap();
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains(" passed; 0 failed"), "{printed}");
    assert!(!printed.contains(" 0 passed"), "{printed}");
}

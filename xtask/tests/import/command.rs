//! The command: what it prints and writes.

use std::fs;
use std::path::Path;
use std::process::Command;

use xtask::import::import_into;

use crate::support::{CATALOGUE, LIBRARY, OURS};

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("import")
        .args(arguments)
        .output();
    let output = output.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn command_prints_or_writes() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import");
    fs::create_dir_all(&folder).unwrap();
    let [ours, published] = ["ours.yaml", "library.yaml"].map(|name| folder.join(name));
    fs::write(&ours, OURS).unwrap();
    fs::write(&published, LIBRARY).unwrap();
    let paths = [&ours, &published].map(|path| path.to_str().unwrap());
    let [ours, published] = paths;

    let (status, printed, summary) = run(&["books.update", published, "--document", ours]);
    assert_eq!(status, Some(0), "{summary}");
    assert!(printed.starts_with("tags:\n  - name: Loans\n"), "{printed}");
    assert!(
        summary.starts_with("printed `booksUpdate` (PATCH /v1/shelves/{shelf_id}/books/{path})\n"),
        "{summary}"
    );
    assert_eq!(fs::read_to_string(ours).unwrap(), OURS);

    let (status, printed, summary) =
        run(&["books.update", published, "--document", ours, "--write"]);
    assert_eq!((status, printed.as_str()), (Some(0), ""), "{summary}");
    let imported = import_into(OURS, "books.update", LIBRARY).unwrap();
    assert_eq!(fs::read_to_string(ours).unwrap(), imported);

    let (status, _, message) = run(&["books.update", "missing.json"]);
    assert_eq!(status, Some(2));
    assert!(
        message.starts_with("error: ") && message.contains("missing.json: "),
        "{message}"
    );
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn table_counts_operations_that_the_generator_accepts() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import-all");
    fs::create_dir_all(&folder).unwrap();
    let published = folder.join("published.json");
    fs::write(&published, CATALOGUE.replace("\"200\"", "\"302\"")).unwrap();
    let (status, printed, _) = run(&["--all", published.to_str().unwrap()]);
    assert_eq!(status, Some(1));
    let expected = "\
| an operation | number |
|---|---|
| passes once its texts are written | 1 |
| passes once it is also decided which values are secrets | 0 |
| needs a hand | 5 |
| all | 6 |

| reason | operations |
|---|---|
| no 2xx response is declared | `list_integrations`, `deleteCustomIntegration`, `listMyTeams`, `probeMcpServer`, `checkMcpOAuth` |
";
    assert!(printed.starts_with(expected), "{printed}");
    fs::remove_dir_all(&folder).unwrap();
}

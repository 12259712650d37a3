//! The page of the crate documentation that shows the crate in `example/`.

use std::fmt::Write as _;
use std::fs;

use snapbox::{Data, assert_data_eq, file};

/// The files of the example, with what is said about them.
const FILES: [(&str, &str); 17] = [
    (
        "Cargo.toml",
        "The manifest. In another repository, replace the path of duvo-codegen by a version, and \
         remove `[lints]`.",
    ),
    ("build.rs", "The build script."),
    ("openapi.yaml", "The OpenAPI document."),
    (
        "src/lib.rs",
        "The client. It includes the generated files, and exports the generated types.",
    ),
    (
        "src/books.rs",
        "A method for each operation of one resource.",
    ),
    (
        "src/readers.rs",
        "Another resource. Nothing but its part of the document, this file and its test is \
         needed for it.",
    ),
    (
        "src/call.rs",
        "The type whose methods are the generated operations. Retries, timeouts, traces and \
         errors are decided here.",
    ),
    (
        "src/request.rs",
        "The types from which the generated operations build a request.",
    ),
    (
        "src/values.rs",
        "The types of strings with `format: password` and `format: date-time`.",
    ),
    (
        "src/mock.rs",
        "The mock server. It is optional: a crate that does not include the generated \
         `mock.rs` needs neither this file nor the following ones.",
    ),
    ("src/mock/server.rs", "The server."),
    ("src/mock/operation.rs", "The mock of an operation."),
    (
        "src/mock/expectation.rs",
        "The conditions that a mock has for requests.",
    ),
    (
        "src/mock/request.rs",
        "The requests that the server received.",
    ),
    ("src/mock/response.rs", "The responses."),
    ("src/mock/example.rs", "The examples of the document."),
    ("tests/calls.rs", "The tests, which call each operation."),
];

#[test]
fn example_page_has_every_source_file() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/example/");
    for subfolder in ["src", "src/mock", "tests"] {
        for entry in fs::read_dir(format!("{folder}{subfolder}")).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{subfolder}/{}", entry.file_name().display());
            let is_listed = FILES.iter().any(|(listed, _)| *listed == name);
            assert!(is_listed || entry.path().is_dir(), "{name} is not listed");
        }
    }
}

#[test]
fn example_page_is_up_to_date() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/example/");
    let read = |name: &str| fs::read_to_string(format!("{folder}{name}")).unwrap();
    let mut page = "A complete crate that uses duvo-codegen: the client of the API of a library, \
                    its mock server, and its tests.\n"
        .to_owned();
    for (name, about) in FILES {
        let language = match name.rsplit('.').next() {
            Some("rs") => "ignore",
            other => other.unwrap(),
        };
        let text = read(name);
        write!(
            page,
            "\n# `{name}`\n\n{about}\n\n```{language}\n{text}```\n"
        )
        .unwrap();
    }
    let committed: Data = file!["../../src/example.md"];
    println!("To accept the changes: SNAPSHOTS=overwrite cargo test --workspace up_to_date");
    assert_data_eq!(page, committed.raw());
}

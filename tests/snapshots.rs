//! What is generated, as it is kept for review, and for builds without the
//! feature `codegen`.

use snapbox::{Data, assert_data_eq, file};

#[cfg(not(feature = "codegen"))]
#[allow(dead_code)]
#[path = "../build/mod.rs"]
mod build;

fn assert_kept(generated: &str, snapshot: Data) {
    println!("To accept what changed: SNAPSHOTS=overwrite cargo test -p duvo -p xtask snapshot");
    assert_data_eq!(generated, snapshot.raw());
}

#[test]
fn the_generated_client_is_that_of_its_snapshot() {
    assert_kept(&generated("client.rs"), file!["../snapshots/client.rs"]);
}

#[test]
fn the_generated_test_kit_is_that_of_its_snapshot() {
    assert_kept(&generated("mock.rs"), file!["../snapshots/mock.rs"]);
}

/// What the build script wrote.
#[cfg(feature = "codegen")]
fn generated(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("OUT_DIR"))).unwrap()
}

/// What the build script would have written.
#[cfg(not(feature = "codegen"))]
fn generated(name: &str) -> String {
    let document = std::fs::read_to_string("openapi/duvo.yaml").unwrap();
    let generated = build::generate(&document).unwrap();
    let mut files = generated.files().into_iter();
    files.find(|(file, _)| *file == name).unwrap().1.to_owned()
}

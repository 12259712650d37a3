//! What build.rs wrote, as it is kept for review.

use snapbox::{Data, assert_data_eq, file};

fn assert_kept(generated: &str, snapshot: Data) {
    println!("To accept what changed: SNAPSHOTS=overwrite cargo test --workspace snapshot");
    assert_data_eq!(generated, snapshot.raw());
}

#[test]
fn the_generated_client_is_that_of_its_snapshot() {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/client.rs"));
    assert_kept(generated, file!["../snapshots/client.rs"]);
}

#[test]
fn the_generated_test_kit_is_that_of_its_snapshot() {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/mock.rs"));
    assert_kept(generated, file!["../snapshots/mock.rs"]);
}

//! The generated client, as it is kept for review.

use snapbox::{Data, assert_data_eq, file};

#[test]
fn the_generated_client_is_that_of_its_snapshot() {
    let generated = std::fs::read_to_string(concat!(env!("OUT_DIR"), "/client.rs")).unwrap();
    let snapshot: Data = file!["../snapshots/client.rs"];
    println!("To accept what changed: SNAPSHOTS=overwrite cargo test --workspace snapshot");
    assert_data_eq!(generated, snapshot.raw());
}

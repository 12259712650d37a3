//! The committed output of the code generator is what the build script generated.

#![cfg(feature = "codegen")]

use snapbox::{Data, assert_data_eq, file};

fn assert_committed(name: &str, committed: Data) {
    println!("to accept the changes: SNAPSHOTS=overwrite cargo test --test generated");
    let generated = std::fs::read_to_string(format!("{}/{name}", env!("OUT_DIR"))).unwrap();
    assert_data_eq!(generated, committed.raw());
}

#[test]
fn committed_client_is_up_to_date() {
    assert_committed("client.rs", file!["../src/generated/client.rs"]);
}

#[test]
fn committed_mock_is_up_to_date() {
    assert_committed("mock.rs", file!["../src/generated/mock.rs"]);
}

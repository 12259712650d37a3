//! The committed output of the code generator is what the build script generated.

#![cfg(feature = "codegen")]

use snapbox::{Data, assert_data_eq, file};

fn assert_committed(name: &str, committed: Data) {
    println!("To accept the changes: cargo xtask check --accept");
    let generated = std::fs::read_to_string(format!("{}/{name}", env!("OUT_DIR"))).unwrap();
    assert_data_eq!(generated, committed.raw());
}

#[test]
fn committed_types_are_up_to_date() {
    assert_committed("types.rs", file!["../src/generated/types.rs"]);
}

#[test]
fn committed_operations_are_up_to_date() {
    assert_committed("operations.rs", file!["../src/generated/operations.rs"]);
}

#[test]
fn committed_mock_is_up_to_date() {
    assert_committed("mock.rs", file!["../src/generated/mock.rs"]);
}

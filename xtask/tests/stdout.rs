//! What a task does if nobody reads its output.

use std::io;
use std::process::Command;

use xtask::{DOCUMENT, root};

#[test]
fn closed_output_ends_a_task_without_a_panic() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let mut task = Command::new(env!("CARGO_BIN_EXE_xtask"));
    task.current_dir(root()).stdout(writer);
    let output = task.args(["import", "--all", DOCUMENT]).output().unwrap();
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

//! The programs in `examples/`, run as a user runs them.

use std::env::consts::EXE_EXTENSION;
use std::process::{Command, Output};

/// Returns the example of this name, in an environment without the variables of `duvo`.
///
/// Cargo builds the examples before it runs the tests.
pub fn example(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let executable = profile
        .join("examples")
        .join(name)
        .with_extension(EXE_EXTENSION);
    assert!(
        executable.exists(),
        "{} is missing: run `cargo build --examples`",
        executable.display()
    );
    let mut command = Command::new(executable);
    for variable in [
        "DUVO_API_KEY",
        "DUVO_API_BASE_URL",
        "DUVO_TEAM",
        "DUVO_OAUTH_CLIENT_SECRET",
    ] {
        command.env_remove(variable);
    }
    command
}

pub fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

pub fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

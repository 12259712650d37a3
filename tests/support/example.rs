//! The programs in `examples/`, run as a user runs them.

use std::process::{Command, Output};

use serde_json::Value;

/// The example of this name, built, in an environment without our variables.
pub fn example(name: &str) -> Command {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--example", name, "--message-format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let executable = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(str::to_owned))
        .expect("cargo names the executable");
    let mut command = Command::new(executable);
    for variable in [
        "DUVO_API_KEY",
        "DUVO_API_BASE_URL",
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

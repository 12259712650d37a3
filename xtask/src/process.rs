//! Programs that a task runs.

use std::process::{Command, Output};

use crate::Result;

/// A program of the npm registry, by its pinned package. `npx` comes with
/// Node.js, and fetches the package the first time.
pub fn npm_program(package: &str, program: &str) -> Command {
    let mut command = Command::new("npx");
    command.args(["--yes", "--package", package, "--", program]);
    command
}

/// Runs the program, and gives what it printed. An exit code but 0 is an error
/// with what it complained of.
pub fn output(command: &mut Command) -> Result<String> {
    let output = attempt(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{} failed ({}):\n{}{}",
        name(command),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        complaint.trim_end()
    ))
}

/// Runs the program, whatever it makes of it.
pub fn attempt(command: &mut Command) -> Result<Output> {
    command.output().map_err(|error| missing(command, &error))
}

/// Why a program could not be started.
pub fn missing(command: &Command, error: &std::io::Error) -> String {
    let program = command.get_program().to_string_lossy();
    let hint = match program.as_ref() {
        "npx" => "; it comes with Node.js 20 or later",
        "python3" => "; install Python 3.11 or later",
        _ => "",
    };
    format!("{program} cannot be run: {error}{hint}")
}

fn name(command: &Command) -> String {
    let arguments = command.get_args().map(|text| text.to_string_lossy());
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(arguments);
    words.join(" ")
}

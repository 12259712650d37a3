//! Runs third-party validators: two for the document, and a mock server that validates
//! every request of the client against it.

use std::path::Path;
use std::process::Command;

use crate::{DOCUMENT, Result, process};

const REDOCLY: &str = "@redocly/cli@2.77.0";
const VALIDATOR: &str = "openapi-spec-validator==0.9.0";

type Check = fn() -> Result<()>;

/// Runs all checks and prints their results. Returns whether all passed.
pub fn run() -> bool {
    let checks: [(&str, Check); 3] = [
        ("Redocly", redocly),
        ("openapi-spec-validator", validator),
        ("the client against Prism", prism),
    ];
    let mut all_passed = true;
    for (name, check) in checks {
        match check() {
            Ok(()) => print_line!("passed  {name}"),
            Err(message) => {
                print_line!("failed  {name}\n{message}");
                all_passed = false;
            }
        }
    }
    all_passed
}

fn prism() -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--quiet", "--package", "xtask", "--test", "prism"]);
    process::output(command.env("RUST_BACKTRACE", "0")).map(|_| ())
}

fn redocly() -> Result<()> {
    let mut command = process::npm_program(REDOCLY, "redocly")?;
    command.args(["lint", "--config", "openapi/redocly.yaml", DOCUMENT]);
    // Disables usage reports.
    command.env("REDOCLY_TELEMETRY", "off");
    process::output(&mut command).map(|_| ())
}

fn validator() -> Result<()> {
    let environment = Path::new("target/python");
    process::output(
        Command::new("python3")
            .args(["-m", "venv"])
            .arg(environment),
    )?;
    let program = |name: &str| Command::new(environment.join("bin").join(name));
    process::output(
        program("pip")
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .arg(VALIDATOR),
    )?;
    process::output(program("openapi-spec-validator").arg(DOCUMENT)).map(|_| ())
}

//! Runs external programs.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};
use std::{fs, io};

use crate::{Result, root};

/// Returns a program from a pinned npm package, `name@version`. The package is installed
/// below `target` on first use.
pub fn npm_program(package: &str, program: &str) -> Result<Command> {
    static INSTALLATION: Mutex<()> = Mutex::new(());
    let _guard = INSTALLATION.lock().unwrap_or_else(PoisonError::into_inner);
    let tools = root().join("target/tools");
    let folder = tools.join(package.replace('/', "-"));
    if !folder.exists() {
        install(
            package,
            &tools.join(format!(".{}", std::process::id())),
            &folder,
        )?;
    }
    Ok(Command::new(folder.join("node_modules/.bin").join(program)))
}

/// Installs the package into a temporary folder and then renames it, because another
/// process may install the same package at the same time.
fn install(package: &str, temporary: &Path, folder: &Path) -> Result<()> {
    let failed = |path: &Path, error: &io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(temporary).map_err(|error| failed(temporary, &error))?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--prefix"]);
    let installed =
        output(npm.arg(temporary).arg(package)).and_then(|_| match fs::rename(temporary, folder) {
            Err(error) if !folder.exists() => Err(failed(folder, &error)),
            _ => Ok(()),
        });
    let _ = fs::remove_dir_all(temporary);
    installed
}

/// Runs a program and returns its standard output. A non-zero exit status is an error with
/// the program's output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = run(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{} failed ({}):\n{}{}",
        name(command),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        stderr.trim_end()
    ))
}

/// Runs a program and returns its output, whatever its exit status.
pub fn run(command: &mut Command) -> Result<Output> {
    command
        .output()
        .map_err(|error| cannot_run(command, &error))
}

fn cannot_run(command: &Command, error: &io::Error) -> String {
    let program = command.get_program().to_string_lossy();
    let hint = match program.as_ref() {
        "npm" => "; install Node.js 20 or later",
        "python3" => "; install Python 3.11 or later",
        _ => "",
    };
    format!("cannot run {program}: {error}{hint}")
}

fn name(command: &Command) -> String {
    let arguments = command.get_args().map(|text| text.to_string_lossy());
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(arguments);
    words.join(" ")
}

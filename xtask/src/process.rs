//! Programs that a task runs.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};
use std::{fs, io};

use crate::{Result, root};

/// A program of the npm registry, by its pinned package, as `name@version`. It
/// is installed the first time, below `target`.
pub fn npm_program(package: &str, program: &str) -> Result<Command> {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
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

/// Installs the package aside, since another process may do the same at this
/// moment, and then puts it in its place.
fn install(package: &str, aside: &Path, folder: &Path) -> Result<()> {
    let failed = |path: &Path, error: &io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(aside).map_err(|error| failed(aside, &error))?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--prefix"]);
    let installed =
        output(npm.arg(aside).arg(package)).and_then(|_| match fs::rename(aside, folder) {
            Err(error) if !folder.exists() => Err(failed(folder, &error)),
            _ => Ok(()),
        });
    let _ = fs::remove_dir_all(aside);
    installed
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

fn missing(command: &Command, error: &io::Error) -> String {
    let program = command.get_program().to_string_lossy();
    let hint = match program.as_ref() {
        "npm" => "; it comes with Node.js 20 or later",
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

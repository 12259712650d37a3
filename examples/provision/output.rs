//! Output that ignores a reader that closed it, such as `head`.

use std::fmt::Display;
use std::io::{self, Write as _};

use serde::Serialize;

/// Prints a text and a line break to standard output.
pub(crate) fn print(text: impl Display) -> Result<(), String> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}

pub(crate) fn print_json(value: &impl Serialize) -> Result<(), String> {
    print(serde_json::to_string_pretty(value).map_err(|error| error.to_string())?)
}

/// Prints a text and a line break to standard error.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

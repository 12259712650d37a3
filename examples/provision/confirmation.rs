//! The confirmation of the changes.

use std::io::{self, IsTerminal as _, Write as _};

/// Asks on the terminal. Returns whether the reply is `yes`.
pub(crate) fn confirm() -> Result<bool, String> {
    if !io::stdin().is_terminal() {
        return Err(
            "standard input is not a terminal, so the changes cannot be confirmed; pass --yes to make them"
                .to_owned(),
        );
    }
    let _ = write!(io::stderr(), "\nMake these changes? Type \"yes\": ");
    let mut reply = String::new();
    let read = io::stdin().read_line(&mut reply);
    read.map_err(|error| format!("cannot read the confirmation: {error}"))?;
    Ok(reply.trim() == "yes")
}

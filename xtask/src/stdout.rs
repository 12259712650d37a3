//! Prints to the standard output. The process ends without a panic if nobody reads the output
//! any longer, as after `| head`.

use std::fmt;
use std::io::{self, Write as _};
use std::process;

/// The exit code of a program that the signal SIGPIPE ends.
const BROKEN_PIPE: i32 = 128 + 13;

/// Prints a text.
pub fn print(text: fmt::Arguments<'_>) {
    match io::stdout().write_fmt(text) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => process::exit(BROKEN_PIPE),
        Err(error) => {
            eprintln!("error: cannot print: {error}");
            process::exit(2);
        }
    }
}

/// Prints a text, formatted like that of `print!`.
macro_rules! print_text {
    ($($argument:tt)*) => {
        $crate::stdout::print(format_args!($($argument)*))
    };
}

/// Prints a line, formatted like that of `println!`.
macro_rules! print_line {
    ($($argument:tt)*) => {
        $crate::stdout::print(format_args!("{}\n", format_args!($($argument)*)))
    };
}

//! Errors and warnings of the file, with their lines.

/// An error or a warning.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Fault {
    /// Creates a fault of the value at this offset of the text.
    pub(crate) fn new(text: &str, offset: usize, message: impl Into<String>) -> Self {
        Self {
            line: line(text, offset),
            message: message.into(),
        }
    }
}

/// Returns the number of the line at this offset, from 1.
pub(crate) fn line(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    1 + before.filter(|byte| *byte == b'\n').count()
}

//! Errors and warnings of the file, with their lines.

/// An error or a warning.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Fault {
    /// Creates a fault of the value at this offset.
    pub(crate) fn new(lines: &Lines, offset: usize, message: impl Into<String>) -> Self {
        Self {
            line: lines.number(offset),
            message: message.into(),
        }
    }
}

/// The offsets of the lines of a text, except the first.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let line_breaks = text.match_indices('\n');
        Self(line_breaks.map(|(offset, _)| offset + 1).collect())
    }

    /// Returns the number of the line at this offset, from 1.
    pub(crate) fn number(&self, offset: usize) -> usize {
        1 + self.0.partition_point(|start| *start <= offset)
    }
}

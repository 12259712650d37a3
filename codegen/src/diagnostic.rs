use std::ops::Range;

use crate::json_pointer::is_within;

/// An error in the document: its location, a message, and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub(crate) location: Location,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) related: Option<Box<(Location, String)>>,
    /// Whether errors with this message have one cause, so that only the first is reported.
    pub(crate) is_reported_once: bool,
    /// Whether the layout of a line may be the cause.
    pub(crate) may_be_layout: bool,
}

/// A location in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// A line and a column, both counted from 1.
    Line { line: usize, column: usize },
    /// Bytes of the text.
    Range(Range<usize>),
    /// The key at a JSON pointer.
    Key(String),
    /// The value at a JSON pointer.
    Value(String),
}

impl Diagnostic {
    /// Creates an error at a line and a column, both counted from 1.
    pub(crate) fn at_line(line: usize, column: usize, message: impl Into<String>) -> Self {
        Self::new(Location::Line { line, column }, message)
    }

    /// Creates an error at a range of bytes of the text.
    pub(crate) fn at_range(range: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Location::Range(range), message)
    }

    /// Creates an error at the key of a JSON pointer (RFC 6901), for the key itself or
    /// for something that is missing below it.
    pub fn at_key(pointer: &str, message: impl Into<String>) -> Self {
        Self::new(Location::Key(pointer.to_owned()), message)
    }

    /// Creates an error at the value of a JSON pointer (RFC 6901).
    pub fn at_value(pointer: &str, message: impl Into<String>) -> Self {
        Self::new(Location::Value(pointer.to_owned()), message)
    }

    fn new(location: Location, message: impl Into<String>) -> Self {
        Self {
            location,
            message: message.into(),
            help: None,
            related: None,
            is_reported_once: false,
            may_be_layout: false,
        }
    }

    /// Sets how to fix the error.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Reports only the first of all errors with this message.
    pub(crate) fn once(mut self) -> Self {
        self.is_reported_once = true;
        self
    }

    /// Marks an error that the layout of a line may cause.
    pub(crate) fn maybe_layout(mut self) -> Self {
        self.may_be_layout = true;
        self
    }

    /// Adds a related range of bytes of the text.
    pub(crate) fn with_related_range(self, range: Range<usize>, label: &str) -> Self {
        self.with_related(Location::Range(range), label)
    }

    /// Adds a related key.
    pub(crate) fn with_related_key(self, pointer: &str, label: &str) -> Self {
        self.with_related(Location::Key(pointer.to_owned()), label)
    }

    /// Adds a related value.
    pub(crate) fn with_related_value(self, pointer: &str, label: &str) -> Self {
        self.with_related(Location::Value(pointer.to_owned()), label)
    }

    fn with_related(mut self, location: Location, label: &str) -> Self {
        self.related = Some(Box::new((location, label.to_owned())));
        self
    }

    /// Moves the error if its location is `from` or below it, to the same location
    /// below `to`.
    pub(crate) fn moved(mut self, from: &str, to: &str) -> Self {
        let related = self.related.as_mut().map(|related| &mut related.0);
        for location in [Some(&mut self.location), related].into_iter().flatten() {
            if let Location::Key(pointer) | Location::Value(pointer) = location
                && is_within(pointer, from)
            {
                pointer.replace_range(..from.len(), to);
            }
        }
        self
    }

    /// Whether the error is at `pointer` or below it.
    pub(crate) fn is_within(&self, pointer: &str) -> bool {
        match &self.location {
            Location::Key(own) | Location::Value(own) => is_within(own, pointer),
            Location::Line { .. } | Location::Range(_) => false,
        }
    }
}

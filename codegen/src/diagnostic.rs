use std::ops::Range;

use super::document::is_within;
use super::source::Source;

/// One thing that is wrong with the document: where, what, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    place: Place,
    pub message: String,
    pub help: Option<String>,
    other: Option<Box<(Place, String)>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Line { line: usize, column: usize },
    Range(Range<usize>),
    Key(String),
    Value(String),
}

impl Place {
    fn range(&self, source: &Source<'_>) -> Range<usize> {
        match self {
            Self::Line { line, column } => source.character(*line, *column),
            Self::Range(range) => range.clone(),
            Self::Key(pointer) => source.key(pointer),
            Self::Value(pointer) => source.value(pointer),
        }
    }
}

impl Fault {
    /// A fault at a line and a column, both counted from 1.
    pub fn at_line(line: usize, column: usize, message: impl Into<String>) -> Self {
        Self::new(Place::Line { line, column }, message)
    }

    /// A fault of these bytes of the text.
    pub fn at_range(range: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Place::Range(range), message)
    }

    /// A fault of the key at a JSON pointer (RFC 6901), or of what is missing
    /// under it.
    pub fn at_key(pointer: &str, message: impl Into<String>) -> Self {
        Self::new(Place::Key(pointer.to_owned()), message)
    }

    /// A fault of the value at a JSON pointer (RFC 6901).
    pub fn at_value(pointer: &str, message: impl Into<String>) -> Self {
        Self::new(Place::Value(pointer.to_owned()), message)
    }

    fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            message: message.into(),
            help: None,
            other: None,
        }
    }

    /// How to mend it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Another place that the fault has to do with: these bytes of the text.
    pub fn beside(self, range: Range<usize>, label: &str) -> Self {
        self.with_other(Place::Range(range), label)
    }

    /// Another place that the fault has to do with: the key at a pointer.
    pub fn beside_key(self, pointer: &str, label: &str) -> Self {
        self.with_other(Place::Key(pointer.to_owned()), label)
    }

    /// Another place that the fault has to do with: the value at a pointer.
    pub fn beside_value(self, pointer: &str, label: &str) -> Self {
        self.with_other(Place::Value(pointer.to_owned()), label)
    }

    fn with_other(mut self, place: Place, label: &str) -> Self {
        self.other = Some(Box::new((place, label.to_owned())));
        self
    }

    /// The fault with what is at one pointer, or below it, moved to another.
    pub fn moved(mut self, from: &str, to: &str) -> Self {
        let other = self.other.as_mut().map(|other| &mut other.0);
        for place in [Some(&mut self.place), other].into_iter().flatten() {
            if let Place::Key(pointer) | Place::Value(pointer) = place
                && is_within(pointer, from)
            {
                pointer.replace_range(..from.len(), to);
            }
        }
        self
    }

    /// Whether the fault is at `pointer` or below it.
    pub fn is_within(&self, pointer: &str) -> bool {
        match &self.place {
            Place::Key(own) | Place::Value(own) => is_within(own, pointer),
            Place::Line { .. } | Place::Range(_) => false,
        }
    }

    pub fn range(&self, source: &Source<'_>) -> Range<usize> {
        self.place.range(source)
    }

    /// The other place, and what it is.
    pub fn other(&self, source: &Source<'_>) -> Option<(Range<usize>, &str)> {
        let (place, label) = self.other.as_deref()?;
        Some((place.range(source), label))
    }
}

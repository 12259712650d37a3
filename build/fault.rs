/// One thing that is wrong with the document: where, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    place: Place,
    message: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Document,
    Position { line: usize, column: usize },
    Pointer(String),
}

impl Fault {
    /// A fault of the document as a whole.
    pub fn in_document(message: impl Into<String>) -> Self {
        Self::new(Place::Document, message)
    }

    /// A fault at a line and a column, both counted from 1.
    pub fn at_position(line: usize, column: usize, message: impl Into<String>) -> Self {
        Self::new(Place::Position { line, column }, message)
    }

    /// A fault at a JSON pointer (RFC 6901) into the document.
    pub fn at_pointer(pointer: &str, message: impl Into<String>) -> Self {
        Self::new(Place::Pointer(pointer.to_owned()), message)
    }

    /// Whether the fault is at `pointer` or below it.
    pub fn is_within(&self, pointer: &str) -> bool {
        match &self.place {
            Place::Pointer(own) => own
                .strip_prefix(pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            _ => false,
        }
    }

    fn new(place: Place, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { place, message }
    }

    /// The fault on one line, which is all that Cargo shows of a build
    /// script's error. `path` is the document's.
    pub fn to_line(&self, path: &str) -> String {
        let place = match &self.place {
            Place::Document => String::new(),
            Place::Position { line, column } => format!(":{line}:{column}"),
            Place::Pointer(pointer) => format!("#{pointer}"),
        };
        let words: Vec<_> = self.message.split_whitespace().collect();
        format!("{path}{place}: {}", words.join(" "))
    }
}

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, Span, StrInput};

use crate::diagnostic::{Diagnostic, Location};
use crate::json_pointer::{is_within, join, last_key};

/// Returns the text without the byte order mark that editors on Windows write, and the
/// length of the mark.
pub(crate) fn without_mark(text: &str) -> (&str, usize) {
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    (rest, text.len() - rest.len())
}

/// The text of a document, with the position of every key and value.
///
/// `serde_yaml` keeps no positions, so the text is parsed a second time for them.
pub struct Source<'a> {
    /// The text without a byte order mark.
    text: &'a str,
    /// The length of the byte order mark.
    mark: usize,
    spans: HashMap<String, KeySpan>,
}

/// The characters of a value, and of its key if it has one. The parser counts in
/// characters; the few positions that are reported are converted to bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct KeySpan {
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl<'a> Source<'a> {
    /// Wraps a text that is not valid YAML. Its errors have a line and a column.
    #[must_use]
    pub fn without_positions(text: &'a str) -> Self {
        let (text, mark) = without_mark(text);
        let spans = HashMap::new();
        Self { text, mark, spans }
    }

    /// Parses the positions, and reports duplicate keys.
    #[must_use]
    pub fn parse(text: &'a str) -> (Self, Vec<Diagnostic>) {
        let (text, mark) = without_mark(text);
        let mut reader = Reader {
            parser: Parser::new_from_str(text),
            text,
            spans: HashMap::new(),
            diagnostics: Vec::new(),
        };
        while let Some((event, span)) = reader.next() {
            reader.value(&event, span, "", None);
        }
        let Reader {
            spans, diagnostics, ..
        } = reader;
        (Self { text, mark, spans }, diagnostics)
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the bytes of the text at a location.
    pub(crate) fn range(&self, location: &Location) -> Range<usize> {
        match location {
            Location::Line { line, column } => self.character(*line, *column),
            Location::Range(range) => range.clone(),
            Location::Key(pointer) => self.key(pointer),
            Location::Value(pointer) => self.value(pointer),
        }
    }

    /// Converts bytes of [`text`](Self::text) to bytes of the file.
    pub(crate) fn range_in_file(&self, range: &Range<usize>) -> Range<usize> {
        range.start + self.mark..range.end + self.mark
    }

    /// Returns the position of the key at `pointer`, or of its nearest ancestor.
    pub(crate) fn key(&self, pointer: &str) -> Range<usize> {
        match self.nearest(pointer) {
            Some(KeySpan { key: Some(key), .. }) => to_bytes(self.text, key),
            Some(span) => self.first_line(&span.value),
            None => 0..0,
        }
    }

    /// Returns the position of the value at `pointer` if it is on the line of its key,
    /// and otherwise that of the key.
    fn value(&self, pointer: &str) -> Range<usize> {
        match self.nearest(pointer) {
            Some(KeySpan {
                key: Some(key),
                value,
            }) if value.is_empty() || !self.is_one_line(key.start..value.end) => {
                to_bytes(self.text, key)
            }
            Some(span) if self.spans.contains_key(pointer) => self.first_line(&span.value),
            _ => self.key(pointer),
        }
    }

    /// Returns the position of the character at a line and a column, both counted from 1.
    fn character(&self, line: usize, column: usize) -> Range<usize> {
        let before = self.text.split_inclusive('\n').take(line.saturating_sub(1));
        let before: usize = before.map(str::len).sum();
        let line = self.text[before..].lines().next().unwrap_or("");
        match line.char_indices().nth(column.saturating_sub(1)) {
            Some((byte, character)) => before + byte..before + byte + character.len_utf8(),
            None => before + line.len()..before + line.len(),
        }
    }

    /// Returns the location of the key that starts at a byte of the text.
    pub(crate) fn pointer_of_key(&self, start: usize) -> Option<String> {
        let start = self.text.get(..start)?.chars().count();
        let mut spans = self.spans.iter();
        let found = spans.find(|(_, span)| span.key.as_ref().is_some_and(|key| key.start == start));
        found.map(|(pointer, _)| pointer.clone())
    }

    fn nearest(&self, pointer: &str) -> Option<&KeySpan> {
        let mut pointer = pointer;
        loop {
            if let Some(span) = self.spans.get(pointer) {
                return Some(span);
            }
            pointer = pointer.rsplit_once('/')?.0;
        }
    }

    fn is_one_line(&self, characters: Range<usize>) -> bool {
        let range = to_bytes(self.text, &characters);
        !self.text[range].trim_end().contains('\n')
    }

    fn first_line(&self, characters: &Range<usize>) -> Range<usize> {
        let range = to_bytes(self.text, characters);
        let line = self.text[range.clone()].lines().next().unwrap_or("");
        range.start..range.start + line.trim_end().len()
    }
}

/// Converts positions of characters to positions of bytes.
fn to_bytes(text: &str, characters: &Range<usize>) -> Range<usize> {
    let byte = |index| {
        let mut characters = text.char_indices();
        characters.nth(index).map_or(text.len(), |(byte, _)| byte)
    };
    byte(characters.start)..byte(characters.end)
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    text: &'a str,
    spans: HashMap<String, KeySpan>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.parser.next_event()?.ok()
    }

    /// Records the value that starts with `event`, and everything below it. Returns
    /// `None` if the text ends within the value.
    fn value(
        &mut self,
        event: &Event<'a>,
        span: Span,
        pointer: &str,
        key: Option<Range<usize>>,
    ) -> Option<()> {
        let start = span.start.index();
        let end = match event {
            Event::MappingStart(..) => self.mapping(pointer),
            Event::SequenceStart(..) => self.sequence(pointer),
            Event::Scalar(..) | Event::Alias(_) => Some(span.end.index()),
            _ => return Some(()),
        };
        let value = start..end.unwrap_or(usize::MAX).max(start);
        self.spans
            .insert(pointer.to_owned(), KeySpan { key, value });
        end.map(|_| ())
    }

    fn mapping(&mut self, pointer: &str) -> Option<usize> {
        loop {
            let (event, span) = self.next()?;
            let key = span.start.index()..span.end.index();
            let pointer = match event {
                Event::MappingEnd => return Some(span.end.index()),
                Event::Scalar(name, ..) => join(pointer, &name),
                // A mapping or a list as a key. `Document::load` reports it.
                event => {
                    self.value(&event, span, &join(pointer, "?"), None)?;
                    join(pointer, "?")
                }
            };
            let first = self.spans.get(&pointer).and_then(|span| span.key.clone());
            let (event, span) = self.next()?;
            if let Some(first) = first {
                let message = format!("duplicate key `{}`", last_key(&pointer));
                let diagnostic = Diagnostic::at_range(to_bytes(self.text, &key), message)
                    .help("remove or rename one of the two")
                    .with_related_range(to_bytes(self.text, &first), "first used here");
                self.diagnostics.push(diagnostic);
                // The document has the second value, so the positions are those of
                // the second value too.
                self.spans.retain(|other, _| !is_within(other, &pointer));
            }
            self.value(&event, span, &pointer, Some(key))?;
        }
    }

    fn sequence(&mut self, pointer: &str) -> Option<usize> {
        for index in 0.. {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Some(span.end.index());
            }
            self.value(&event, span, &join(pointer, &index.to_string()), None)?;
        }
        None
    }
}

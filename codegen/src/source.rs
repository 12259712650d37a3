//! Where each part of the document stands in its text.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, Span};

use super::diagnostic::Fault;
use super::document::{is_within, join, last_key};

/// The text of the document, with the place of every JSON pointer into it.
pub struct Source<'a> {
    text: &'a str,
    places: HashMap<String, Place>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl<'a> Source<'a> {
    /// A text without places, for faults that have a line.
    pub fn without_places(text: &'a str) -> Self {
        let places = HashMap::new();
        Self { text, places }
    }

    /// Reads the places in a text that is YAML, and reports the keys that an
    /// object has twice.
    pub fn read(text: &'a str) -> (Self, Vec<Fault>) {
        let mut reader = Reader {
            parser: Parser::new_from_str(text),
            bytes: text.char_indices().map(|(byte, _)| byte).collect(),
            end: text.len(),
            places: HashMap::new(),
            faults: Vec::new(),
        };
        while let Some((event, span)) = reader.next() {
            reader.value(&event, span, "", None);
        }
        let Reader { places, faults, .. } = reader;
        (Self { text, places }, faults)
    }

    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The key at `pointer`, or what is nearest to it if it has none.
    pub fn key(&self, pointer: &str) -> Range<usize> {
        match self.nearest(pointer) {
            Some(Place { key: Some(key), .. }) => key.clone(),
            Some(place) => self.first_line(&place.value),
            None => 0..0,
        }
    }

    /// The value at `pointer` if it stands on the line of its key, and else the
    /// key.
    pub fn value(&self, pointer: &str) -> Range<usize> {
        match self.nearest(pointer) {
            Some(Place {
                key: Some(key),
                value,
            }) if value.is_empty() || !self.is_one_line(key.start..value.end) => key.clone(),
            Some(place) if self.places.contains_key(pointer) => self.first_line(&place.value),
            _ => self.key(pointer),
        }
    }

    /// The character at a line and a column, both counted from 1.
    pub fn character(&self, line: usize, column: usize) -> Range<usize> {
        let before = self.text.split_inclusive('\n').take(line.saturating_sub(1));
        let before: usize = before.map(str::len).sum();
        let line = self.text[before..].lines().next().unwrap_or("");
        match line.char_indices().nth(column.saturating_sub(1)) {
            Some((byte, character)) => before + byte..before + byte + character.len_utf8(),
            None => before + line.len()..before + line.len(),
        }
    }

    fn nearest(&self, pointer: &str) -> Option<&Place> {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.places.get(pointer) {
                return Some(place);
            }
            pointer = pointer.rsplit_once('/')?.0;
        }
    }

    fn is_one_line(&self, range: Range<usize>) -> bool {
        !self.text[range].trim_end().contains('\n')
    }

    fn first_line(&self, range: &Range<usize>) -> Range<usize> {
        let line = self.text[range.clone()].lines().next().unwrap_or("");
        range.start..range.start + line.trim_end().len()
    }
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    bytes: Vec<usize>,
    end: usize,
    places: HashMap<String, Place>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.parser.next_event()?.ok()
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.end)
    }

    /// Reads the value that begins with `event`, and all that is in it; gives
    /// nothing at the end of what can be read.
    fn value(
        &mut self,
        event: &Event<'a>,
        span: Span,
        pointer: &str,
        key: Option<Range<usize>>,
    ) -> Option<()> {
        let start = self.byte(span.start.index());
        let end = match event {
            Event::MappingStart(..) => self.mapping(pointer),
            Event::SequenceStart(..) => self.sequence(pointer),
            Event::Scalar(..) | Event::Alias(_) => Some(span.end.index()),
            _ => return Some(()),
        };
        let value = start..end.map_or(self.end, |end| self.byte(end)).max(start);
        self.places.insert(pointer.to_owned(), Place { key, value });
        end.map(|_| ())
    }

    fn mapping(&mut self, pointer: &str) -> Option<usize> {
        loop {
            let (event, span) = self.next()?;
            let key = self.byte(span.start.index())..self.byte(span.end.index());
            let pointer = match event {
                Event::MappingEnd => return Some(span.end.index()),
                Event::Scalar(name, ..) => join(pointer, &name),
                // A key that is no name: what is read as the document says so.
                event => {
                    self.value(&event, span, &join(pointer, "?"), None)?;
                    join(pointer, "?")
                }
            };
            let first = self
                .places
                .get(&pointer)
                .and_then(|place| place.key.clone());
            let (event, span) = self.next()?;
            if let Some(first) = first {
                let message = format!("`{}` is here twice", last_key(&pointer));
                let fault = Fault::at_range(key.clone(), message)
                    .help("an object has a key once; remove or rename one")
                    .beside(first, "it is here already");
                self.faults.push(fault);
                self.places.retain(|place, _| !is_within(place, &pointer));
            }
            // Of two, the last is read, and so its places are those that count.
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

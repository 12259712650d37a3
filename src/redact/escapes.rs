//! The spellings in which servers repeat text: percent-encoding, backslash escapes and
//! HTML entities, also nested.

use std::collections::BTreeSet;
use std::iter;
use std::ops::Range;

use super::entities::character_of_entity;

/// The maximum number of readings from one position, which limits how deeply escapes of
/// escapes are followed.
const MAX_READINGS: usize = 8;

/// The maximum number of digits of a character reference, leading zeros included.
const MAX_DIGITS: usize = 16;

/// The maximum number of steps of a search for each byte of the text. Only repetitive
/// text and a repetitive pattern need more than two.
const MAX_STEPS_PER_BYTE: usize = 8;

/// Text with the escapes in it.
///
/// From each position, there is one or more readings: the byte itself, and what an escape
/// that starts there represents. The search follows all of them, so text is matched
/// whichever of its characters are escaped, and however.
pub(super) struct Text<'a> {
    bytes: &'a [u8],
    /// In descending order of their starts.
    escapes: Vec<Escape>,
}

struct Escape {
    start: usize,
    reading: Reading,
}

/// The bytes that the text at a position represents, and the position after it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Reading {
    bytes: [u8; 4],
    length: usize,
    end: usize,
}

impl Reading {
    fn byte(byte: u8, end: usize) -> Self {
        Self {
            bytes: [byte, 0, 0, 0],
            length: 1,
            end,
        }
    }

    fn character(character: char, end: usize) -> Self {
        let mut bytes = [0; 4];
        let length = character.encode_utf8(&mut bytes).len();
        Self { bytes, length, end }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn ascii(&self) -> Option<u8> {
        let byte = self.bytes[0];
        (self.length == 1 && byte.is_ascii()).then_some(byte)
    }
}

/// The distinct readings from one position.
struct Readings(Vec<Reading>);

impl Readings {
    fn push(&mut self, reading: Reading) {
        if self.0.len() < MAX_READINGS && !self.0.contains(&reading) {
            self.0.push(reading);
        }
    }

    /// Adds a byte. Beyond ASCII, it can also represent a character in Latin-1.
    fn push_byte(&mut self, byte: u8, end: usize) {
        self.push(Reading::byte(byte, end));
        if !byte.is_ascii() {
            self.push(Reading::character(char::from(byte), end));
        }
    }

    fn push_character(&mut self, code: u32, end: usize) {
        if let Some(character) = char::from_u32(code) {
            self.push(Reading::character(character, end));
        }
    }
}

impl<'a> Text<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut text = Self {
            bytes,
            escapes: Vec::new(),
        };
        let mut backslashes_end = bytes.len();
        // From the end, because an escape can contain escapes.
        for (start, byte) in bytes.iter().enumerate().rev() {
            match byte {
                b'\\' => text.add_escapes(start, Some(backslashes_end)),
                b'%' | b'&' | b'+' => text.add_escapes(start, None),
                _ => {}
            }
            if *byte != b'\\' {
                backslashes_end = start;
            }
        }
        text
    }

    /// Returns the occurrences of `pattern`, which must not be empty, in any spelling.
    /// They do not overlap. If the search takes too long, the whole text is one.
    pub(super) fn occurrences(&self, pattern: &[u8]) -> Vec<Range<usize>> {
        let mut occurrences = Vec::new();
        let mut start = 0;
        let mut steps = MAX_STEPS_PER_BYTE * (self.bytes.len() + pattern.len());
        while start < self.bytes.len() {
            let end = self.match_at(start, pattern, &mut steps);
            if steps == 0 {
                return iter::once(0..self.bytes.len()).collect();
            }
            occurrences.extend(end.map(|end| start..end));
            start = end.unwrap_or(start + 1);
        }
        occurrences
    }

    /// Returns the digit at a position, raw or escaped, and the position after it.
    pub(super) fn digit<T>(
        &self,
        at: usize,
        digit: impl Fn(u8) -> Option<T>,
    ) -> Option<(T, usize)> {
        let byte = *self.bytes.get(at)?;
        if let Some(value) = digit(byte) {
            return Some((value, at + 1));
        }
        if !is_special(byte) {
            return None;
        }
        self.readings(at)
            .find_map(|reading| Some((digit(reading.ascii()?)?, reading.end)))
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the end of the longest match of `pattern` from `start`. Subtracts the steps
    /// that it takes.
    fn match_at(&self, start: usize, pattern: &[u8], steps: &mut usize) -> Option<usize> {
        let first = *self.bytes.get(start)?;
        let is_possible = pattern.first() == Some(&first)
            || is_special(first)
                && self
                    .readings(start)
                    .any(|reading| pattern.starts_with(reading.bytes()));
        if !is_possible {
            return None;
        }
        let mut longest = None;
        // Pairs of a position and the number of bytes of the pattern that match up to
        // there. The next pair is always the one with the lowest position.
        let mut states = BTreeSet::from([(start, 0)]);
        while let Some((at, matched)) = states.pop_first() {
            *steps = steps.checked_sub(1)?;
            let rest = &pattern[matched..];
            if rest.is_empty() {
                longest = Some(at);
                continue;
            }
            // Up to the next escape, bytes have no other readings.
            let literal = match self.next_escape(at) {
                Some(next) if next == at => 1,
                Some(next) => rest.len().min(next - at),
                None => rest.len(),
            };
            if self.bytes[at..].starts_with(&rest[..literal]) {
                states.insert((at + literal, matched + literal));
            }
            for reading in self.readings(at) {
                if rest.starts_with(reading.bytes()) {
                    states.insert((reading.end, matched + reading.length));
                }
            }
        }
        longest
    }

    fn next_escape(&self, at: usize) -> Option<usize> {
        let after = self.escapes.partition_point(|escape| escape.start >= at);
        let escape = self.escapes.get(after.checked_sub(1)?)?;
        Some(escape.start)
    }

    /// Returns the readings from a position, except its own byte.
    fn readings(&self, at: usize) -> impl Iterator<Item = &Reading> {
        let first = self.escapes.partition_point(|escape| escape.start > at);
        let escapes = self.escapes[first..].iter();
        escapes
            .take_while(move |escape| escape.start == at)
            .map(|escape| &escape.reading)
    }

    /// Returns the positions after `byte`, if it is the next one, raw or escaped.
    fn after(&self, at: usize, byte: u8) -> impl Iterator<Item = usize> {
        let raw = self.bytes.get(at) == Some(&byte);
        let escaped = self.readings(at);
        let escaped = escaped.filter(move |reading| reading.ascii() == Some(byte));
        raw.then_some(at + 1)
            .into_iter()
            .chain(escaped.map(|reading| reading.end))
    }

    /// Adds the escapes from a position. Those from later positions are known.
    fn add_escapes(&mut self, start: usize, backslashes_end: Option<usize>) {
        let mut readings = Readings(vec![Reading::byte(self.bytes[start], start + 1)]);
        // Text that is escaped several times has several backslashes for one.
        if let Some(end) = backslashes_end {
            readings.push(Reading::byte(b'\\', end));
        }
        let mut next = 0;
        while let Some(reading) = readings.0.get(next).copied() {
            next += 1;
            match reading.ascii() {
                Some(b'%') => self.read_percent(reading.end, &mut readings),
                Some(b'\\') => self.read_backslash(reading.end, &mut readings),
                Some(b'&') => self.read_entity(reading.end, &mut readings),
                // As in a form.
                Some(b'+') => readings.push(Reading::byte(b' ', reading.end)),
                _ => {}
            }
        }
        let escapes = readings.0.into_iter().skip(1);
        let escapes = escapes.map(|reading| Escape { start, reading });
        self.escapes.extend(escapes);
    }

    /// Reads what follows a percent sign.
    fn read_percent(&self, at: usize, readings: &mut Readings) {
        if let Some(byte) = self.two_hex_digits(at) {
            readings.push_byte(byte, at + 2);
        }
        self.read_utf16(at, b'%', readings);
    }

    /// Reads what follows a backslash, or several.
    fn read_backslash(&self, at: usize, readings: &mut Readings) {
        let Some(byte) = self.bytes.get(at).copied() else {
            return;
        };
        match byte {
            // The run of backslashes has a reading that ends after its last one.
            b'\\' => return,
            b'u' | b'x' => {
                self.read_utf16(at, b'\\', readings);
                if let Some(byte) = self.two_hex_digits(at + 1).filter(|_| byte == b'x') {
                    readings.push_byte(byte, at + 3);
                }
                for digits in self.after(at + 1, b'{') {
                    let (code, end) = self.number(digits, 16);
                    for end in self.after(end, b'}') {
                        readings.push_character(code, end);
                    }
                }
            }
            b'U' => {
                if let Some(code) = self.fixed_number(at + 1, 8, 16) {
                    readings.push_character(code, at + 9);
                }
            }
            b'0'..=b'7' => {
                for length in 1..=3 {
                    let code = self.fixed_number(at, length, 8);
                    if let Some(byte) = code.and_then(|code| u8::try_from(code).ok()) {
                        readings.push_byte(byte, at + length);
                    }
                }
            }
            _ => {}
        }
        let control = match byte {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'a' => Some(0x07),
            b'b' => Some(0x08),
            b'v' => Some(0x0b),
            b'f' => Some(0x0c),
            b'e' => Some(0x1b),
            _ => None,
        };
        if let Some(control) = control {
            readings.push(Reading::byte(control, at + 1));
        }
        if is_escapable(byte) {
            readings.push(Reading::byte(byte, at + 1));
        }
        for reading in self.readings(at) {
            if reading.ascii().is_some_and(is_escapable) {
                readings.push(*reading);
            }
        }
    }

    /// Reads what follows an ampersand.
    fn read_entity(&self, at: usize, readings: &mut Readings) {
        for digits in self.after(at, b'#') {
            let (code, end) = match self.bytes.get(digits) {
                Some(b'x' | b'X') => self.number(digits + 1, 16),
                _ => self.number(digits, 10),
            };
            for end in self.after(end, b';') {
                readings.push_character(code, end);
            }
        }
        let name = self.bytes.get(at..).unwrap_or_default();
        let length = name.iter().take(MAX_DIGITS);
        let length = length
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        if let Some(character) = character_of_entity(&name[..length]) {
            for end in self.after(at + length, b';') {
                readings.push(Reading::character(character, end));
            }
        }
    }

    /// Reads `u` and four hexadecimal digits, or two such escapes for a character beyond
    /// 16 bits.
    fn read_utf16(&self, at: usize, prefix: u8, readings: &mut Readings) {
        let unit = |at: usize| {
            let is_unit = self.bytes.get(at) == Some(&b'u');
            is_unit.then(|| self.fixed_number(at + 1, 4, 16))?
        };
        let Some(first) = unit(at) else {
            return;
        };
        let end = at + 5;
        readings.push_character(first, end);
        if (0xd800..0xdc00).contains(&first) {
            for at in self.after(end, prefix) {
                if let Some(second @ 0xdc00..0xe000) = unit(at) {
                    let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                    readings.push_character(code, at + 5);
                }
            }
        }
    }

    fn two_hex_digits(&self, at: usize) -> Option<u8> {
        u8::try_from(self.fixed_number(at, 2, 16)?).ok()
    }

    /// Parses a number of exactly this many digits.
    fn fixed_number(&self, at: usize, length: usize, radix: u32) -> Option<u32> {
        let digits = self.bytes.get(at..at.checked_add(length)?)?;
        digits.iter().try_fold(0_u32, |number, digit| {
            let digit = char::from(*digit).to_digit(radix)?;
            number.checked_mul(radix)?.checked_add(digit)
        })
    }

    /// Parses a number of any length, and returns it with the position after it. A number
    /// that is missing or too large is not a character.
    fn number(&self, at: usize, radix: u32) -> (u32, usize) {
        let digits = self.bytes.get(at..).unwrap_or_default();
        let length = digits.iter().take(MAX_DIGITS);
        let length = length
            .take_while(|digit| char::from(**digit).is_digit(radix))
            .count();
        let number = self.fixed_number(at, length, radix);
        let number = number.filter(|_| length > 0).unwrap_or(u32::MAX);
        (number, at + length)
    }
}

/// Whether an escape can start with this byte.
fn is_special(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&' | b'+')
}

/// Whether a backslash before this byte can represent the byte.
fn is_escapable(byte: u8) -> bool {
    byte.is_ascii_punctuation() || byte == b' '
}

//! Base64 and hexadecimal digits, of which a secret can be a part.

use std::iter;
use std::ops::Range;

use zeroize::Zeroizing;

use super::escapes::Text;

/// An encoding that represents every byte by digits.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    bits: usize,
    value: fn(u8) -> Option<u8>,
    /// The number of positions where the digits of a byte sequence can start.
    alignments: usize,
}

pub(super) const ENCODINGS: [Digits; 2] = [
    Digits {
        bits: 6,
        value: base64_value,
        alignments: 4,
    },
    Digits {
        bits: 4,
        value: hex_value,
        alignments: 2,
    },
];

impl Digits {
    /// Returns each run of digits that can represent `min_len` bytes, with its padding.
    pub(super) fn runs(self, text: &Text<'_>, min_len: usize) -> Vec<Range<usize>> {
        let min_digits = (min_len * 8).div_ceil(self.bits);
        let mut runs = Vec::new();
        let mut start = 0;
        while start < text.len() {
            let (mut end, mut digits) = (start, 0);
            while let Some((_, next)) = text.digit(end, self.value) {
                (end, digits) = (next, digits + 1);
            }
            if digits >= min_digits {
                while let Some(((), next)) = text.digit(end, is_padding) {
                    end = next;
                }
                runs.push(start..end);
            }
            start = end.max(start + 1);
        }
        runs
    }

    /// Decodes the run at `start`, once for each position where the digits of a secret
    /// can start.
    pub(super) fn decode(
        self,
        text: &Text<'_>,
        mut start: usize,
    ) -> impl Iterator<Item = Zeroizing<Vec<u8>>> {
        let mut alignments = self.alignments;
        iter::from_fn(move || {
            alignments = alignments.checked_sub(1)?;
            let bytes = self.decode_from(text, start);
            (_, start) = text.digit(start, self.value)?;
            Some(bytes)
        })
    }

    fn decode_from(self, text: &Text<'_>, mut at: usize) -> Zeroizing<Vec<u8>> {
        let mut digits = 0;
        let mut end = at;
        while let Some((_, next)) = text.digit(end, self.value) {
            (end, digits) = (next, digits + 1);
        }
        // The buffer never reallocates, which would leave a copy of a secret behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(digits * self.bits / 8));
        let (mut buffer, mut filled) = (0_u32, 0);
        while let Some((value, next)) = text.digit(at, self.value) {
            buffer = (buffer << self.bits) | u32::from(value);
            filled += self.bits;
            if filled >= 8 {
                filled -= 8;
                bytes.push((buffer >> filled).to_be_bytes()[3]);
            }
            at = next;
        }
        bytes
    }
}

/// Returns the value of a digit of base64, in the standard or the URL-safe alphabet.
fn base64_value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

fn hex_value(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

fn is_padding(digit: u8) -> Option<()> {
    (digit == b'=').then_some(())
}

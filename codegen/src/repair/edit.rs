//! Edits of the layout of one line, or of a line with those below it.

use std::collections::BTreeSet;

use crate::report::RenderedDiagnostic;

/// The number of lines that are edited.
const MAX_LINES: usize = 16;

/// The number of keys after which a block can end.
const MAX_ENDS: usize = 12;

/// An edit of the lines from `line`, counted from 0, to `end`.
pub(super) struct Edit {
    pub(super) line: usize,
    end: usize,
    pub(super) change: Change,
}

pub(super) enum Change {
    /// Another number of spaces at the start of the first line. The others move along.
    Indentation { from: usize, to: usize },
    /// A colon and a space after the first word.
    Colon,
    /// A quote at the end.
    Quote,
}

impl Edit {
    pub(super) fn apply(&self, lines: &[&str]) -> String {
        let mut edited = lines[..self.line].concat();
        for line in &lines[self.line..self.end] {
            edited.push_str(&self.apply_to_line(line));
        }
        edited + &lines[self.end..].concat()
    }

    fn apply_to_line(&self, line: &str) -> String {
        let content = line.trim_start_matches(' ');
        let indentation = line.len() - content.len();
        match self.change {
            Change::Indentation { .. } if content.trim().is_empty() => line.to_owned(),
            Change::Indentation { from, to } => {
                " ".repeat((indentation + to).saturating_sub(from)) + content
            }
            Change::Colon => {
                let word = content.strip_prefix("- ").unwrap_or(content);
                let start = line.len() - word.len();
                let end = word.find([' ', ':', '\r', '\n']).unwrap_or(word.len());
                let (head, rest) = line.split_at(start + end);
                let rest = rest.strip_prefix(':').unwrap_or(rest);
                format!("{head}: {}", rest.trim_start_matches(' '))
            }
            Change::Quote => {
                let text = line.trim_end();
                format!("{text}\"{}", &line[text.len()..])
            }
        }
    }
}

/// Returns the edits that may remove errors, likely ones first.
pub(super) fn candidates(lines: &[&str], errors: &[RenderedDiagnostic]) -> Vec<Edit> {
    let suspects = suspects(lines, errors);
    let punctuation = suspects
        .iter()
        .filter_map(|line| missing_punctuation(lines, *line));
    // Lines that follow an unknown key may be its next siblings.
    let unknown = errors
        .iter()
        .find(|error| error.message.starts_with("unknown key"));
    let unknown = unknown.map(|error| error.line - 1);
    let mut indentation: Vec<_> = suspects
        .iter()
        .flat_map(|line| reindented(lines, *line))
        .collect();
    indentation.sort_by_key(|((is_partial, distance), edit)| {
        (*is_partial && Some(edit.line) != unknown, *distance)
    });
    let indentation = indentation.into_iter().map(|(_, edit)| edit);
    punctuation.chain(indentation).collect()
}

/// How unlikely an edit is: by the lines that it changes, and by how far it moves them.
type Rank = (bool, usize);

/// Returns the lines that may cause the errors: their own, those before, and those of keys
/// that they name.
fn suspects(lines: &[&str], errors: &[RenderedDiagnostic]) -> Vec<usize> {
    let (layout, others): (Vec<_>, Vec<_>) = errors.iter().partition(|error| error.may_be_layout);
    let mut suspects: Vec<_> = unclosed_quotes(lines).take(1).collect();
    let mut visited: BTreeSet<_> = suspects.iter().copied().collect();
    for error in layout.into_iter().chain(others).take(MAX_LINES) {
        let own = error.line - 1;
        let found = [Some(own), previous(lines, own), parent(lines, own)]
            .into_iter()
            .flatten()
            .chain(named(lines, error));
        suspects.extend(found.filter(|line| *line < lines.len() && visited.insert(*line)));
    }
    suspects.truncate(MAX_LINES);
    suspects
}

/// Returns the previous line that is not blank.
fn previous(lines: &[&str], line: usize) -> Option<usize> {
    let mut before = (0..line).rev();
    before.find(|line| !lines[*line].trim().is_empty())
}

/// Returns the previous line with a smaller indentation.
fn parent(lines: &[&str], line: usize) -> Option<usize> {
    let own = indentation(lines.get(line)?);
    let mut before = (0..line).rev();
    before.find(|line| !lines[*line].trim().is_empty() && indentation(lines[*line]) < own)
}

/// Returns the nearest line of each key that the message of an error names.
fn named(lines: &[&str], error: &RenderedDiagnostic) -> Vec<usize> {
    let words = error.message.split('`').skip(1).step_by(2);
    let keys = words.flat_map(|word| word.trim_start_matches('#').split('/'));
    keys.filter(|key| !key.is_empty())
        .filter_map(|key| {
            let of_key = (0..lines.len()).filter(|line| self::key(lines[*line]) == Some(key));
            of_key.min_by_key(|line| line.abs_diff(error.line - 1))
        })
        .collect()
}

/// Returns the key that a line starts with.
fn key(line: &str) -> Option<&str> {
    let content = line.trim_start();
    let content = content.strip_prefix("- ").unwrap_or(content);
    let (key, _) = content.split_once(':')?;
    Some(key.trim_matches(['"', '\'']))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns the lines with an odd number of quotes.
pub(super) fn unclosed_quotes(lines: &[&str]) -> impl Iterator<Item = usize> {
    (0..lines.len()).filter(|line| has_unclosed_quote(lines[*line]))
}

fn has_unclosed_quote(line: &str) -> bool {
    line.matches('"').count() % 2 == 1
}

fn missing_punctuation(lines: &[&str], line: usize) -> Option<Edit> {
    let text = lines[line].trim();
    let change = if has_unclosed_quote(text) {
        Change::Quote
    } else if !text.is_empty() && !text.contains(": ") && !text.ends_with(':') {
        Change::Colon
    } else {
        return None;
    };
    let end = line + 1;
    Some(Edit { line, end, change })
}

/// Returns the edits of the indentation of a line: on its own, with the lines below it, and
/// with the first of them.
fn reindented(lines: &[&str], line: usize) -> Vec<(Rank, Edit)> {
    if lines[line].trim().is_empty() {
        return Vec::new();
    }
    let from = indentation(lines[line]);
    let below: Vec<_> = (line + 1..lines.len())
        .take_while(|below| lines[*below].trim().is_empty() || indentation(lines[*below]) > from)
        .collect();
    let end = below.last().map_or(line + 1, |last| last + 1);
    let child = below
        .iter()
        .map(|below| indentation(lines[*below]))
        .filter(|child| *child > 0)
        .min();
    // Below a line that moved to the left, those of the next keys look like its own.
    let ends = below
        .iter()
        .copied()
        .filter(|below| Some(indentation(lines[*below])) == child)
        .take(MAX_ENDS);
    let partial: Vec<_> = ends
        .filter(|other| *other != end && *other != line + 1)
        .collect();
    let whole = BTreeSet::from([line + 1, end]);
    let mut edits = Vec::new();
    for (distance, to) in levels(lines, line).into_iter().enumerate() {
        let ends = whole.iter().map(|end| (false, *end));
        for (is_partial, end) in ends.chain(partial.iter().map(|end| (true, *end))) {
            let change = Change::Indentation { from, to };
            edits.push(((is_partial, distance), Edit { line, end, change }));
        }
    }
    edits
}

/// Returns the other indentations that a line can have, the nearest first: those of the lines
/// before it, and one level more.
fn levels(lines: &[&str], line: usize) -> Vec<usize> {
    let own = indentation(lines[line]);
    let mut levels = BTreeSet::from([own + 2]);
    let mut at = previous(lines, line);
    if let Some(previous) = at {
        levels.insert(indentation(lines[previous]) + 2);
    }
    while let Some(before) = at {
        levels.insert(indentation(lines[before]));
        at = parent(lines, before);
    }
    levels.remove(&own);
    let mut levels: Vec<_> = levels.into_iter().collect();
    levels.sort_by_key(|level| level.abs_diff(own));
    levels.truncate(4);
    levels
}

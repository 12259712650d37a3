//! Finds the line whose layout causes errors. A key with the wrong indentation is unknown
//! where it is, missing where it should be, and may take the lines after it with it.

mod edit;

use std::ops::Range;

use serde_json::Value;

use crate::document::Document;
use crate::grammar::ObjectKind;
use crate::json_pointer::last_key;
use crate::report::{RenderedDiagnostic, Report};
use crate::source::{Source, without_mark};
use edit::{Change, Edit, candidates, unclosed_quotes};

/// The number of lines that are reported as causes.
const MAX_CAUSES: usize = 3;

/// The number of lines of all edited texts. An edit takes as long as the checks of the
/// document, so that few edits of a long document are tried.
const MAX_LINES: usize = 120_000;

/// The number of edits that are tried.
const MAX_TRIALS: usize = 100;

/// Replaces the errors that one edit of the layout of `text` removes by an error that
/// describes the edit. `check` returns the errors of a text.
pub(crate) fn explain(
    text: &str,
    report: Report,
    check: impl Fn(&str) -> Option<Report>,
) -> Report {
    let mut edited = text.to_owned();
    let mut errors = report.into_diagnostics();
    let mut causes = Vec::new();
    while causes.len() < MAX_CAUSES
        && let Some(repair) = find(&edited, &errors, &check)
    {
        causes.push(describe(text, &repair, &errors));
        retain_messages(&mut errors, repair.errors);
        edited = repair.text;
    }
    errors.extend(causes);
    Report::from_diagnostics(errors)
}

/// An edit that removes errors and adds none.
struct Repair {
    edit: Edit,
    place: Place,
    text: String,
    /// The errors of the edited text.
    errors: Vec<RenderedDiagnostic>,
}

/// Returns the edit that removes the most errors.
fn find(
    text: &str,
    errors: &[RenderedDiagnostic],
    check: impl Fn(&str) -> Option<Report>,
) -> Option<Repair> {
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let may_be_layout = errors.iter().any(|error| error.may_be_layout);
    if !may_be_layout && unclosed_quotes(&lines).next().is_none() {
        return None;
    }
    let trials = (MAX_LINES / lines.len().max(1)).min(MAX_TRIALS);
    let mut best: Option<Repair> = None;
    for edit in candidates(&lines, errors).into_iter().take(trials) {
        let edited = edit.apply(&lines);
        let rest = check(&edited).map(Report::into_diagnostics);
        let rest = rest.unwrap_or_default();
        let fewest = best.as_ref().map_or(errors.len(), |best| best.errors.len());
        let mut known = rest.clone();
        retain_messages(&mut known, errors.to_vec());
        if rest.len() < fewest
            && known.len() == rest.len()
            && let Some(place) = place(&edit, &edited)
        {
            let is_complete = rest.is_empty();
            best = Some(Repair {
                edit,
                place,
                text: edited,
                errors: rest,
            });
            if is_complete {
                break;
            }
        }
    }
    best
}

/// The place of the edited line in the edited document.
struct Place {
    /// The key above, unless it is the document.
    parent: Option<String>,
    /// Whether the keys of the parent are those of OpenAPI.
    is_object: bool,
    /// The number of lines from the parent.
    distance: usize,
}

/// Returns `None` if the edited line does not describe the API. As a part of an example, it
/// would have no errors either.
fn place(edit: &Edit, edited: &str) -> Option<Place> {
    let (edited, _) = without_mark(edited);
    let (source, _) = Source::parse(edited);
    let pointer = source.pointer_of_key(key_range(edited, edit.line).start)?;
    let document = Document::load(edited).ok()?;
    let mut above = pointer.rsplit_once('/')?.0;
    let nodes = document.nodes();
    let parent = nodes.iter().find(|node| node.node.pointer == above)?;
    let kind = parent.expected.kind();
    let is_known = |kind: ObjectKind| kind.field(&last_key(&pointer)).is_some();
    if !nodes.iter().any(|node| node.node.pointer == pointer) && !kind.is_some_and(is_known) {
        return None;
    }
    // An item of a list has no key.
    while let Some((list, _)) = above.rsplit_once('/')
        && document.at(list).is_some_and(Value::is_array)
    {
        above = list;
    }
    let line = edited[..source.key(above).start].matches('\n').count();
    Some(Place {
        parent: (!above.is_empty()).then(|| last_key(above)),
        is_object: kind.is_some(),
        distance: edit.line.saturating_sub(line),
    })
}

impl Place {
    /// Asks whether the place is the intended one.
    fn question(&self) -> String {
        let distance = match self.distance {
            1 => "one line above".to_owned(),
            distance => format!("{distance} lines above"),
        };
        match &self.parent {
            None => "is it meant to be a key of the document?".to_owned(),
            Some(parent) if self.is_object => {
                format!("is it meant to be a key of `{parent}`, {distance}?")
            }
            Some(parent) => format!("is it meant to be one of `{parent}`, {distance}?"),
        }
    }
}

/// Keeps each error that has the message of one of `others`.
fn retain_messages(errors: &mut Vec<RenderedDiagnostic>, mut others: Vec<RenderedDiagnostic>) {
    errors.retain(|error| {
        let other = others
            .iter()
            .position(|other| other.message == error.message);
        if let Some(other) = other {
            others.swap_remove(other);
        }
        other.is_some()
    });
}

/// Returns the bytes of the key in a line.
fn key_range(text: &str, line: usize) -> Range<usize> {
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let line = text[before..].lines().next().unwrap_or_default();
    let content = line.trim_start();
    let content = content.strip_prefix("- ").unwrap_or(content).trim_start();
    let start = before + line.len() - content.len();
    let end = content.find(':').unwrap_or(content.trim_end().len());
    start..start + end
}

/// Describes the edit as an error of the original text.
fn describe(text: &str, repair: &Repair, errors: &[RenderedDiagnostic]) -> RenderedDiagnostic {
    let range = key_range(text, repair.edit.line);
    let key = text[range.clone()].trim_matches(['"', '\'']).to_owned();
    let (message, help) = match repair.edit.change {
        Change::Colon => (
            format!("`{key}` is a key without `: `"),
            "write a colon and a space after the key".to_owned(),
        ),
        Change::Quote => (
            "the line has a quote without another one".to_owned(),
            "end the text with the same quote".to_owned(),
        ),
        Change::Indentation { from, to } => {
            // The error at the key itself states why it is wrong there.
            let own = errors.iter().find(|error| {
                error.line == repair.edit.line + 1 && error.message.starts_with("unknown key")
            });
            let message = own.map_or_else(
                || format!("the indentation of `{key}` is wrong"),
                |error| error.message.clone(),
            );
            let question = repair.place.question();
            let spaces = if to == 1 { "space" } else { "spaces" };
            let help = format!("{question} If so, indent it by {to} {spaces} instead of {from}");
            (message, help)
        }
    };
    RenderedDiagnostic::at(text, range, message, help)
}

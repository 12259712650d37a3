//! The TOML file. Every error is reported at once, with its line.

use std::collections::{BTreeSet, HashMap};

use duvo::CustomIntegration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::entry::Entry;
use crate::fault::{Fault, line};
use crate::field;

const FIELDS: [&str; 2] = ["team", "integration"];

/// The content of a valid file.
pub(crate) struct File {
    pub(crate) team: String,
    pub(crate) integrations: Vec<CustomIntegration>,
    pub(crate) warnings: Vec<Fault>,
}

/// The team, other than that of the file.
pub(crate) struct TeamSetting {
    /// Takes precedence over the file.
    pub(crate) argument: Option<String>,
    /// Used if the file states no team.
    pub(crate) variable: Option<String>,
}

/// Parses the file. Returns the errors in the order of their lines.
pub(crate) fn parse(text: &str, team: TeamSetting) -> Result<File, Vec<Fault>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    // The message of the parser, without the line of the file, which can contain a secret.
    let syntax = errors.iter().map(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        Fault::new(text, offset, error.message())
    });
    let syntax: Vec<_> = syntax.collect();
    let (file, faults) = read(text, table.get_ref(), team, &syntax);
    if syntax.is_empty() && faults.is_empty() {
        return Ok(file);
    }
    // The parser recovers from an error of syntax by skipping the rest of the line, so other
    // errors of the line may only be its consequences.
    let lines: BTreeSet<_> = syntax.iter().map(|fault| fault.line).collect();
    let others = faults
        .into_iter()
        .filter(|fault| !lines.contains(&fault.line));
    let others: Vec<_> = others.collect();
    let mut faults = syntax;
    faults.extend(others);
    faults.sort_by_key(|fault| fault.line);
    Err(faults)
}

fn read(
    text: &str,
    table: &DeTable<'_>,
    team: TeamSetting,
    syntax: &[Fault],
) -> (File, Vec<Fault>) {
    let mut file = File {
        team: team.variable.unwrap_or_default(),
        integrations: Vec::new(),
        warnings: Vec::new(),
    };
    let mut faults = Vec::new();
    let mut entries: &[Spanned<DeValue<'_>>] = &[];
    for (key, value) in table {
        let offset = key.span().start;
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("team", DeValue::String(team)) if team.trim().is_empty() => {
                faults.push(Fault::new(text, offset, "`team` must not be empty"));
            }
            ("team", DeValue::String(team)) => file.team = team.to_string(),
            ("team", other) => {
                faults.push(Fault::new(text, offset, field::wrong_type("team", other)));
            }
            ("integration", DeValue::Array(array)) => entries = array,
            ("integration", _) => {
                let message = "`integration` must be a list: write [[integration]]";
                faults.push(Fault::new(text, value.span().start, message));
            }
            // A header with an error of syntax leaves its fields outside of a table.
            (name, _) if syntax.is_empty() => {
                faults.push(Fault::new(text, offset, field::unknown(name, &FIELDS)));
            }
            _ => {}
        }
    }
    if let Some(team) = team.argument {
        file.team = team;
    }
    let is_missing = file.team.is_empty() && syntax.is_empty();
    if is_missing && !field::contains_similar(table, "team", &FIELDS) {
        let message = "`team` is missing; add it, pass --team or set DUVO_TEAM";
        faults.push(Fault::new(text, 0, message));
    }
    let mut names = HashMap::new();
    for (index, value) in entries.iter().enumerate() {
        let end = entries.get(index + 1).map_or(text.len(), start);
        let lines = line(text, start(value))..=line(text, end);
        let is_complete = !syntax.iter().any(|fault| lines.contains(&fault.line));
        let entry = Entry::read(text, index + 1, value, is_complete);
        if let Some((name, offset)) = &entry.name {
            let first = *names.entry(normalize(name)).or_insert(*offset);
            if first != *offset {
                let first = line(text, first);
                let message = format!(
                    "{}: `name` is equal to that of line {first}; names must differ in more than case and white space",
                    entry.label
                );
                faults.push(Fault::new(text, *offset, message));
            }
        }
        faults.extend(entry.faults);
        file.warnings.extend(entry.warnings);
        file.integrations.extend(entry.integration);
    }
    (file, faults)
}

fn start(value: &Spanned<DeValue<'_>>) -> usize {
    value.span().start
}

/// Returns the form in which names are compared. [`duvo::Team::plan`] also finds names that
/// differ only in their Unicode form.
fn normalize(name: &str) -> String {
    let words: Vec<_> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

//! The TOML file. Every error is reported at once, with its line.

use std::collections::{BTreeSet, HashMap};

use duvo::CustomIntegration;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::entry::Entry;
use crate::fault::{Fault, Lines};
use crate::field;

const FIELDS: [&str; 2] = ["team", "integration"];

/// The content of a valid file.
pub(crate) struct File {
    /// The team, if it is stated.
    pub(crate) team: Option<String>,
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
    let lines = Lines::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    // The message of the parser, without the line of the file, which can contain a secret.
    let syntax = errors.iter().map(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        Fault::new(&lines, offset, error.message())
    });
    let mut faults: Vec<_> = syntax.collect();
    let unparsed: BTreeSet<_> = faults.iter().map(|fault| fault.line).collect();
    let (file, others) = read(&lines, table.get_ref(), team, &unparsed);
    // The parser recovers from an error of syntax by skipping the rest of the line, so other
    // errors of the line may only be its consequences.
    let others = others.into_iter();
    faults.extend(others.filter(|fault| !unparsed.contains(&fault.line)));
    if faults.is_empty() {
        return Ok(file);
    }
    faults.sort_by_key(|fault| fault.line);
    Err(faults)
}

/// Reads the file, whose lines `unparsed` have an error of syntax.
fn read(
    lines: &Lines,
    table: &DeTable<'_>,
    team: TeamSetting,
    unparsed: &BTreeSet<usize>,
) -> (File, Vec<Fault>) {
    let mut file = File {
        team: team.variable,
        integrations: Vec::new(),
        warnings: Vec::new(),
    };
    let mut faults = Vec::new();
    let mut values: &[Spanned<DeValue<'_>>] = &[];
    for (key, value) in table {
        let offset = key.span().start;
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("team", DeValue::String(team)) if team.trim().is_empty() => {
                faults.push(Fault::new(lines, offset, "`team` must not be empty"));
            }
            ("team", DeValue::String(team)) => file.team = Some(team.to_string()),
            ("team", other) => {
                faults.push(Fault::new(lines, offset, field::wrong_type("team", other)));
            }
            ("integration", DeValue::Array(array)) => values = array,
            ("integration", _) => {
                let message = "`integration` must be a list: write [[integration]]";
                faults.push(Fault::new(lines, value.span().start, message));
            }
            // A header with an error of syntax leaves its fields outside of a table.
            (name, _) if unparsed.is_empty() => {
                faults.push(Fault::new(lines, offset, field::unknown(name, &FIELDS)));
            }
            _ => {}
        }
    }
    if team.argument.is_some() {
        file.team = team.argument;
    }

    let mut names = HashMap::new();
    for (index, value) in values.iter().enumerate() {
        let start = lines.number(value.span().start);
        let next = values.get(index + 1);
        let end = next.map_or(usize::MAX, |next| lines.number(next.span().start));
        let next_unparsed = unparsed.range(start..).next();
        let is_complete = next_unparsed.is_none_or(|line| *line > end);
        let entry = Entry::read(lines, index + 1, value, is_complete);
        if let Some((name, offset)) = entry.normalized_name {
            let first = *names.entry(name).or_insert(offset);
            if first != offset {
                let message = format!(
                    "{}: `name` is equal to that of line {}; names must differ in more than case, white space and Unicode form",
                    entry.label,
                    lines.number(first)
                );
                faults.push(Fault::new(lines, offset, message));
            }
        }
        faults.extend(entry.faults);
        file.warnings.extend(entry.warnings);
        file.integrations.extend(entry.integration);
    }
    (file, faults)
}

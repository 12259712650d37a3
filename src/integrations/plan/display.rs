use std::fmt;

use super::Plan;
use super::comparison::Comparison;
use super::planned::{Decision, PlannedIntegration, Undecidable};
use crate::generated::types::Integration;
use crate::integrations::stored_value::StoredValue;
use crate::integrations::table::{Table, join_counts};
use crate::redacted_url::redacted_url;
use crate::sanitize::sanitize;

/// The consequence of a deletion.
const CONNECTIONS_LOST: &str = "the connections that teammates created from it are lost";

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comparison = &self.comparison;
        let mut table = Table::default();
        for planned in &comparison.integrations {
            push_decision(&mut table, comparison, planned);
        }
        for planned in &comparison.integrations {
            push_duplicates(&mut table, comparison, planned);
        }
        for unwanted in &comparison.unwanted {
            let (sign, consequence) = if comparison.prune {
                ("-", CONNECTIONS_LOST)
            } else {
                ("!", "not deleted")
            };
            let text = format!("not wanted, {}; {consequence}", describe(unwanted));
            table.push(sign, &unwanted.name, text);
        }
        for broken in &comparison.broken {
            table.push("!", &broken.name, describe_broken(broken));
        }
        for record in self.unreadable() {
            let name = record.name().unwrap_or_else(|| "(no name)".to_owned());
            let (position, reason) = (record.position(), record.reason());
            let text = format!("record {position} of the catalogue is unreadable: {reason}");
            table.push("!", &name, text);
        }
        writeln!(f, "Team {}:\n", sanitize(&comparison.team_id))?;
        if !table.is_empty() {
            writeln!(f, "{table}")?;
        }
        f.write_str(&self.summary())
    }
}

fn push_decision(table: &mut Table, comparison: &Comparison, planned: &PlannedIntegration) {
    let integration = &planned.integration;
    let (sign, text) = match &planned.decision {
        Decision::Unchanged { .. } => return,
        Decision::Create => {
            let url = redacted_url(integration.server_url());
            let text = format!("{url} ({})", integration.auth_method());
            if comparison.is_blocked(planned) {
                ("x", format!("{text}; not registered"))
            } else {
                ("+", text)
            }
        }
        Decision::Differs { differences, .. } => {
            let differences = describe_differences(differences);
            match comparison.replaced(planned) {
                Some(_) => ("-/+", format!("{differences}; {CONNECTIONS_LOST}")),
                None if comparison.replace => (
                    "~",
                    format!(
                        "{differences}; cannot be replaced, because it is not a custom integration of this team"
                    ),
                ),
                None => ("~", format!("{differences}; not replaced")),
            }
        }
        Decision::Undecidable { reason } => ("?", describe_undecidable(reason)),
    };
    table.push(sign, integration.name(), text);
    let findings = planned.checkup.iter();
    for finding in findings.flat_map(|checkup| &checkup.findings) {
        table.push("!", integration.name(), finding.to_string());
    }
}

fn push_duplicates(table: &mut Table, comparison: &Comparison, planned: &PlannedIntegration) {
    for duplicate in &planned.duplicates {
        let (sign, consequence) = if comparison.removes(planned, duplicate) {
            ("-", CONNECTIONS_LOST)
        } else {
            ("!", "not deleted")
        };
        let text = format!("duplicate, {}; {consequence}", describe(duplicate));
        table.push(sign, &duplicate.name, text);
    }
}

/// Returns the changed values, as `field: "stored" → "requested"`.
pub(crate) fn describe_differences(differences: &[StoredValue]) -> String {
    let differences = differences.iter().map(|value| {
        let stored = value.printable(&value.stored);
        let requested = value.printable(&value.requested);
        format!("{}: \"{stored}\" → \"{requested}\"", value.field)
    });
    differences.collect::<Vec<_>>().join(", ")
}

pub(crate) fn describe_undecidable(reason: &Undecidable) -> String {
    match reason {
        Undecidable::UnreadableRecord { position, reason } => {
            format!("may be record {position} of the catalogue, which is unreadable: {reason}")
        }
        Undecidable::TruncatedName { existing } => format!(
            "may be \"{}\", {}, if the API truncated the name; shorten the name",
            sanitize(&existing.name),
            describe(existing)
        ),
    }
}

/// Returns what identifies an integration, in addition to its name.
pub(crate) fn describe(integration: &Integration) -> String {
    let id = integration.custom_integration_id.as_ref();
    let id = sanitize(id.unwrap_or(&integration.id));
    let created_at = integration.created_at;
    let url = integration.server_url.as_deref().map(redacted_url);
    let url = url.map(|url| format!("{url}, ")).unwrap_or_default();
    format!("{url}created {created_at}, id {id}")
}

fn describe_broken(integration: &Integration) -> String {
    let since = integration.broken_at.map(|at| format!(" since {at}"));
    let reason = integration.broken_reason.as_deref();
    let reason = reason.map(|reason| format!(": {}", sanitize(reason)));
    let (since, reason) = (since.unwrap_or_default(), reason.unwrap_or_default());
    format!("reported as broken{since}{reason}; fix its server, or delete it and register it again")
}

impl Plan {
    /// Returns the last line of `Display`: the numbers of changes, and of integrations that
    /// are not changed.
    #[must_use]
    pub fn summary(&self) -> String {
        let counts = self.counts();
        let changes = join_counts(&[
            (counts.create, "to create"),
            (counts.replace, "to replace"),
            (counts.delete, "to delete"),
        ]);
        let others = join_counts(&[
            (counts.unchanged, "unchanged"),
            (counts.differs - counts.replace, "different"),
            (counts.undecidable, "undecidable"),
            (counts.will_not_work, "will not work"),
        ]);
        match (changes.is_empty(), others.is_empty()) {
            (false, false) => format!("Plan: {changes}; {others}."),
            (false, true) => format!("Plan: {changes}."),
            (true, false) => format!("Nothing to change: {others}."),
            (true, true) => "Nothing to change.".to_owned(),
        }
    }
}

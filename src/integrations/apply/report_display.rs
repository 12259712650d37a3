use std::collections::HashSet;
use std::fmt;

use super::report::{ApplyOutcome, DeletionOutcome, Report, Stopped};
use crate::error::Error;
use crate::integrations::plan::display::{describe, describe_differences, describe_undecidable};
use crate::integrations::table::{Table, join_counts};
use crate::outcome::Delivery;
use crate::sanitize::sanitize;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::default();
        let mut errors = Errors::default();
        for applied in &self.integrations {
            let name = applied.integration.name();
            let (sign, text) = match &applied.outcome {
                ApplyOutcome::Exists { .. } => continue,
                ApplyOutcome::Created { integration } => {
                    ("+", format!("created, id {}", sanitize(&integration.id)))
                }
                ApplyOutcome::Replaced { integration, .. } => {
                    ("-/+", format!("replaced, id {}", sanitize(&integration.id)))
                }
                ApplyOutcome::Differs { differences, .. } => {
                    let differences = describe_differences(differences);
                    ("~", format!("{differences}; not replaced"))
                }
                ApplyOutcome::Undecidable { reason } => ("?", describe_undecidable(reason)),
                ApplyOutcome::Failed { error, deleted } => {
                    let deleted = deleted
                        .as_ref()
                        .map_or("", |_| "deleted, but not registered: ");
                    ("x", format!("{deleted}{}", errors.describe(error)))
                }
                ApplyOutcome::WillNotWork { checkup } => {
                    let findings = checkup.findings.first().map(ToString::to_string);
                    (
                        "x",
                        format!("not registered: {}", findings.unwrap_or_default()),
                    )
                }
                ApplyOutcome::NotAttempted => (".", "not attempted".to_owned()),
            };
            table.push(sign, name, text);
        }
        for deletion in &self.deletions {
            let name = &deletion.integration.name;
            let (sign, text) = match &deletion.outcome {
                DeletionOutcome::Deleted => {
                    ("-", format!("deleted, {}", describe(&deletion.integration)))
                }
                DeletionOutcome::Failed { error } => {
                    ("x", format!("not deleted: {}", errors.describe(error)))
                }
                DeletionOutcome::NotAttempted => (".", "not attempted".to_owned()),
            };
            table.push(sign, name, text);
        }
        for applied in &self.integrations {
            for duplicate in &applied.duplicates {
                let text = format!("duplicate, {}", describe(duplicate));
                table.push("!", &duplicate.name, text);
            }
        }
        writeln!(f, "Team {}:\n", sanitize(&self.team_id))?;
        if !table.is_empty() {
            writeln!(f, "{table}")?;
        }
        if let Some(error) = &self.listing_error {
            writeln!(
                f,
                "The catalogue cannot be listed after the changes: {error}\n"
            )?;
        }
        f.write_str(&self.summary())
    }
}

/// The errors that are printed already, which several integrations can share.
#[derive(Default)]
struct Errors(HashSet<String>);

impl Errors {
    fn describe(&mut self, error: &Error) -> String {
        let unknown = match error.delivery() {
            Delivery::Unknown => "; it may nevertheless have taken effect",
            _ => "",
        };
        // The message, because each response has its own request id.
        let message = error.message();
        if !self.0.insert(message.to_owned()) {
            return format!("the same error{unknown}");
        }
        format!("{error}{unknown}")
    }
}

impl Report {
    /// Returns the last line of `Display`: the numbers of integrations by outcome, and the
    /// next step.
    #[must_use]
    pub fn summary(&self) -> String {
        let count = |outcome: &str| {
            let integrations = self.integrations.iter();
            integrations
                .filter(|applied| applied.outcome.as_str() == outcome)
                .count()
        };
        let deletions = |outcome: &str| {
            let deletions = self.deletions.iter();
            deletions
                .filter(|deletion| deletion.outcome.as_str() == outcome)
                .count()
        };
        let counts = join_counts(&[
            (count("created"), "created"),
            (count("replaced"), "replaced"),
            (deletions("deleted"), "deleted"),
            (count("exists"), "unchanged"),
            (count("differs"), "different"),
            (count("undecidable"), "undecidable"),
            (count("failed") + deletions("failed"), "failed"),
            (count("will_not_work"), "will not work"),
            (
                count("not_attempted") + deletions("not_attempted"),
                "not attempted",
            ),
        ]);
        if self.is_converged() {
            return match counts.as_str() {
                "" => "Done.".to_owned(),
                counts => format!("Done: {counts}."),
            };
        }
        let reason = match &self.stopped {
            Some(Stopped::Shutdown) => " The run was stopped; plan again to complete it.",
            Some(_) => {
                " An error that affects every request stopped the run; fix it, then plan again."
            }
            None if count("failed") + deletions("failed") > 0 => {
                " Plan again to repeat what failed; what exists is not created again."
            }
            None if count("will_not_work") > 0 => " Fix what will not work, then plan again.",
            None if count("differs") > 0 => " Replace what is different, or change what is wanted.",
            None if count("undecidable") > 0 => " Resolve what is undecidable.",
            None if self.leaves_duplicates => " Plan again to delete the remaining duplicates.",
            None => " The API stores other settings than wanted; see `stored_differently`.",
        };
        format!("Not done: {counts}.{reason}")
    }
}

use serde::{Serialize, Serializer};

use super::report::{AppliedDeletion, AppliedIntegration, ApplyOutcome, Report, Stopped};
use crate::error::Error;
use crate::integrations::auth_method::AuthMethod;
use crate::integrations::checkup::Checkup;
use crate::integrations::plan::Undecidable;
use crate::integrations::plan::display::describe_undecidable;
use crate::integrations::summary::{Summary, ValueSummary};
use crate::redacted_url::redacted_url;

/// A serialized report, with its fields in the order of the documentation.
#[derive(Serialize)]
struct SerializedReport<'a> {
    team: &'a str,
    converged: bool,
    stopped: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_error: Option<&'a Error>,
    #[serde(skip_serializing_if = "Option::is_none")]
    listing_error: Option<&'a Error>,
    integrations: Vec<SerializedIntegration<'a>>,
    deletions: Vec<SerializedDeletion<'a>>,
}

#[derive(Serialize)]
struct SerializedIntegration<'a> {
    name: &'a str,
    server_url: String,
    auth_method: AuthMethod,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    integration: Option<Summary<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted: Option<Summary<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<ValueSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkup: Option<&'a Checkup>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Error>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stored_differently: Vec<ValueSummary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    duplicates: Vec<Summary<'a>>,
}

#[derive(Serialize)]
struct SerializedDeletion<'a> {
    integration: Summary<'a>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Error>,
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = SerializedReport {
            team: &self.team_id,
            converged: self.is_converged(),
            stopped: self.stopped.as_ref().map(|stopped| match stopped {
                Stopped::Shutdown => "shutdown",
                Stopped::ByIntegration(_) | Stopped::ByDeletion(_) | Stopped::ByExplained(_) => {
                    "error"
                }
            }),
            stop_error: self.stop_error(),
            listing_error: self.listing_error(),
            integrations: self.integrations.iter().map(integration).collect(),
            deletions: self.deletions.iter().map(deletion).collect(),
        };
        report.serialize(serializer)
    }
}

fn integration(applied: &AppliedIntegration) -> SerializedIntegration<'_> {
    let mut serialized = SerializedIntegration {
        name: applied.integration.name(),
        server_url: redacted_url(applied.integration.server_url()),
        auth_method: applied.integration.auth_method(),
        outcome: applied.outcome.as_str(),
        integration: applied.outcome.integration().map(Summary::new),
        deleted: None,
        differences: Vec::new(),
        reason: None,
        checkup: None,
        error: applied.error(),
        stored_differently: ValueSummary::of_all(&applied.stored_differently),
        duplicates: Summary::of_all(&applied.duplicates),
    };
    match &applied.outcome {
        ApplyOutcome::Replaced { deleted, .. }
        | ApplyOutcome::Failed {
            deleted: Some(deleted),
            ..
        } => serialized.deleted = Some(Summary::new(deleted)),
        ApplyOutcome::Differs {
            existing,
            differences,
        } => {
            serialized.integration = Some(Summary::new(existing));
            serialized.differences = ValueSummary::of_all(differences);
        }
        ApplyOutcome::WillNotWork { checkup } => serialized.checkup = Some(checkup),
        ApplyOutcome::Undecidable { reason } => {
            if let Undecidable::TruncatedName { existing } = reason {
                serialized.integration = Some(Summary::new(existing));
            }
            serialized.reason = Some(describe_undecidable(reason));
        }
        _ => {}
    }
    serialized
}

fn deletion(applied: &AppliedDeletion) -> SerializedDeletion<'_> {
    SerializedDeletion {
        integration: Summary::new(&applied.integration),
        outcome: applied.outcome.as_str(),
        error: applied.error(),
    }
}

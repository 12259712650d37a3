use serde::{Serialize, Serializer};

use super::display::describe_undecidable;
use super::planned::{Decision, PlannedIntegration, Undecidable};
use super::{Plan, PlanCounts};
use crate::error::UnreadableRecord;
use crate::integrations::auth_method::AuthMethod;
use crate::integrations::checkup::Checkup;
use crate::integrations::summary::{Summary, ValueSummary};
use crate::redacted_url::redacted_url;

/// A serialized plan, with its fields in the order of the documentation.
#[derive(Serialize)]
struct SerializedPlan<'a> {
    team: &'a str,
    converged: bool,
    settings: Settings,
    counts: PlanCounts,
    integrations: Vec<SerializedIntegration<'a>>,
    unwanted: Vec<Removal<'a>>,
    broken: Vec<Summary<'a>>,
    unreadable: Vec<&'a UnreadableRecord>,
}

#[derive(Serialize)]
struct Settings {
    replace: bool,
    prune: bool,
    remove_duplicates: bool,
}

#[derive(Serialize)]
struct SerializedIntegration<'a> {
    name: &'a str,
    server_url: String,
    auth_method: AuthMethod,
    decision: &'a Decision,
    action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing: Option<Summary<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<ValueSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stored_differently: Vec<ValueSummary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    duplicates: Vec<Removal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkup: Option<&'a Checkup>,
}

/// An integration that is not wanted, and whether it will be deleted.
#[derive(Serialize)]
struct Removal<'a> {
    #[serde(flatten)]
    integration: Summary<'a>,
    action: Option<&'static str>,
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let comparison = &self.comparison;
        let integrations = comparison.integrations.iter();
        let unwanted = comparison.unwanted.iter();
        let plan = SerializedPlan {
            team: &comparison.team_id,
            converged: self.is_converged(),
            settings: Settings {
                replace: comparison.replace,
                prune: comparison.prune,
                remove_duplicates: comparison.remove_duplicates,
            },
            counts: self.counts(),
            integrations: integrations
                .map(|planned| self.serialized(planned))
                .collect(),
            unwanted: unwanted
                .map(|integration| Removal {
                    integration: Summary::new(integration),
                    action: comparison.prune.then_some("delete"),
                })
                .collect(),
            broken: Summary::of_all(&comparison.broken),
            unreadable: self.unreadable().collect(),
        };
        plan.serialize(serializer)
    }
}

impl Plan {
    fn serialized<'a>(&'a self, planned: &'a PlannedIntegration) -> SerializedIntegration<'a> {
        let action = match planned.decision {
            Decision::Create => {
                let is_blocked = self.comparison.is_blocked(planned);
                (!is_blocked).then_some("create")
            }
            _ => self.comparison.replaced(planned).map(|_| "replace"),
        };
        let (existing, differences, reason) = match &planned.decision {
            Decision::Create => (None, Vec::new(), None),
            Decision::Unchanged { existing } => (Some(existing), Vec::new(), None),
            Decision::Differs {
                existing,
                differences,
            } => (Some(existing), ValueSummary::of_all(differences), None),
            Decision::Undecidable { reason } => {
                let existing = match reason {
                    Undecidable::TruncatedName { existing } => Some(existing),
                    Undecidable::UnreadableRecord { .. } => None,
                };
                (existing, Vec::new(), Some(describe_undecidable(reason)))
            }
        };
        let duplicates = planned.duplicates.iter();
        SerializedIntegration {
            name: planned.integration.name(),
            server_url: redacted_url(planned.integration.server_url()),
            auth_method: planned.integration.auth_method(),
            decision: &planned.decision,
            action,
            existing: existing.map(|existing| Summary::new(existing)),
            differences,
            reason,
            stored_differently: ValueSummary::of_all(&planned.stored_differently),
            checkup: planned.checkup.as_ref(),
            duplicates: duplicates
                .map(|duplicate| Removal {
                    integration: Summary::new(duplicate),
                    action: self
                        .comparison
                        .removes(planned, duplicate)
                        .then_some("delete"),
                })
                .collect(),
        }
    }
}

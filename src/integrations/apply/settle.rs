use std::collections::HashSet;

use super::change_result::{ChangeResult, Stop};
use super::report::{
    AppliedDeletion, AppliedIntegration, ApplyOutcome, DeletionOutcome, Report, Stopped,
};
use crate::error::{Error, Result};
use crate::generated::types::Integration;
use crate::integrations::CustomIntegration;
use crate::integrations::catalogue_index::CatalogueIndex;
use crate::integrations::equality::Desired;
use crate::integrations::plan::comparison::{
    Comparison, compare, decide, differences, is_deletable, is_younger, sort_and_dedup,
};
use crate::integrations::plan::{Decision, PlannedIntegration, Slot, Undecidable};
use crate::integrations::stored_value::{AUTH_METHOD, StoredValue, stored_differently};
use crate::outcome::Delivery;

/// The place of a change, and the integration that it deletes.
pub(super) type Target = (Slot, Option<Box<Integration>>);

/// The catalogue after the changes.
struct Verified<'a> {
    index: CatalogueIndex<'a>,
    unreadable: &'a [Error],
}

/// An integration after the changes, without the wanted one.
struct Settled {
    outcome: ApplyOutcome,
    duplicates: Vec<Integration>,
    stored_differently: Vec<StoredValue>,
}

/// Combines the plan, the results of its changes and the listing after them into a report.
pub(super) fn settle(
    comparison: Comparison,
    targets: Vec<Target>,
    results: Vec<ChangeResult>,
    stop: Option<Stop>,
    listing: Option<Result<(Vec<Integration>, Vec<Error>)>>,
) -> Report {
    let (listed, unreadable, listing_error) = match listing {
        None => (None, comparison.unreadable, None),
        Some(Err(error)) => (None, comparison.unreadable, Some(error)),
        Some(Ok((integrations, unreadable))) => (Some(integrations), unreadable, None),
    };
    let force = comparison.force;
    let planned = comparison.integrations.into_iter();
    let (wanted, mut settled): (Vec<_>, Vec<_>) = planned
        .map(|planned| before_changes(planned, force))
        .unzip();
    let desired: Vec<_> = wanted.iter().map(Desired::new).collect();
    let verified = listed.map(|integrations| Verified {
        index: CatalogueIndex::new(&desired, integrations, &unreadable),
        unreadable: &unreadable,
    });
    let verified = verified.as_ref();

    let mut deletions = Vec::new();
    let mut stopped = stop.map(|_| Stopped::Shutdown);
    for (number, ((slot, deleted), result)) in targets.into_iter().zip(results).enumerate() {
        let is_stop = stop == Some(Stop::Error(number));
        match slot {
            Slot::Integration(index) => {
                let change = (&desired[index], deleted);
                let settled = &mut settled[index];
                let explained = settle_integration(change, result, verified, settled);
                if is_stop {
                    stopped = Some(match explained {
                        Some(error) => Stopped::ByExplained(Box::new(error)),
                        None => Stopped::ByIntegration(index),
                    });
                }
            }
            Slot::Deletion => {
                let Some(integration) = deleted else {
                    continue;
                };
                let (outcome, explained) = settle_deletion(&integration, result, verified);
                if is_stop {
                    stopped = Some(match explained {
                        Some(error) => Stopped::ByExplained(Box::new(error)),
                        None => Stopped::ByDeletion(deletions.len()),
                    });
                }
                deletions.push(AppliedDeletion {
                    integration: *integration,
                    outcome,
                });
            }
        }
    }
    let applied = wanted.into_iter().zip(settled);
    let applied = applied.map(|(integration, settled)| AppliedIntegration {
        integration,
        outcome: settled.outcome,
        duplicates: settled.duplicates,
        stored_differently: settled.stored_differently,
    });
    let mut report = Report {
        team_id: comparison.team_id,
        integrations: applied.collect(),
        deletions,
        stopped,
        listing_error,
        unreadable,
        leaves_duplicates: false,
    };
    remove_deleted_duplicates(&mut report);
    report.leaves_duplicates = comparison.remove_duplicates && leaves_duplicates(&report);
    report
}

/// Returns a wanted integration, and its state if nothing is changed.
fn before_changes(planned: PlannedIntegration, force: bool) -> (CustomIntegration, Settled) {
    let is_blocked = planned.will_not_work() && !force;
    let checkup = planned.checkup.filter(|_| is_blocked);
    let outcome = match (planned.decision, checkup) {
        (Decision::Create, Some(checkup)) => ApplyOutcome::WillNotWork {
            checkup: Box::new(checkup),
        },
        (Decision::Create, None) => ApplyOutcome::NotAttempted,
        (decision, _) => unchanged(decision),
    };
    let settled = Settled {
        outcome,
        duplicates: planned.duplicates,
        stored_differently: planned.stored_differently,
    };
    (planned.integration, settled)
}

/// Returns the outcome for an integration of the catalogue.
fn unchanged(decision: Decision) -> ApplyOutcome {
    match decision {
        Decision::Create => ApplyOutcome::NotAttempted,
        Decision::Unchanged { existing } => ApplyOutcome::Exists {
            integration: existing,
        },
        Decision::Differs {
            existing,
            differences,
        } => ApplyOutcome::Differs {
            existing,
            differences,
        },
        Decision::Undecidable { reason } => ApplyOutcome::Undecidable { reason },
    }
}

/// Sets the outcome of a creation or a replacement. Returns the error that the listing
/// explains, if it does.
fn settle_integration(
    (desired, deleted): (&Desired<'_>, Option<Box<Integration>>),
    result: ChangeResult,
    verified: Option<&Verified<'_>>,
    settled: &mut Settled,
) -> Option<Error> {
    let mut explained = None;
    settled.outcome = match result {
        ChangeResult::NotAttempted | ChangeResult::Deleted => ApplyOutcome::NotAttempted,
        ChangeResult::Registered(created) => {
            let mut matching = match verified {
                Some(verified) => verified.matching(desired, &created, deleted.as_deref()),
                None => vec![&*created],
            };
            let first = matching.remove(0);
            settled.duplicates = matching.into_iter().cloned().collect();
            if is_same_record(first, &created) {
                settled.stored_differently = stored_differently(desired.integration(), &created);
                let differences = differences(desired, &created).into_iter();
                let methods = differences.filter(|value| value.field == AUTH_METHOD);
                settled.stored_differently.extend(methods);
                match deleted {
                    Some(deleted) => ApplyOutcome::Replaced {
                        integration: created,
                        deleted,
                    },
                    None => ApplyOutcome::Created {
                        integration: created,
                    },
                }
            } else {
                settled.stored_differently = stored_differently(desired.integration(), first);
                replaced(unchanged(compare(desired, first.clone())), deleted)
            }
        }
        ChangeResult::Failed(error) | ChangeResult::Missing(error) => match verified {
            Some(verified)
                if error.may_have_taken_effect() || (deleted.is_some() && error.is_not_found()) =>
            {
                let is_deletion = deleted.is_some();
                let deleted = deleted.filter(|deleted| !verified.contains(deleted));
                let outcome = settle_failure(desired, &error, is_deletion, verified, settled);
                explain(outcome, error, deleted, &mut explained)
            }
            // If a deletion failed, nothing is known to be deleted.
            _ => ApplyOutcome::Failed {
                error,
                deleted: None,
            },
        },
        ChangeResult::FailedAfterDeletion(error) => match verified {
            Some(verified) if error.may_have_taken_effect() => {
                let deleted = deleted.filter(|deleted| !verified.contains(deleted));
                let outcome = settle_failure(desired, &error, false, verified, settled);
                explain(outcome, error, deleted, &mut explained)
            }
            _ => ApplyOutcome::Failed { error, deleted },
        },
    };
    explained
}

/// Returns the outcome that explains an error, and the error apart from it, or else the
/// failure.
fn explain(
    outcome: Option<ApplyOutcome>,
    error: Error,
    deleted: Option<Box<Integration>>,
    explained: &mut Option<Error>,
) -> ApplyOutcome {
    match outcome {
        Some(outcome) => {
            *explained = Some(error);
            replaced(outcome, deleted)
        }
        None => ApplyOutcome::Failed { error, deleted },
    }
}

/// Adds the deleted integration to the outcome of a replacement whose new integration is
/// not known from a response of this run.
fn replaced(outcome: ApplyOutcome, deleted: Option<Box<Integration>>) -> ApplyOutcome {
    match (outcome, deleted) {
        (ApplyOutcome::Exists { integration }, Some(deleted)) => ApplyOutcome::Replaced {
            integration,
            deleted,
        },
        (outcome, _) => outcome,
    }
}

/// Returns the outcome of a change that may have taken effect: the integration, if it
/// explains the failure, because it is what an unknown outcome registered, or what the API
/// rejected the registration for. An integration that still differs does not explain a
/// failed deletion.
fn settle_failure(
    desired: &Desired<'_>,
    error: &Error,
    is_deletion: bool,
    verified: &Verified<'_>,
    settled: &mut Settled,
) -> Option<ApplyOutcome> {
    let found = verified.index.find(desired);
    let found = decide(desired, &found, &verified.index, verified.unreadable);
    let explains = match found.decision {
        Decision::Unchanged { .. } => true,
        Decision::Differs { .. }
        | Decision::Undecidable {
            reason: Undecidable::TruncatedName { .. },
        } => error.delivery() != Delivery::Unknown && !is_deletion,
        Decision::Create | Decision::Undecidable { .. } => false,
    };
    if !explains {
        return None;
    }
    settled.duplicates = found.duplicates;
    settled.stored_differently = found.stored_differently;
    Some(unchanged(found.decision))
}

/// Returns the outcome of a deletion, and the error that the listing explains, if it does.
fn settle_deletion(
    integration: &Integration,
    result: ChangeResult,
    verified: Option<&Verified<'_>>,
) -> (DeletionOutcome, Option<Error>) {
    match result {
        ChangeResult::Deleted => (DeletionOutcome::Deleted, None),
        ChangeResult::NotAttempted | ChangeResult::Registered(_) => {
            (DeletionOutcome::NotAttempted, None)
        }
        ChangeResult::Failed(error)
        | ChangeResult::Missing(error)
        | ChangeResult::FailedAfterDeletion(error) => {
            let is_missing = verified.is_some_and(|verified| !verified.contains(integration));
            let is_explained = error.delivery() == Delivery::Unknown || error.is_not_found();
            if is_missing && is_explained {
                (DeletionOutcome::Deleted, Some(error))
            } else {
                (DeletionOutcome::Failed { error }, None)
            }
        }
    }
}

impl Verified<'_> {
    /// Returns the integrations that are equal to a created one, itself included, without a
    /// deleted one.
    fn matching<'a>(
        &'a self,
        desired: &Desired<'_>,
        created: &'a Integration,
        deleted: Option<&Integration>,
    ) -> Vec<&'a Integration> {
        let equal = self.index.equal(desired);
        // Other callers' names and URLs were changed in the same way.
        let alike = self.index.stored_alike(created);
        let is_deleted =
            |other: &Integration| deleted.is_some_and(|deleted| is_same_record(other, deleted));
        let mut matching: Vec<_> = equal
            .chain(alike)
            .filter(|other| !is_deleted(other))
            .collect();
        // The listed record is preferred: its timestamp compares with the others'.
        if !matching.iter().any(|other| is_same_record(other, created)) {
            matching.push(created);
        }
        sort_and_dedup(matching, desired)
    }

    /// Whether the catalogue contains an integration, readable or not.
    fn contains(&self, integration: &Integration) -> bool {
        self.index.contains(integration)
    }
}

/// Whether two records refer to the same integration.
pub(in crate::integrations) fn is_same_record(a: &Integration, b: &Integration) -> bool {
    let custom = &a.custom_integration_id;
    a.id == b.id || (custom.is_some() && *custom == b.custom_integration_id)
}

fn remove_deleted_duplicates(report: &mut Report) {
    let deletions = report.deletions.iter();
    let deleted = deletions.filter(|deletion| matches!(deletion.outcome, DeletionOutcome::Deleted));
    let deleted: HashSet<_> = deleted
        .filter_map(|deletion| deletion.integration.custom_integration_id.as_deref())
        .collect();
    for applied in &mut report.integrations {
        applied.duplicates.retain(|duplicate| {
            let id = duplicate.custom_integration_id.as_deref();
            !id.is_some_and(|id| deleted.contains(id))
        });
    }
}

fn leaves_duplicates(report: &Report) -> bool {
    report.integrations.iter().any(|applied| {
        let kept = match &applied.outcome {
            ApplyOutcome::Differs { existing, .. } => Some(&**existing),
            outcome => outcome.integration(),
        };
        kept.is_some_and(|kept| {
            let mut duplicates = applied.duplicates.iter();
            duplicates.any(|duplicate| {
                is_deletable(duplicate, &report.team_id) && is_younger(duplicate, kept)
            })
        })
    })
}

use std::collections::{HashMap, HashSet};

use super::change::{Change, Slot};
use super::planned::{Decision, PlannedIntegration, Undecidable};
use crate::error::{Error, InvalidField, Result};
use crate::generated::types::Integration;
use crate::integrations::CustomIntegration;
use crate::integrations::catalogue_index::{CatalogueIndex, Match};
use crate::integrations::equality::{Desired, normalize_name};
use crate::integrations::stored_value::{AUTH_METHOD, SERVER_URL, StoredValue, stored_differently};

/// The result of comparing a catalogue with the wanted integrations, and what may be done
/// about it.
#[allow(
    clippy::struct_excessive_bools,
    reason = "the settings of a plan are independent of each other"
)]
pub(crate) struct Comparison {
    pub(crate) team_id: String,
    pub(crate) integrations: Vec<PlannedIntegration>,
    pub(crate) unwanted: Vec<Integration>,
    pub(crate) broken: Vec<Integration>,
    pub(crate) unreadable: Vec<Error>,
    /// The number of records in the catalogue.
    pub(crate) listed: usize,
    /// Whether integrations that will not work are registered.
    pub(crate) force: bool,
    pub(crate) replace: bool,
    pub(crate) prune: bool,
    pub(crate) remove_duplicates: bool,
}

/// Returns an error for wanted integrations that cannot exist side by side.
pub(super) fn validate(wanted: &[CustomIntegration]) -> Result<()> {
    let mut errors = Vec::new();
    let (mut names, mut keys) = (HashMap::new(), HashMap::new());
    for (number, integration) in (1..).zip(wanted) {
        let name = normalize_name(integration.name());
        let first = *names.entry(name).or_insert(number);
        if first != number {
            errors.push(InvalidField::new(
                "name",
                format!(
                    "of integration {number} ({:?}) is equal to that of integration {first} ({:?}); names must differ in more than case, white space and Unicode form",
                    integration.name(),
                    wanted[first - 1].name(),
                ),
            ));
        }
        if let Some(key) = &integration.idempotency_key {
            let first = *keys.entry(key).or_insert(number);
            if first != number {
                errors.push(InvalidField::new(
                    "Idempotency-Key",
                    format!("of integration {number} is also that of integration {first}; each integration needs its own"),
                ));
            }
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid_request(errors))
    }
}

impl Comparison {
    pub(crate) fn new(
        team_id: &str,
        wanted: &[CustomIntegration],
        integrations: Vec<Integration>,
        unreadable: Vec<Error>,
    ) -> Self {
        let listed = integrations.len() + unreadable.len();
        let desired: Vec<_> = wanted.iter().map(Desired::new).collect();
        let index = CatalogueIndex::new(&desired, integrations, &unreadable);
        let mut claimed = HashSet::new();
        let mut planned = Vec::with_capacity(wanted.len());
        for desired in &desired {
            let found = index.find(desired);
            claimed.extend(found.records());
            planned.push(decide(desired, &found, &index, &unreadable));
        }
        let broken = index.records().iter().filter(|record| is_broken(record));
        let broken = broken.cloned().collect();
        let unwanted = unwanted(team_id, index, &claimed);
        Self {
            team_id: team_id.to_owned(),
            integrations: planned,
            unwanted,
            broken,
            listed,
            unreadable,
            force: false,
            replace: false,
            prune: false,
            remove_duplicates: false,
        }
    }

    /// Returns the changes that the plan makes, with the place of each result: creations and
    /// replacements first, so that nothing is deleted if they fail for a reason that
    /// affects every request.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (Slot, Change<'_>)> {
        let planned = || self.integrations.iter().enumerate();
        let created = planned().filter_map(|(index, planned)| {
            let is_missing = matches!(planned.decision, Decision::Create);
            let change = Change::Create(&planned.integration);
            (is_missing && !self.is_blocked(planned)).then_some((Slot::Integration(index), change))
        });
        let replaced = planned().filter_map(|(index, planned)| {
            let existing = self.replaced(planned)?;
            let integration = &planned.integration;
            let change = Change::Replace {
                existing,
                integration,
            };
            Some((Slot::Integration(index), change))
        });
        let duplicates = self.integrations.iter().flat_map(|planned| {
            let duplicates = planned.duplicates.iter();
            duplicates.filter(|duplicate| self.removes(planned, duplicate))
        });
        let unwanted = self.unwanted.iter().filter(|_| self.prune);
        let deleted = duplicates
            .map(Change::DeleteDuplicate)
            .chain(unwanted.map(Change::DeleteUnwanted));
        let deleted = deleted.map(|change| (Slot::Deletion, change));
        created.chain(replaced).chain(deleted)
    }

    /// Returns the indices of the integrations that the plan registers.
    pub(crate) fn registered(&self) -> Vec<usize> {
        let slots = self.changes().map(|(slot, _)| slot);
        let indices = slots.filter_map(|slot| match slot {
            Slot::Integration(index) => Some(index),
            Slot::Deletion => None,
        });
        indices.collect()
    }

    /// Whether the plan does not register an integration, because it will not work.
    pub(crate) fn is_blocked(&self, planned: &PlannedIntegration) -> bool {
        !self.force && planned.will_not_work()
    }

    /// Returns the integration that the plan replaces: it differs, and it can be deleted.
    pub(crate) fn replaced<'a>(&self, planned: &'a PlannedIntegration) -> Option<&'a Integration> {
        match &planned.decision {
            Decision::Differs { existing, .. } if self.replace && !self.is_blocked(planned) => {
                Some(&**existing).filter(|existing| is_deletable(existing, &self.team_id))
            }
            _ => None,
        }
    }

    /// Whether the plan deletes a duplicate: it is younger than the kept integration, and it
    /// can be deleted.
    pub(crate) fn removes(&self, planned: &PlannedIntegration, duplicate: &Integration) -> bool {
        match &planned.decision {
            Decision::Unchanged { existing } | Decision::Differs { existing, .. } => {
                self.remove_duplicates
                    && is_deletable(duplicate, &self.team_id)
                    && is_younger(duplicate, existing)
            }
            Decision::Create | Decision::Undecidable { .. } => false,
        }
    }
}

/// Whether an integration can be deleted: it is a custom integration of the team.
pub(crate) fn is_deletable(integration: &Integration, team_id: &str) -> bool {
    integration.custom_integration_id.is_some() && integration.team_id.eq_ignore_ascii_case(team_id)
}

pub(crate) fn is_younger(integration: &Integration, other: &Integration) -> bool {
    (integration.created_at, &integration.id) > (other.created_at, &other.id)
}

pub(crate) fn decide(
    desired: &Desired<'_>,
    found: &Match,
    index: &CatalogueIndex<'_>,
    unreadable: &[Error],
) -> PlannedIntegration {
    let record = |position: &usize| &index.records()[*position];
    let integration = desired.integration();
    let (decision, duplicates) = match found {
        Match::Equal(positions) => {
            let records = positions.iter().map(record).collect();
            let mut records = sort_and_dedup(records, desired);
            let existing = records.remove(0);
            let duplicates = records.into_iter().cloned().collect();
            (compare(desired, existing.clone()), duplicates)
        }
        Match::SameName(position) => (compare(desired, record(position).clone()), Vec::new()),
        Match::Truncated(positions) => {
            let existing = Box::new(record(&positions[0]).clone());
            let reason = Undecidable::TruncatedName { existing };
            (Decision::Undecidable { reason }, Vec::new())
        }
        Match::Unreadable(position) => {
            let record = unreadable[*position].unreadable_record();
            let (position, reason) = record.map_or_else(Default::default, |record| {
                (record.position(), record.reason().to_owned())
            });
            let reason = Undecidable::UnreadableRecord { position, reason };
            (Decision::Undecidable { reason }, Vec::new())
        }
        Match::Missing => (Decision::Create, Vec::new()),
    };
    let existing = match &decision {
        Decision::Unchanged { existing }
        | Decision::Differs { existing, .. }
        | Decision::Undecidable {
            reason: Undecidable::TruncatedName { existing },
        } => Some(existing),
        _ => None,
    };
    let stored_differently = existing.map(|existing| stored_differently(integration, existing));
    PlannedIntegration {
        integration: integration.clone(),
        stored_differently: stored_differently.unwrap_or_default(),
        decision,
        duplicates,
        checkup: None,
    }
}

/// Compares an integration with an existing one of an equal name.
pub(crate) fn compare(desired: &Desired<'_>, existing: Integration) -> Decision {
    let differences = differences(desired, &existing);
    let existing = Box::new(existing);
    if differences.is_empty() {
        Decision::Unchanged { existing }
    } else {
        Decision::Differs {
            existing,
            differences,
        }
    }
}

/// Returns the settings that differ from those that the API reports. Absent fields do not
/// count as different.
pub(crate) fn differences(desired: &Desired<'_>, existing: &Integration) -> Vec<StoredValue> {
    let integration = desired.integration();
    let mut differences = Vec::new();
    if let Some(url) = existing.server_url.as_deref()
        && !desired.has_same_url(existing)
    {
        differences.push(StoredValue::new(SERVER_URL, integration.server_url(), url));
    }
    let wanted = integration.auth_method().to_string();
    if let Some(method) = existing.auth_method.as_deref()
        && method != wanted
    {
        differences.push(StoredValue::new(AUTH_METHOD, wanted, method));
    }
    differences
}

/// Sorts integrations with an equal name: those with the wanted settings first, then those
/// with exactly the wanted name, then the oldest first. Removes repetitions, which a page
/// can contain.
pub(crate) fn sort_and_dedup<'a>(
    mut integrations: Vec<&'a Integration>,
    desired: &Desired<'_>,
) -> Vec<&'a Integration> {
    integrations.sort_by_cached_key(|found: &&'a Integration| {
        (
            !differences(desired, found).is_empty(),
            found.name != desired.name(),
            found.created_at,
            &found.id,
        )
    });
    let (mut ids, mut custom_ids) = (HashSet::new(), HashSet::new());
    integrations.retain(|integration| {
        let custom_id = integration.custom_integration_id.as_ref();
        let is_new_custom_id = custom_id.is_none_or(|id| custom_ids.insert(id));
        ids.insert(&integration.id) && is_new_custom_id
    });
    integrations
}

fn is_broken(integration: &Integration) -> bool {
    integration.broken_at.is_some() || integration.broken_reason.is_some()
}

/// Returns the custom integrations of the team that no wanted integration claims, each
/// once.
fn unwanted(
    team_id: &str,
    index: CatalogueIndex<'_>,
    claimed: &HashSet<usize>,
) -> Vec<Integration> {
    let records = index.records();
    let claimed_records = claimed.iter().map(|position| &records[*position]);
    let claimed_ids = claimed_records.filter_map(|record| record.custom_integration_id.clone());
    let mut seen: HashSet<String> = claimed_ids.collect();
    let records = index.into_records().into_iter().enumerate();
    let unwanted = records.filter(|(position, record)| {
        let id = record.custom_integration_id.as_ref();
        !claimed.contains(position)
            && is_deletable(record, team_id)
            && id.is_some_and(|id| seen.insert(id.clone()))
    });
    unwanted.map(|(_, record)| record).collect()
}

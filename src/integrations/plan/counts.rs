use serde::Serialize;

use super::change::Change;
use super::comparison::Comparison;
use super::planned::Decision;

/// The numbers of a [`Plan`](crate::Plan). Returned by
/// [`Plan::counts`](crate::Plan::counts).
///
/// It serializes as an object with these fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlanCounts {
    /// Wanted integrations that are missing, and will be created.
    pub create: usize,
    /// Wanted integrations that exist with the wanted settings.
    pub unchanged: usize,
    /// Wanted integrations that exist with other settings, whether replaced or not.
    pub differs: usize,
    /// Wanted integrations of which it cannot be decided whether they exist.
    pub undecidable: usize,
    /// Integrations that will be replaced.
    pub replace: usize,
    /// Integrations that will be deleted: duplicates and unwanted ones.
    pub delete: usize,
    /// Duplicates of wanted integrations, whether deleted or not.
    pub duplicates: usize,
    /// Custom integrations that are not wanted, whether deleted or not.
    pub unwanted: usize,
    /// Integrations that Duvo reports as broken.
    pub broken: usize,
    /// Wanted integrations that will not work, by their checkup, and are not registered.
    pub will_not_work: usize,
    /// Records that are not as documented.
    pub unreadable: usize,
}

impl PlanCounts {
    pub(super) fn new(comparison: &Comparison) -> Self {
        let mut counts = Self {
            unwanted: comparison.unwanted.len(),
            broken: comparison.broken.len(),
            unreadable: comparison.unreadable.len(),
            ..Self::default()
        };
        for planned in &comparison.integrations {
            match planned.decision {
                Decision::Create => {}
                Decision::Unchanged { .. } => counts.unchanged += 1,
                Decision::Differs { .. } => counts.differs += 1,
                Decision::Undecidable { .. } => counts.undecidable += 1,
            }
            counts.duplicates += planned.duplicates.len();
            counts.will_not_work += usize::from(comparison.is_blocked(planned));
        }
        for (_, change) in comparison.changes() {
            match change {
                Change::Create(_) => counts.create += 1,
                Change::Replace { .. } => counts.replace += 1,
                Change::DeleteDuplicate(_) | Change::DeleteUnwanted(_) => counts.delete += 1,
            }
        }
        counts
    }
}

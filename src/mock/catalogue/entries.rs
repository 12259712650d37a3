use chrono::{DateTime, TimeDelta, Utc};

use crate::mock::types::Integration;
use crate::timestamp::Timestamp;

/// The integrations of a catalogue, in the order in which they were added.
pub(super) struct Entries {
    all: Vec<Integration>,
    created: u64,
    /// The latest creation time, also of removed integrations.
    latest: DateTime<Utc>,
}

impl Default for Entries {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            created: 0,
            latest: Integration::example().created_at.into(),
        }
    }
}

impl Entries {
    pub(super) fn all(&self) -> &[Integration] {
        &self.all
    }

    /// Creates a custom integration with new identifiers and a new creation time. The
    /// caller fills in the other fields, and adds it.
    pub(super) fn create(&mut self) -> Integration {
        self.created += 1;
        let next = self.latest.checked_add_signed(TimeDelta::seconds(1));
        self.latest = next.unwrap_or(self.latest);
        let mut created = Integration::example();
        created.id = format!("00000000-0000-4000-8000-{:012}", self.created);
        let custom_id = format!("00000000-0000-4000-9000-{:012}", self.created);
        created.custom_integration_id = Some(custom_id);
        created.created_at = Timestamp::from(self.latest);
        created.updated_at = created.created_at;
        created
    }

    pub(super) fn push(&mut self, integration: Integration) {
        self.latest = self.latest.max(integration.created_at.into());
        self.all.push(integration);
    }

    /// Returns a page, and the number of integrations on all pages.
    pub(super) fn page(
        &self,
        team_id: &str,
        type_: Option<&str>,
        limit: u64,
        offset: u64,
    ) -> (Vec<Integration>, u64) {
        let (mut page, mut total) = (Vec::new(), 0);
        for integration in &self.all {
            if integration.team_id != team_id
                || type_.is_some_and(|type_| integration.type_ != type_)
            {
                continue;
            }
            if total >= offset && total - offset < limit {
                page.push(integration.clone());
            }
            total += 1;
        }
        (page, total)
    }

    /// Returns `true` if a custom integration had this identifier.
    pub(super) fn remove(&mut self, custom_integration_id: &str) -> bool {
        let before = self.all.len();
        let id = Some(custom_integration_id);
        self.all
            .retain(|integration| integration.custom_integration_id.as_deref() != id);
        self.all.len() < before
    }
}

use serde::Serialize;

use crate::generated::types::Integration;
use crate::integrations::CustomIntegration;
use crate::integrations::checkup::{Checkup, Verdict};
use crate::integrations::stored_value::StoredValue;

/// A wanted integration, and its state in the catalogue. Returned by
/// [`Plan::integrations`](crate::Plan::integrations).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PlannedIntegration {
    /// The wanted integration.
    pub integration: CustomIntegration,
    /// The result of the comparison.
    pub decision: Decision,
    /// The other integrations with an equal name and server URL: those with the wanted
    /// settings first, then those with exactly the wanted name, then the oldest first.
    pub duplicates: Vec<Integration>,
    /// The values that the API stores in another form than wanted.
    pub stored_differently: Vec<StoredValue>,
    /// The checkup, if [`Plan::check`](crate::Plan::check) made one.
    pub checkup: Option<Checkup>,
}

impl PlannedIntegration {
    /// Returns whether the integration will not work, as its checkup found.
    #[must_use]
    pub fn will_not_work(&self) -> bool {
        let verdict = self.checkup.as_ref().map(|checkup| checkup.verdict);
        verdict == Some(Verdict::WillNotWork)
    }
}

/// The result of comparing a wanted integration with the catalogue.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Decision {
    /// The integration is missing, and will be created.
    Create,
    /// The integration exists with the wanted settings, as far as the API reports them.
    Unchanged {
        /// The existing integration. Of several, those with exactly the wanted name are
        /// preferred, then the oldest.
        existing: Box<Integration>,
    },
    /// The integration exists with other settings. It is left unchanged, unless
    /// [`Plan::replace`](crate::Plan::replace) is set.
    Differs {
        /// The existing integration.
        existing: Box<Integration>,
        /// The settings that differ: `server_url`, `auth_method`.
        differences: Vec<StoredValue>,
    },
    /// Whether the integration exists cannot be decided, so it is not created.
    Undecidable {
        /// The record that may be the integration.
        reason: Undecidable,
    },
}

/// The reason why it cannot be decided whether an integration exists.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Undecidable {
    /// A record that is not as documented may be the integration. It is in
    /// [`Plan::unreadable`](crate::Plan::unreadable).
    UnreadableRecord {
        /// The [position](crate::UnreadableRecord::position) of the record.
        position: u64,
        /// The [reason](crate::UnreadableRecord::reason) why the record is unreadable.
        reason: String,
    },
    /// The name of an integration with an equal server URL is a beginning of the wanted
    /// name. The API may have truncated the name; to resolve this, shorten the wanted name.
    TruncatedName {
        /// The integration with the shorter name.
        existing: Box<Integration>,
    },
}

impl Decision {
    /// Returns `create`, `unchanged`, `differs` or `undecidable`, for logs and metrics.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Unchanged { .. } => "unchanged",
            Self::Differs { .. } => "differs",
            Self::Undecidable { .. } => "undecidable",
        }
    }
}

/// Serializes the value of [`as_str`](Self::as_str).
impl Serialize for Decision {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

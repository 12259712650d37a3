use crate::generated::types::Integration;
use crate::integrations::CustomIntegration;

/// A change that a [`Plan`](crate::Plan) makes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Change<'a> {
    /// Registers a missing integration.
    Create(&'a CustomIntegration),
    /// Deletes an integration that differs, then registers it as wanted.
    Replace {
        /// The integration to delete.
        existing: &'a Integration,
        /// The integration to register.
        integration: &'a CustomIntegration,
    },
    /// Deletes a duplicate.
    DeleteDuplicate(&'a Integration),
    /// Deletes an integration that is not wanted.
    DeleteUnwanted(&'a Integration),
}

/// The place of the result of a change in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The wanted integration with this index.
    Integration(usize),
    /// The next deletion.
    Deletion,
}

impl<'a> Change<'a> {
    /// Returns the integration that the change deletes.
    pub(crate) fn deleted(self) -> Option<&'a Integration> {
        match self {
            Self::Create(_) => None,
            Self::Replace { existing, .. }
            | Self::DeleteDuplicate(existing)
            | Self::DeleteUnwanted(existing) => Some(existing),
        }
    }

    /// Returns the name of the integration.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Create(integration) | Self::Replace { integration, .. } => integration.name(),
            Self::DeleteDuplicate(integration) | Self::DeleteUnwanted(integration) => {
                &integration.name
            }
        }
    }

    /// Returns `create`, `replace`, `delete_duplicate` or `delete_unwanted`, for logs and
    /// metrics.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Replace { .. } => "replace",
            Self::DeleteDuplicate(_) => "delete_duplicate",
            Self::DeleteUnwanted(_) => "delete_unwanted",
        }
    }
}

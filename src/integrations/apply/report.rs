use crate::error::{Error, UnreadableRecord};
use crate::generated::types::Integration;
use crate::integrations::CustomIntegration;
use crate::integrations::checkup::Checkup;
use crate::integrations::equality::Desired;
use crate::integrations::plan::Undecidable;
use crate::integrations::plan::comparison::differences;
use crate::integrations::stored_value::StoredValue;

/// The result of applying a [`Plan`](crate::Plan). Returned by [`Apply`](crate::Apply).
///
/// `Display` prints one line for each change and each finding, with the signs of a plan,
/// `x` for a failure and `.` for what was not attempted, and a summary with the next step.
/// An error that several integrations share is printed once. Secrets are redacted.
///
/// # Serialized form
///
/// A report serializes as an object. The form is stable: a minor version may add fields and
/// values, and does not change the existing ones. URLs are redacted as by `Display`.
///
/// | field | value |
/// |---|---|
/// | `team` | the team id |
/// | `converged` | [`is_converged`](Self::is_converged) |
/// | `stopped` | `error` or `shutdown`, if not every change was attempted; otherwise null |
/// | `stop_error` | [`stop_error`](Self::stop_error), if there is one |
/// | `listing_error` | [`listing_error`](Self::listing_error), if there is one |
/// | `integrations` | each wanted integration, in order: `name`, `server_url`, `auth_method`, `outcome` ([`ApplyOutcome::as_str`]), and what applies of `integration`, `deleted`, `differences`, `reason`, `checkup`, `error`, `stored_differently` and `duplicates` |
/// | `deletions` | each deletion: `integration`, `outcome` ([`DeletionOutcome::as_str`]) and `error` |
///
/// Integrations of the catalogue and stored values have the fields as in a
/// [plan](crate::Plan#serialized-form), errors as an [`Error`](Error#serialized-form).
#[derive(Debug)]
#[must_use]
pub struct Report {
    pub(crate) team_id: String,
    pub(crate) integrations: Vec<AppliedIntegration>,
    pub(crate) deletions: Vec<AppliedDeletion>,
    pub(crate) stopped: Option<Stopped>,
    pub(crate) listing_error: Option<Error>,
    /// The errors of the unreadable records of the last listing.
    pub(crate) unreadable: Vec<Error>,
    /// Whether duplicates are left that the plan's settings would delete.
    pub(crate) leaves_duplicates: bool,
}

/// The reason why not every change was attempted.
#[derive(Debug)]
pub(crate) enum Stopped {
    Shutdown,
    ByIntegration(usize),
    ByDeletion(usize),
    /// By an error of a change that took effect nevertheless.
    ByExplained(Box<Error>),
}

/// A wanted integration, and its state after applying a plan. Returned by
/// [`Report::integrations`].
#[derive(Debug)]
#[non_exhaustive]
pub struct AppliedIntegration {
    /// The wanted integration.
    pub integration: CustomIntegration,
    /// The state.
    pub outcome: ApplyOutcome,
    /// The other integrations with an equal name and server URL that were not deleted.
    pub duplicates: Vec<Integration>,
    /// The values that the API stores in another form than wanted.
    pub stored_differently: Vec<StoredValue>,
}

/// The state of a wanted integration after applying a plan.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApplyOutcome {
    /// The integration was created.
    Created {
        /// The integration.
        integration: Box<Integration>,
    },
    /// The integration exists with the wanted settings, and was not created by a response
    /// of this run: it existed before, another caller created it at the same time, or the
    /// response to its registration was lost.
    Exists {
        /// The integration.
        integration: Box<Integration>,
    },
    /// The integration was deleted and registered again.
    Replaced {
        /// The new integration.
        integration: Box<Integration>,
        /// The integration before.
        deleted: Box<Integration>,
    },
    /// The integration exists with other settings.
    Differs {
        /// The existing integration.
        existing: Box<Integration>,
        /// The settings that differ: `server_url`, `auth_method`.
        differences: Vec<StoredValue>,
    },
    /// Whether the integration exists cannot be decided.
    Undecidable {
        /// The record that may be the integration.
        reason: Undecidable,
    },
    /// The change failed. If the [delivery](Error::delivery) is unknown, the integration may
    /// nevertheless appear in a later listing.
    Failed {
        /// The error.
        error: Error,
        /// The integration that was deleted and not registered again, if it was to be
        /// replaced.
        deleted: Option<Box<Integration>>,
    },
    /// The integration will not work, as its checkup found, and was not registered.
    WillNotWork {
        /// The checkup.
        checkup: Box<Checkup>,
    },
    /// Nothing was sent, or only requests that did not take effect, such as those that the
    /// rate limit rejected.
    NotAttempted,
}

/// A deletion, and its outcome. Returned by [`Report::deletions`].
#[derive(Debug)]
#[non_exhaustive]
pub struct AppliedDeletion {
    /// The integration that was to be deleted.
    pub integration: Integration,
    /// The outcome.
    pub outcome: DeletionOutcome,
}

/// The outcome of a deletion.
#[derive(Debug)]
#[non_exhaustive]
pub enum DeletionOutcome {
    /// The integration is deleted, by this run or before it.
    Deleted,
    /// The deletion failed. If the [delivery](Error::delivery) is unknown, it may
    /// nevertheless take effect.
    Failed {
        /// The error.
        error: Error,
    },
    /// Nothing was sent, or only requests that did not take effect, such as those that the
    /// rate limit rejected.
    NotAttempted,
}

impl Report {
    /// Returns the wanted integrations, in the order in which they were passed to
    /// [`Team::plan`](crate::Team::plan).
    #[must_use]
    pub fn integrations(&self) -> &[AppliedIntegration] {
        &self.integrations
    }

    /// Returns the deletions of duplicates and unwanted integrations, in the order of the
    /// plan.
    #[must_use]
    pub fn deletions(&self) -> &[AppliedDeletion] {
        &self.deletions
    }

    /// Returns whether every wanted integration exists with the wanted settings, and every
    /// deletion took effect.
    ///
    /// Duplicates do not count, unless the plan
    /// [removes](crate::Plan::remove_duplicates) them.
    #[must_use]
    pub fn is_converged(&self) -> bool {
        let exists = |applied: &AppliedIntegration| {
            let integration = applied.outcome.integration();
            integration.is_some_and(|integration| {
                // The API can store other settings than it received.
                differences(&Desired::new(&applied.integration), integration).is_empty()
            })
        };
        let is_deleted =
            |applied: &AppliedDeletion| matches!(applied.outcome, DeletionOutcome::Deleted);
        self.integrations.iter().all(exists)
            && self.deletions.iter().all(is_deleted)
            && !self.leaves_duplicates
    }

    /// Returns whether no further change began: after an error that affects every request,
    /// or after a [graceful shutdown](crate::Apply::graceful_shutdown).
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.is_some()
    }

    /// Returns the error after which no further change began.
    #[must_use]
    pub fn stop_error(&self) -> Option<&Error> {
        match self.stopped.as_ref()? {
            Stopped::Shutdown => None,
            Stopped::ByIntegration(index) => self.integrations.get(*index)?.error(),
            Stopped::ByDeletion(index) => self.deletions.get(*index)?.error(),
            Stopped::ByExplained(error) => Some(error),
        }
    }

    /// Returns the error of the listing after the changes. Unknown outcomes then remain
    /// unknown, and duplicates were not looked for.
    #[must_use]
    pub fn listing_error(&self) -> Option<&Error> {
        self.listing_error.as_ref()
    }

    /// Returns the records that are not as documented, of the listing after the changes.
    pub fn unreadable(&self) -> impl Iterator<Item = &UnreadableRecord> {
        self.unreadable.iter().filter_map(Error::unreadable_record)
    }
}

impl AppliedIntegration {
    /// Returns the error, if the change failed.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match &self.outcome {
            ApplyOutcome::Failed { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl AppliedDeletion {
    /// Returns the error, if the deletion failed.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match &self.outcome {
            DeletionOutcome::Failed { error } => Some(error),
            _ => None,
        }
    }
}

impl ApplyOutcome {
    /// Returns `created`, `exists`, `replaced`, `differs`, `undecidable`, `failed`,
    /// `will_not_work` or `not_attempted`, for logs and metrics.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Created { .. } => "created",
            Self::Exists { .. } => "exists",
            Self::Replaced { .. } => "replaced",
            Self::Differs { .. } => "differs",
            Self::Undecidable { .. } => "undecidable",
            Self::Failed { .. } => "failed",
            Self::WillNotWork { .. } => "will_not_work",
            Self::NotAttempted => "not_attempted",
        }
    }

    /// Returns the integration, if it exists with the wanted settings.
    #[must_use]
    pub fn integration(&self) -> Option<&Integration> {
        match self {
            Self::Created { integration }
            | Self::Exists { integration }
            | Self::Replaced { integration, .. } => Some(integration),
            _ => None,
        }
    }
}

impl DeletionOutcome {
    /// Returns `deleted`, `failed` or `not_attempted`, for logs and metrics.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Failed { .. } => "failed",
            Self::NotAttempted => "not_attempted",
        }
    }
}

use crate::error::Error;
use crate::generated::types::Integration;
use crate::outcome::Delivery;

/// The result of a change, before the listing that settles unknown outcomes.
pub(super) enum ChangeResult {
    NotAttempted,
    Registered(Box<Integration>),
    Deleted,
    /// The integration to delete does not exist. A 404 can also have another cause, so the
    /// listing decides.
    Missing(Error),
    Failed(Error),
    /// A replaced integration was deleted, but the registration failed.
    FailedAfterDeletion(Error),
}

/// The reason why no further change began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The error of the change with this index affects every request.
    Error(usize),
    Shutdown,
}

impl ChangeResult {
    pub(super) fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::FailedAfterDeletion(error) => Some(error),
            Self::NotAttempted | Self::Registered(_) | Self::Deleted | Self::Missing(_) => None,
        }
    }

    /// Whether the change may have taken effect.
    pub(super) fn is_unknown(&self) -> bool {
        let delivery = self.error().map(Error::delivery);
        delivery == Some(Delivery::Unknown)
    }

    /// Whether the listing can explain the result, or finds duplicates.
    pub(super) fn needs_listing(&self) -> bool {
        matches!(self, Self::Registered(_) | Self::Missing(_))
            || self.error().is_some_and(Error::may_have_taken_effect)
    }
}

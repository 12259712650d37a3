use std::time::Duration;

use crate::error::Error;
use crate::integrations::plan::Change;

/// An event of applying a plan. Received by [`Apply::on_event`](crate::Apply::on_event).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The changes begin.
    Started {
        /// The number of changes.
        changes: usize,
    },
    /// A change began.
    ChangeStarted {
        /// The change.
        change: Change<'a>,
    },
    /// A change ended.
    ChangeFinished {
        /// The change.
        change: Change<'a>,
        /// The error, if the change failed. If its [delivery](Error::delivery) is unknown,
        /// the report may later state a success. A deletion that the API rejected with a
        /// 404 has no error, and the report states a failure if the catalogue still contains
        /// the integration.
        error: Option<&'a Error>,
        /// The number of changes that ended, this one included.
        finished: usize,
    },
    /// A change was abandoned before it was sent, because no further change begins.
    ChangeAbandoned {
        /// The change.
        change: Change<'a>,
    },
    /// The rate limit of the API key is exhausted, so the changes that begin after this event
    /// wait. Emitted once for each reset. The wait ends with the next
    /// [`ChangeFinished`](Self::ChangeFinished).
    RateLimited {
        /// The time until the reset, without jitter.
        wait: Duration,
    },
    /// No further change begins.
    Stopped {
        /// The error that affects every request, or `None` after a graceful shutdown.
        error: Option<&'a Error>,
        /// The number of changes that have not begun.
        remaining: usize,
    },
    /// The catalogue is listed to settle unknown outcomes and to find duplicates.
    Verifying,
}

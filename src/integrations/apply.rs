mod api;
mod change_result;
mod engine;
mod event;
#[cfg(test)]
mod properties;
pub(super) mod report;
mod report_display;
mod report_serialized;
mod settle;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use super::plan::Plan;
use crate::telemetry;
pub(super) use engine::{Settings, apply};
pub use event::Event;
pub use report::{AppliedDeletion, AppliedIntegration, ApplyOutcome, DeletionOutcome, Report};

/// Makes the changes of a [`Plan`] when it is awaited, and returns a [`Report`]. Created by
/// [`Plan::apply`].
///
/// # Requests
///
/// Each creation and each deletion is one request, a replacement is two. The catalogue is
/// not listed again before the changes, so apply a plan soon. If anything was registered,
/// if the outcome of a change is unknown, or if an integration to delete was missing, the
/// catalogue is listed once at the end. This listing settles every unknown outcome, and
/// finds the duplicates of other callers that registered at the same time.
///
/// Up to [`concurrency`](Self::concurrency) changes are made at a time. While the rate limit
/// of the API key is exhausted, they wait for its reset. A change that is nevertheless
/// rejected by the rate limit is repeated: 25 calls at most, each with the attempts of the
/// [retry policy](crate::RetryPolicy), or one call if the policy disables retries.
///
/// # Guarantees
///
/// - Only the [changes](Plan::changes) of the plan are made, and nothing is registered
///   twice, unless [`with_retry_ambiguous`](crate::RetryPolicy::with_retry_ambiguous) is
///   enabled. A change whose outcome remains unknown is reported as such, and is not
///   repeated.
/// - No further change begins after an error that affects every request: a redirect, a 401,
///   402, 403, 404, 405, 407, 410 or 501, an untrusted certificate, an unreachable API, or a
///   rate limit that does not reset. The same applies after 10 unknown outcomes in a row.
/// - Creations begin before replacements, and deletions are last.
/// - A run that is interrupted at any point is completed by the next plan: dropping the
///   future, ending the process, or a [`graceful_shutdown`](Self::graceful_shutdown). If the
///   interruption loses the response to a registration, the next plan finds the
///   integration in the catalogue.
///
/// ```no_run
/// # async fn provision(plan: duvo::Plan) {
/// use duvo::Event;
///
/// let report = plan
///     .apply()
///     .concurrency(4)
///     .on_event(|event| {
///         if let Event::ChangeFinished { change, finished, .. } = event {
///             eprintln!("{finished}: {} {}", change.as_str(), change.name());
///         }
///     })
///     .await;
/// assert!(report.is_converged(), "{report}");
/// # }
/// ```
#[must_use = "a plan is applied when it is awaited"]
pub struct Apply<'a> {
    plan: Plan,
    settings: Settings<'a>,
}

impl Plan {
    /// Makes the changes of the plan when the result is awaited, after the optional settings
    /// of [`Apply`]. Consumes the plan, because it describes the catalogue before the
    /// changes.
    pub fn apply<'a>(self) -> Apply<'a> {
        Apply {
            plan: self,
            settings: Settings::default(),
        }
    }
}

impl<'a> Apply<'a> {
    /// Sets the maximum number of changes at a time; 0 counts as 1. Defaults to 8.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.settings.concurrency = concurrency.max(1);
        self
    }

    /// Sets a function that receives each [`Event`], for a progress bar or a log. It should
    /// return quickly, because the changes wait for it.
    pub fn on_event(mut self, on_event: impl FnMut(Event<'_>) + Send + 'a) -> Self {
        self.settings.on_event = Some(Box::new(on_event));
        self
    }

    /// Begins no further change after `signal` completes. Changes that were sent are
    /// finished, those that wait for the rate limit are abandoned, and the report is
    /// returned. If an outcome requires it, the catalogue is listed before, which waits for
    /// the rate limit.
    ///
    /// The output of the signal is ignored, so that it can be the future of
    /// `tokio::signal::ctrl_c()` or the receiver of a channel.
    pub fn graceful_shutdown(mut self, signal: impl Future + Send + 'a) -> Self {
        self.settings.shutdown = Some(Box::pin(async {
            signal.await;
        }));
        self
    }
}

impl<'a> IntoFuture for Apply<'a> {
    type Output = Report;
    type IntoFuture = Pin<Box<dyn Future<Output = Report> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Plan { team, comparison } = self.plan;
            let span = telemetry::apply_span();
            let report = span.run(apply(&team, comparison, self.settings)).await;
            span.record_applied(report.stop_error(), report.is_converged());
            report
        })
    }
}

impl fmt::Debug for Apply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Apply")
            .field("plan", &self.plan)
            .field("concurrency", &self.settings.concurrency)
            .finish_non_exhaustive()
    }
}

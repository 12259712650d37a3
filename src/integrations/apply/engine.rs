use std::future::{self, poll_fn};
use std::pin::pin;
use std::task::Poll;

use futures_util::future::{BoxFuture, Either, FutureExt as _, select};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::watch;

use super::api::Api;
use super::change_result::{ChangeResult, Stop};
use super::event::Event;
use super::report::Report;
use super::settle::settle;
use crate::error::{Error, Result};
use crate::generated::types::Integration;
use crate::integrations::CustomIntegration;
use crate::integrations::pager::ListingPolicy;
use crate::integrations::plan::{Change, Comparison, Slot};
use crate::integrations::rate_limited::{MAX_CALLS, repeat_if_rate_limited};
use crate::retry::InFlight;

/// The maximum number of changes at a time, unless another one is set.
const DEFAULT_CONCURRENCY: usize = 8;

/// The number of unknown outcomes in a row after which no further change begins: the API
/// does not work, and each of them may leave a duplicate.
const MAX_UNKNOWN_IN_A_ROW: usize = 10;

/// The settings of [`Apply`](super::Apply).
pub(in crate::integrations) struct Settings<'a> {
    pub(in crate::integrations) concurrency: usize,
    /// The number of calls for a change that the rate limit rejects.
    pub(in crate::integrations) max_calls: usize,
    pub(in crate::integrations) listing: ListingPolicy,
    pub(in crate::integrations) on_event: Option<OnEvent<'a>>,
    pub(in crate::integrations) shutdown: Option<BoxFuture<'a, ()>>,
}

type OnEvent<'a> = Box<dyn FnMut(Event<'_>) + Send + 'a>;

impl Default for Settings<'_> {
    fn default() -> Self {
        Self {
            concurrency: DEFAULT_CONCURRENCY,
            max_calls: MAX_CALLS,
            listing: ListingPolicy::PLAN,
            on_event: None,
            shutdown: None,
        }
    }
}

/// Makes the changes of a plan, and lists the catalogue if an outcome needs it.
pub(in crate::integrations) async fn apply(
    api: &impl Api,
    comparison: Comparison,
    mut settings: Settings<'_>,
) -> Report {
    let changes: Vec<_> = comparison.changes().collect();
    let (results, stop) = make_changes(api, &changes, &mut settings).await;
    let listing = if results.iter().any(ChangeResult::needs_listing) {
        settings.emit(Event::Verifying);
        let is_registered = |result: &&ChangeResult| matches!(result, ChangeResult::Registered(_));
        let registered = results.iter().filter(is_registered).count();
        let expected_total = (comparison.listed + registered) as u64;
        Some(api.list(settings.listing, expected_total).await)
    } else {
        None
    };
    let targets = changes.iter();
    let targets = targets
        .map(|(slot, change)| (*slot, change.deleted().cloned().map(Box::new)))
        .collect();
    drop(changes);
    settle(comparison, targets, results, stop, listing)
}

impl Settings<'_> {
    fn emit(&mut self, event: Event<'_>) {
        if let Some(on_event) = &mut self.on_event {
            on_event(event);
        }
    }

    /// Completes once, when the shutdown is requested.
    async fn shutdown(&mut self) {
        match &mut self.shutdown {
            Some(signal) => signal.await,
            None => future::pending().await,
        }
        self.shutdown = None;
    }

    /// Lets the running changes know that no further change begins.
    fn stop(&mut self, stopping: &watch::Sender<bool>, error: Option<&Error>, remaining: usize) {
        stopping.send_replace(true);
        self.emit(Event::Stopped { error, remaining });
    }
}

/// Returns the result of each change, in order, and why the last ones were not made.
async fn make_changes(
    api: &impl Api,
    changes: &[(Slot, Change<'_>)],
    settings: &mut Settings<'_>,
) -> (Vec<ChangeResult>, Option<Stop>) {
    let mut results: Vec<_> = changes.iter().map(|_| ChangeResult::NotAttempted).collect();
    if changes.is_empty() {
        return (results, None);
    }
    settings.emit(Event::Started {
        changes: changes.len(),
    });
    let (stopping, stopped) = watch::channel(false);
    let engine = Changer {
        api,
        max_calls: settings.max_calls,
        stopped,
    };
    let mut running = FuturesUnordered::new();
    let mut stop = None;
    let (mut begun, mut finished, mut unknown_in_a_row) = (0, 0, 0);
    let mut is_rate_limited = false;
    loop {
        while stop.is_none() && running.len() < settings.concurrency && begun < changes.len() {
            if settings.shutdown().now_or_never().is_some() {
                stop = Some(Stop::Shutdown);
                settings.stop(&stopping, None, changes.len() - begun);
                break;
            }
            let wait = api.time_until_reset();
            if let Some(wait) = wait.filter(|_| !is_rate_limited) {
                settings.emit(Event::RateLimited { wait });
            }
            is_rate_limited = wait.is_some();
            let (index, (_, change)) = (begun, changes[begun]);
            settings.emit(Event::ChangeStarted { change });
            let made = engine.make(change);
            running.push(made.map(move |result| (index, result)));
            begun += 1;
        }
        let next = match select(running.next(), pin!(settings.shutdown())).await {
            Either::Left((next, _)) => Some(next),
            Either::Right(_) => None,
        };
        let (index, result) = match next {
            Some(Some(ended)) => ended,
            Some(None) => return (results, stop),
            None => {
                if stop.is_none() {
                    stop = Some(Stop::Shutdown);
                    settings.stop(&stopping, None, changes.len() - begun);
                }
                continue;
            }
        };
        let change = changes[index].1;
        if matches!(result, ChangeResult::NotAttempted) {
            settings.emit(Event::ChangeAbandoned { change });
            continue;
        }
        finished += 1;
        unknown_in_a_row = if result.is_unknown() {
            unknown_in_a_row + 1
        } else {
            0
        };
        let error = result.error();
        settings.emit(Event::ChangeFinished {
            change,
            error,
            finished,
        });
        let is_fatal = error.is_some_and(Error::affects_every_request)
            || unknown_in_a_row == MAX_UNKNOWN_IN_A_ROW;
        if is_fatal && stop.is_none() {
            stop = Some(Stop::Error(index));
            settings.stop(&stopping, error, changes.len() - begun);
        }
        results[index] = result;
    }
}

/// Returns the `Idempotency-Key` of a registration after a deletion. Under the key of the
/// deleted integration, the API can return that one instead of registering another. Callers
/// that replace the same integration use the same key.
fn key_of_replacement(existing: &Integration, integration: &CustomIntegration) -> String {
    let key = integration.idempotency_key_or_new();
    let id = existing.custom_integration_id.as_deref();
    format!("{key}-{}", id.unwrap_or_default())
}

/// What every change needs.
struct Changer<'a, A> {
    api: &'a A,
    max_calls: usize,
    stopped: watch::Receiver<bool>,
}

impl<A: Api> Changer<'_, A> {
    /// Makes a change, unless `stopped` is set before it was sent.
    async fn make(&self, change: Change<'_>) -> ChangeResult {
        let in_flight = InFlight::default();
        match change {
            Change::Create(integration) => {
                let key = integration.idempotency_key_or_new();
                let registered = self.register(integration, &key, &in_flight);
                match self.unless_stopped(registered, &in_flight).await {
                    Some(Ok(integration)) => ChangeResult::Registered(Box::new(integration)),
                    Some(Err(error)) => ChangeResult::Failed(error),
                    None => ChangeResult::NotAttempted,
                }
            }
            Change::Replace {
                existing,
                integration,
            } => match self.delete(existing, &in_flight).await {
                // A deleted integration is registered in any case. If it was missing, another
                // caller may be replacing it.
                ChangeResult::Deleted => {
                    let key = key_of_replacement(existing, integration);
                    match self.register(integration, &key, &in_flight).await {
                        Ok(integration) => ChangeResult::Registered(Box::new(integration)),
                        Err(error) => ChangeResult::FailedAfterDeletion(error),
                    }
                }
                result => result,
            },
            Change::DeleteDuplicate(existing) | Change::DeleteUnwanted(existing) => {
                self.delete(existing, &in_flight).await
            }
        }
    }

    async fn register(
        &self,
        integration: &CustomIntegration,
        key: &str,
        in_flight: &InFlight,
    ) -> Result<Integration> {
        let register = || self.api.register(integration, key, in_flight);
        repeat_if_rate_limited(self.max_calls, register).await
    }

    async fn delete(&self, existing: &Integration, in_flight: &InFlight) -> ChangeResult {
        let Some(id) = &existing.custom_integration_id else {
            return ChangeResult::NotAttempted;
        };
        let delete = || self.api.delete(id, in_flight);
        let deleted = repeat_if_rate_limited(self.max_calls, delete);
        match self.unless_stopped(deleted, in_flight).await {
            Some(Ok(())) => ChangeResult::Deleted,
            Some(Err(error)) if error.is_not_found() => ChangeResult::Missing(error),
            Some(Err(error)) => ChangeResult::Failed(error),
            None => ChangeResult::NotAttempted,
        }
    }

    /// Polls a future until it completes. Returns `None` if `stopped` is set while the future
    /// can be dropped without effect.
    async fn unless_stopped<F: Future>(
        &self,
        future: F,
        in_flight: &InFlight,
    ) -> Option<F::Output> {
        let mut stopped = self.stopped.clone();
        let mut stopped = pin!(stopped.wait_for(|is_stopped| *is_stopped));
        let mut future = pin!(future);
        let mut is_stopped = false;
        poll_fn(|context| {
            is_stopped = is_stopped || stopped.as_mut().poll(context).is_ready();
            if is_stopped && !in_flight.get() {
                return Poll::Ready(None);
            }
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            // The future may have begun to wait.
            if is_stopped && !in_flight.get() {
                return Poll::Ready(None);
            }
            Poll::Pending
        })
        .await
    }
}

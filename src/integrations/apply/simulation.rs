//! A catalogue in memory, with the faults that requests can have, for tests without a
//! network. Every call yields before it takes effect and before it returns, so that a test
//! can interrupt it at either point.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::api::Api;
use crate::attempt::CallResult;
use crate::error::{Error, Result, UnreadableRecord};
use crate::generated::types::Integration;
use crate::integrations::CustomIntegration;
use crate::integrations::pager::ListingPolicy;
use crate::outcome::{BodyEnd, GaveUp, Proxy, RawResponse, Route};
use crate::redact::Redactor;
use crate::retry::InFlight;

pub(super) const TEAM: &str = "team_1";

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing: the request takes effect, and its response arrives.
    None,
    /// The request takes no effect, and a proxy responds 504.
    RequestLost,
    /// The request takes effect, and a proxy responds 504.
    ResponseLost,
    /// A proxy responds 504, and the request takes effect only after the next listing.
    Late,
    /// The API rejects the request with this status.
    Rejected(u16),
    /// Another caller registers the same, and the API responds 409.
    Conflict,
}

/// Chooses the fault of a request.
type Faults = Box<dyn FnMut(&Request) -> Fault + Send>;

/// A request that a simulation received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Request {
    List,
    Register(String),
    Delete(String),
}

/// A simulated catalogue. Clones share it.
#[derive(Clone)]
pub(super) struct Simulation(Arc<Mutex<State>>);

pub(super) struct State {
    pub(super) entries: Vec<Integration>,
    /// The JSON of records that are not as documented.
    pub(super) unreadable: Vec<String>,
    pub(super) requests: Vec<Request>,
    /// How often each name was registered, whether the response arrived or not.
    pub(super) registered: HashMap<String, usize>,
    pub(super) late: Vec<Integration>,
    pub(super) faults: Faults,
    /// How the API changes what it stores.
    pub(super) storage: fn(&mut Integration),
    template: Integration,
    next_id: i64,
}

impl Simulation {
    pub(super) fn new() -> Self {
        let template = json!({
            "id": "id", "name": "name", "type": "custom", "provider": "custom",
            "team_id": TEAM, "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
        });
        Self(Arc::new(Mutex::new(State {
            entries: Vec::new(),
            unreadable: Vec::new(),
            requests: Vec::new(),
            registered: HashMap::new(),
            late: Vec::new(),
            faults: Box::new(|_| Fault::None),
            storage: |_| {},
            template: serde_json::from_value(template).unwrap(),
            next_id: 0,
        })))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(super) fn set_faults(&self, faults: impl FnMut(&Request) -> Fault + Send + 'static) {
        self.state().faults = Box::new(faults);
    }

    /// Adds a custom integration.
    pub(super) fn add(&self, name: &str, server_url: &str, auth_method: &str) -> Integration {
        let mut state = self.state();
        let entry = state.entry(name, server_url, auth_method);
        state.entries.push(entry.clone());
        entry
    }

    /// Returns the requests since the last call of this function.
    pub(super) fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.state().requests)
    }
}

impl State {
    /// Returns a new entry, younger than all others.
    fn entry(&mut self, name: &str, server_url: &str, auth_method: &str) -> Integration {
        self.next_id += 1;
        let mut entry = self.template.clone();
        entry.id = format!("id-{}", self.next_id);
        entry.custom_integration_id = Some(format!("custom-{}", self.next_id));
        entry.created_at.0 += TimeDelta::seconds(self.next_id);
        name.clone_into(&mut entry.name);
        entry.server_url = Some(server_url.to_owned());
        entry.auth_method = Some(auth_method.to_owned());
        entry
    }

    fn register(&mut self, integration: &CustomIntegration) -> Integration {
        let method = integration.auth_method().to_string();
        let mut entry = self.entry(integration.name(), integration.server_url(), &method);
        (self.storage)(&mut entry);
        let count = self.registered.entry(integration.name().to_owned());
        *count.or_default() += 1;
        entry
    }

    fn list(&mut self) -> (Vec<Integration>, Vec<Error>) {
        let unreadable = self.unreadable.iter().enumerate();
        let unreadable = unreadable.map(|(position, json)| {
            let redactor = Redactor::new([]);
            let record =
                UnreadableRecord::new(position as u64, "unreadable", json.clone(), &redactor);
            status_error(200).with_unreadable_record(record)
        });
        let listed = (self.entries.clone(), unreadable.collect());
        self.entries.append(&mut self.late);
        listed
    }

    fn begin(&mut self, request: Request) -> Fault {
        let fault = (self.faults)(&request);
        self.requests.push(request);
        fault
    }
}

impl Api for Simulation {
    async fn list(&self, _: ListingPolicy, _: u64) -> Result<(Vec<Integration>, Vec<Error>)> {
        let fault = self.state().begin(Request::List);
        yield_once().await;
        let listed = self.state().list();
        yield_once().await;
        match fault {
            Fault::Rejected(status) => Err(status_error(status)),
            Fault::RequestLost | Fault::ResponseLost => Err(status_error(504)),
            Fault::None | Fault::Late | Fault::Conflict => Ok(listed),
        }
    }

    async fn register(
        &self,
        integration: &CustomIntegration,
        _: &str,
        in_flight: &InFlight,
    ) -> Result<Integration> {
        yield_once().await;
        in_flight.set(true);
        let request = Request::Register(integration.name().to_owned());
        let fault = self.state().begin(request);
        yield_once().await;
        let result = {
            let mut state = self.state();
            match fault {
                Fault::RequestLost => Err(504),
                Fault::Rejected(status) => Err(status),
                Fault::None => {
                    let entry = state.register(integration);
                    state.entries.push(entry.clone());
                    Ok(entry)
                }
                Fault::ResponseLost => {
                    let entry = state.register(integration);
                    state.entries.push(entry);
                    Err(504)
                }
                Fault::Late => {
                    let entry = state.register(integration);
                    state.late.push(entry);
                    Err(504)
                }
                Fault::Conflict => {
                    let method = integration.auth_method().to_string();
                    let entry = state.entry(integration.name(), integration.server_url(), &method);
                    state.entries.push(entry);
                    Err(409)
                }
            }
        };
        yield_once().await;
        in_flight.set(result == Err(504));
        result.map_err(status_error)
    }

    async fn delete(&self, custom_integration_id: &str, in_flight: &InFlight) -> Result<()> {
        yield_once().await;
        in_flight.set(true);
        let request = Request::Delete(custom_integration_id.to_owned());
        let fault = self.state().begin(request);
        yield_once().await;
        let result = match fault {
            Fault::RequestLost => Err(504),
            Fault::Rejected(status) => Err(status),
            Fault::None | Fault::ResponseLost | Fault::Late | Fault::Conflict => {
                self.state().entries.retain(|entry| {
                    entry.custom_integration_id.as_deref() != Some(custom_integration_id)
                });
                if fault == Fault::None {
                    Ok(())
                } else {
                    Err(504)
                }
            }
        };
        yield_once().await;
        in_flight.set(result == Err(504));
        result.map_err(status_error)
    }

    fn time_until_reset(&self) -> Option<Duration> {
        None
    }
}

/// Returns the error of a response with this status. A 429 exhausted all attempts.
pub(super) fn status_error(status: u16) -> Error {
    let call = CallResult {
        outcome: Ok(RawResponse {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            end: BodyEnd::Complete,
        }),
        gave_up: (status == 429).then_some(GaveUp::AttemptsExhausted { max_attempts: 4 }),
        max_attempts: 4,
        failed_attempts: Vec::new(),
    };
    let route = Route {
        base_url: String::new(),
        proxy: Proxy::Unused,
    };
    Error::from_call(call, String::new(), &route, &Redactor::new([]))
}

/// Runs a future that returns to the executor only to be polled again.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Returns a future that completes after it was polled this many times.
pub(super) fn ready_after(mut polls: usize) -> BoxFuture<'static, ()> {
    Box::pin(poll_fn(move |_| {
        if polls == 0 {
            return Poll::Ready(());
        }
        polls -= 1;
        Poll::Pending
    }))
}

/// Returns to the executor once.
async fn yield_once() {
    let mut is_first = true;
    poll_fn(|context| {
        if std::mem::take(&mut is_first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

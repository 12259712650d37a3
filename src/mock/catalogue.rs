use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use self::clock::Clock;
use self::entries::Entries;
use self::fault::{Effect, Fault};
use self::rate_limit::{Quota, RateLimit};
use self::validation::{parse_page, parse_registration};
use super::examples;
use super::request::Request;
use super::response::Response;
use super::server::Server;
use super::types::{Deletion, Integration, IntegrationPage};
use crate::integrations::auth_method::AuthMethod;

mod clock;
mod entries;
pub(super) mod fault;
mod rate_limit;
mod validation;

/// A handle to the catalogue of a [`Server`], created by [`Server::catalogue`]. Clones share
/// their state. The section [Catalogue](super#catalogue) of the module documentation has an
/// example.
///
/// # Behavior
///
/// - A registration adds an [`Integration`] with unique identifiers and a `created_at` after
///   that of every other integration in the catalogue. A body that is not as documented
///   receives a 400. A name can be registered repeatedly, because Duvo does not document that
///   names are unique.
/// - A listing returns the integrations whose `team_id` is the team of the path, in the order
///   in which they were added or registered. A `limit` that is not from 1 to 100 receives a 400.
/// - A deletion removes the integration of any team, or receives a 404.
/// - API keys are not verified. To do so, add a mock with
///   [`with_api_key`](super::Mock::with_api_key).
///
/// Requests take effect one after another. Each response has its own `x-request-id`.
#[derive(Clone)]
pub struct Catalogue {
    /// Held while a request takes effect. Functions of the test run without the lock of
    /// the state, because they can use the catalogue.
    turn: Arc<Mutex<()>>,
    state: Arc<Mutex<State>>,
}

/// Changes an integration as the API stores it.
type StoredForm = dyn Fn(&mut Integration) + Send + Sync;
/// Chooses the fault of a request from the request and its number.
type Inject = dyn Fn(&Request, usize) -> Option<Fault> + Send + Sync;

struct State {
    entries: Entries,
    team_id: String,
    honors_idempotency_key: bool,
    /// The registered integrations by their `Idempotency-Key`.
    registrations: HashMap<String, Integration>,
    stored_form: Arc<StoredForm>,
    injected: Vec<Arc<Inject>>,
    queues: HashMap<Kind, VecDeque<Fault>>,
    requests: usize,
    rate_limit: Option<RateLimit>,
    clock: Clock,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Registration,
    Listing,
    Deletion,
}

/// A status and a JSON body.
type Reply = (u16, Value);

impl Server {
    /// Creates an empty catalogue, and the mocks that list it, register and delete.
    ///
    /// As with every mock, one that is created later takes precedence, also a second
    /// catalogue.
    #[allow(clippy::must_use_candidate, reason = "the server has the mocks")]
    pub fn catalogue(&self) -> Catalogue {
        let catalogue = Catalogue::new();
        let handle = catalogue.clone();
        self.list_integrations().respond_with(move |call, _| {
            handle.respond(call, Kind::Listing, || {
                handle.list(call, call.team_id().unwrap_or_default())
            })
        });
        let handle = catalogue.clone();
        self.register_custom_integration()
            .respond_with(move |call, _| {
                handle.respond(call, Kind::Registration, || {
                    handle.register(call, call.team_id().unwrap_or_default())
                })
            });
        let handle = catalogue.clone();
        self.register_custom_integration_v1()
            .respond_with(move |call, _| {
                handle.respond(call, Kind::Registration, || handle.register_v1(call))
            });
        let handle = catalogue.clone();
        self.delete_custom_integration()
            .respond_with(move |call, _| {
                handle.respond(call, Kind::Deletion, || {
                    handle.delete(call.custom_integration_id().unwrap_or_default())
                })
            });
        catalogue
    }
}

impl Catalogue {
    fn new() -> Self {
        let state = State {
            entries: Entries::default(),
            team_id: Integration::example().team_id,
            honors_idempotency_key: false,
            registrations: HashMap::new(),
            stored_form: Arc::new(|_| {}),
            injected: Vec::new(),
            queues: HashMap::new(),
            requests: 0,
            rate_limit: None,
            clock: Clock::default(),
        };
        Self {
            turn: Arc::default(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Adds an existing integration, custom or built-in, unmodified. It is listed for the
    /// team of its `team_id`.
    pub fn add(&self, integration: Integration) {
        self.lock().entries.push(integration);
    }

    /// Adds a custom integration, as another caller would register it, and returns it. Its
    /// identifiers are unique, its `created_at` is after that of every other integration,
    /// and its team is [`team_id`](Self::team_id).
    pub fn add_custom(
        &self,
        name: impl Into<String>,
        server_url: impl Into<String>,
        auth_method: AuthMethod,
    ) -> Integration {
        let mut state = self.lock();
        let mut added = state.entries.create();
        added.name = name.into();
        added.server_url = Some(server_url.into());
        added.auth_method = Some(auth_method.to_string());
        added.team_id.clone_from(&state.team_id);
        state.entries.push(added.clone());
        added
    }

    /// Returns every integration of every team, in the order in which they were added or
    /// registered.
    #[must_use]
    pub fn integrations(&self) -> Vec<Integration> {
        self.lock().entries.all().to_vec()
    }

    /// Returns the team that [`set_team_id`](Self::set_team_id) sets.
    #[must_use]
    pub fn team_id(&self) -> String {
        self.lock().team_id.clone()
    }

    /// Sets the team of the API key, to which [`add_custom`](Self::add_custom) and version 1
    /// of the API add integrations. Defaults to the team of the documented examples,
    /// `team_01hzx3f8q2`.
    pub fn set_team_id(&self, team_id: impl Into<String>) {
        self.lock().team_id = team_id.into();
    }

    /// Sets how many requests each API key may send in each window. Defaults to no limit.
    ///
    /// Time is real, and the first window of a key starts with its first request. Every
    /// response then has the headers `date`, `x-ratelimit-limit`, `x-ratelimit-remaining` and
    /// `x-ratelimit-reset`. When the limit is exhausted, requests have no effect and receive a
    /// 429 with `retry-after`.
    pub fn set_rate_limit(&self, requests: u64, window: Duration) {
        self.lock().rate_limit = Some(RateLimit::new(requests, window));
    }

    /// Sets how the API changes an integration that it registers, for example its name.
    /// Defaults to no change.
    ///
    /// `change` can use the catalogue, but must not wait for another request.
    pub fn set_stored_form(&self, change: impl Fn(&mut Integration) + Send + Sync + 'static) {
        self.lock().stored_form = Arc::new(change);
    }

    /// Sets whether a registration whose `Idempotency-Key` was already used returns the first
    /// integration instead of adding another. Defaults to `false`, because Duvo does not
    /// document the effect of the key.
    pub fn set_honors_idempotency_key(&self, honors: bool) {
        self.lock().honors_idempotency_key = honors;
    }

    /// Injects faults into single requests. `fault` receives each request with its number,
    /// which starts at 0 and counts all requests to the catalogue, and returns the fault of
    /// the request, if any.
    ///
    /// A fault of [`next_registration`](Self::next_registration), [`next_listing`] or
    /// [`next_deletion`] takes precedence, then the first function that returns a fault.
    /// `fault` can use the catalogue, and can block.
    ///
    /// [`next_listing`]: Self::next_listing
    /// [`next_deletion`]: Self::next_deletion
    pub fn inject(&self, fault: impl Fn(&Request, usize) -> Option<Fault> + Send + Sync + 'static) {
        self.lock().injected.push(Arc::new(fault));
    }

    /// Injects a fault into the next registration. Repeated calls append: the second fault is
    /// that of the second registration, and so on.
    pub fn next_registration(&self, fault: Fault) {
        self.append(Kind::Registration, fault);
    }

    /// Injects a fault into the next listing of a page. Repeated calls append.
    pub fn next_listing(&self, fault: Fault) {
        self.append(Kind::Listing, fault);
    }

    /// Injects a fault into the next deletion. Repeated calls append.
    pub fn next_deletion(&self, fault: Fault) {
        self.append(Kind::Deletion, fault);
    }

    fn append(&self, kind: Kind, fault: Fault) {
        self.lock().queues.entry(kind).or_default().push_back(fault);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the response to a request, with the effect of `handle` and of a fault.
    fn respond(&self, request: &Request, kind: Kind, handle: impl FnOnce() -> Reply) -> Response {
        let (number, queued, injected) = {
            let mut state = self.lock();
            let number = state.requests;
            state.requests += 1;
            let queued = state.queues.get_mut(&kind).and_then(VecDeque::pop_front);
            (number, queued, state.injected.clone())
        };
        let fault = queued.or_else(|| injected.iter().find_map(|fault| fault(request, number)));
        let Fault { before, effect } = fault.unwrap_or_else(Fault::none);
        for change in before {
            change(self);
        }
        if let Effect::Rejected(response) = effect {
            return response;
        }
        let request_id = format!("req_{number:06}");
        let (quota, (status, body)) = self.handle(request, &request_id, handle);
        let response = match effect {
            Effect::Lost(response) => return response,
            Effect::Changed(change) => change(body),
            _ => Response::json(status, &body),
        };
        let response = response.with_default_header("x-request-id", &request_id);
        let headers = quota.as_ref().map(Quota::headers).unwrap_or_default();
        headers.iter().fold(response, |response, (name, value)| {
            response.with_default_header(name, value)
        })
    }

    /// Lets a request take effect, unless the rate limit is exhausted.
    fn handle(
        &self,
        request: &Request,
        request_id: &str,
        handle: impl FnOnce() -> Reply,
    ) -> (Option<Quota>, Reply) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let quota = self.lock().count(request.api_key());
        let reply = match &quota {
            Some(quota) if quota.is_exhausted() => {
                let mut body = examples::too_many_requests_coded();
                body.message = quota.message();
                request_id.clone_into(&mut body.request_id);
                reply(429, &body)
            }
            _ => handle(),
        };
        (quota, reply)
    }

    fn register(&self, request: &Request, team_id: &str) -> Reply {
        let registration = match parse_registration(request) {
            Ok(registration) => registration,
            Err(reason) => return bad_request(reason),
        };
        let key = request.header("idempotency-key");
        let (mut created, stored_form) = {
            let mut state = self.lock();
            let earlier = key.and_then(|key| state.registrations.get(key));
            if let Some(earlier) = earlier.filter(|_| state.honors_idempotency_key) {
                return reply(201, earlier);
            }
            (state.entries.create(), Arc::clone(&state.stored_form))
        };
        created.name = registration.name.into();
        created.server_url = Some(registration.server_url);
        created.auth_method = Some(registration.auth_method.to_string());
        team_id.clone_into(&mut created.team_id);
        stored_form(&mut created);
        let mut state = self.lock();
        if let Some(key) = key {
            state.registrations.insert(key.to_owned(), created.clone());
        }
        let reply = reply(201, &created);
        state.entries.push(created);
        reply
    }

    /// Registers for the team of the API key. `composio_mcp_id` is present in each response
    /// of version 1.
    fn register_v1(&self, request: &Request) -> Reply {
        let (status, mut body) = self.register(request, &self.team_id());
        if status == 201
            && let Some(body) = body.as_object_mut()
        {
            body.entry("composio_mcp_id").or_insert(Value::Null);
        }
        (status, body)
    }

    fn list(&self, request: &Request, team_id: &str) -> Reply {
        match parse_page(request) {
            Ok((type_, limit, offset)) => {
                let mut page = IntegrationPage::example();
                (page.limit, page.offset) = (limit, offset);
                let state = self.lock();
                (page.integrations, page.total) = state.entries.page(team_id, type_, limit, offset);
                reply(200, &page)
            }
            Err(reason) => bad_request(reason),
        }
    }

    fn delete(&self, custom_integration_id: &str) -> Reply {
        if self.lock().entries.remove(custom_integration_id) {
            reply(200, &Deletion::example())
        } else {
            reply(404, &examples::not_found_plain())
        }
    }
}

impl State {
    fn count(&mut self, api_key: Option<&str>) -> Option<Quota> {
        let rate_limit = self.rate_limit.as_mut()?;
        Some(rate_limit.count(api_key, self.clock.unix_time()))
    }
}

fn reply(status: u16, body: &impl Serialize) -> Reply {
    let body = serde_json::to_value(body);
    (
        status,
        body.unwrap_or_else(|error| json!(error.to_string())),
    )
}

fn bad_request(reason: String) -> Reply {
    let mut body = examples::bad_request_plain();
    body.message = Some(reason);
    reply(400, &body)
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let integrations = self.lock().entries.all().len();
        f.debug_struct("Catalogue")
            .field("integrations", &integrations)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::runtime::Builder;

    use crate::integrations::{Auth, CustomIntegration};
    use crate::mock::server::start_with_runtime;
    use crate::mock::{Response, Server};
    use crate::retry::RetryPolicy;

    /// Registers an integration with a new client, which does not know the rate limit.
    async fn register(server: &Server) -> crate::error::Result<u16> {
        let policy = RetryPolicy::never();
        let client = server.client_builder().retry_policy(policy).build()?;
        let crm = CustomIntegration::new("CRM", "https://mcp.example.com", Auth::Url)?;
        let team = client.team("team_1");
        let created = team.register_custom_integration(&crm).await?;
        Ok(created.status().as_u16())
    }

    #[tokio::test]
    async fn exhausted_rate_limit_resets_in_the_next_window() {
        const WINDOW: Duration = Duration::from_secs(60);
        // The server's time is virtual, and advances when the server is idle.
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        let server = start_with_runtime(runtime).unwrap();
        let catalogue = server.catalogue();
        catalogue.set_rate_limit(1, WINDOW);
        // A response that is delayed by one window.
        server
            .delete_custom_integration()
            .respond(|_| Response::new(204).with_delay(WINDOW));
        let client = server.client().unwrap();
        for _ in 0..2 {
            assert_eq!(register(&server).await.unwrap(), 201);
            let error = register(&server).await.unwrap_err();
            assert_eq!(error.status().unwrap(), 429);
            assert_eq!(error.retry_after(), Some(WINDOW));
            client.delete_custom_integration("7").await.unwrap();
        }
        assert_eq!(catalogue.integrations().len(), 2);
    }
}

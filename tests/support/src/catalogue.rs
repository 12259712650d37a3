//! A team's catalogue behind `duvo::mock`: it lists what is registered, and no longer lists
//! what is deleted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use duvo::mock::operations::{
    DeleteCustomIntegration, ListIntegrations, RegisterCustomIntegration,
};
use duvo::mock::types::PlainError;
use duvo::mock::{Call, Request, Response, Responses, Server, examples};
use duvo::{Client, Deletion, Integration, IntegrationPage, Team};
use serde_json::Value;

use crate::client::TEAM;

/// How the API handles one registration.
#[derive(Clone, Copy, Debug)]
pub enum Registration {
    /// Registers, and responds 201.
    Created,
    /// Registers, and responds 204.
    CreatedWithoutBody,
    /// Registers, and responds 201 without the `provider`.
    CreatedUnreadable,
    /// Registers, but a proxy responds 504.
    ResponseLost,
    /// Does not register, and a proxy responds 504.
    RequestLost,
    /// Another caller registers the name with another URL, and a proxy responds 504.
    RequestLostAndNameTaken,
    /// Another caller registers the same, and the API responds 409.
    Conflict,
    /// Another caller registers the name with another URL, and the API responds 409.
    ConflictOfNames,
    /// Does not register, and responds 403.
    Forbidden,
    /// Registers, after another caller registered the same.
    Raced,
}

const OTHER_URL: &str = "https://mcp.example.com/other";

/// Changes an integration as the API stores it.
type Storage = Box<dyn Fn(&mut Integration) + Send>;
/// Returns the body of a page from the request and the correct page.
type Pages = Box<dyn Fn(PageRequest, Value) -> String + Send>;

/// A request for a page, with the defaults of the API.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// The number of listing requests before this one.
    pub number: usize,
    pub limit: u64,
    pub offset: u64,
}

#[derive(Default)]
struct State {
    entries: Vec<Integration>,
    storage: Option<Storage>,
    pages: Option<Pages>,
    listings: usize,
    created: usize,
    registrations: VecDeque<Registration>,
    failing_listings: usize,
    failing_listings_after_registration: usize,
}

pub struct Catalogue {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Catalogue {
    pub fn new(entries: Vec<Integration>) -> Self {
        let state = Arc::new(Mutex::new(State {
            entries,
            ..State::default()
        }));
        let server = Server::start().unwrap();
        let catalogue = Arc::clone(&state);
        server
            .register_custom_integration()
            .respond_with(move |call, then| lock(&catalogue).register(call, then));
        let catalogue = Arc::clone(&state);
        server
            .list_integrations()
            .respond_with(move |call, then| lock(&catalogue).list(call, then));
        let catalogue = Arc::clone(&state);
        server
            .delete_custom_integration()
            .respond_with(move |call, then| lock(&catalogue).delete(call, then));
        Self { server, state }
    }

    /// Sets how the next registrations are handled. Defaults to [`Registration::Created`].
    #[must_use]
    pub fn with_registrations(self, registrations: &[Registration]) -> Self {
        lock(&self.state).registrations = registrations.iter().copied().collect();
        self
    }

    /// Sets how the API changes an integration when it stores it. Defaults to no change.
    #[must_use]
    pub fn with_storage(self, storage: impl Fn(&mut Integration) + Send + 'static) -> Self {
        lock(&self.state).storage = Some(Box::new(storage));
        self
    }

    /// Sets the body of a page. Defaults to the correct one.
    #[must_use]
    pub fn with_pages(self, pages: impl Fn(PageRequest, Value) -> String + Send + 'static) -> Self {
        lock(&self.state).pages = Some(Box::new(pages));
        self
    }

    /// Lets the next listings fail with 500.
    pub fn fail_listings(&self, listings: usize) {
        lock(&self.state).failing_listings = listings;
    }

    /// Lets the listings that follow the next registration fail with 500.
    pub fn fail_listings_after_registration(&self, listings: usize) {
        lock(&self.state).failing_listings_after_registration = listings;
    }

    pub fn url(&self) -> String {
        self.server.url().to_owned()
    }

    pub fn client(&self) -> Client {
        self.server.client().unwrap()
    }

    pub fn team(&self) -> Team {
        self.client().team(TEAM)
    }

    pub fn entries(&self) -> Vec<Integration> {
        lock(&self.state).entries.clone()
    }

    /// Returns the number of requests with this method.
    pub fn count(&self, method: &str) -> usize {
        let requests = self.server.requests();
        let has_method = |request: &&Request| request.method() == method;
        requests.iter().filter(has_method).count()
    }

    /// Returns every request, as its method and its path with the query.
    pub fn requests(&self) -> Vec<String> {
        let line = |request: &Request| {
            let query = request.query().map(|query| format!("?{query}"));
            let query = query.unwrap_or_default();
            format!("{} {}{query}", request.method(), request.path())
        };
        self.server.requests().iter().map(line).collect()
    }

    pub fn header(&self, request: usize, name: &str) -> Option<String> {
        let requests = self.server.requests();
        requests[request].header(name).map(str::to_owned)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap()
}

impl State {
    fn register(
        &mut self,
        call: &Call<RegisterCustomIntegration>,
        then: Responses<RegisterCustomIntegration>,
    ) -> Response {
        self.failing_listings += std::mem::take(&mut self.failing_listings_after_registration);
        let registration = self.registrations.pop_front();
        match registration.unwrap_or(Registration::Created) {
            Registration::Created => then.registered(self.add(call)),
            Registration::CreatedWithoutBody => {
                self.add(call);
                Response::new(204)
            }
            Registration::CreatedUnreadable => {
                let mut body = serde_json::to_value(self.add(call)).unwrap();
                body["provider"] = Value::Null;
                Response::json(201, &body)
            }
            Registration::ResponseLost => {
                self.add(call);
                gateway_timeout()
            }
            Registration::RequestLost => gateway_timeout(),
            Registration::RequestLostAndNameTaken => {
                self.add_with_url(OTHER_URL, call);
                gateway_timeout()
            }
            Registration::Conflict => {
                self.add(call);
                then.conflict(examples::conflict_plain())
            }
            Registration::ConflictOfNames => {
                self.add_with_url(OTHER_URL, call);
                then.conflict(examples::conflict_plain())
            }
            Registration::Forbidden => then.forbidden(examples::forbidden_plain()),
            Registration::Raced => {
                self.add(call);
                then.registered(self.add(call))
            }
        }
    }

    fn add(&mut self, call: &Call<RegisterCustomIntegration>) -> Integration {
        self.add_with_url(call.server_url().unwrap(), call)
    }

    /// Adds the entry of a registration, but with another server URL.
    fn add_with_url(
        &mut self,
        server_url: &str,
        call: &Call<RegisterCustomIntegration>,
    ) -> Integration {
        self.created += 1;
        let mut entry = entry(self.created, call.name().unwrap(), server_url);
        entry.auth_method = call.auth_method().map(|method| method.to_string());
        if let Some(storage) = &self.storage {
            storage(&mut entry);
        }
        self.entries.push(entry.clone());
        entry
    }

    fn list(
        &mut self,
        call: &Call<ListIntegrations>,
        then: Responses<ListIntegrations>,
    ) -> Response {
        if self.failing_listings > 0 {
            self.failing_listings -= 1;
            return then.internal_server_error(PlainError::example());
        }
        let (limit, offset) = (call.limit().unwrap_or(100), call.offset().unwrap_or(0));
        let has_type = |entry: &&Integration| call.type_().is_none_or(|type_| entry.type_ == type_);
        let entries: Vec<_> = self.entries.iter().filter(has_type).collect();
        let page = entries.iter().skip(offset.try_into().unwrap());
        let mut body = IntegrationPage::example();
        body.integrations = page
            .take(limit.try_into().unwrap())
            .map(|entry| (*entry).clone())
            .collect();
        (body.total, body.limit, body.offset) = (entries.len() as u64, limit, offset);
        let number = self.listings;
        self.listings += 1;
        let Some(pages) = &self.pages else {
            return then.integrations(body);
        };
        let request = PageRequest {
            number,
            limit,
            offset,
        };
        Response::new(200).with_body(pages(request, serde_json::to_value(body).unwrap()))
    }

    fn delete(
        &mut self,
        call: &Call<DeleteCustomIntegration>,
        then: Responses<DeleteCustomIntegration>,
    ) -> Response {
        let before = self.entries.len();
        self.entries
            .retain(|entry| entry.custom_integration_id.as_deref() != call.custom_integration_id());
        if self.entries.len() < before {
            then.deleted(Deletion::example())
        } else {
            then.not_found(examples::not_found_plain())
        }
    }
}

fn gateway_timeout() -> Response {
    Response::html(504, "<html>Gateway Timeout</html>")
}

/// Returns an entry of the catalogue whose identifiers and creation time follow from
/// `number`.
pub fn entry(number: usize, name: &str, server_url: &str) -> Integration {
    let mut entry = examples::url_integration();
    entry.id = format!("id-{number}");
    entry.custom_integration_id = Some(format!("custom-{number}"));
    entry.created_at = serde_json::from_value(
        format!("2026-08-03T{:02}:{:02}:00Z", number / 60, number % 60).into(),
    )
    .unwrap();
    name.clone_into(&mut entry.name);
    entry.server_url = Some(server_url.to_owned());
    entry
}

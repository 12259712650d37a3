//! A team's catalogue behind the API: what is registered is listed, and what is
//! deleted is not.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use duvo::mock::operations::{
    DeleteCustomIntegration, ListIntegrations, RegisterCustomIntegration,
};
use duvo::mock::types::PlainError;
use duvo::mock::{Call, Request, Response, Responses, Server, examples};
use duvo::{Client, Deletion, Integration, IntegrationPage, Team};

use super::TEAM;

/// What the API does with one registration.
#[derive(Clone, Copy, Debug)]
pub enum Registration {
    /// Registers, and says so.
    Answered,
    /// Registers, and a proxy answers 504.
    AnswerLost,
    /// Does not register, and a proxy answers 504.
    Lost,
    /// Registers another URL for somebody else, and a proxy answers 504.
    LostToAnother,
    /// Registers for somebody else, and answers 409.
    Conflict,
    /// Registers another URL for somebody else, and answers 409.
    ConflictOfNames,
    /// Does not register, and answers 403.
    Refused,
    /// Registers, and for somebody else just before.
    Raced,
}

const OTHER_URL: &str = "https://mcp.example.com/other";

#[derive(Default)]
struct State {
    entries: Vec<Integration>,
    made: usize,
    registrations: VecDeque<Registration>,
    listings_that_fail: usize,
    later_listings_that_fail: usize,
}

pub struct Catalogue {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Catalogue {
    /// A catalogue with these entries.
    pub fn of(entries: Vec<Integration>) -> Self {
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

    /// What is done with the registrations to come; the others are answered.
    pub fn with_registrations(self, registrations: &[Registration]) -> Self {
        lock(&self.state).registrations = registrations.iter().copied().collect();
        self
    }

    /// The next listings answer 500.
    pub fn fail_listings(&self, listings: usize) {
        lock(&self.state).listings_that_fail = listings;
    }

    /// The listings that follow the next registration answer 500.
    pub fn fail_listings_after_registration(&self, listings: usize) {
        lock(&self.state).later_listings_that_fail = listings;
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

    /// Every request, as its method and its path with the query.
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
        self.listings_that_fail += std::mem::take(&mut self.later_listings_that_fail);
        let fate = self.registrations.pop_front();
        match fate.unwrap_or(Registration::Answered) {
            Registration::Answered => then.registered(self.add(call)),
            Registration::AnswerLost => {
                self.add(call);
                Response::html(504, "<html>Gateway Timeout</html>")
            }
            Registration::Lost => Response::html(504, "<html>Gateway Timeout</html>"),
            Registration::LostToAnother => {
                self.add_for(OTHER_URL, call);
                Response::html(504, "<html>Gateway Timeout</html>")
            }
            Registration::Conflict => {
                self.add(call);
                then.conflict(examples::conflict_plain())
            }
            Registration::ConflictOfNames => {
                self.add_for(OTHER_URL, call);
                then.conflict(examples::conflict_plain())
            }
            Registration::Refused => then.forbidden(examples::forbidden_plain()),
            Registration::Raced => {
                self.add(call);
                then.registered(self.add(call))
            }
        }
    }

    fn add(&mut self, call: &Call<RegisterCustomIntegration>) -> Integration {
        self.add_for(call.server_url().unwrap(), call)
    }

    /// What is registered, but for another server.
    fn add_for(&mut self, server_url: &str, call: &Call<RegisterCustomIntegration>) -> Integration {
        self.made += 1;
        let mut entry = entry(self.made, call.name().unwrap(), server_url);
        entry.auth_method = call.auth_method().map(|method| method.to_string());
        self.entries.push(entry.clone());
        entry
    }

    fn list(
        &mut self,
        call: &Call<ListIntegrations>,
        then: Responses<ListIntegrations>,
    ) -> Response {
        if self.listings_that_fail > 0 {
            self.listings_that_fail -= 1;
            return then.internal_server_error(PlainError::example());
        }
        let (limit, offset) = (call.limit().unwrap_or(100), call.offset().unwrap_or(0));
        let of_type =
            |entry: &&Integration| call.type_().is_none_or(|of_type| entry.type_ == of_type);
        let entries: Vec<_> = self.entries.iter().filter(of_type).collect();
        let page = entries.iter().skip(offset.try_into().unwrap());
        let mut body = IntegrationPage::example();
        body.integrations = page
            .take(limit.try_into().unwrap())
            .map(|entry| (*entry).clone())
            .collect();
        (body.total, body.limit, body.offset) = (entries.len() as u64, limit, offset);
        then.integrations(body)
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

/// The `number`th entry that is made.
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

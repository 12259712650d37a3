use std::future::pending;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::http::HttpSettings;
use crate::error::{Error, Result};

/// The HTTP clients of a client, one for each Tokio runtime that uses it.
///
/// A runtime drives the connections that were opened in it. A request on a connection of
/// another runtime would wait until that one runs again, which may be never.
pub(super) struct HttpClients {
    clients: RwLock<Vec<HttpClient>>,
    /// The settings of further clients. A `reqwest::ClientBuilder` can build only one.
    settings: Option<HttpSettings>,
    epoch: Instant,
}

struct HttpClient {
    http: reqwest::Client,
    /// The start of the last call, in milliseconds since the epoch.
    last_call: AtomicU64,
    /// `None` before the first call.
    owner: Option<Owner>,
}

/// The runtime that drives the connections of a client.
struct Owner {
    id: runtime::Id,
    /// A task that ends with the runtime, whose id can then be that of another one.
    sentinel: AbortHandle,
}

impl HttpClients {
    pub(super) fn new(
        first: reqwest::Result<reqwest::Client>,
        settings: Option<HttpSettings>,
    ) -> reqwest::Result<Self> {
        let first = HttpClient::new(first?);
        Ok(Self {
            clients: RwLock::new(vec![first]),
            settings,
            epoch: Instant::now(),
        })
    }

    /// Returns the client of a runtime, and whether it was idle.
    pub(super) fn get(&self, runtime: &Handle) -> Result<(reqwest::Client, bool)> {
        let id = runtime.id();
        let now = self.epoch.elapsed();
        {
            let clients = self.clients.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(client) = clients.iter().find(|client| client.is_of(id)) {
                return Ok((client.http.clone(), client.start_call(now)));
            }
        }
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        let known = clients.iter().position(|client| client.is_of(id));
        // A runtime that ended has closed its connections.
        let known = known.or_else(|| clients.iter().position(HttpClient::is_free));
        let index = match (known, &self.settings) {
            (Some(index), _) => index,
            (None, Some(settings)) => {
                let http = settings.build().map_err(Error::http_client)?;
                clients.push(HttpClient::new(http));
                clients.len() - 1
            }
            (None, None) => return Err(Error::another_runtime()),
        };
        let client = &mut clients[index];
        if client.is_free() {
            let sentinel = runtime.spawn(pending::<()>()).abort_handle();
            client.owner = Some(Owner { id, sentinel });
        }
        let http = (client.http.clone(), client.start_call(now));
        // Without settings, the client of a runtime that is ending cannot be replaced.
        if self.settings.is_some() {
            clients.retain(|client| !client.is_free());
        }
        Ok(http)
    }
}

impl HttpClient {
    fn new(http: reqwest::Client) -> Self {
        Self {
            http,
            last_call: AtomicU64::new(0),
            owner: None,
        }
    }

    /// Records a call, and returns whether the last one started long enough before for a
    /// server to close the connection since. Servers keep idle connections for seconds.
    fn start_call(&self, now: Duration) -> bool {
        const MIN_IDLE_MILLIS: u64 = 100;
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let last = self.last_call.swap(now, Ordering::Relaxed);
        now.saturating_sub(last) >= MIN_IDLE_MILLIS
    }

    fn is_of(&self, id: runtime::Id) -> bool {
        self.owner
            .as_ref()
            .is_some_and(|owner| owner.id == id && !owner.has_ended())
    }

    fn is_free(&self) -> bool {
        self.owner.as_ref().is_none_or(Owner::has_ended)
    }
}

impl Owner {
    fn has_ended(&self) -> bool {
        self.sentinel.is_finished()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.sentinel.abort();
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::{Builder, Runtime};

    use super::HttpClients;
    use crate::client::Client;

    fn clients(client: &Client) -> &HttpClients {
        &client.0.http
    }

    fn len(client: &Client) -> usize {
        clients(client).clients.read().unwrap().len()
    }

    fn runtime() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn keeps_one_http_client_for_each_runtime_that_still_exists() {
        let client = Client::new("key").unwrap();
        let get = |runtime: &Runtime| clients(&client).get(runtime.handle()).map(drop);
        for _ in 0..4 {
            get(&runtime()).unwrap();
            assert_eq!(len(&client), 1);
        }
        let runtimes = [runtime(), runtime(), runtime()];
        for runtime in runtimes.iter().chain(&runtimes) {
            get(runtime).unwrap();
        }
        assert_eq!(len(&client), 3);
        drop(runtimes);
        get(&runtime()).unwrap();
        assert_eq!(len(&client), 1);
    }

    #[test]
    fn leaves_no_task_behind() {
        let runtime = runtime();
        let client = Client::new("key").unwrap();
        clients(&client).get(runtime.handle()).unwrap();
        assert_eq!(runtime.metrics().num_alive_tasks(), 1);
        drop(client);
        runtime.block_on(tokio::task::yield_now());
        assert_eq!(runtime.metrics().num_alive_tasks(), 0);
    }
}

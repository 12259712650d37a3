//! The same calls without async, for programs that have no runtime. With the
//! cargo feature `blocking`.
//!
//! ```no_run
//! use duvo::{Auth, CustomIntegration, blocking};
//!
//! let duvo = blocking::Client::from_env()?;
//! let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
//! let ensured = duvo.team("team_01hzx3f8q2").ensure_custom_integration(&crm)?;
//! println!("{:?}: {}", ensured.outcome, ensured.integration.id);
//! # Ok::<(), duvo::Error>(())
//! ```
//!
//! A call blocks its thread until it ends. The requests are made on a thread of
//! the client's own, which its clones share. Where there is an async runtime, a
//! call would stall it, and so it is refused with an error of the kind
//! [`Configuration`](crate::ErrorKind::Configuration), from within
//! `spawn_blocking` as well: there, use [`duvo::Client`](crate::Client), or a
//! plain thread.

use std::fmt;
use std::future::Future;
use std::iter::FusedIterator;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _};
use tokio::runtime::{Builder, Handle};

use crate::error::{Error, Result};
use crate::{
    ClientBuilder, CustomIntegration, Deletion, Ensured, Integration, IntegrationPage, Response,
    Secret,
};

/// A [`duvo::Client`](crate::Client) whose calls block. Clones are cheap, and
/// share the connections and what is known of the rate limit.
#[derive(Clone, Debug)]
pub struct Client {
    client: crate::Client,
    runtime: Runtime,
}

/// The integrations of one team. Made by [`Client::team`].
#[derive(Clone, Debug)]
pub struct Team {
    team: crate::Team,
    runtime: Runtime,
}

/// A listing of a team's integrations. Made by [`Team::integrations`]. See
/// [`duvo::ListIntegrations`](crate::ListIntegrations).
#[derive(Clone, Debug)]
#[must_use = "a listing is made by `page`, `iter` or `all`"]
pub struct ListIntegrations {
    list: crate::ListIntegrations,
    runtime: Runtime,
}

/// Every integration of a listing, fetched page by page. Made by
/// [`ListIntegrations::iter`].
pub struct Integrations {
    /// `None` after the end.
    stream: Option<Pin<Box<dyn Stream<Item = Result<Integration>> + Send>>>,
    runtime: Runtime,
}

/// The thread that the requests are made on.
#[derive(Clone)]
struct Runtime(Arc<Inner>);

struct Inner(Option<tokio::runtime::Runtime>);

impl Client {
    /// A client for `https://api.duvo.ai` with the default settings.
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::build_blocking`].
    pub fn new(api_key: impl Into<Secret>) -> Result<Self> {
        Self::builder().api_key(api_key).build_blocking()
    }

    /// A client with the settings of the environment, and else the defaults.
    /// See [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::from_env`] and [`ClientBuilder::build_blocking`].
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build_blocking()
    }

    /// The settings of a client, which end with
    /// [`build_blocking`](ClientBuilder::build_blocking).
    pub fn builder() -> ClientBuilder {
        crate::Client::builder()
    }

    /// The integrations of the team with this identifier. See
    /// [`duvo::Client::team`](crate::Client::team).
    #[must_use]
    pub fn team(&self, id: impl Into<String>) -> Team {
        Team {
            team: self.client.team(id),
            runtime: self.runtime.clone(),
        }
    }

    /// Registers a custom integration with the team of the API key. See
    /// [`duvo::Client::register_custom_integration_v1`](crate::Client::register_custom_integration_v1).
    ///
    /// # Errors
    ///
    /// Those of the async call, and
    /// [`Configuration`](crate::ErrorKind::Configuration) within a runtime.
    #[deprecated(
        note = "Duvo announced the end of API v1 for 15 June 2026; use `Team::register_custom_integration`"
    )]
    #[allow(deprecated)]
    pub fn register_custom_integration_v1(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Response<Integration>> {
        let call = self.client.register_custom_integration_v1(integration);
        self.runtime.wait(call)
    }

    /// Deletes a custom integration. See
    /// [`duvo::Client::delete_custom_integration`](crate::Client::delete_custom_integration).
    ///
    /// # Errors
    ///
    /// Those of the async call, and
    /// [`Configuration`](crate::ErrorKind::Configuration) within a runtime.
    pub fn delete_custom_integration(
        &self,
        custom_integration_id: &str,
    ) -> Result<Response<Deletion>> {
        let call = self.client.delete_custom_integration(custom_integration_id);
        self.runtime.wait(call)
    }
}

impl ClientBuilder {
    /// Makes a client whose calls block.
    ///
    /// # Errors
    ///
    /// Those of [`build`](Self::build), and
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the
    /// system gives no thread.
    pub fn build_blocking(self) -> Result<Client> {
        Ok(Client {
            client: self.build()?,
            runtime: Runtime::start()?,
        })
    }
}

impl Team {
    /// Registers a custom integration with this team. See
    /// [`duvo::Team::register_custom_integration`](crate::Team::register_custom_integration).
    ///
    /// # Errors
    ///
    /// Those of the async call, and
    /// [`Configuration`](crate::ErrorKind::Configuration) within a runtime.
    pub fn register_custom_integration(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Response<Integration>> {
        let call = self.team.register_custom_integration(integration);
        self.runtime.wait(call)
    }

    /// Sees to it that the integration is registered with this team. See
    /// [`duvo::Team::ensure_custom_integration`](crate::Team::ensure_custom_integration).
    ///
    /// # Errors
    ///
    /// Those of the async call, and
    /// [`Configuration`](crate::ErrorKind::Configuration) within a runtime.
    pub fn ensure_custom_integration(&self, integration: &CustomIntegration) -> Result<Ensured> {
        let call = self.team.ensure_custom_integration(integration);
        self.runtime.wait(call)
    }

    /// The integrations of the team: its catalogue. See
    /// [`duvo::Team::integrations`](crate::Team::integrations).
    pub fn integrations(&self) -> ListIntegrations {
        ListIntegrations {
            list: self.team.integrations(),
            runtime: self.runtime.clone(),
        }
    }
}

impl ListIntegrations {
    /// Lists the integrations of this type only. Defaults to every type.
    pub fn integration_type(mut self, integration_type: impl Into<String>) -> Self {
        self.list = self.list.integration_type(integration_type);
        self
    }

    /// How many integrations a page has at most, from 1 to 100; more than that is
    /// left for the API to judge. Defaults to the API's own, which is 100.
    pub fn limit(mut self, limit: u64) -> Self {
        self.list = self.list.limit(limit);
        self
    }

    /// How many integrations to pass over. Defaults to 0.
    pub fn offset(mut self, offset: u64) -> Self {
        self.list = self.list.offset(offset);
        self
    }

    /// One page.
    ///
    /// # Errors
    ///
    /// Those of the async call, and
    /// [`Configuration`](crate::ErrorKind::Configuration) within a runtime.
    pub fn page(&self) -> Result<Response<IntegrationPage>> {
        self.runtime.wait(self.list.page())
    }

    /// Every integration from the offset on, fetched page by page as they are
    /// asked for. It ends after the last one, or after an error. Each page is a call
    /// with a total timeout of its own.
    ///
    /// # Errors
    ///
    /// Those of the async call, and
    /// [`Configuration`](crate::ErrorKind::Configuration) within a runtime.
    #[must_use]
    pub fn iter(self) -> Integrations {
        Integrations {
            stream: Some(Box::pin(self.list.stream())),
            runtime: self.runtime,
        }
    }

    /// Every integration from the offset on, page by page. Each page is a call with
    /// a total timeout of its own.
    ///
    /// # Errors
    ///
    /// Those of the async call, and
    /// [`Configuration`](crate::ErrorKind::Configuration) within a runtime.
    pub fn all(self) -> Result<Vec<Integration>> {
        self.runtime.wait(self.list.all())
    }
}

impl Iterator for Integrations {
    type Item = Result<Integration>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let next = self.runtime.wait(async { stream.next().await.transpose() });
        if !matches!(next, Ok(Some(_))) {
            self.stream = None;
        }
        next.transpose()
    }
}

impl FusedIterator for Integrations {}

impl fmt::Debug for Integrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Integrations").finish_non_exhaustive()
    }
}

impl Runtime {
    fn start() -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("duvo")
            .enable_all()
            .build()
            .map_err(Error::no_thread)?;
        Ok(Self(Arc::new(Inner(Some(runtime)))))
    }

    /// Waits for a call to end.
    fn wait<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        match &self.0.0 {
            Some(runtime) if Handle::try_current().is_err() => runtime.block_on(call),
            _ => Err(Error::within_runtime()),
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Runtime")
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Another way to drop it would panic where there is a runtime.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

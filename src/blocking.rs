//! The calls of this crate for programs without an async runtime. Requires the feature
//! `blocking`.
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
//! A call blocks its thread until it completes. A background thread, shared by the clones
//! of a client, sends the requests. Inside a Tokio runtime, a blocking call would stall the
//! runtime, so it returns an error of kind
//! [`Configuration`](crate::ErrorKind::Configuration), even in `spawn_blocking`. There, use
//! [`duvo::Client`](crate::Client), or a thread outside the runtime.

use std::fmt;
use std::future::{Future, IntoFuture as _};
use std::iter::FusedIterator;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _};
use serde::{Serialize, Serializer};
use tokio::runtime::{Builder, Handle};

use crate::client::builder::ClientBuilder;
use crate::client::{Client as AsyncClient, Team as AsyncTeam};
use crate::connections::probe::{McpServerProbe, Probe};
use crate::error::{Error, Result};
use crate::generated::types::{Deletion, Integration, McpOAuth, TeamInfo};
use crate::integrations::CustomIntegration;
use crate::integrations::apply::{Apply, Report};
use crate::integrations::checkup::Checkup;
use crate::integrations::ensure::Ensured;
use crate::integrations::list::{ListIntegrations as AsyncListIntegrations, Listing};
use crate::integrations::page::Page;
use crate::integrations::plan::Plan as AsyncPlan;
use crate::response::Response;
use crate::secret::Secret;

/// A client whose calls block, see [`duvo::Client`](crate::Client). Cloning is cheap, and
/// clones share the connections and the rate-limit state.
#[derive(Clone)]
pub struct Client {
    client: AsyncClient,
    runtime: Runtime,
}

/// The integrations of one team. Created by [`Client::team`].
#[derive(Clone)]
pub struct Team {
    team: AsyncTeam,
    runtime: Runtime,
}

/// A listing of a team's catalogue. Created by [`Team::integrations`]. See
/// [`duvo::ListIntegrations`](crate::ListIntegrations).
#[derive(Clone)]
#[must_use = "a listing sends nothing until `page`, `iter` or `all`"]
pub struct ListIntegrations {
    list: AsyncListIntegrations,
    runtime: Runtime,
}

/// An iterator over the integrations of a listing. Created by
/// [`ListIntegrations::iter`].
pub struct Integrations {
    /// `None` after the last item.
    stream: Option<Pin<Box<dyn Stream<Item = Result<Integration>> + Send>>>,
    runtime: Runtime,
}

/// A plan whose application blocks. Created by [`Team::plan`].
///
/// It dereferences to the [`duvo::Plan`](crate::Plan), which documents its contents.
#[must_use = "a plan changes nothing until it is applied"]
pub struct Plan {
    plan: AsyncPlan,
    runtime: Runtime,
}

/// The runtime with the thread that sends the requests.
#[derive(Clone)]
struct Runtime(Arc<Inner>);

struct Inner(Option<tokio::runtime::Runtime>);

impl Client {
    /// Creates a client of `https://api.duvo.ai` with the default settings.
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::build_blocking`].
    pub fn new(api_key: impl Into<Secret>) -> Result<Self> {
        Self::builder().api_key(api_key).build_blocking()
    }

    /// Creates a client with the settings of the environment, and the defaults for all
    /// others. See [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::from_env`] and [`ClientBuilder::build_blocking`].
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build_blocking()
    }

    /// Returns a builder with the default settings, to be completed by
    /// [`build_blocking`](ClientBuilder::build_blocking).
    pub fn builder() -> ClientBuilder {
        AsyncClient::builder()
    }

    /// Returns the team with this identifier. See
    /// [`duvo::Client::team`](crate::Client::team).
    #[must_use]
    pub fn team(&self, id: impl Into<String>) -> Team {
        Team {
            team: self.client.team(id),
            runtime: self.runtime.clone(),
        }
    }

    /// Lists the teams that the API key can act on. See
    /// [`duvo::Client::teams`](crate::Client::teams).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn teams(&self) -> Result<Response<Vec<TeamInfo>>> {
        self.runtime.block_on(self.client.teams())
    }

    /// Returns the only team of the API key. See
    /// [`duvo::Client::own_team`](crate::Client::own_team).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn own_team(&self) -> Result<Team> {
        Ok(Team {
            team: self.runtime.block_on(self.client.own_team())?,
            runtime: self.runtime.clone(),
        })
    }

    /// Checks whether an MCP server supports OAuth with dynamic client registration. See
    /// [`duvo::Client::check_mcp_oauth`](crate::Client::check_mcp_oauth).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn check_mcp_oauth(&self, mcp_server_url: impl Into<String>) -> Result<Response<McpOAuth>> {
        let call = self.client.check_mcp_oauth(mcp_server_url);
        self.runtime.block_on(call)
    }

    /// Registers a custom integration with the team of the API key, through API v1. See
    /// [`duvo::Client::register_custom_integration_v1`](crate::Client::register_custom_integration_v1).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    #[deprecated(
        note = "Duvo announced the end of API v1 for 15 June 2026; use `Team::register_custom_integration`"
    )]
    #[allow(deprecated)]
    pub fn register_custom_integration_v1(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Response<Integration>> {
        let call = self.client.register_custom_integration_v1(integration);
        self.runtime.block_on(call)
    }

    /// Deletes a custom integration. See
    /// [`duvo::Client::delete_custom_integration`](crate::Client::delete_custom_integration).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn delete_custom_integration(
        &self,
        custom_integration_id: &str,
    ) -> Result<Response<Option<Deletion>>> {
        let call = self.client.delete_custom_integration(custom_integration_id);
        self.runtime.block_on(call)
    }
}

impl ClientBuilder {
    /// Builds a blocking client. Requires the feature `blocking`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`build`](Self::build), and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) if the background thread cannot
    /// be spawned.
    pub fn build_blocking(self) -> Result<Client> {
        Ok(Client {
            client: self.build()?,
            runtime: Runtime::start()?,
        })
    }
}

impl Team {
    /// Lets Duvo connect to an MCP server and list its tools. See
    /// [`duvo::Team::probe_mcp_server`](crate::Team::probe_mcp_server).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn probe_mcp_server(&self, probe: &McpServerProbe) -> Result<Response<Probe>> {
        self.runtime.block_on(self.team.probe_mcp_server(probe))
    }

    /// Checks whether an integration will work, before it is registered. See
    /// [`duvo::Team::check`](crate::Team::check).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn check(&self, integration: &CustomIntegration) -> Result<Checkup> {
        self.runtime.block_on(self.team.check(integration))
    }

    /// Registers a custom integration with this team. See
    /// [`duvo::Team::register_custom_integration`](crate::Team::register_custom_integration).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn register_custom_integration(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Response<Integration>> {
        let call = self.team.register_custom_integration(integration);
        self.runtime.block_on(call)
    }

    /// Ensures that the integration is registered with this team. See
    /// [`duvo::Team::ensure_custom_integration`](crate::Team::ensure_custom_integration).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn ensure_custom_integration(&self, integration: &CustomIntegration) -> Result<Ensured> {
        let call = self.team.ensure_custom_integration(integration);
        self.runtime.block_on(call)
    }

    /// Compares the team's catalogue with the integrations that it should contain. See
    /// [`duvo::Team::plan`](crate::Team::plan).
    ///
    /// ```no_run
    /// # fn provision(team: duvo::blocking::Team, wanted: Vec<duvo::CustomIntegration>) -> duvo::Result<()> {
    /// let plan = team.plan(&wanted)?;
    /// println!("{plan}");
    /// let report = plan.apply()?;
    /// println!("{report}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn plan(&self, wanted: &[CustomIntegration]) -> Result<Plan> {
        Ok(Plan {
            plan: self.runtime.block_on(self.team.plan(wanted))?,
            runtime: self.runtime.clone(),
        })
    }

    /// Returns a listing of the team's catalogue. See
    /// [`duvo::Team::integrations`](crate::Team::integrations).
    pub fn integrations(&self) -> ListIntegrations {
        ListIntegrations {
            list: self.team.integrations(),
            runtime: self.runtime.clone(),
        }
    }
}

impl Plan {
    /// Checks every integration that the plan registers. See
    /// [`duvo::Plan::check`](crate::Plan::check).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn check(self) -> Result<Self> {
        Ok(Self {
            plan: self.runtime.block_on(self.plan.check())?,
            runtime: self.runtime,
        })
    }

    /// Sets whether integrations that will not work are registered. Defaults to `false`. See
    /// [`duvo::Plan::force`](crate::Plan::force).
    pub fn force(mut self, force: bool) -> Self {
        self.plan = self.plan.force(force);
        self
    }

    /// Sets whether integrations that differ are replaced. Defaults to `false`. See
    /// [`duvo::Plan::replace`](crate::Plan::replace).
    pub fn replace(mut self, replace: bool) -> Self {
        self.plan = self.plan.replace(replace);
        self
    }

    /// Sets whether the unwanted integrations are deleted. Defaults to `false`. See
    /// [`duvo::Plan::prune`](crate::Plan::prune).
    pub fn prune(mut self, prune: bool) -> Self {
        self.plan = self.plan.prune(prune);
        self
    }

    /// Sets whether younger duplicates are deleted. Defaults to `false`. See
    /// [`duvo::Plan::remove_duplicates`](crate::Plan::remove_duplicates).
    pub fn remove_duplicates(mut self, remove_duplicates: bool) -> Self {
        self.plan = self.plan.remove_duplicates(remove_duplicates);
        self
    }

    /// Makes the changes of the plan. See [`duvo::Plan::apply`](crate::Plan::apply).
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Configuration`](crate::ErrorKind::Configuration) inside a
    /// Tokio runtime. Nothing was changed. The errors of the changes are in the report.
    pub fn apply(self) -> Result<Report> {
        self.apply_with(|apply| apply)
    }

    /// Makes the changes of the plan with the settings of [`Apply`], such as
    /// [`on_event`](Apply::on_event).
    ///
    /// For a [`graceful_shutdown`](Apply::graceful_shutdown), the signal can be the receiver
    /// of a channel, such as `tokio::sync::oneshot`, whose sender another thread uses.
    ///
    /// ```no_run
    /// # fn provision(plan: duvo::blocking::Plan) -> duvo::Result<()> {
    /// let report = plan.apply_with(|apply| apply.concurrency(4))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`apply`](Self::apply).
    pub fn apply_with<'a>(self, configure: impl FnOnce(Apply<'a>) -> Apply<'a>) -> Result<Report> {
        let apply = configure(self.plan.apply()).into_future();
        self.runtime.block_on(async { Ok(apply.await) })
    }
}

impl Deref for Plan {
    type Target = AsyncPlan;

    fn deref(&self) -> &AsyncPlan {
        &self.plan
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.plan, f)
    }
}

/// Serializes the [`duvo::Plan`](crate::Plan).
impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.plan.serialize(serializer)
    }
}

impl ListIntegrations {
    /// Lists only integrations of this type. Defaults to every type.
    pub fn integration_type(mut self, integration_type: impl Into<String>) -> Self {
        self.list = self.list.integration_type(integration_type);
        self
    }

    /// Sets the maximum number of integrations in a page, from 1 to 100. Values above 100
    /// are passed to the API unchanged. Defaults to the API's own default, which is 100.
    pub fn limit(mut self, limit: u64) -> Self {
        self.list = self.list.limit(limit);
        self
    }

    /// Sets the number of integrations to skip. Defaults to 0.
    pub fn offset(mut self, offset: u64) -> Self {
        self.list = self.list.offset(offset);
        self
    }

    /// Lists one page. See [`duvo::ListIntegrations::page`](crate::ListIntegrations::page).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn page(&self) -> Result<Response<Page>> {
        self.runtime.block_on(self.list.page())
    }

    /// Lists every integration from the offset on. A page is requested when the iterator
    /// reaches it, and each page has its own total timeout. The iterator ends after the
    /// last integration, or after an error, unless the error is about a single
    /// [`unreadable_record`](Error::unreadable_record). See
    /// [`duvo::ListIntegrations::stream`](crate::ListIntegrations::stream).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    #[must_use]
    pub fn iter(self) -> Integrations {
        Integrations {
            stream: Some(Box::pin(self.list.stream())),
            runtime: self.runtime,
        }
    }

    /// Lists every integration from the offset on. Each page has its own total timeout. See
    /// [`duvo::ListIntegrations::all`](crate::ListIntegrations::all).
    ///
    /// # Errors
    ///
    /// Returns the errors of the async call, and an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) inside a Tokio runtime.
    pub fn all(self) -> Result<Listing> {
        self.runtime.block_on(self.list.all())
    }
}

impl Iterator for Integrations {
    type Item = Result<Integration>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let next = self
            .runtime
            .block_on(async { stream.next().await.transpose() });
        let is_over = match &next {
            Ok(integration) => integration.is_none(),
            Err(error) => error.unreadable_record().is_none(),
        };
        if is_over {
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
            .map_err(Error::spawn_thread)?;
        Ok(Self(Arc::new(Inner(Some(runtime)))))
    }

    fn block_on<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        match &self.0.0 {
            Some(runtime) if Handle::try_current().is_err() => runtime.block_on(call),
            _ => Err(Error::blocking_in_runtime()),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

impl fmt::Debug for Team {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.team.fmt(f)
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.plan, f)
    }
}

impl fmt::Debug for ListIntegrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(f)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Dropping a runtime inside another one would panic.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

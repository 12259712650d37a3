use std::collections::{BTreeMap, HashSet};
use std::env;
use std::net::SocketAddr;
use std::time::Duration;

use benches_clients::example::API_KEY;
use benches_clients::plain::Integration;
use duvo::CustomIntegration;
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::catalogue_server::{CatalogueServer, WINDOW};
use super::{CONCURRENCY, Job, PAGE, virtual_time};
use crate::Result;

/// A way to bring a catalogue to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// [`duvo::Team::plan`] and [`duvo::Plan::apply`].
    PlanAndApply,
    /// [`duvo::Team::ensure_custom_integration`] for each integration, eight at a time.
    Ensure,
    /// reqwest and serde, as a user writes it.
    Loop,
    /// The same, with a listing at the end, as [`duvo::Plan::apply`] makes it.
    LoopAndListing,
}

impl Way {
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::PlanAndApply => "plan + apply",
            Self::Ensure => "`ensure` for each",
            Self::Loop => "loop by hand",
            Self::LoopAndListing => "loop by hand, with a listing at the end",
        }
    }
}

/// A process with its list and its client.
pub struct Process {
    client: Client,
    team_id: String,
    wanted: Vec<CustomIntegration>,
}

enum Client {
    Duvo {
        client: duvo::Client,
        way: Way,
    },
    Loop {
        http: reqwest::Client,
        base_url: String,
        lists_again: bool,
    },
}

impl Process {
    pub fn new(way: Way, job: &Job, process: usize, server: SocketAddr) -> Result<Self> {
        let base_url = format!("http://{server}");
        let client = match way {
            Way::PlanAndApply | Way::Ensure => {
                let builder = duvo::Client::builder().api_key(API_KEY).base_url(base_url);
                let client = builder.build()?;
                Client::Duvo { client, way }
            }
            Way::Loop | Way::LoopAndListing => Client::Loop {
                http: reqwest::Client::builder().no_proxy().build()?,
                base_url,
                lists_again: way == Way::LoopAndListing,
            },
        };
        Ok(Self {
            client,
            team_id: job.team_id(0),
            wanted: job.integrations(process)?,
        })
    }

    /// Sets the catalogue to that of another run.
    pub fn set_run(&mut self, job: &Job, run: usize) {
        self.team_id = job.team_id(run);
    }

    /// Does the job. Returns a message for each failure.
    pub async fn run(&self) -> Vec<String> {
        match &self.client {
            Client::Duvo {
                client,
                way: Way::Ensure,
            } => {
                let team = &client.team(&self.team_id);
                let ensured = stream::iter(&self.wanted)
                    .map(|integration| team.ensure_custom_integration(integration))
                    .buffer_unordered(CONCURRENCY);
                let errors = ensured.filter_map(async |ensured| ensured.err());
                errors.map(|error| error.to_string()).collect().await
            }
            Client::Duvo { client, .. } => {
                let team = client.team(&self.team_id);
                let plan = match team.plan(&self.wanted).await {
                    Ok(plan) => plan,
                    Err(error) => return vec![format!("plan: {error}")],
                };
                if plan.is_empty() {
                    return Vec::new();
                }
                let report = plan.apply().await;
                let mut failures = Vec::new();
                if let Some(error) = report.listing_error() {
                    failures.push(format!("the listing at the end: {error}"));
                }
                if !report.is_converged() {
                    failures.push(format!("not converged: {report}"));
                }
                failures
            }
            Client::Loop {
                http,
                base_url,
                lists_again,
            } => {
                let calls = Loop {
                    http,
                    team_url: format!("{base_url}/v2/teams/{}", self.team_id),
                };
                let result = calls.run(&self.wanted, *lists_again).await;
                result
                    .err()
                    .map(|error| error.to_string())
                    .into_iter()
                    .collect()
            }
        }
    }
}

/// The loop by hand.
struct Loop<'a> {
    http: &'a reqwest::Client,
    team_url: String,
}

#[derive(Deserialize)]
struct Page {
    integrations: Vec<Integration>,
    total: usize,
}

#[derive(Serialize)]
struct Registration<'a> {
    name: &'a str,
    server_url: &'a str,
    auth_method: &'a str,
}

impl Loop<'_> {
    async fn run(&self, wanted: &[CustomIntegration], lists_again: bool) -> Result {
        let existing = self.list().await?;
        let existing: HashSet<_> = existing.into_iter().map(|found| found.name).collect();
        let missing = wanted
            .iter()
            .filter(|wanted| !existing.contains(wanted.name()));
        let registered: Vec<_> = stream::iter(missing)
            .map(|integration| self.register(integration))
            .buffer_unordered(CONCURRENCY)
            .try_collect()
            .await?;
        if lists_again && !registered.is_empty() {
            self.list().await?;
        }
        Ok(())
    }

    async fn list(&self) -> Result<Vec<Integration>> {
        let mut integrations = Vec::new();
        loop {
            let offset = integrations.len();
            let url = format!(
                "{}/integrations?limit={PAGE}&offset={offset}",
                self.team_url
            );
            let response = self.send(|| self.http.get(&url)).await?;
            let page: Page = response.json().await?;
            integrations.extend(page.integrations);
            if integrations.len() >= page.total {
                return Ok(integrations);
            }
        }
    }

    async fn register(&self, integration: &CustomIntegration) -> Result<Integration> {
        let url = format!("{}/integrations/custom", self.team_url);
        let body = Registration {
            name: integration.name(),
            server_url: integration.server_url(),
            auth_method: "url",
        };
        let response = self.send(|| self.http.post(&url).json(&body)).await?;
        Ok(response.json().await?)
    }

    /// Sends a request until the rate limit allows it.
    async fn send(
        &self,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<reqwest::Response> {
        loop {
            let response = request().bearer_auth(API_KEY).send().await?;
            if response.status() != reqwest::StatusCode::TOO_MANY_REQUESTS {
                return Ok(response.error_for_status()?);
            }
            let retry_after = response
                .headers()
                .get("retry-after")
                .ok_or("there is no `retry-after`")?;
            sleep(Duration::from_secs(retry_after.to_str()?.parse()?)).await;
        }
    }
}

/// The result of a run in virtual time.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub requests: usize,
    pub seconds: f64,
    /// The responses with status 429.
    pub rate_limited: usize,
    /// The responses with status 429 in the window with most of them.
    pub worst_window: usize,
    /// The messages of the failures.
    pub failures: Vec<String>,
    /// The wanted integrations that the catalogue does not contain at the end.
    pub missing: usize,
    /// The wanted integrations that the catalogue contains more than once.
    pub repeated: usize,
}

/// Lets all processes of a job run at the same time in virtual time.
pub fn run_in_virtual_time(way: Way, job: &Job) -> Result<Measured> {
    let runtime = virtual_time::runtime()?;
    runtime.block_on(async {
        let server = CatalogueServer::start(job.offset).await?;
        let processes = (0..job.processes)
            .map(|process| Process::new(way, job, process, server.address()))
            .collect::<Result<Vec<_>>>()?;
        let start = Instant::now();
        let failures = join_all(processes.iter().map(Process::run)).await;
        let seconds = start.elapsed().as_secs_f64();
        let received = server.received();
        if env::var_os("PROVISIONING_TRACE").is_some() {
            for request in &received {
                eprintln!(
                    "{:9.3} {} {} {}",
                    request.at.as_secs_f64(),
                    request.connection,
                    request.status,
                    request.line
                );
            }
        }
        let mut windows = BTreeMap::<u64, usize>::new();
        for request in received.iter().filter(|request| request.status == 429) {
            *windows
                .entry(request.at.as_secs() / WINDOW.as_secs())
                .or_default() += 1;
        }
        let (missing, repeated) = server.missing_and_repeated(&job.team_id(0), job);
        Ok(Measured {
            requests: received.len(),
            seconds,
            rate_limited: windows.values().sum(),
            worst_window: windows.values().copied().max().unwrap_or_default(),
            failures: failures.concat(),
            missing,
            repeated,
        })
    })
}

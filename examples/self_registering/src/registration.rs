//! The registration of the server in the catalogue of a team.

use std::slice;
use std::time::Duration;

use duvo::{Client, CustomIntegration, Plan, Report};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// The pause after the first failure. Each further one is twice as long, up to [`MAX_PAUSE`].
pub(crate) const PAUSE: Duration = Duration::from_secs(5);

const MAX_PAUSE: Duration = Duration::from_secs(10 * 60);

pub(crate) struct Registration {
    pub(crate) duvo: Client,
    pub(crate) team: Option<String>,
    pub(crate) integration: CustomIntegration,
    pub(crate) pause: Duration,
}

impl Registration {
    /// Ensures that the catalogue contains the integration. Repeats every failure, because
    /// the server can be reachable from the internet later than it starts, and someone can
    /// delete an integration of the same name that differs. Meanwhile the server runs.
    pub(crate) async fn ensure(self, shutdown: CancellationToken) {
        let mut pause = self.pause;
        loop {
            // A plan changes nothing, so it can be dropped.
            let Some(plan) = shutdown.run_until_cancelled(self.plan()).await else {
                return;
            };
            match plan {
                Ok(plan) => {
                    let report = self.apply(plan, &shutdown).await;
                    if report.is_converged() {
                        info!("{report}");
                        return;
                    }
                    warn!("{report}");
                }
                Err(error) => warn!("{error}"),
            }
            info!("the registration is repeated in {pause:?}");
            let slept = shutdown.run_until_cancelled(tokio::time::sleep(pause));
            if slept.await.is_none() {
                return;
            }
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    /// Compares the catalogue with the integration. If it is to be created, lets Duvo check
    /// whether it will work.
    async fn plan(&self) -> duvo::Result<Plan> {
        let team = match &self.team {
            Some(id) => self.duvo.team(id),
            None => self.duvo.own_team().await?,
        };
        let plan = team.plan(slice::from_ref(&self.integration)).await?;
        plan.check().await
    }

    /// Registers the integration, unless it exists or will not work.
    async fn apply(&self, plan: Plan, shutdown: &CancellationToken) -> Report {
        plan.apply().graceful_shutdown(shutdown.cancelled()).await
    }
}

#[cfg(test)]
mod tests {
    use duvo::Auth;
    use duvo::mock::{Server, types};
    use serde_json::{from_value, json};

    use super::*;

    #[tokio::test]
    async fn registers_as_soon_as_duvo_reaches_the_server() {
        let probe_result = |is_reachable| -> types::McpProbeResult {
            let tool = json!({ "name": "find_contact" });
            from_value(json!({ "success": is_reachable, "tools": [tool] })).unwrap()
        };
        let duvo = Server::start().unwrap();
        let catalogue = duvo.catalogue();
        duvo.list_teams();
        let probe = duvo
            .probe_mcp_server()
            .respond(|then| then.probed(probe_result(false)))
            .respond(|then| then.probed(probe_result(false)))
            .respond(|then| then.probed(probe_result(true)));
        let url = "https://mcp.example.com/mcp";
        let registration = Registration {
            duvo: duvo.client().unwrap(),
            team: None,
            integration: CustomIntegration::new("Contacts", url, Auth::Url).unwrap(),
            pause: Duration::ZERO,
        };

        registration.ensure(CancellationToken::new()).await;

        probe.assert_calls(3);
        assert_eq!(catalogue.integrations().len(), 1);
    }
}

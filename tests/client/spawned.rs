//! Every call in a task, which requires that its future is `Send` whatever it borrows.

use duvo::mock::Server;
use duvo::{Auth, Client, CustomIntegration, McpServerProbe, Report};
use futures_util::StreamExt as _;

async fn call_everything(client: Client) -> duvo::Result<Report> {
    let team = client.own_team().await?;
    let crm = CustomIntegration::new("CRM", "https://mcp.example.com/crm", Auth::Url)?;
    let url = crm.server_url().to_owned();
    client.teams().await?;
    team.probe_mcp_server(&McpServerProbe::new(&url)).await?;
    client.check_mcp_oauth(&url).await?;
    team.check(&crm).await?;
    let registered = team.register_custom_integration(&crm).await?;
    #[allow(deprecated, reason = "v1 is called as well")]
    client.register_custom_integration_v1(&crm).await?;
    team.integrations().page().await?;
    let _ = team.integrations().all().await?;
    let stream = team.integrations().stream();
    std::pin::pin!(stream).next().await;
    let id = registered
        .custom_integration_id
        .as_deref()
        .unwrap_or_default();
    client.delete_custom_integration(id).await?;
    team.ensure_custom_integration(&crm).await?;
    let wanted = [crm];
    let plan = team.plan(&wanted).await?.check().await?;
    let mut events = 0;
    let signal = std::future::pending::<()>();
    let apply = plan.apply().graceful_shutdown(signal);
    Ok(apply.on_event(|_| events += 1).await)
}

#[tokio::test]
async fn every_call_runs_in_a_spawned_task() {
    let server = Server::start().unwrap();
    server.list_teams();
    server.probe_mcp_server();
    server.check_mcp_oauth();
    server.catalogue();
    let client = server.client().unwrap();
    let report = tokio::spawn(call_everything(client)).await.unwrap();
    assert!(report.unwrap().is_converged());
}

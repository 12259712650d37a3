use std::error::Error;

use duvo::{Auth, Client, CustomIntegration};

pub async fn register() -> Result<String, Box<dyn Error>> {
    let url = "https://mcp.example.com/crm";
    let request = CustomIntegration::new("Internal CRM", url, Auth::Url)?;
    let team = Client::from_env()?.team("team_01hzx2c7me");
    let integration = team.register_custom_integration(&request).await?;
    Ok(format!("{} {}", integration.id, integration.created_at))
}

use duvo::{Auth, Client, CustomIntegration};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let duvo = Client::from_env()?; // DUVO_API_KEY, DUVO_API_BASE_URL
    let auth = Auth::oauth_client("duvo-crm", std::env::var("DUVO_OAUTH_CLIENT_SECRET")?);
    let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", auth)?;
    let team = duvo.team("team_01hzx3f8q2");
    let created = team.register_custom_integration(&crm).await?;
    println!("registered {} at {}", created.id, created.created_at);
    Ok(())
}

use duvo::{Auth, Client, CustomIntegration};

#[tokio::main]
async fn main() -> duvo::Result<()> {
    let duvo = Client::from_env()?; // DUVO_API_KEY, DUVO_API_BASE_URL
    let team = duvo.team("team_01hzx3f8q2");
    let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
    let created = team.register_custom_integration(&crm).await?;
    println!("registered {} at {}", created.id, created.created_at);
    Ok(())
}

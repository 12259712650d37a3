//! Chooses the next step after each kind of error.

use std::time::Duration;

use duvo::{Auth, Client, CustomIntegration, Delivery, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let duvo = Client::from_env()?;
    let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
    let team = duvo.team("team_01hzx3f8q2");
    match team.register_custom_integration(&crm).await {
        Ok(created) => println!("registered {}", created.id),
        Err(error) => {
            eprintln!("{error}");
            match next_step(&error) {
                Step::Fix => eprintln!("fix the values named above"),
                Step::Retry(delay) => eprintln!("retry in {} seconds", delay.as_secs()),
                Step::Verify => eprintln!("look at the team's integrations before you retry"),
                Step::ContactSupport => {
                    eprintln!("contact Duvo's support: {:?}", error.request_id());
                }
            }
        }
    }
    Ok(())
}

enum Step {
    Fix,
    Retry(Duration),
    Verify,
    ContactSupport,
}

fn next_step(error: &Error) -> Step {
    if error.delivery() == Delivery::Unknown {
        // The integration may be registered: a retry could register it twice.
        return Step::Verify;
    }
    if let Some(delay) = error.retry_after() {
        return Step::Retry(delay);
    }
    if error.is_connect() {
        return Step::Retry(Duration::from_secs(60));
    }
    match error.status().map(|status| status.as_u16()) {
        None | Some(307 | 308 | 400 | 401 | 403 | 404 | 422) => Step::Fix,
        Some(409) => Step::Verify,
        Some(_) => Step::ContactSupport,
    }
}

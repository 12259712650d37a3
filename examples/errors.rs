//! What a program does after each kind of error.

use std::time::Duration;

use duvo::{Auth, Client, CustomIntegration, Delivery, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let duvo = Client::from_env()?;
    let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
    match duvo
        .team("team_01hzx3f8q2")
        .register_custom_integration(&crm)
        .await
    {
        Ok(created) => println!("registered {}", created.id),
        Err(error) => {
            eprintln!("{error}");
            match next_step(&error) {
                Step::Correct => eprintln!("correct what is named above"),
                Step::Again(wait) => eprintln!("try again in {} seconds", wait.as_secs()),
                Step::Look => eprintln!("look at the team's integrations before you try again"),
                Step::Ask => eprintln!("ask Duvo's support: {:?}", error.request_id()),
            }
        }
    }
    Ok(())
}

enum Step {
    Correct,
    Again(Duration),
    Look,
    Ask,
}

fn next_step(error: &Error) -> Step {
    if error.delivery() == Delivery::Unknown {
        // It may have been registered: trying again could register it twice.
        return Step::Look;
    }
    if let Some(wait) = error.retry_after() {
        return Step::Again(wait);
    }
    if error.is_connect() {
        return Step::Again(Duration::from_secs(60));
    }
    match error.status().map(|status| status.as_u16()) {
        None | Some(307 | 308 | 400 | 401 | 403 | 404 | 422) => Step::Correct,
        Some(409) => Step::Look,
        Some(_) => Step::Ask,
    }
}

//! A program with its tests, which use the feature `mock` of this crate in
//! `[dev-dependencies]`. `cargo test --example testing` runs the tests.

use duvo::{Auth, Client, CustomIntegration, EnsureOutcome, Error};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let team = std::env::var("DUVO_TEAM").unwrap_or_else(|_| "team_01hzx3f8q2".to_owned());
    println!("{}", deploy(&Client::from_env()?, &team).await?);
    Ok(())
}

/// Ensures that a team has its CRM, and describes the result.
async fn deploy(duvo: &Client, team: &str) -> Result<String, Error> {
    let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
    let ensured = duvo.team(team).ensure_custom_integration(&crm).await?;
    let id = ensured.integration.id;
    Ok(match ensured.outcome {
        EnsureOutcome::Created => format!("created {id}"),
        EnsureOutcome::Differs { fields } => {
            format!("{id} exists, but differs in {}", fields.join(" and "))
        }
        _ => format!("{id} already exists"),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use duvo::mock::types::AuthMethod;
    use duvo::mock::{Response, Server, examples};
    use duvo::{Delivery, IntegrationPage, RetryPolicy};

    use super::*;

    /// Creates a client that retries without a delay.
    fn client(server: &Server) -> Client {
        let policy = RetryPolicy::default().with_backoff(Duration::ZERO, Duration::ZERO);
        let builder = server.client_builder().retry_policy(policy);
        builder.build().unwrap()
    }

    #[tokio::test]
    async fn registers_missing_crm() {
        let server = Server::start().unwrap();
        server
            .list_integrations()
            .respond(|then| then.integrations(examples::empty_integration_page()));
        let registration = server
            .register_custom_integration()
            .with_team_id("team_1")
            .with_name("Internal CRM")
            .with_auth_method(AuthMethod::Url)
            .respond(|then| then.registered(examples::url_integration()));

        let result = deploy(&client(&server), "team_1").await.unwrap();

        assert_eq!(
            result,
            format!("created {}", examples::url_integration().id)
        );
        registration.assert_calls(1);
    }

    #[tokio::test]
    async fn reports_crm_with_other_settings_and_does_not_change_it() {
        let server = Server::start().unwrap();
        let mut page = IntegrationPage::example();
        page.integrations[1].auth_method = Some("oauth".to_owned());
        server
            .list_integrations()
            .respond(move |then| then.integrations(page));
        let registration = server.register_custom_integration();

        let result = deploy(&client(&server), "team_1").await.unwrap();

        assert!(result.ends_with("differs in auth_method"), "{result}");
        registration.assert_calls(0);
    }

    #[tokio::test]
    async fn retries_listing_after_gateway_error_and_rate_limit() {
        let server = Server::start().unwrap();
        let listing = server
            .list_integrations()
            .respond(|_| Response::html(502, "<h1>Bad Gateway</h1>"))
            .respond(|then| {
                then.too_many_requests(examples::too_many_requests_coded())
                    .with_retry_after(Duration::ZERO)
            })
            .respond(|then| then.integrations(IntegrationPage::example()));

        let result = deploy(&client(&server), "team_1").await.unwrap();

        assert!(result.ends_with("already exists"), "{result}");
        listing.assert_calls(3);
    }

    #[tokio::test]
    async fn does_not_retry_interrupted_registration() {
        let server = Server::start().unwrap();
        server
            .list_integrations()
            .respond(|then| then.integrations(examples::empty_integration_page()));
        let registration = server
            .register_custom_integration()
            .respond(|_| Response::reset());

        let error = deploy(&client(&server), "team_1").await.unwrap_err();

        assert_eq!(error.delivery(), Delivery::Unknown);
        registration.assert_calls(1);
    }
}

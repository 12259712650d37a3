//! How to test a program that uses this crate: with its feature `mock`, in
//! `[dev-dependencies]`. `cargo test --example testing` runs the tests.

use duvo::{Auth, Client, CustomIntegration, EnsureOutcome, Error};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let team = std::env::var("DUVO_TEAM").unwrap_or_else(|_| "team_01hzx3f8q2".to_owned());
    println!("{}", deploy(&Client::from_env()?, &team).await?);
    Ok(())
}

/// The program: makes sure that a team has its CRM, and says what it found.
async fn deploy(duvo: &Client, team: &str) -> Result<String, Error> {
    let crm = CustomIntegration::new("Internal CRM", "https://mcp.example.com/crm", Auth::Url)?;
    let ensured = duvo.team(team).ensure_custom_integration(&crm).await?;
    let id = ensured.integration.id;
    Ok(match ensured.outcome {
        EnsureOutcome::Created => format!("created {id}"),
        EnsureOutcome::Differs { fields } => {
            format!("{id} is there, with another {}", fields.join(" and "))
        }
        _ => format!("{id} was there"),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use duvo::mock::types::AuthMethod;
    use duvo::mock::{Response, Server, examples};
    use duvo::{Delivery, IntegrationPage, RetryPolicy};

    use super::*;

    /// A client that does not wait before it tries again.
    fn client(server: &Server) -> Client {
        let policy = RetryPolicy::default().with_backoff(Duration::ZERO, Duration::ZERO);
        let builder = server.client_builder().retry_policy(policy);
        builder.build().unwrap()
    }

    #[tokio::test]
    async fn a_team_without_the_crm_gets_it() {
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

        let said = deploy(&client(&server), "team_1").await.unwrap();

        assert_eq!(said, format!("created {}", examples::url_integration().id));
        registration.assert_calls(1);
    }

    #[tokio::test]
    async fn a_crm_with_other_settings_is_told_and_left_alone() {
        let server = Server::start().unwrap();
        let mut page = IntegrationPage::example();
        page.integrations[1].auth_method = Some("oauth".to_owned());
        server
            .list_integrations()
            .respond(move |then| then.integrations(page));
        let registration = server.register_custom_integration();

        let said = deploy(&client(&server), "team_1").await.unwrap();

        assert!(said.ends_with("with another auth_method"), "{said}");
        registration.assert_calls(0);
    }

    #[tokio::test]
    async fn a_listing_survives_a_gateway_and_the_rate_limit() {
        let server = Server::start().unwrap();
        let listing = server
            .list_integrations()
            .respond(|_| Response::html(502, "<h1>Bad Gateway</h1>"))
            .respond(|then| {
                then.too_many_requests(examples::too_many_requests_coded())
                    .with_retry_after(Duration::ZERO)
            })
            .respond(|then| then.integrations(IntegrationPage::example()));

        let said = deploy(&client(&server), "team_1").await.unwrap();

        assert!(said.ends_with("was there"), "{said}");
        listing.assert_calls(3);
    }

    #[tokio::test]
    async fn a_registration_that_breaks_off_is_not_made_again() {
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

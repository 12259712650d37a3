//! A provisioning tool under test.

use duvo::EnsureOutcome;
use duvo::mock::examples;

use super::{integration, start};

#[tokio::test]
async fn ensure_runs_against_the_mock_server() {
    let server = start();
    let listing = server
        .list_integrations()
        .respond(|then| then.integrations(examples::empty_integration_page()));
    let registration = server.register_custom_integration().with_name("CRM");
    let team = server.client().unwrap().team("team_1");
    let ensured = team.ensure_custom_integration(&integration("CRM")).await;
    assert_eq!(ensured.unwrap().outcome, EnsureOutcome::Created);
    registration.assert_calls(1);
    listing.assert_calls(2);
}

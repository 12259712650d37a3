//! Assertions on what the mock server received, which must be able to fail.

use super::{register, start};

#[test]
#[should_panic(expected = "`register_custom_integration`")]
fn assert_calls_panics_without_the_call() {
    start().register_custom_integration().assert_calls(1);
}

#[tokio::test]
#[should_panic(expected = "\"Crm\"")]
async fn assert_calls_panics_with_the_mismatch_of_another_request() {
    let server = start();
    let registration = server.register_custom_integration().with_name("CRM");
    let _ = register(&server.client().unwrap(), "team_1", "Crm").await;
    registration.assert_calls(1);
}

#[tokio::test]
#[should_panic(expected = "POST /v2/teams/team_1/integrations/custom")]
async fn assert_no_unmatched_requests_panics_with_the_request() {
    let server = start();
    server.assert_no_unmatched_requests();
    let _ = register(&server.client().unwrap(), "team_1", "CRM").await;
    server.assert_no_unmatched_requests();
}

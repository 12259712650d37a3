//! Faults of single requests to the catalogue of a mock server.

use std::time::Duration;

use duvo::mock::{Catalogue, Fault, Response, Server, examples};
use duvo::{AuthMethod, Delivery, EnsureOutcome, Ensured, Error, Integration, Team};
use serde_json::json;

use super::{integration, start};

fn start_with_fault(fault: Fault) -> (Server, Catalogue) {
    let server = start();
    let catalogue = server.catalogue();
    catalogue.next_registration(fault);
    (server, catalogue)
}

fn team(server: &Server) -> Team {
    let client = server
        .client_builder()
        .attempt_timeout(Duration::from_millis(300));
    client.build().unwrap().team("team_1")
}

async fn register(server: &Server) -> Result<Integration, Error> {
    let team = team(server);
    let created = team
        .register_custom_integration(&integration("CRM"))
        .await?;
    Ok(created.into_inner())
}

async fn ensure(server: &Server) -> Result<Ensured, Error> {
    let team = team(server);
    team.ensure_custom_integration(&integration("CRM")).await
}

fn status(error: &Error) -> Option<u16> {
    error.status().map(|status| status.as_u16())
}

#[tokio::test]
async fn rejected_request_has_no_effect() {
    let response = Response::json(403, &examples::forbidden_plain());
    let (server, catalogue) = start_with_fault(Fault::rejected(response));
    catalogue.set_rate_limit(1, Duration::from_secs(3600));
    let error = register(&server).await.unwrap_err();
    assert_eq!(status(&error), Some(403));
    assert_eq!(error.request_id(), None);
    assert!(catalogue.integrations().is_empty());
    // The rejected request did not count toward the rate limit.
    register(&server).await.unwrap();
    assert_eq!(catalogue.integrations().len(), 1);
}

#[tokio::test]
async fn request_takes_effect_if_its_response_is_lost() {
    for (response, expected) in [
        (Response::html(504, "<h1>Gateway Timeout</h1>"), Some(504)),
        (Response::new(204), Some(204)),
        (Response::reset(), None),
        (Response::close(), None),
        (Response::hang(), None),
    ] {
        let (server, catalogue) = start_with_fault(Fault::lost(response));
        let error = register(&server).await.unwrap_err();
        assert_eq!(status(&error), expected);
        assert_eq!(error.delivery(), Delivery::Unknown, "{expected:?}");
        let [registered] = catalogue.integrations().try_into().unwrap();
        let ensured = ensure(&server).await.unwrap();
        assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
        assert_eq!(ensured.integration, registered);
    }
}

#[tokio::test]
async fn changed_response_is_computed_from_the_correct_one() {
    let (server, catalogue) = start_with_fault(Fault::changed(|mut body| {
        body["name"] = "Changed".into();
        Response::json(200, &body).with_header("x-ratelimit-limit", "7")
    }));
    catalogue.set_rate_limit(300, Duration::from_secs(60));
    let team = team(&server);
    let created = team.register_custom_integration(&integration("CRM")).await;
    let created = created.unwrap();
    assert_eq!(created.status(), 200);
    assert_eq!(created.name, "Changed");
    assert_eq!(created.request_id(), Some("req_000000"));
    assert_eq!(created.headers()["x-ratelimit-limit"], "7");
    assert_eq!(created.headers()["x-ratelimit-remaining"], "299");
    assert_eq!(catalogue.integrations()[0].name, "CRM");
}

#[tokio::test]
async fn another_caller_registers_first() {
    let (server, catalogue) = start_with_fault(Fault::preceded_by(|catalogue| {
        catalogue.set_team_id("team_1");
        catalogue.add_custom("CRM", "https://mcp.example.com/crm", AuthMethod::Url);
    }));
    let ensured = ensure(&server).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    let [first, second] = catalogue.integrations().try_into().unwrap();
    assert_eq!(ensured.integration, first);
    assert_eq!(ensured.duplicates, [second]);
}

#[tokio::test]
async fn catalogue_changes_before_a_fault() {
    let conflict = Fault::rejected(Response::json(409, &examples::conflict_plain()));
    let (server, catalogue) = start_with_fault(conflict.after(|catalogue| {
        catalogue.add(Integration::example());
    }));
    let error = register(&server).await.unwrap_err();
    assert_eq!(status(&error), Some(409));
    assert_eq!(catalogue.integrations(), [Integration::example()]);
}

#[tokio::test]
async fn faults_are_queued_for_each_operation() {
    let server = start();
    let catalogue = server.catalogue();
    let failing = || Fault::rejected(Response::new(403));
    catalogue.next_registration(Fault::none());
    catalogue.next_registration(failing());
    catalogue.next_listing(failing());
    catalogue.next_deletion(failing());
    let team = team(&server);
    let created = register(&server).await.unwrap();
    register(&server).await.unwrap_err();
    register(&server).await.unwrap();
    team.integrations().page().await.unwrap_err();
    assert_eq!(team.integrations().page().await.unwrap().total, 2);
    let id = created.custom_integration_id.unwrap();
    let client = server.client().unwrap();
    client.delete_custom_integration(&id).await.unwrap_err();
    client.delete_custom_integration(&id).await.unwrap();
    assert_eq!(catalogue.integrations().len(), 1);
}

#[tokio::test]
async fn injected_fault_is_chosen_by_request_and_number() {
    let server = start();
    let catalogue = server.catalogue();
    let handle = catalogue.clone();
    catalogue.inject(move |request, number| {
        let name = request.json()["name"].as_str()?;
        // The function can use the catalogue.
        let count = handle.integrations().len();
        let is_failing = request.path().starts_with("/v2/teams/team_1/") && number != 1;
        let response = Response::json(403, &json!({"error": format!("{name} {number} {count}")}));
        is_failing.then(|| Fault::rejected(response))
    });
    catalogue.inject(|_, number| (number == 0).then(|| Fault::rejected(Response::new(400))));
    for expected in [Some("CRM 0 0"), None, Some("CRM 2 1")] {
        let error = register(&server).await.err();
        let found = error.as_ref().and_then(Error::api_error);
        assert_eq!(found, expected);
    }
    // A queued fault takes precedence.
    catalogue.next_registration(Fault::none());
    register(&server).await.unwrap();
}

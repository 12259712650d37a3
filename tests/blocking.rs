//! The calls without async.

#![cfg(feature = "blocking")]

mod support;

use duvo::{Auth, CustomIntegration, EnsureOutcome, ErrorKind, blocking};
use support::API_KEY;
use support::catalogue::{Catalogue, entry};

fn client(catalogue: &Catalogue) -> blocking::Client {
    let builder = blocking::Client::builder()
        .api_key(API_KEY)
        .base_url(catalogue.url());
    builder.build_blocking().unwrap()
}

fn wanted() -> CustomIntegration {
    CustomIntegration::new("CRM", "https://mcp.example.com", Auth::Url).unwrap()
}

#[test]
fn the_whole_lifecycle_goes_without_a_runtime() {
    let catalogue = Catalogue::of(vec![]);
    let client = client(&catalogue);
    let team = client.team("team_1");
    let created = team.register_custom_integration(&wanted()).unwrap();
    assert_eq!(created.status(), 201);
    let ensured = team.ensure_custom_integration(&wanted()).unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(
        team.integrations().page().unwrap().integrations,
        [(*created).clone()]
    );
    let id = created.custom_integration_id.clone().unwrap();
    assert!(client.delete_custom_integration(&id).unwrap().success);
    assert_eq!(team.integrations().all().unwrap(), []);
}

#[test]
fn version_1_is_there_too() {
    let api = support::Api::registering();
    let builder = blocking::Client::builder()
        .api_key(API_KEY)
        .base_url(api.url());
    let client = builder.build_blocking().unwrap();
    assert_eq!(
        client
            .register_custom_integration_v1(&wanted())
            .unwrap()
            .status(),
        201
    );
}

#[test]
fn a_listing_is_fetched_page_by_page_as_it_is_read() {
    let entry = |number| entry(number, "CRM", "https://mcp.example.com");
    let catalogue = Catalogue::of((1..=5).map(entry).collect());
    let team = client(&catalogue).team("team_1");
    let mut integrations = team
        .integrations()
        .integration_type("custom")
        .limit(2)
        .offset(1)
        .iter();
    for (number, requests) in [(2, 1), (3, 1), (4, 2), (5, 2)] {
        assert_eq!(
            integrations.next().unwrap().unwrap().id,
            format!("id-{number}")
        );
        assert_eq!(catalogue.requests().len(), requests);
    }
    assert!(integrations.next().is_none());
}

#[test]
fn clones_work_from_many_threads_at_once() {
    let catalogue = Catalogue::of(vec![]);
    let client = client(&catalogue);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let team = client.clone().team("team_1");
            scope.spawn(move || team.register_custom_integration(&wanted()).unwrap());
        }
    });
    assert_eq!(catalogue.entries().len(), 8);
}

#[tokio::test]
async fn within_a_runtime_a_call_is_refused_and_nothing_panics() {
    let catalogue = Catalogue::of(vec![]);
    let client = client(&catalogue);
    let refused = |error: duvo::Error| {
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("duvo::Client"), "{error}");
    };
    refused(
        client
            .team("team_1")
            .register_custom_integration(&wanted())
            .unwrap_err(),
    );
    // And once only, for those who go on after an error.
    let listed: Vec<_> = client.team("team_1").integrations().iter().collect();
    let [error] = <[_; 1]>::try_from(listed).unwrap();
    refused(error.unwrap_err());
    let elsewhere = client.clone();
    let result =
        tokio::task::spawn_blocking(move || elsewhere.register_custom_integration_v1(&wanted()));
    refused(result.await.unwrap().unwrap_err());
    assert_eq!(catalogue.requests().len(), 0);
    // The last clone is dropped here, within the runtime.
    drop(client);
}

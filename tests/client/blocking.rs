//! Calls without async.

use duvo::{Auth, CustomIntegration, EnsureOutcome, Error, ErrorKind, blocking};
use duvo_test_support::api::Api;
use duvo_test_support::client::{TEAM, builder};
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{request_lines, start_with};

fn client(base_url: &str) -> blocking::Client {
    builder(base_url).build_blocking().unwrap()
}

fn desired() -> CustomIntegration {
    CustomIntegration::new("CRM", "https://mcp.example.com", Auth::Url).unwrap()
}

#[test]
fn registers_ensures_lists_and_deletes() {
    let (server, _) = start_with([]);
    let client = client(server.url());
    let team = client.team("team_1");
    let created = team.register_custom_integration(&desired()).unwrap();
    assert_eq!(created.status(), 201);
    let ensured = team.ensure_custom_integration(&desired()).unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(
        team.integrations().page().unwrap().integrations,
        [(*created).clone()]
    );
    let id = created.custom_integration_id.clone().unwrap();
    let deletion = client.delete_custom_integration(&id).unwrap();
    assert!(deletion.into_inner().unwrap().success);
    assert!(team.integrations().all().unwrap().is_empty());
}

#[test]
#[expect(deprecated, reason = "v1 has a blocking call too")]
fn registers_with_v1() {
    let api = Api::registering();
    let created = client(&api.url()).register_custom_integration_v1(&desired());
    assert_eq!(created.unwrap().status(), 201);
    let path = api.only_request().uri().path().to_owned();
    assert_eq!(path, "/v1/integrations/custom");
}

#[test]
fn iterator_fetches_pages_as_it_is_read() {
    let entry = |number| entry(number, "CRM", "https://mcp.example.com");
    let (server, _) = start_with((1..=5).map(entry));
    let team = client(server.url()).team(TEAM);
    let mut integrations = team
        .integrations()
        .integration_type("custom")
        .limit(2)
        .offset(1)
        .iter();
    for (number, requests) in [(2, 1), (3, 1), (4, 2), (5, 2)] {
        let integration = integrations.next().unwrap().unwrap();
        assert_eq!(integration.id, format!("id-{number}"));
        assert_eq!(request_lines(&server).len(), requests);
    }
    assert!(integrations.next().is_none());
}

#[test]
fn clones_work_from_several_threads() {
    let (server, catalogue) = start_with([]);
    let client = client(server.url());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let team = client.clone().team("team_1");
            scope.spawn(move || team.register_custom_integration(&desired()).unwrap());
        }
    });
    assert_eq!(catalogue.integrations().len(), 8);
}

#[tokio::test]
async fn call_within_a_runtime_is_an_error_and_does_not_panic() {
    let (server, _) = start_with([]);
    let client = client(server.url());
    let assert_refused = |error: Error| {
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("`duvo::Client`"), "{error}");
    };
    let team = client.team("team_1");
    assert_refused(team.register_custom_integration(&desired()).unwrap_err());
    // An iterator reports the error once, even if the caller ignores it.
    let items: Vec<_> = team.integrations().iter().collect();
    let [item] = <[_; 1]>::try_from(items).unwrap();
    assert_refused(item.unwrap_err());
    let blocking_task =
        tokio::task::spawn_blocking(move || team.register_custom_integration(&desired()));
    assert_refused(blocking_task.await.unwrap().unwrap_err());
    assert_eq!(request_lines(&server).len(), 0);
    // The last clone is dropped here, within the runtime.
    drop(client);
}

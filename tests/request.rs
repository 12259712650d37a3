//! What a registration puts on the wire.

mod support;

use std::time::Duration;

use duvo::mock::{Response, Server};
use duvo::{Client, CustomIntegration, Integration, RetryPolicy};
use httpmock::HttpMockRequest;
use support::{API_KEY, Api, TEAM, any_integration, document, integration};

fn headers_of_every_call(request: &HttpMockRequest) -> Vec<(String, String)> {
    let mut headers = request.headers_vec().clone();
    headers.retain(|(name, _)| name != "host" && name != "idempotency-key");
    headers.sort();
    headers
}

fn documented_headers(content_length: usize) -> Vec<(String, String)> {
    [
        ("accept", "application/json"),
        ("authorization", &format!("Bearer {API_KEY}")),
        ("content-length", &content_length.to_string()),
        ("content-type", "application/json"),
        ("user-agent", concat!("duvo-rs/", env!("CARGO_PKG_VERSION"))),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// Sends each documented request with `register`, and holds what arrives
/// against it.
async fn assert_documented_requests(path: &str, register: impl AsyncFn(Client, CustomIntegration)) {
    for (key, example) in document::requests() {
        let api = Api::registering();
        register(api.client(), integration(&example)).await;

        let request = api.only_request();
        let body = example.to_string();
        assert_eq!(request.method_str(), "POST", "{key}");
        assert_eq!(
            request.uri().to_string(),
            format!("{}{path}", api.url()),
            "{key}"
        );
        assert_eq!(request.body_string(), body, "{key}");
        assert_eq!(
            headers_of_every_call(&request),
            documented_headers(body.len()),
            "{key}"
        );
    }
}

#[tokio::test]
async fn v1_sends_each_documented_request_and_nothing_more() {
    assert_documented_requests("/v1/integrations/custom", async |client, integration| {
        client
            .register_custom_integration_v1(&integration)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn v2_sends_the_same_to_the_path_of_the_team() {
    let path = format!("/v2/teams/{TEAM}/integrations/custom");
    assert_documented_requests(&path, async |client, integration| {
        client
            .team(TEAM)
            .register_custom_integration(&integration)
            .await
            .unwrap();
    })
    .await;
}

#[test]
fn the_examples_cover_every_auth_method_of_the_document() {
    let requests = document::requests();
    for method in document::auth_methods() {
        assert!(
            requests
                .iter()
                .any(|(_, example)| example["auth_method"] == method),
            "{method}"
        );
    }
}

#[tokio::test]
async fn every_team_has_a_path_of_its_own_however_many_a_client_calls() {
    let api = Api::registering();
    let client = support::client(&api.url());
    let teams: Vec<_> = (0..2).flat_map(|_| 1..=6).collect();
    for team in &teams {
        client
            .team(format!("team_{team}"))
            .register_custom_integration(&any_integration())
            .await
            .unwrap();
    }
    let paths = api.requests();
    let paths = paths.iter().map(|request| request.uri().path().to_owned());
    let path = |team: &i32| format!("/v2/teams/team_{team}/integrations/custom");
    assert_eq!(
        paths.collect::<Vec<_>>(),
        teams.iter().map(path).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn the_base_url_may_have_a_path_and_a_trailing_slash() {
    let api = Api::registering();
    for suffix in ["/gateway/duvo", "/gateway/duvo/", "/gateway/duvo//"] {
        let client = support::client(&format!("{}{suffix}", api.url()));
        client
            .register_custom_integration_v1(&any_integration())
            .await
            .unwrap();
    }
    for request in api.requests() {
        assert_eq!(request.uri().path(), "/gateway/duvo/v1/integrations/custom");
    }
}

#[tokio::test]
async fn a_user_agent_of_ones_own_replaces_the_default() {
    let api = Api::registering();
    let client = support::builder(&api.url())
        .user_agent("provisioner/2")
        .build()
        .unwrap();
    client
        .register_custom_integration_v1(&any_integration())
        .await
        .unwrap();
    assert_eq!(api.only_request().headers()["user-agent"], "provisioner/2");
}

#[tokio::test]
async fn the_settings_of_the_http_client_are_used() {
    let api = Api::registering();
    let marker =
        [("x-marker", "mine")].map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    let http = reqwest::Client::builder().default_headers(marker.into_iter().collect());
    let client = support::builder(&api.url())
        .reqwest_client_builder(http)
        .build()
        .unwrap();
    client
        .register_custom_integration_v1(&any_integration())
        .await
        .unwrap();
    assert_eq!(api.only_request().headers()["x-marker"], "mine");
}

#[tokio::test]
async fn a_client_is_shared_by_tasks() {
    let api = Api::registering();
    let client = api.client();
    let calls = (0..8).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            client
                .register_custom_integration_v1(&any_integration())
                .await
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(api.requests().len(), 8);
}

#[tokio::test]
async fn clones_of_a_client_share_what_they_know_of_the_rate_limit() {
    let server = Server::start().unwrap();
    let registration = server
        .register_custom_integration_v1()
        .respond(|_| Response::new(429).with_retry_after(Duration::from_secs(50)))
        .respond(|then| then.registered(Integration::example()));
    let client = || server.client_builder().retry_policy(RetryPolicy::never());
    let (first, stranger) = (client().build().unwrap(), client().build().unwrap());
    let clone = first.clone();
    support::error_of(&first).await;
    let integration = any_integration();
    tokio::select! {
        biased;
        _ = clone.register_custom_integration_v1(&integration) => panic!("it asks"),
        registered = stranger.register_custom_integration_v1(&integration) => {
            registered.unwrap();
        }
    }
    registration.assert_calls(2);
}

/// Whoever awaits a future holds it, so each byte of it is held several times.
#[test]
fn the_future_of_a_call_is_small() {
    let client = support::client("http://localhost:9");
    let (team, integration) = (client.team("team_1"), any_integration());
    let size = size_of_val(&team.register_custom_integration(&integration));
    assert!(size <= 1_280, "{size} bytes");
}

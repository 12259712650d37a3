//! What a registration puts on the wire.

use duvo::{Client, CustomIntegration};
use duvo_test_support::api::{Api, HttpMockRequest};
use duvo_test_support::client::{API_KEY, TEAM, builder, client};
use duvo_test_support::document;
use duvo_test_support::integrations::{any_integration, integration};

async fn register(client: &Client) {
    let team = client.team(TEAM);
    let created = team.register_custom_integration(&any_integration()).await;
    created.unwrap();
}

/// Returns the headers, except the two that differ between calls.
fn constant_headers(request: &HttpMockRequest) -> Vec<(String, String)> {
    let mut headers = request.headers_vec().clone();
    headers.retain(|(name, _)| name != "host" && name != "idempotency-key");
    headers.sort();
    headers
}

fn documented_headers(content_length: usize) -> Vec<(String, String)> {
    [
        ("accept", "application/json"),
        ("accept-encoding", "identity"),
        ("authorization", &format!("Bearer {API_KEY}")),
        ("content-length", &content_length.to_string()),
        ("content-type", "application/json"),
        ("user-agent", concat!("duvo-rs/", env!("CARGO_PKG_VERSION"))),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// Sends each documented request with `register`, and compares what the API receives with
/// the OpenAPI document.
async fn assert_documented_requests(
    path: &str,
    register: impl AsyncFn(&Client, CustomIntegration),
) {
    let api = Api::registering();
    let client = api.client();
    for (key, example) in document::requests() {
        api.forget_requests();
        register(&client, integration(&example)).await;

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
            constant_headers(&request),
            documented_headers(body.len()),
            "{key}"
        );
    }
}

#[tokio::test]
async fn v1_sends_exactly_the_documented_requests() {
    assert_documented_requests("/v1/integrations/custom", async |client, integration| {
        #[expect(deprecated, reason = "v1 is under test")]
        let created = client.register_custom_integration_v1(&integration).await;
        created.unwrap();
    })
    .await;
}

#[tokio::test]
async fn v2_sends_exactly_the_documented_requests() {
    let path = format!("/v2/teams/{TEAM}/integrations/custom");
    assert_documented_requests(&path, async |client, integration| {
        let team = client.team(TEAM);
        let created = team.register_custom_integration(&integration).await;
        created.unwrap();
    })
    .await;
}

#[test]
fn documented_requests_cover_every_auth_method() {
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

/// A client caches the URLs of the first few paths.
#[tokio::test]
async fn each_of_many_teams_has_its_own_path() {
    let api = Api::registering();
    let client = api.client();
    let teams: Vec<_> = (0..2).flat_map(|_| 1..=6).collect();
    for team in &teams {
        client
            .team(format!("team_{team}"))
            .register_custom_integration(&any_integration())
            .await
            .unwrap();
    }
    let requests = api.requests();
    let paths = requests
        .iter()
        .map(|request| request.uri().path().to_owned());
    let path = |team: &i32| format!("/v2/teams/team_{team}/integrations/custom");
    assert_eq!(
        paths.collect::<Vec<_>>(),
        teams.iter().map(path).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn base_url_may_have_a_path_and_trailing_slashes() {
    let api = Api::registering();
    let suffixes = ["/gateway/duvo", "/gateway/duvo/", "/gateway/duvo//"];
    for suffix in suffixes {
        register(&client(&format!("{}{suffix}", api.url()))).await;
    }
    let requests = api.requests();
    assert_eq!(requests.len(), suffixes.len());
    for request in requests {
        assert_eq!(
            request.uri().path(),
            format!("/gateway/duvo/v2/teams/{TEAM}/integrations/custom")
        );
    }
}

#[tokio::test]
async fn user_agent_replaces_the_default() {
    let api = Api::registering();
    let client = builder(&api.url())
        .user_agent("provisioner/2")
        .build()
        .unwrap();
    register(&client).await;
    assert_eq!(api.only_request().headers()["user-agent"], "provisioner/2");
}

#[tokio::test]
async fn settings_of_the_reqwest_client_are_used() {
    let api = Api::registering();
    let marker =
        [("x-marker", "mine")].map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    let http = reqwest::Client::builder().default_headers(marker.into_iter().collect());
    let client = builder(&api.url())
        .reqwest_client_builder(http)
        .build()
        .unwrap();
    register(&client).await;
    assert_eq!(api.only_request().headers()["x-marker"], "mine");
}

#[tokio::test]
async fn tasks_share_a_client() {
    let api = Api::registering();
    let client = api.client();
    let calls = (0..8).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { register(&client).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    assert_eq!(api.requests().len(), 8);
}

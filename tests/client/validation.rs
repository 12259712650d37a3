//! Values that are invalid before anything is sent. `snapshots/messages.txt` has the reason
//! of each.

use duvo::{Auth, Client, CustomIntegration, Delivery, Error, ErrorKind, InvalidField};
use duvo_test_support::api::Api;
use duvo_test_support::client::{API_KEY, TEAM};
use duvo_test_support::integrations::any_integration;

/// Returns the invalid fields of an error, of which nothing was sent.
fn invalid_fields(error: &Error) -> Vec<&str> {
    assert_eq!(error.delivery(), Delivery::NotSent);
    for field in error.invalid_fields() {
        // The summary has each field with its reason.
        assert!(error.to_string().contains(&field.to_string()), "{error}");
    }
    let fields = error.invalid_fields().iter();
    fields.map(InvalidField::field).collect()
}

#[test]
fn every_invalid_field_of_an_integration_is_reported_at_once() {
    let error = CustomIntegration::new("", "", Auth::oauth_client("", "")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(
        invalid_fields(&error),
        [
            "name",
            "server_url",
            "oauth_client_id",
            "oauth_client_secret"
        ],
    );
}

pub const INVALID_SERVER_URLS: [&str; 28] = [
    "mcp.example.com/mcp",
    "/mcp",
    "https://",
    "https://mcp.example.com:99999/",
    "stdio:mcp",
    "file:///etc/passwd",
    "https:mcp.example.com",
    " https://mcp.example.com",
    "https://mcp.example.com/a b",
    "https://mcp.example.com\\mcp",
    "https://mcp.example.com/\n",
    "https://mcp.example.com/100%",
    "https://mcp.exämple.com/",
    "\u{feff}https://mcp.example.com",
    "https://mcp.example.com ",
    "https://mcp.example.com\u{0}",
    "https://mcp.exam\nple.com/",
    "https://mcp.example.com/\ta",
    "https:///mcp.example.com",
    "https://mcp example.com/",
    "https://1.2.3.400/",
    "https://[2001:db8/",
    "https://mcp.example.com/?a=%zz",
    "https://mcp.example.com/#a#b",
    "https://mcp.example.com/[a]",
    "https://a@b@mcp.example.com/",
    "https://[2001:db8::1]/a|b",
    "https://xn--a.example.com/",
];

/// Returns the reason of the only invalid field.
pub fn reason<T>(result: Result<T, Error>) -> String {
    let Err(error) = result else {
        panic!("the value is valid");
    };
    let [field] = error.invalid_fields() else {
        panic!("{error}");
    };
    field.reason().to_owned()
}

#[tokio::test]
async fn message_names_kind_and_position_of_the_invalid_character() {
    let client = Client::new(API_KEY).unwrap();
    let key = |key: &str| reason(any_integration().with_idempotency_key(key));
    let api_key = |key: &str| reason(Client::new(key));
    let user_agent = |name: &str| reason(Client::builder().api_key("key").user_agent(name).build());
    let url = |url: &str| reason(CustomIntegration::new("CRM", url, Auth::Url));
    let team = async |id: &str| {
        let team = client.team(id);
        reason(team.register_custom_integration(&any_integration()).await)
    };
    let deletion = async |id: &str| reason(client.delete_custom_integration(id).await);
    for (message, fragments) in [
        (key(""), &["must not be empty"][..]),
        (key("abc\n"), &["a line break", "character 4, the last"]),
        (key("a b"), &["a space", "character 2"]),
        (key("\tab"), &["a tab", "character 1, the first"]),
        (key("ab\u{1}c"), &["a control character", "character 3"]),
        (key("éa"), &["a non-ASCII character", "character 1"]),
        (api_key(""), &["is empty", "dashboard"]),
        (
            api_key("é b\r\n"),
            &["a non-ASCII character", "character 1"],
        ),
        (
            api_key("\u{feff}key"),
            &["a byte order mark", "character 1"],
        ),
        (api_key("key\r\n"), &["a line break", "character 4"]),
        (
            api_key("a\u{200b}b"),
            &["an invisible character", "character 2"],
        ),
        (user_agent(""), &["must not be empty"]),
        (user_agent("é\n!"), &["a line break", "character 2"]),
        (
            user_agent("a\u{7f}"),
            &["a control character", "character 2"],
        ),
        (team("").await, &["must not be empty"]),
        (team(".a").await, &["begins with a dot"]),
        (team("a/b").await, &["a slash", "character 2"]),
        (deletion("").await, &["must not be empty"]),
        (deletion("..").await, &["begins with a dot"]),
        (
            deletion("ab%").await,
            &["a percent sign", "character 3, the last"],
        ),
        (url(" https://a"), &["begin or end with a space", "remove"]),
        (url("https://a\n"), &["begin or end with a space", "remove"]),
        (url("https://a/b\tc"), &["a tab", "character 12", "remove"]),
        (
            url("https://a\\b"),
            &["a backslash", "character 10", "slash"],
        ),
        (
            url("https://a/{b"),
            &["a curly bracket", "character 11", "%7B"],
        ),
        (
            url("https://a/b%2"),
            &["percent sign", "character 12", "%25"],
        ),
        (url("https:a"), &["two slashes"]),
        (
            url("https://é"),
            &["a non-ASCII character", "character 9", "Punycode"],
        ),
        (url("https://a b/c"), &["a space", "character 10", "host"]),
        (
            url("\u{feff}https://a"),
            &["a byte order mark", "remove it"],
        ),
        (url("https://a:99999"), &["port"]),
        (url("a/b"), &["absolute"]),
    ] {
        for fragment in fragments {
            assert!(message.contains(fragment), "{fragment:?} in {message}");
        }
    }
}

#[test]
fn server_url_must_be_an_absolute_http_url_in_ascii() {
    for url in INVALID_SERVER_URLS {
        let error = CustomIntegration::new("CRM", url, Auth::Url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(invalid_fields(&error), ["server_url"], "{url}");
    }
}

#[tokio::test]
async fn server_url_is_sent_unmodified() {
    let api = Api::registering();
    let team = api.client().team(TEAM);
    for url in [
        "https://mcp.example.com",
        "https://MCP.example.com:443/a/../b?c=%7e&d#e",
        "http://10.0.0.1/mcp",
        "https://user:word@mcp.example.com/",
        "https://[2001:db8::1]/mcp",
        "https://xn--exmple-cua.com/",
    ] {
        let integration = CustomIntegration::new("CRM", url, Auth::Url).unwrap();
        assert_eq!(integration.server_url(), url);
        api.forget_requests();
        team.register_custom_integration(&integration)
            .await
            .unwrap();
        let body: serde_json::Value =
            serde_json::from_str(&api.only_request().body_string()).unwrap();
        assert_eq!(body["server_url"], url);
    }
}

#[tokio::test]
async fn team_id_that_is_not_a_path_segment_is_not_sent() {
    let api = Api::registering();
    let client = api.client();
    for id in [
        "",
        ".",
        "..",
        "...",
        ".a",
        "..;",
        "\\",
        "a\\..\\..\\x",
        "a/b",
        "../../v1",
        "%2e%2e",
        "a%2fb",
        "a?b",
        "a#b",
        "a b",
        "a\nb",
        "a;b",
        "é",
        "\u{0}",
    ] {
        let error = client
            .team(id)
            .register_custom_integration(&any_integration())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(invalid_fields(&error), ["teamId"], "{id}");
    }
    assert_eq!(api.requests().len(), 0);
}

#[tokio::test]
async fn valid_team_id_is_sent_as_an_unmodified_path_segment() {
    let api = Api::registering();
    let client = api.client();
    for id in [
        "t",
        "team_01hzx3f8q2",
        "0b0ad2a6-41b8-4b0f-9d6f-5d7c2c1f7a10",
        "a.b~c",
        "a:b@c",
        "a!$&'()*+,=b",
    ] {
        api.forget_requests();
        client
            .team(id)
            .register_custom_integration(&any_integration())
            .await
            .unwrap();
        let path = api.only_request().uri().path().to_owned();
        assert_eq!(path, format!("/v2/teams/{id}/integrations/custom"));
    }
}

#[test]
fn every_invalid_setting_is_reported_at_once() {
    let error = Client::builder()
        .base_url("duvo")
        .user_agent("a\nb")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(
        invalid_fields(&error),
        ["api_key", "base_url", "user_agent"]
    );
}

pub const INVALID_BASE_URLS: [&str; 10] = [
    "http://api.duvo.ai",
    "http://10.0.0.1",
    "http://0.0.0.0",
    "http://localhost.example.com",
    "ftp://api.duvo.ai",
    "api.duvo.ai",
    "https://user@api.duvo.ai",
    "https://:word@api.duvo.ai",
    "https://api.duvo.ai/?a=b",
    "https://api.duvo.ai/#a",
];

#[test]
fn base_url_must_be_https_or_loopback() {
    let build = |url: &str| Client::builder().api_key(API_KEY).base_url(url).build();
    for url in [
        "https://api.duvo.ai",
        "https://10.0.0.1:8443/duvo",
        "http://localhost:8080",
        "http://127.0.0.1",
        "http://127.8.9.10:1",
        "http://[::1]:8080",
    ] {
        assert!(build(url).is_ok(), "{url}");
    }
    for url in INVALID_BASE_URLS {
        let error = build(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(invalid_fields(&error), ["base_url"], "{url}");
    }
}

#[test]
fn allow_http_permits_plain_http_to_any_host() {
    let client = Client::builder()
        .api_key(API_KEY)
        .base_url("http://10.0.0.1")
        .allow_http(true)
        .build();
    assert!(client.is_ok(), "{client:?}");
}

#[test]
fn api_key_must_be_a_header_value() {
    for key in [
        "",
        "two\nlines",
        "line\r\n",
        "nul\0",
        " key",
        "key ",
        "k\tey",
        "kéy",
        "\u{feff}key",
    ] {
        let error = Client::new(key).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(invalid_fields(&error), ["api_key"], "{key:?}");
    }
}

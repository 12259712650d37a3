//! What is refused before anything is sent.

mod support;

use duvo::{Auth, Client, CustomIntegration, Delivery, Error, ErrorKind};
use support::{API_KEY, Api, any_integration};

fn faults(error: &Error) -> Vec<(&str, &str)> {
    assert_eq!(error.delivery(), Delivery::NotSent);
    error
        .invalid_fields()
        .iter()
        .map(|invalid| (invalid.field(), invalid.reason()))
        .collect()
}

#[test]
fn every_fault_of_an_integration_is_reported_at_once() {
    let error = CustomIntegration::new("", "", Auth::oauth_client("", "")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let empty = "is empty; give it at least one character";
    assert_eq!(
        faults(&error),
        [
            ("name", empty),
            ("server_url", empty),
            ("oauth_client_id", empty),
            ("oauth_client_secret", empty)
        ],
    );
    assert_eq!(
        error.to_string(),
        "`name` is empty; give it at least one character; `server_url` is empty; give it at least one character; \
         `oauth_client_id` is empty; give it at least one character; \
         `oauth_client_secret` is empty; give it at least one character",
    );
}

#[test]
fn a_server_url_is_an_absolute_http_url_in_ascii() {
    for (url, fault) in [
        ("mcp.example.com/mcp", "is not an absolute URL"),
        ("/mcp", "is not an absolute URL"),
        ("https://", "is not an absolute URL"),
        ("https://mcp.example.com:99999/", "is not an absolute URL"),
        ("stdio:mcp", "is neither https nor http"),
        ("file:///etc/passwd", "is neither https nor http"),
        ("https:mcp.example.com", "is not well-formed"),
        (" https://mcp.example.com", "is not well-formed"),
        ("https://mcp.example.com/a b", "is not well-formed"),
        ("https://mcp.example.com\\mcp", "is not well-formed"),
        ("https://mcp.example.com/\n", "is not well-formed"),
        ("https://mcp.example.com/100%", "is not well-formed"),
        ("https://mcp.exämple.com/", "has characters beyond ASCII"),
    ] {
        let error = CustomIntegration::new("CRM", url, Auth::Url).unwrap_err();
        let [(field, found)] = faults(&error)[..] else {
            panic!("{url}: {error}")
        };
        assert_eq!(field, "server_url");
        assert!(found.starts_with(fault), "{url}: {found}");
    }
}

#[tokio::test]
async fn a_server_url_is_sent_as_it_is_written() {
    for url in [
        "https://mcp.example.com",
        "https://MCP.example.com:443/a/../b?c=%7e&d#e",
        "http://10.0.0.1/mcp",
        "https://user:word@mcp.example.com/",
        "https://[2001:db8::1]/mcp",
        "https://xn--exmple-cua.com/",
    ] {
        let api = Api::registering();
        let integration = CustomIntegration::new("CRM", url, Auth::Url).unwrap();
        assert_eq!(integration.server_url(), url);
        api.client()
            .register_custom_integration_v1(&integration)
            .await
            .unwrap();
        let body: serde_json::Value =
            serde_json::from_str(&api.only_request().body_string()).unwrap();
        assert_eq!(body["server_url"], url);
    }
}

#[tokio::test]
async fn a_team_id_that_is_not_plainly_a_path_segment_is_refused_unsent() {
    let api = Api::registering();
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
        let error = api
            .client()
            .team(id)
            .register_custom_integration(&any_integration())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let [(field, _)] = faults(&error)[..] else {
            panic!("{id}: {error}")
        };
        assert_eq!(field, "teamId");
    }
    assert_eq!(api.requests().len(), 0);
}

#[tokio::test]
async fn any_other_team_id_is_a_segment_of_the_path_as_it_is() {
    let api = Api::registering();
    for id in [
        "t",
        "team_01hzx3f8q2",
        "0b0ad2a6-41b8-4b0f-9d6f-5d7c2c1f7a10",
        "a.b~c",
        "a:b@c",
        "a!$&'()*+,=b",
    ] {
        api.client()
            .team(id)
            .register_custom_integration(&any_integration())
            .await
            .unwrap();
        let path = api.requests().last().unwrap().uri().path().to_owned();
        assert_eq!(path, format!("/v2/teams/{id}/integrations/custom"));
    }
}

#[test]
fn every_fault_of_the_settings_is_reported_at_once() {
    let error = Client::builder()
        .base_url("duvo")
        .user_agent("a\nb")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let fields: Vec<_> = faults(&error).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["api_key", "base_url", "user_agent"]);
}

#[test]
fn a_base_url_is_https_or_loopback() {
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
    for (url, fault) in [
        ("http://api.duvo.ai", "is plain http"),
        ("http://10.0.0.1", "is plain http"),
        ("http://0.0.0.0", "is plain http"),
        ("http://localhost.example.com", "is plain http"),
        ("ftp://api.duvo.ai", "is neither https nor http"),
        ("api.duvo.ai", "is not an absolute URL"),
        (
            "https://user@api.duvo.ai",
            "holds a user name or a password",
        ),
        (
            "https://:word@api.duvo.ai",
            "holds a user name or a password",
        ),
        ("https://api.duvo.ai/?a=b", "has a query or a fragment"),
        ("https://api.duvo.ai/#a", "has a query or a fragment"),
    ] {
        let error = build(url).unwrap_err();
        let [(field, found)] = faults(&error)[..] else {
            panic!("{url}: {error}")
        };
        assert_eq!(field, "base_url");
        assert!(found.starts_with(fault), "{url}: {found}");
    }
}

#[test]
fn plain_http_is_allowed_by_name() {
    assert!(
        Client::builder()
            .api_key(API_KEY)
            .base_url("http://10.0.0.1")
            .allow_http(true)
            .build()
            .is_ok()
    );
}

#[test]
fn an_api_key_is_a_header_value() {
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
        let [(field, _)] = faults(&error)[..] else {
            panic!("{error}")
        };
        assert_eq!(field, "api_key");
    }
}

//! Secrets that a server repeats in another spelling.

use duvo::{Auth, Client, CustomIntegration, Error};
use duvo_test_support::api::Api;
use duvo_test_support::client::{TEAM, builder};
use serde_json::json;

const API_KEY: &str = r#"duvo-key/9+Z=&"<"#;
const CLIENT_SECRET: &str = "8Q~xyz.AbC+/=&é";

/// Spellings of the client secret, each of them alone in a text.
const SPELLINGS: [&str; 24] = [
    // Percent-encoded, form-encoded, in full, and twice.
    "8Q~xyz.AbC%2B%2F%3D%26%C3%A9",
    "8Q~xyz.AbC%2b/%3d%26%c3%a9",
    "%38%51%7E%78%79%7A%2E%41%62%43%2B%2F%3D%26%C3%A9",
    "8Q~xyz.AbC%252B%252F%253D%2526%25C3%25A9",
    "8Q~xyz.AbC%2B%2F%3D%26%E9",
    "8Q~xyz.AbC+/=&%u00E9",
    // Escaped as in JSON and by programming languages.
    r"8Q~xyz.AbC+\/=\u0026\u00e9",
    r"8Q~xyz.AbC\u002B/=\u0026\u00E9",
    r"8Q~xyz.AbC+/=&\u{e9}",
    r"8Q~xyz.AbC+/=&\xc3\xa9",
    r"8Q~xyz.AbC+/=&\xe9",
    r"8Q~xyz.AbC+/=&\U000000e9",
    r"8Q~xyz.AbC+/=&\303\251",
    r"\\u0038Q~xyz.AbC+\\/=\\u0026\\u00e9",
    // Escaped as in HTML.
    "8Q~xyz.AbC+/=&amp;é",
    "8Q~xyz.AbC+/=&amp;&eacute;",
    "8Q~xyz.AbC&#43;&#x2F;&#61;&#0038;&#233;",
    "8Q~xyz.AbC&plus;&sol;&equals;&amp;amp;&#xE9;",
    // Percent-encoded or HTML-escaped after another escape.
    "8Q~xyz.AbC+%5C%2F%3D%5Cu0026%5Cu00e9",
    r"8Q~xyz.AbC+/=\u0026amp;é",
    // In Basic credentials, raw and form-encoded, and in hexadecimal.
    "aWQ6OFF+eHl6LkFiQysvPSbDqQ==",
    "aWQ6OFF-eHl6LkFiQysvPSbDqQ",
    "aWQ6OFF%2BeHl6LkFiQyUyQiUyRiUzRCUyNiVDMyVBOQ%3D%3D",
    "38517e78797a2e4162432b2f3d26c3a9",
];

fn client(api: &Api) -> Client {
    let builder = builder(&api.url()).api_key(API_KEY);
    builder
        .retry_policy(duvo::RetryPolicy::never())
        .build()
        .unwrap()
}

async fn error(client: &Client) -> Error {
    let auth = Auth::oauth_client("id", CLIENT_SECRET);
    let crm = CustomIntegration::new("CRM", "https://mcp.example.com/mcp", auth).unwrap();
    let team = client.team(TEAM);
    team.register_custom_integration(&crm).await.unwrap_err()
}

#[tokio::test]
async fn secret_is_redacted_in_every_spelling() {
    let api = Api::responding(400, &[], "");
    let client = client(&api);
    for spelling in SPELLINGS {
        let text = format!("invalid <{spelling}> given");
        let body = json!({
            "error": text,
            "message": text,
            "request_id": text,
            "details": { text.clone(): [text] },
        });
        api.respond_json(400, &body);
        let error = error(&client).await;
        let expected = "invalid <[redacted]> given";
        assert_eq!(error.api_error(), Some(expected), "{spelling}");
        assert_eq!(error.api_message(), Some(expected), "{spelling}");
        assert_eq!(error.request_id(), Some(expected), "{spelling}");
        let details = error.api_details().unwrap();
        assert_eq!(details, &json!({ expected: [expected] }), "{spelling}");
        for printed in [error.to_string(), format!("{error:?}")] {
            assert!(!printed.contains(spelling), "{printed}");
            assert!(printed.contains(expected), "{printed}");
        }
    }
}

#[tokio::test]
async fn secret_is_redacted_in_every_spelling_in_a_decoding_error() {
    let api = Api::registering();
    let client = client(&api);
    for spelling in SPELLINGS {
        // The error quotes the value of this field, and escapes it once more.
        api.respond_json(201, &json!({ "id": "1", "created_at": spelling }));
        let error = error(&client).await.to_string();
        assert!(error.contains("[redacted]"), "{error}");
        assert!(!error.contains("xyz"), "{error}");
        assert!(!error.contains("eHl6"), "{error}");
    }
}

#[tokio::test]
async fn api_key_is_redacted_in_every_spelling() {
    let api = Api::responding(400, &[], "");
    let client = client(&api);
    for spelling in [
        "duvo-key%2F9%2BZ%3D%26%22%3C",
        r#"duvo-key\/9+Z=\u0026\"\u003c"#,
        "duvo-key/9+Z=&amp;&quot;&lt;",
        "ZHV2by1rZXkvOStaPSYiPA==",
    ] {
        api.respond(401, &[("x-request-id", spelling)], spelling);
        let error = error(&client).await;
        assert_eq!(error.request_id(), Some("[redacted]"), "{spelling}");
        assert_eq!(
            error.attempts()[0].request_id(),
            Some("[redacted]"),
            "{spelling}"
        );
    }
}

#[tokio::test]
async fn api_key_is_redacted_in_header_values() {
    let api = Api::responding(201, &[], "");
    let client = client(&api);
    for name in ["content-encoding", "content-type"] {
        for status in [201, 502] {
            api.respond(status, &[(name, API_KEY)], "\u{1f}");
            let error = error(&client).await;
            assert!(!error.to_string().contains("duvo-key"), "{error}");
        }
    }
}

#[tokio::test]
async fn secret_is_redacted_where_a_list_of_messages_is_joined() {
    let api = Api::responding(400, &[], "");
    let auth = Auth::oauth_client("id", "first; second");
    let crm = CustomIntegration::new("CRM", "https://mcp.example.com/mcp", auth).unwrap();
    api.respond_json(400, &json!({ "message": ["first", "second"] }));
    let team = api.client().team(TEAM);
    let error = team.register_custom_integration(&crm).await.unwrap_err();
    assert_eq!(error.api_message(), Some("[redacted]"));
}

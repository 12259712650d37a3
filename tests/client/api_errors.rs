//! Responses with a status other than 2xx.

use duvo::{Delivery, ErrorKind};
use duvo_test_support::api::Api;
use duvo_test_support::client::{TEAM, registration_error, registration_error_at};
use duvo_test_support::document;
use duvo_test_support::fault_server::FaultServer;
use duvo_test_support::integrations::any_integration;
use serde_json::json;

use crate::unreadable_responses::ENCODINGS;

#[tokio::test]
async fn documented_errors_are_parsed_and_kept() {
    let api = Api::responding(500, &[], "");
    let client = api.client();
    let documented: Vec<_> = document::responses()
        .into_iter()
        .filter(|response| response.status >= 400)
        .collect();
    for response in &documented {
        api.respond_json(response.status, &response.body);
        let error = registration_error(&client).await;
        let text = |key: &str| response.body[key].as_str();
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.status().unwrap(), response.status);
        assert_eq!(error.api_code(), text("code"));
        assert_eq!(error.api_error(), text("error"));
        assert_eq!(error.api_message(), text("message"));
        assert_eq!(error.api_details(), response.body.get("details"));
        assert_eq!(error.request_id(), text("request_id"));
        assert_eq!(error.body().unwrap(), response.body.to_string().as_bytes());
        assert!(error.is_body_complete());
        let summary = text("message").or(text("error")).unwrap();
        assert!(error.to_string().contains(summary), "{error}");
    }
    let mut statuses: Vec<_> = documented.iter().map(|response| response.status).collect();
    statuses.dedup();
    assert_eq!(statuses, [400, 401, 403, 409, 429, 500]);
}

#[tokio::test]
async fn v1_and_v2_report_the_same_error() {
    let api = Api::responding_json(403, &document::response(403, "coded"));
    let client = api.client();
    let integration = any_integration();
    #[expect(deprecated, reason = "v1 is compared with v2")]
    let v1 = client.register_custom_integration_v1(&integration).await;
    let team = client.team(TEAM);
    let v2 = team.register_custom_integration(&integration).await;
    let (v1, v2) = (v1.unwrap_err(), v2.unwrap_err());
    assert_eq!(v1.to_string(), v2.to_string());
    for error in [v1, v2] {
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.delivery(), Delivery::Rejected);
        assert_eq!(error.api_code(), Some("insufficient_scope"));
        assert_eq!(error.request_id(), Some("req_01hzx4p9c2"));
    }
}

#[tokio::test]
async fn request_id_header_takes_precedence_over_the_body() {
    let body = document::response(403, "coded").to_string();
    let api = Api::responding(403, &[("x-request-id", "req_header")], body);
    let error = registration_error_at(&api.url()).await;
    assert_eq!(error.request_id(), Some("req_header"));
}

#[tokio::test]
async fn error_keeps_response_headers() {
    let body = document::response(429, "coded").to_string();
    let headers = [("retry-after", "12"), ("x-ratelimit-remaining", "0")];
    let api = Api::responding(429, &headers, body);
    let error = registration_error_at(&api.url()).await;
    for (name, value) in headers {
        assert_eq!(error.headers().unwrap()[name], value);
    }
}

#[tokio::test]
async fn undocumented_body_is_kept_unmodified() {
    let deep = format!(
        r#"{{"code":"c","message":"m","request_id":"r","details":{}"#,
        "[".repeat(100_000)
    );
    let html = "<html><head><title>502 Bad Gateway</title></head></html>";
    let api = Api::responding(502, &[], "");
    let client = api.client();
    for (content_type, body) in [
        ("text/html", html),
        ("text/plain", "upstream connect error"),
        ("application/json", r#"{"fault":{"reason":"quota"}}"#),
        ("application/json", r#"["an","array"]"#),
        ("application/json", r#"{"error":"#),
        ("application/json", &deep),
        ("application/octet-stream", "\u{0}\u{1}\u{2}"),
    ] {
        api.respond(502, &[("content-type", content_type)], body);
        let error = registration_error(&client).await;
        assert_eq!(error.kind(), ErrorKind::Status, "{body}");
        assert_eq!(error.status().unwrap(), 502, "{body}");
        assert_eq!(error.body().unwrap(), body.as_bytes());
        assert_eq!(
            (error.api_code(), error.api_message()),
            (None, None),
            "{body}"
        );
        let text = error.to_string();
        for fragment in ["502 Bad Gateway", content_type, &body.len().to_string()] {
            assert!(text.contains(fragment), "{text}");
        }
    }
}

#[tokio::test]
async fn empty_body_keeps_the_status() {
    let api = Api::responding(401, &[], "");
    let error = registration_error_at(&api.url()).await;
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.body(), Some(&b""[..]));
    assert!(error.to_string().contains("401 Unauthorized"), "{error}");
}

#[tokio::test]
async fn interrupted_error_keeps_its_status_and_delivery() {
    let head = "HTTP/1.1 403 Forbidden\r\ncontent-length: 1000\r\n\r\n";
    let server = FaultServer::responding(format!("{head}{{\"error\":")).await;
    let error = registration_error_at(&server.url).await;
    assert_eq!(error.status().unwrap(), 403);
    assert_eq!(error.delivery(), Delivery::Rejected);
    assert_eq!(error.body().unwrap(), br#"{"error":"#);
    assert!(!error.is_body_complete());
}

#[tokio::test]
async fn partial_error_bodies_are_parsed() {
    struct Parsed {
        code: Option<&'static str>,
        error: Option<&'static str>,
        message: Option<&'static str>,
        request_id: Option<&'static str>,
    }
    const NOTHING: Parsed = Parsed {
        code: None,
        error: None,
        message: None,
        request_id: None,
    };
    let api = Api::responding(400, &[], "");
    let client = api.client();
    for (body, expected) in [
        (
            r#"{"code":"rate_limited","message":"slow down"}"#,
            Parsed {
                code: Some("rate_limited"),
                message: Some("slow down"),
                ..NOTHING
            },
        ),
        (
            r#"{"error":"Forbidden","request_id":"req_9"}"#,
            Parsed {
                error: Some("Forbidden"),
                request_id: Some("req_9"),
                ..NOTHING
            },
        ),
        (
            r#"{"error":"E","code":"C","message":["a","b"]}"#,
            Parsed {
                code: Some("C"),
                error: Some("E"),
                message: Some("a; b"),
                ..NOTHING
            },
        ),
        (
            r#"{"error":"E","message":[],"request_id":[]}"#,
            Parsed {
                error: Some("E"),
                ..NOTHING
            },
        ),
        (
            r#"{"error":"E","message":["","name is taken",{}]}"#,
            Parsed {
                error: Some("E"),
                message: Some("name is taken"),
                ..NOTHING
            },
        ),
        (
            r#"{"message":"Unauthorized"}"#,
            Parsed {
                message: Some("Unauthorized"),
                ..NOTHING
            },
        ),
        (
            r#"{"code":429,"message":null}"#,
            Parsed {
                code: Some("429"),
                ..NOTHING
            },
        ),
    ] {
        api.respond(400, &[("x-request-id", "")], body);
        let error = registration_error(&client).await;
        assert_eq!(error.api_code(), expected.code, "{body}");
        assert_eq!(error.api_error(), expected.error, "{body}");
        assert_eq!(error.api_message(), expected.message, "{body}");
        assert_eq!(error.request_id(), expected.request_id, "{body}");
    }
}

/// The text of a list in a list, as deep as `depth`.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[tokio::test]
async fn malformed_field_does_not_hide_the_others() {
    let api = Api::responding(400, &[], "");
    let client = api.client();
    for details in [
        "1e400",
        r#"{"score":-1e400}"#,
        r#"["\ud800"]"#,
        r#"{"\udc00\ud800":1}"#,
        &nested(100),
        &nested(20_000),
        r#"{"a":1,"a":2}"#,
    ] {
        for body in [
            format!(r#"{{"details":{details},"message":"name is taken","request_id":"req_1"}}"#),
            format!(
                r#"{{"message":"first","request_id":"req_1","other":{details},"message":"name is taken","details":{details}}}"#
            ),
            format!(
                "\u{feff}{{\"message\":\"name is taken\",\"request_id\":\"req_1\",\"details\":{details}}} "
            ),
        ] {
            api.respond(400, &[], &body);
            let error = registration_error(&client).await;
            assert_eq!(error.api_message(), Some("name is taken"), "{body:.200}");
            assert_eq!(error.request_id(), Some("req_1"), "{body:.200}");
            assert_eq!(error.attempts()[0].request_id(), Some("req_1"));
            assert!(error.api_details().is_some(), "{body:.200}");
            assert!(error.to_string().contains("name is taken"), "{error}");
        }
    }
}

#[tokio::test]
async fn details_that_json_values_cannot_hold_are_kept_as_text() {
    let deep = nested(200);
    let deepest = nested(200 - 32);
    let mut expected_deep = json!(deepest);
    for _ in 0..32 {
        expected_deep = json!([expected_deep]);
    }
    let api = Api::responding(400, &[], "");
    let client = api.client();
    for (details, expected) in [
        ("1e400", json!("1e400")),
        (
            r#"{"score":[-1e400,7.5,true]}"#,
            json!({ "score": ["-1e400", 7.5, true] }),
        ),
        (r#""a\ud800b""#, json!("a\u{fffd}b")),
        (
            r#"["\udc00\ud83d\ude00\ud83d"]"#,
            json!(["\u{fffd}\u{1f600}\u{fffd}"]),
        ),
        (
            r#"{"\ud800":null,"b":1e400}"#,
            json!({ "\u{fffd}": null, "b": "1e400" }),
        ),
        (r#"{"a":1e400,"a":2}"#, json!({ "a": 2 })),
        (&deep, expected_deep),
    ] {
        api.respond(400, &[], format!(r#"{{"details": {details} }}"#));
        let error = registration_error(&client).await;
        assert_eq!(error.api_details(), Some(&expected), "{details}");
    }
}

#[tokio::test]
async fn message_with_unusual_characters_is_parsed() {
    let api = Api::responding(400, &[], "");
    let client = api.client();
    for (body, expected) in [
        (&br#"{"message":"a\ud800b"}"#[..], "a\u{fffd}b"),
        (br#"{"message":["a\udfff",1e400]}"#, "a\u{fffd}; 1e400"),
        (br#"{"message":-1e999}"#, "-1e999"),
        (
            br#"{"message":36893488147419103232}"#,
            "36893488147419103232",
        ),
        (b"{\"message\":\"a\",\"x\":\"\xff\",\"\xc3\":1}", "a"),
        (b"{\"message\":\"a\xffb\"}", "a\u{fffd}b"),
        (b"\xef\xbb\xbf\n{\"message\":\"a\"}", "a"),
    ] {
        api.respond(400, &[], body);
        let error = registration_error(&client).await;
        assert_eq!(error.api_message(), Some(expected), "{body:?}");
    }
}

#[tokio::test]
async fn error_in_an_encoding_that_was_not_requested_names_the_encoding() {
    let api = Api::responding(500, &[], "");
    let client = api.client();
    for (encoding, named) in ENCODINGS {
        api.respond(502, &[("content-encoding", encoding)], b"\x1f\x8b\x08\0");
        let error = registration_error(&client).await;
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.status().unwrap(), 502);
        assert_eq!(error.body().unwrap(), b"\x1f\x8b\x08\0");
        let text = error.to_string();
        assert!(text.contains("502 Bad Gateway"), "{text}");
        assert!(text.contains(named), "{text}");
        assert!(!text.contains(char::is_control), "{text}");
    }
    // The header is wrong, or states that there is no encoding.
    for encoding in ["gzip", "identity", "", "Identity, identity"] {
        api.respond(
            403,
            &[("content-encoding", encoding)],
            r#"{"message":"not a manager"}"#,
        );
        let error = registration_error(&client).await;
        assert_eq!(
            error.to_string(),
            "API returned 403 Forbidden: not a manager"
        );
        api.respond(403, &[("content-encoding", encoding)], "");
        let error = registration_error(&client).await;
        assert!(error.to_string().ends_with("an empty body"), "{error}");
    }
}

/// The delivery of each kind of status, with and without `retry-after`, and of those where
/// the rule changes. `docs/faults.md` has every status from 300 to 599.
const DELIVERIES: [(u16, Option<&str>, Delivery); 35] = [
    (300, None, Delivery::Unknown),
    (304, None, Delivery::Unknown),
    (306, None, Delivery::Unknown),
    (307, None, Delivery::Rejected),
    (307, Some("9999"), Delivery::Rejected),
    (308, None, Delivery::Rejected),
    (309, None, Delivery::Unknown),
    (399, None, Delivery::Unknown),
    (400, None, Delivery::Rejected),
    (400, Some("9999"), Delivery::Rejected),
    (407, None, Delivery::Rejected),
    (408, None, Delivery::Unknown),
    (408, Some("9999"), Delivery::Unknown),
    (409, None, Delivery::Rejected),
    (428, None, Delivery::Rejected),
    (429, None, Delivery::Rejected),
    (429, Some("9999"), Delivery::Rejected),
    (430, None, Delivery::Rejected),
    (499, None, Delivery::Rejected),
    (500, None, Delivery::Unknown),
    (500, Some("9999"), Delivery::Unknown),
    (501, None, Delivery::Unknown),
    (502, None, Delivery::Unknown),
    (502, Some("9999"), Delivery::Unknown),
    (503, None, Delivery::Unknown),
    (503, Some("9999"), Delivery::Rejected),
    (
        503,
        Some("Tue, 04 Aug 2026 09:21:13 GMT"),
        Delivery::Rejected,
    ),
    (504, None, Delivery::Unknown),
    (504, Some("9999"), Delivery::Unknown),
    (505, None, Delivery::Unknown),
    (599, None, Delivery::Unknown),
    (600, None, Delivery::Unknown),
    (600, Some("9999"), Delivery::Unknown),
    (700, None, Delivery::Unknown),
    (999, None, Delivery::Unknown),
];

#[tokio::test]
async fn delivery_follows_from_status_and_retry_after() {
    let api = Api::responding(500, &[], "");
    let client = api.client();
    for (status, retry_after, delivery) in DELIVERIES {
        let headers: Vec<_> = retry_after
            .map(|delay| ("retry-after", delay))
            .into_iter()
            .collect();
        api.respond(status, &headers, "");
        let error = registration_error(&client).await;
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.delivery(), delivery, "{status} {retry_after:?}");
    }
}

#[tokio::test]
async fn non_2xx_with_an_integration_as_body_is_an_error() {
    let body = document::response(201, "oauth");
    let api = Api::responding(500, &[], "");
    let client = api.client();
    for status in [300, 307, 400, 409, 500, 503] {
        api.respond_json(status, &body);
        let error = registration_error(&client).await;
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    }
}

#[tokio::test]
async fn long_message_is_truncated_only_when_displayed() {
    let message = "ü".repeat(5_000);
    let body = json!({ "error": "Bad Request", "message": message });
    let api = Api::responding_json(400, &body);
    let error = registration_error_at(&api.url()).await;
    assert_eq!(error.api_message(), Some(&*message));
    assert!(error.to_string().chars().count() < 400);
}

#[tokio::test]
async fn control_characters_are_not_displayed() {
    let body = json!({ "error": "Bad Request", "message": "\u{1b}[2Jgone\r\n" });
    let api = Api::responding_json(400, &body);
    let error = registration_error_at(&api.url()).await;
    assert!(!error.to_string().contains(char::is_control), "{error:?}");
}

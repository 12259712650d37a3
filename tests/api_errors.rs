//! Answers with a status other than 2xx.

mod support;

use duvo::{Delivery, Error, ErrorKind};
use support::{Api, any_integration, document};

async fn error_of(api: &Api) -> Error {
    support::error_of(&api.client()).await
}

#[tokio::test]
async fn each_documented_error_keeps_its_status_words_and_body() {
    let answers: Vec<_> = document::answers()
        .into_iter()
        .filter(|answer| answer.status >= 400)
        .collect();
    for answer in &answers {
        let error = error_of(&Api::answering_json(answer.status, &answer.body)).await;
        let text = |key: &str| answer.body[key].as_str();
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.status().unwrap(), answer.status);
        assert_eq!(error.api_code(), text("code"));
        assert_eq!(error.api_error(), text("error"));
        assert_eq!(error.api_message(), text("message"));
        assert_eq!(error.api_details(), answer.body.get("details"));
        assert_eq!(error.request_id(), text("request_id"));
        assert_eq!(error.body().unwrap(), answer.body.to_string().as_bytes());
        assert!(error.is_body_complete());
        assert!(
            error
                .to_string()
                .contains(text("message").or(text("error")).unwrap()),
            "{error}"
        );
    }
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.dedup();
    assert_eq!(statuses, [400, 401, 403, 409, 429, 500]);
}

#[tokio::test]
async fn an_error_of_version_2_is_the_same() {
    let api = Api::answering_json(403, &document::answer(403, "coded"));
    let v1 = error_of(&api).await;
    let v2 = api
        .client()
        .team(support::TEAM)
        .register_custom_integration(&any_integration())
        .await
        .unwrap_err();
    assert_eq!(v1.to_string(), v2.to_string());
    assert_eq!(
        v2.to_string(),
        "the API answered 403 Forbidden: The API key may not manage integrations (insufficient_scope) \
         (request id req_01hzx4p9c2)",
    );
}

#[tokio::test]
async fn the_request_id_of_the_header_goes_before_that_of_the_body() {
    let body = document::answer(403, "coded").to_string();
    let error = error_of(&Api::answering(
        403,
        &[("x-request-id", "req_header")],
        body,
    ))
    .await;
    assert_eq!(error.request_id(), Some("req_header"));
}

#[tokio::test]
async fn headers_are_kept() {
    let body = document::answer(429, "coded").to_string();
    let error = error_of(&Api::answering(
        429,
        &[("retry-after", "12"), ("x-ratelimit-remaining", "0")],
        body,
    ))
    .await;
    let headers = error.headers().unwrap();
    assert_eq!(
        (&headers["retry-after"], &headers["x-ratelimit-remaining"]),
        (&"12".parse().unwrap(), &"0".parse().unwrap())
    );
}

#[tokio::test]
async fn a_body_in_no_documented_form_is_kept_as_it_came() {
    let deep = format!(
        r#"{{"code":"c","message":"m","request_id":"r","details":{}"#,
        "[".repeat(100_000)
    );
    let html = "<html><head><title>502 Bad Gateway</title></head></html>";
    for (content_type, body) in [
        ("text/html", html),
        ("text/plain", "upstream connect error"),
        ("application/json", r#"{"fault":{"reason":"quota"}}"#),
        ("application/json", r#"["an","array"]"#),
        ("application/json", r#"{"error":"#),
        ("application/json", &deep),
        ("application/octet-stream", "\u{0}\u{1}\u{2}"),
    ] {
        let error = error_of(&Api::answering(
            502,
            &[("content-type", content_type)],
            body,
        ))
        .await;
        assert_eq!(error.kind(), ErrorKind::Status, "{body}");
        assert_eq!(error.status().unwrap(), 502, "{body}");
        assert_eq!(error.body().unwrap(), body.as_bytes());
        assert_eq!(
            (error.api_code(), error.api_message()),
            (None, None),
            "{body}"
        );
        let expected = format!(
            "the API answered 502 Bad Gateway with a body that is no error of the API ({content_type}; {} bytes)",
            body.len(),
        );
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn an_empty_body_keeps_the_status() {
    let error = error_of(&Api::answering(401, &[], "")).await;
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.body(), Some(&b""[..]));
    assert_eq!(
        error.to_string(),
        "the API answered 401 Unauthorized without a body"
    );
}

#[tokio::test]
async fn the_status_tells_whether_a_registration_may_exist() {
    let rejected = |status, headers: &[(&str, &str)]| match status {
        408 => false,
        307 | 308 | 400..=499 => true,
        503 => !headers.is_empty(),
        _ => false,
    };
    for status in (300..=599).chain([600, 700, 999]) {
        for headers in [&[][..], &[("retry-after", "9999")]] {
            let expected = if rejected(status, headers) {
                Delivery::Rejected
            } else {
                Delivery::Unknown
            };
            let error = error_of(&Api::answering(status, headers, "")).await;
            assert_eq!(error.delivery(), expected, "{status} {headers:?}");
        }
    }
}

#[tokio::test]
async fn a_long_message_is_shortened_in_the_text_only() {
    let message = "ü".repeat(5_000);
    let body = serde_json::json!({ "error": "Bad Request", "message": message });
    let error = error_of(&Api::answering_json(400, &body)).await;
    assert_eq!(error.api_message(), Some(&*message));
    assert!(error.to_string().chars().count() < 400);
}

#[tokio::test]
async fn control_characters_do_not_reach_a_terminal() {
    let body = serde_json::json!({ "error": "Bad Request", "message": "\u{1b}[2Jgone\r\n" });
    let error = error_of(&Api::answering_json(400, &body)).await;
    assert!(!error.to_string().contains(char::is_control), "{error:?}");
}

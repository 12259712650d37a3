//! Responses that HTTP does not allow.

use duvo::mock::Response;

use super::{register, start};

#[tokio::test]
async fn invalid_response_returns_501_with_the_reason() {
    let server = start();
    let client = server.client().unwrap();
    for (response, fragment) in [
        (Response::new(99), "99"),
        (Response::new(101), "101"),
        (Response::new(204).with_body("x"), "204"),
        (
            Response::new(200).with_header("content-length", "7"),
            "`truncated_at`",
        ),
        (Response::new(200).with_header("a b", "c"), "`a b: c`"),
    ] {
        server
            .register_custom_integration()
            .respond(move |_| response.clone());
        let error = register(&client, "team_1", "CRM").await.unwrap_err();
        assert_eq!(error.status().unwrap(), 501);
        let message = error.api_message().unwrap();
        assert!(message.contains(fragment), "{message}");
    }
}

//! What holds for any input.

mod support;

use duvo::{Auth, CustomIntegration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::Api;
use support::fault::{Ending, Fault, FaultServer, in_still_time};

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// An `Auth`, and what a request body must say of it.
fn any_auth() -> impl Strategy<Value = (Auth, Value)> {
    prop_oneof![
        Just((Auth::Url, json!({ "auth_method": "url" }))),
        Just((Auth::ApiKey, json!({ "auth_method": "apikey" }))),
        Just((Auth::Headers, json!({ "auth_method": "headers" }))),
        Just((Auth::oauth(), json!({ "auth_method": "oauth" }))),
        (".+", ".+").prop_map(|(id, secret)| {
            let body = json!({ "auth_method": "oauth", "oauth_client_id": id, "oauth_client_secret": secret });
            (Auth::oauth_client(id, secret), body)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_valid_request_arrives_as_it_was_made(
        name in ".+",
        path in "[a-z0-9/._~-]{0,40}",
        (auth, mut expected) in any_auth(),
    ) {
        let url = format!("https://mcp.example.com/{path}");
        let integration = CustomIntegration::new(&name, &url, auth).unwrap();
        let api = Api::registering();
        block_on(api.client().register_custom_integration_v1(&integration)).unwrap();
        let body: Value = serde_json::from_slice(api.only_request().body_ref()).unwrap();
        expected["name"] = name.into();
        expected["server_url"] = url.into();
        prop_assert_eq!(body, expected);
    }

    #[test]
    fn any_bytes_on_the_wire_are_an_error_and_no_hang(
        head in prop_oneof![
            Just(Vec::new()),
            Just(b"HTTP/1.1 201 Created
".to_vec()),
            Just(b"HTTP/1.1 201 Created
transfer-encoding: chunked

".to_vec()),
            Just(b"HTTP/1.1 403 Forbidden
content-length: 40

".to_vec()),
        ],
        rest in vec(any::<u8>(), 0..200),
        ending in prop_oneof![Just(Ending::Close), Just(Ending::Reset), Just(Ending::Stall)],
    ) {
        let error = in_still_time(async {
            let server = FaultServer::start().await;
            server.script(&[Fault::Answer([head, rest].concat(), ending)]);
            support::client(&server.url).register_custom_integration_v1(&support::any_integration()).await.unwrap_err()
        });
        prop_assert!(!error.to_string().contains(char::is_control));
        prop_assert_eq!(error.attempts().len(), 1);
    }

    #[test]
    fn any_answer_is_an_integration_or_an_error(status in 200_u16..600, body in vec(any::<u8>(), 0..300)) {
        let api = Api::answering(status, &[], &body);
        let result = block_on(api.client().register_custom_integration_v1(&support::any_integration()));
        let error = result.expect_err("random bytes are no integration");
        prop_assert_eq!(error.status().unwrap(), status);
        // These two come without a body, whatever the server sends.
        if !matches!(status, 204 | 304) {
            prop_assert_eq!(error.body().unwrap(), &body[..]);
        }
        prop_assert!(!error.to_string().contains(char::is_control));
    }

    #[test]
    fn any_json_is_an_integration_or_an_error(body in any_json(4)) {
        for status in [201, 400] {
            let api = Api::answering_json(status, &body);
            let error = block_on(api.client().register_custom_integration_v1(&support::any_integration())).unwrap_err();
            prop_assert_eq!(error.status().unwrap(), status);
            let expected = body.to_string();
            prop_assert_eq!(error.body().unwrap(), expected.as_bytes());
        }
    }

    #[test]
    fn any_timestamp_survives_being_written(seconds in 0_i64..253_402_300_800, nanoseconds in 0_u32..1_000_000_000) {
        let instant = chrono::DateTime::from_timestamp(seconds, nanoseconds).unwrap();
        let written = Value::from(instant.to_rfc3339());
        let read: Timestamp = serde_json::from_value(written).unwrap();
        prop_assert_eq!(chrono::DateTime::<chrono::Utc>::from(read), instant);
        prop_assert_eq!(serde_json::from_str::<Timestamp>(&serde_json::to_string(&read).unwrap()).unwrap(), read);
    }

    #[test]
    fn any_team_id_is_one_segment_of_the_path_or_refused(
        id in prop_oneof![".*", "[a-z0-9._~:@!$&'()*+,=/%\\\\;?# -]{0,12}"],
    ) {
        let api = Api::registering();
        let result = block_on(api.client().team(&id).register_custom_integration(&support::any_integration()));
        if result.is_ok() {
            let path = api.only_request().uri().path().to_owned();
            prop_assert_eq!(path, format!("/v2/teams/{id}/integrations/custom"));
            prop_assert!(!id.contains('/'));
        } else {
            prop_assert_eq!(api.requests().len(), 0);
        }
    }
}

fn any_json(depth: u32) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".{0,8}".prop_map(Into::into),
    ];
    let key = prop_oneof![
        "error",
        "message",
        "code",
        "request_id",
        "details",
        "id",
        "name",
        ".{0,4}"
    ];
    leaf.prop_recursive(depth, 64, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Into::into),
            vec((key.clone(), inner), 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

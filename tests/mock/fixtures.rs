//! The typed examples of the mock server are those of the OpenAPI document.

use duvo::mock::examples;
use duvo_test_support::document;
use serde_json::Value;

fn to_json(value: impl serde::Serialize) -> Value {
    let mut json = serde_json::to_value(value).unwrap();
    remove_nulls(&mut json);
    json
}

/// Removes the fields that are null, which a response may leave out.
fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            object.values_mut().for_each(remove_nulls);
        }
        Value::Array(values) => values.iter_mut().for_each(remove_nulls),
        _ => {}
    }
}

fn documented(name: &str) -> Value {
    let mut example = document::example(name);
    remove_nulls(&mut example);
    example
}

#[test]
fn integration_fixtures_equal_documented_examples() {
    for (fixture, name) in [
        (examples::reference_integration(), "ReferenceIntegration"),
        (examples::url_integration(), "UrlIntegration"),
        (examples::api_key_integration(), "ApiKeyIntegration"),
        (examples::headers_integration(), "HeadersIntegration"),
        (examples::oauth_integration(), "OauthIntegration"),
        (
            examples::oauth_dynamic_integration(),
            "OauthDynamicIntegration",
        ),
    ] {
        assert_eq!(to_json(fixture), documented(name), "{name}");
    }
    for (fixture, name) in [
        (examples::integration_page(), "IntegrationPage"),
        (examples::empty_integration_page(), "EmptyIntegrationPage"),
    ] {
        assert_eq!(to_json(fixture), documented(name), "{name}");
    }
    assert_eq!(to_json(examples::deletion()), documented("Deletion"));
}

#[test]
fn error_fixtures_equal_documented_examples() {
    for (fixture, status, key) in [
        (to_json(examples::bad_request_plain()), 400, "plain"),
        (to_json(examples::unauthorized_plain()), 401, "plain"),
        (to_json(examples::unauthorized_coded()), 401, "coded"),
        (to_json(examples::forbidden_plain()), 403, "plain"),
        (to_json(examples::forbidden_coded()), 403, "coded"),
        (to_json(examples::conflict_plain()), 409, "plain"),
        (to_json(examples::too_many_requests_coded()), 429, "coded"),
        (
            to_json(examples::internal_server_error_plain()),
            500,
            "plain",
        ),
    ] {
        assert_eq!(fixture, document::response(status, key), "{status} {key}");
    }
}

//! Redirects, which would carry a client secret to a host that nobody chose.

mod support;

use duvo::Delivery;
use support::{Api, any_integration};

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Api::registering();
    for status in [301, 302, 303, 307, 308] {
        let api = Api::answering(status, &[("location", &elsewhere.url())], "");
        let error = api
            .client()
            .register_custom_integration_v1(&any_integration())
            .await
            .unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        let expected = if matches!(status, 307 | 308) {
            Delivery::Rejected
        } else {
            Delivery::Unknown
        };
        assert_eq!(error.delivery(), expected, "{status}");
        assert!(
            error.to_string().contains("redirects are not followed"),
            "{error}"
        );
        assert_eq!(api.requests().len(), 1);
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed_whatever_the_http_client_is_set_to() {
    let elsewhere = Api::registering();
    let api = Api::answering(307, &[("location", &elsewhere.url())], "");
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(10));
    let client = support::builder(&api.url())
        .reqwest_client_builder(http)
        .build()
        .unwrap();
    let error = support::error_of(&client).await;
    assert_eq!(error.status().unwrap(), 307);
    assert_eq!(elsewhere.requests().len(), 0);
}

//! Redirects, which would carry a client secret to another host.

use duvo::Delivery;
use duvo_test_support::api::Api;
use duvo_test_support::client::{builder, registration_error};

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = Api::registering();
    let api = Api::responding(500, &[], "");
    let client = api.client();
    for (status, delivery) in [
        (301, Delivery::Unknown),
        (302, Delivery::Unknown),
        (303, Delivery::Unknown),
        (307, Delivery::Rejected),
        (308, Delivery::Rejected),
    ] {
        api.respond(status, &[("location", &target.url())], "");
        let error = registration_error(&client).await;
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.delivery(), delivery, "{status}");
        assert!(error.to_string().contains("redirect"), "{error}");
        assert_eq!(api.requests().len(), 1);
    }
    assert_eq!(target.requests().len(), 0);
}

#[tokio::test]
async fn redirects_are_not_followed_even_if_the_reqwest_client_would() {
    let target = Api::registering();
    let api = Api::responding(307, &[("location", &target.url())], "");
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(10));
    let client = builder(&api.url())
        .reqwest_client_builder(http)
        .build()
        .unwrap();
    let error = registration_error(&client).await;
    assert_eq!(error.status().unwrap(), 307);
    assert_eq!(target.requests().len(), 0);
}

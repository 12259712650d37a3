//! Proxies that fail: the message names them, without their credentials.

use std::env;
use std::process::Command;

use duvo::{ClientBuilder, Error};
use duvo_test_support::client::{builder, client, policy_without_backoff, registration_error};
use duvo_test_support::closed_port::ClosedPort;
use duvo_test_support::fault_server::{Ending, Fault, FaultServer, response};
use reqwest::Proxy;

use crate::tls_server::start_self_signed;

/// A host that does not exist, so that only the proxy can be reached.
const HOST: &str = "https://duvo.corp.test";

/// Returns the URL with a user name and a password.
fn with_credentials(url: &str) -> String {
    url.replace("://", "://alice:hunter2@")
}

#[track_caller]
fn assert_names(error: &Error, names: &[&str]) {
    let message = error.to_string();
    for name in names {
        assert!(message.contains(name), "{message}");
    }
    let output = format!("{error} {error:?}");
    for secret in ["alice", "hunter2"] {
        assert!(!output.contains(secret), "{output}");
    }
}

async fn error_of(builder: ClientBuilder) -> Error {
    let client = builder.retry_policy(policy_without_backoff()).build();
    registration_error(&client.unwrap()).await
}

#[tokio::test]
async fn dead_proxy_is_named_without_its_credentials() {
    let port = ClosedPort::new();
    for base_url in [HOST, "http://duvo.corp.test"] {
        let builder = builder(base_url).allow_http(true);
        let error = error_of(builder.proxy(with_credentials(&port.url))).await;
        assert!(error.is_connect());
        let proxy = format!("the proxy {} ", port.url);
        assert_names(&error, &[&proxy, base_url, "refused"]);
        assert_eq!(error.attempts().len(), 4);
    }
}

#[tokio::test]
async fn proxy_that_refuses_is_named_without_its_credentials() {
    for status in [407, 403, 502] {
        let proxy = FaultServer::responding(response(status, "", "")).await;
        let error = error_of(builder(HOST).proxy(with_credentials(&proxy.url))).await;
        let name = format!("the proxy {}: ", proxy.url);
        assert_names(&error, &[&name, HOST]);
    }
}

#[tokio::test]
async fn untrusted_proxy_is_named() {
    let (proxy, _) = start_self_signed().await;
    let error = error_of(builder(HOST).proxy(with_credentials(&proxy.url))).await;
    assert_names(&error, &[&format!("the proxy {} ", proxy.url), HOST]);
}

#[tokio::test]
async fn proxy_that_closes_or_resets_is_named() {
    for fault in [Fault::ReadThenClose, Fault::ReadThenReset] {
        let proxy = FaultServer::with_fault(fault).await;
        for base_url in [HOST, "http://duvo.corp.test"] {
            let builder = builder(base_url).allow_http(true);
            let error = error_of(builder.proxy(with_credentials(&proxy.url))).await;
            assert_names(&error, &[&format!("the proxy {}", proxy.url), base_url]);
        }
    }
}

#[tokio::test]
async fn proxy_setting_replaces_the_proxies_of_the_reqwest_client() {
    let used = FaultServer::responding(response(407, "", "")).await;
    let replaced = FaultServer::with_fault(Fault::Respond(Vec::new(), Ending::Close)).await;
    let http = reqwest::Client::builder().proxy(Proxy::all(&replaced.url).unwrap());
    let builder = builder(HOST).reqwest_client_builder(http).proxy(&used.url);
    assert_names(&error_of(builder).await, &[&used.url]);
    assert_eq!(replaced.stats(|stats| stats.requests), 0);
}

#[tokio::test]
async fn dead_proxy_of_the_reqwest_client_is_reported_as_a_proxy() {
    let port = ClosedPort::new();
    let proxy = Proxy::all(with_credentials(&port.url)).unwrap();
    let http = reqwest::Client::builder().proxy(proxy);
    let error = error_of(builder(HOST).reqwest_client_builder(http)).await;
    assert_names(&error, &["the proxy ", HOST, "refused"]);
}

#[tokio::test]
async fn socks_proxy_that_refuses_the_password_is_asked_once() {
    // It chooses to authenticate, and then refuses.
    let proxy = FaultServer::with_fault(Fault::RespondToAnything(vec![5, 2, 1, 1])).await;
    let url = with_credentials(&proxy.url).replace("http:", "socks5:");
    let http = reqwest::Client::builder().proxy(Proxy::all(url).unwrap());
    let builder = builder("https://127.0.0.1:9").reqwest_client_builder(http);
    let error = error_of(builder).await;
    assert_names(&error, &["the user name and the password"]);
    assert_eq!(error.attempts().len(), 1);
}

#[tokio::test]
async fn unreachable_host_is_not_blamed_on_a_proxy() {
    let port = ClosedPort::new();
    let error = registration_error(&client(&port.url)).await;
    assert!(!error.to_string().contains("proxy"), "{error}");
}

/// The base URL of `prints_the_error_of_a_call`.
const BASE_URL: &str = "DUVO_TEST_BASE_URL";
/// Whether it passes a reqwest client.
const CUSTOM: &str = "DUVO_TEST_CUSTOM";

/// Runs in a separate process: the environment of a process must not change while other
/// tests run in it.
#[tokio::test]
#[ignore = "other tests run it, with a proxy in its environment"]
async fn prints_the_error_of_a_call() {
    let mut builder = builder(&env::var(BASE_URL).unwrap()).allow_http(true);
    if env::var_os(CUSTOM).is_some() {
        builder = builder.reqwest_client_builder(reqwest::Client::builder());
    }
    let error = error_of(builder).await;
    println!("{error}\n{error:?}");
}

/// Returns the error of a call in a process with these variables, and no other proxy.
fn error_with_environment(base_url: &str, variables: &[(&str, &str)]) -> String {
    let mut process = Command::new(env::current_exe().unwrap());
    let name = "proxy::prints_the_error_of_a_call";
    process.args([name, "--exact", "--ignored", "--nocapture"]);
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        process.env_remove(variable);
        process.env_remove(variable.to_lowercase());
    }
    process.env_remove("REQUEST_METHOD");
    process.env(BASE_URL, base_url).envs(variables.to_vec());
    let output = String::from_utf8(process.output().unwrap().stdout).unwrap();
    assert!(output.contains("1 passed"), "{output}");
    for secret in ["alice", "hunter2"] {
        assert!(!output.contains(secret), "{output}");
    }
    output
}

#[tokio::test]
async fn dead_proxy_of_the_environment_is_named_without_its_credentials() {
    let port = ClosedPort::new();
    let proxy = with_credentials(&port.url);
    let expected = format!("the proxy {} ", port.url);
    for (base_url, variable) in [
        (HOST, "HTTPS_PROXY"),
        (HOST, "https_proxy"),
        (HOST, "ALL_PROXY"),
        ("http://duvo.corp.test", "HTTP_PROXY"),
    ] {
        let output = error_with_environment(base_url, &[(variable, &proxy)]);
        assert!(output.contains(&expected), "{output}");
    }
    // Without a scheme, it is an HTTP proxy.
    let proxy = proxy.replace("http://", "");
    let output = error_with_environment(HOST, &[("HTTPS_PROXY", &proxy)]);
    assert!(output.contains(&expected), "{output}");
}

#[tokio::test]
async fn proxy_of_the_environment_is_named_only_if_the_call_uses_it() {
    let proxy = ClosedPort::new();
    let api = ClosedPort::new();
    // This address connects to loopback, but is not one.
    let base_url = api.url.replace("127.0.0.1", "0.0.0.0");
    for variables in [
        &[("HTTPS_PROXY", &*proxy.url)][..],
        &[("HTTP_PROXY", &*proxy.url), ("NO_PROXY", "0.0.0.0")],
    ] {
        let output = error_with_environment(&base_url, variables);
        assert!(!output.contains("proxy http"), "{output}");
    }
    let loopback = error_with_environment(&api.url, &[("HTTP_PROXY", &*proxy.url)]);
    assert!(!loopback.contains("proxy http"), "{loopback}");
}

/// The builder's own proxies are unknown, so the proxy is only a possibility.
#[tokio::test]
async fn proxy_of_the_environment_is_a_possibility_for_a_reqwest_client() {
    let proxy = ClosedPort::new();
    let output = error_with_environment(
        "http://duvo.corp.test",
        &[("HTTP_PROXY", &*proxy.url), (CUSTOM, "yes")],
    );
    let expected = format!("http://duvo.corp.test or its proxy {}", proxy.url);
    assert!(output.contains(&expected), "{output}");
}

//! Builds a client with a proxy, a company's certificate authority, and settings of the
//! HTTP client that this crate does not cover.

use std::time::Duration;

use duvo::{Client, RetryPolicy};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Client::builder()
        .api_key(std::env::var("DUVO_API_KEY")?)
        .total_timeout(Duration::from_secs(30))
        .retry_policy(RetryPolicy::default().with_max_attempts(6))
        .reqwest_client_builder(
            reqwest::Client::builder()
                .pool_max_idle_per_host(2)
                .tcp_keepalive(Duration::from_secs(30)),
        );
    if let Ok(proxy) = std::env::var("COMPANY_PROXY") {
        builder = builder.proxy(proxy);
    }
    if let Ok(file) = std::env::var("COMPANY_CA_FILE") {
        builder = builder.root_certificate_pem(std::fs::read(file)?);
    }
    println!("{:?}", builder.build()?);
    Ok(())
}

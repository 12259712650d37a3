//! Registers as often as it is told to, with duvo.

#[path = "../support/clients/duvo.rs"]
#[allow(dead_code)]
mod client;
#[path = "../support/example.rs"]
#[allow(dead_code)]
mod example;
mod program;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result {
    program::run(client::Duvo::new, &async |client: &client::Duvo| {
        client.call().await.map(drop)
    })
}

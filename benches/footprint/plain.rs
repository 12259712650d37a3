//! Registers as often as it is told to, with reqwest and serde.

#[path = "../support/example.rs"]
#[allow(dead_code)]
mod example;
#[path = "../support/clients/plain.rs"]
mod plain;
mod program;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result {
    program::run(plain::Plain::new, &async |client: &plain::Plain| {
        client.call().await.map(drop)
    })
}

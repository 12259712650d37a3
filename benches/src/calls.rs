//! Runs calls of each client.

use std::hint::black_box;
use std::net::SocketAddr;

use benches_clients::Result;
use benches_clients::duvo::{Duvo, DuvoNewValue};
use benches_clients::plain::Plain;
use futures_util::future::try_join_all;
use tokio::runtime::{Builder, Runtime};

use crate::floor::Floor;

/// A measured client.
#[derive(Clone, Copy, Debug)]
pub enum Client {
    /// reqwest and serde, as a user writes it: the baseline.
    Plain,
    /// hyper-util by hand: the least that a call can cost.
    Floor,
    /// duvo with its default settings.
    Duvo,
    /// duvo, reading the status, the request id and a header of each response.
    DuvoWithHeaders,
    /// duvo, creating a new value for each call, and calling for many teams.
    DuvoNewValue,
    /// duvo, calling API v1.
    DuvoV1,
}

impl Client {
    /// All clients, the baseline first.
    pub const ALL: [Self; 6] = [
        Self::Plain,
        Self::Floor,
        Self::Duvo,
        Self::DuvoWithHeaders,
        Self::DuvoNewValue,
        Self::DuvoV1,
    ];

    /// Returns the name of the client in the tables.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Plain => "reqwest + serde, hand-written (A)",
            Self::Floor => "hyper-util by hand (floor)",
            Self::Duvo => "duvo",
            Self::DuvoWithHeaders => "duvo, status and headers read",
            Self::DuvoNewValue => "duvo, new value for each call, many teams",
            Self::DuvoV1 => "duvo, API v1",
        }
    }
}

/// The calls of one client, on a runtime of one thread.
pub struct Calls {
    runtime: Runtime,
    run: Run,
}

impl Calls {
    /// Creates the client and its runtime.
    pub fn new(client: Client, server: SocketAddr) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let url = format!("http://{server}");
        let run = match client {
            Client::Plain => repeat(Plain::new(url)?, Plain::call),
            Client::Floor => repeat(Floor::new(url), Floor::call),
            Client::Duvo => repeat(Duvo::new(url)?, Duvo::call),
            Client::DuvoWithHeaders => repeat(Duvo::new(url)?, Duvo::call_and_read_headers),
            Client::DuvoNewValue => repeat(DuvoNewValue::new(url)?, DuvoNewValue::call),
            Client::DuvoV1 => repeat(Duvo::new(url)?, Duvo::call_v1),
        };
        Ok(Self { runtime, run })
    }

    /// Runs `at_once` tasks concurrently, each of which makes `each` calls in sequence.
    pub fn run(&self, at_once: usize, each: usize) -> Result {
        (self.run)(&self.runtime, at_once, each)
    }
}

/// Runs a number of concurrent tasks, with a number of calls in each.
type Run = Box<dyn Fn(&Runtime, usize, usize) -> Result>;

/// Returns the function that repeats `call`.
fn repeat<C: 'static, T>(client: C, call: impl AsyncFn(&C) -> Result<T> + 'static) -> Run {
    Box::new(move |runtime, at_once, each| {
        let task = async || {
            for _ in 0..each {
                black_box(call(&client).await?);
            }
            Result::Ok(())
        };
        runtime.block_on(async {
            if at_once == 1 {
                return task().await;
            }
            try_join_all((0..at_once).map(|_| task())).await.map(drop)
        })
    })
}

//! The clients that are compared.

use std::future::Future;
use std::hint::black_box;
use std::io;
use std::net::SocketAddr;

use benches_clients::{Result, duvo, plain};
use tokio::runtime::{Builder, Runtime};

use crate::floor;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub enum Client {
    /// reqwest and serde, as a user writes it: what all are compared with.
    Plain,
    /// hyper-util by hand: the least that a call can cost.
    Floor,
    Duvo,
    /// With the status, a header and the request id read.
    DuvoWithHeaders,
    /// With a value that is made for each call, for one of many teams.
    DuvoMadeAnew,
    /// Version 1 of the API.
    DuvoV1,
}

impl Client {
    pub const ALL: [Self; 6] = [
        Self::Plain,
        Self::Floor,
        Self::Duvo,
        Self::DuvoWithHeaders,
        Self::DuvoMadeAnew,
        Self::DuvoV1,
    ];

    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Plain => "reqwest + serde, as a user writes it (A)",
            Self::Floor => "hyper-util by hand (the floor)",
            Self::Duvo => "duvo",
            Self::DuvoWithHeaders => "duvo, with status and headers read",
            Self::DuvoMadeAnew => "duvo, with a value made for each call, for many teams",
            Self::DuvoV1 => "duvo, version 1 of the API",
        }
    }
}

/// A client, and the runtime that its calls run on.
pub struct Calls {
    runtime: Runtime,
    client: Made,
}

enum Made {
    Plain(plain::Plain),
    Floor(floor::Floor),
    Duvo(duvo::Duvo),
    DuvoWithHeaders(duvo::Duvo),
    DuvoMadeAnew(duvo::DuvoNewValue),
    DuvoV1(duvo::Duvo),
}

impl Calls {
    /// # Errors
    ///
    /// If the client or the runtime cannot be made.
    pub fn new(client: Client, server: SocketAddr) -> Result<Self> {
        let base_url = format!("http://{server}");
        let runtime = runtime()?;
        let client = match client {
            Client::Plain => Made::Plain(plain::Plain::new(base_url)?),
            Client::Floor => Made::Floor(floor::Floor::new(base_url)),
            Client::Duvo => Made::Duvo(duvo::Duvo::new(base_url)?),
            Client::DuvoWithHeaders => Made::DuvoWithHeaders(duvo::Duvo::new(base_url)?),
            Client::DuvoMadeAnew => Made::DuvoMadeAnew(duvo::DuvoNewValue::new(base_url)?),
            Client::DuvoV1 => Made::DuvoV1(duvo::Duvo::new(base_url)?),
        };
        Ok(Self { runtime, client })
    }

    /// Makes this many calls, one after the other.
    ///
    /// # Errors
    ///
    /// If a call fails.
    pub fn run(&self, calls: usize) -> Result {
        self.concurrently(1, calls)
    }

    /// Makes as many calls one after the other, and this many times so at once.
    ///
    /// # Errors
    ///
    /// If a call fails.
    pub fn concurrently(&self, at_once: usize, calls: usize) -> Result {
        match &self.client {
            Made::Plain(client) => self.repeat(at_once, calls, || client.call()),
            Made::Floor(client) => self.repeat(at_once, calls, || client.call()),
            Made::Duvo(client) => self.repeat(at_once, calls, || client.call()),
            Made::DuvoWithHeaders(client) => {
                self.repeat(at_once, calls, || client.call_and_read_headers())
            }
            Made::DuvoMadeAnew(client) => self.repeat(at_once, calls, || client.call()),
            Made::DuvoV1(client) => self.repeat(at_once, calls, || client.call_v1()),
        }
    }

    fn repeat<F: Future<Output = Result<impl Sized>>>(
        &self,
        at_once: usize,
        calls: usize,
        call: impl Fn() -> F,
    ) -> Result {
        let one_by_one = || async {
            for _ in 0..calls {
                black_box(call().await?);
            }
            Ok(())
        };
        self.runtime.block_on(async {
            if at_once == 1 {
                return one_by_one().await;
            }
            let all = (0..at_once).map(|_| one_by_one());
            futures_util::future::try_join_all(all).await.map(drop)
        })
    }
}

/// A runtime of one thread.
///
/// # Errors
///
/// If the system gives none.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

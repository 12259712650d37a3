//! How many instructions calls take, by callgrind. The server is the one that
//! `table` has started, or else a thread, which callgrind does not count.

use benches::{Calls, Client, server};
use gungraun::prelude::*;

/// Calls that are ready to be made.
struct Run {
    calls: Calls,
    at_once: usize,
    each: usize,
}

impl Run {
    /// With a client that is connected as often as it will be, and has seen its first
    /// calls.
    fn new(client: Client, at_once: usize, each: usize) -> Self {
        let calls = Calls::new(client, server::address().unwrap()).unwrap();
        calls.run(10).unwrap();
        calls.concurrently(at_once, 2).unwrap();
        Self {
            calls,
            at_once,
            each,
        }
    }

    fn make(self) -> Calls {
        self.calls.concurrently(self.at_once, self.each).unwrap();
        self.calls
    }
}

fn one_by_one(client: Client, each: usize) -> Run {
    Run::new(client, 1, each)
}

fn at_once(client: Client, at_once: usize) -> Run {
    Run::new(client, at_once, 10)
}

#[library_benchmark(setup = one_by_one)]
#[bench::plain(Client::Plain, 100)]
#[bench::floor(Client::Floor, 100)]
#[bench::duvo(Client::Duvo, 100)]
#[bench::duvo_with_headers(Client::DuvoWithHeaders, 100)]
#[bench::duvo_made_anew(Client::DuvoMadeAnew, 100)]
#[bench::duvo_v1(Client::DuvoV1, 100)]
fn calls(run: Run) -> Calls {
    run.make()
}

#[library_benchmark(setup = one_by_one)]
#[benches::with_setup(args = [
    (Client::Duvo, 1),
    (Client::Duvo, 10),
    (Client::Duvo, 100),
    (Client::Duvo, 1_000),
    (Client::Duvo, 10_000),
    (Client::Plain, 1),
    (Client::Plain, 10),
    (Client::Plain, 100),
    (Client::Plain, 1_000),
    (Client::Plain, 10_000),
])]
fn more_calls(run: Run) -> Calls {
    run.make()
}

#[library_benchmark(setup = at_once)]
#[benches::with_setup(args = [
    (Client::Duvo, 1),
    (Client::Duvo, 10),
    (Client::Duvo, 100),
    (Client::Duvo, 1_000),
    (Client::Plain, 1),
    (Client::Plain, 10),
    (Client::Plain, 100),
    (Client::Plain, 1_000),
])]
fn more_at_once(run: Run) -> Calls {
    run.make()
}

library_benchmark_group!(name = call, benchmarks = [calls, more_calls, more_at_once]);
main!(
    config = LibraryBenchmarkConfig::default().pass_through_env(server::ADDRESS),
    library_benchmark_groups = call
);

//! Counts the instructions of calls, with Callgrind.
//!
//! The server is the one that `table` has started. Without `table`, it is a thread of
//! this process, whose instructions Callgrind does not count.

use benches::{Calls, Client, server};
use gungraun::prelude::*;

/// A connected client, and the number of calls to measure.
struct Prepared {
    calls: Calls,
    at_once: usize,
    each: usize,
}

/// Opens all connections, and makes the first calls, which cost more.
fn prepare(client: Client, at_once: usize, each: usize) -> Prepared {
    let calls = Calls::new(client, server::address().unwrap()).unwrap();
    calls.run(1, 10).unwrap();
    calls.run(at_once, 2).unwrap();
    Prepared {
        calls,
        at_once,
        each,
    }
}

/// Runs the calls, and returns the client so that its drop is not counted.
fn run(prepared: Prepared) -> Calls {
    let calls = prepared.calls;
    calls.run(prepared.at_once, prepared.each).unwrap();
    calls
}

#[library_benchmark(setup = prepare)]
#[bench::plain(Client::Plain, 1, 100)]
#[bench::floor(Client::Floor, 1, 100)]
#[bench::duvo(Client::Duvo, 1, 100)]
#[bench::duvo_with_headers(Client::DuvoWithHeaders, 1, 100)]
#[bench::duvo_new_value(Client::DuvoNewValue, 1, 100)]
#[bench::duvo_v1(Client::DuvoV1, 1, 100)]
fn clients(prepared: Prepared) -> Calls {
    run(prepared)
}

#[library_benchmark(setup = prepare)]
#[benches::growth(args = [
    (Client::Duvo, 1, 1),
    (Client::Duvo, 1, 10),
    (Client::Duvo, 1, 100),
    (Client::Duvo, 1, 1000),
    (Client::Duvo, 1, 10000),
    (Client::Duvo, 10, 10),
    (Client::Duvo, 100, 10),
    (Client::Duvo, 1000, 10),
    (Client::Plain, 1, 1),
    (Client::Plain, 1, 10),
    (Client::Plain, 1, 100),
    (Client::Plain, 1, 1000),
    (Client::Plain, 1, 10000),
    (Client::Plain, 10, 10),
    (Client::Plain, 100, 10),
    (Client::Plain, 1000, 10),
])]
fn growth(prepared: Prepared) -> Calls {
    run(prepared)
}

library_benchmark_group!(name = call, benchmarks = [clients, growth]);
main!(
    config = LibraryBenchmarkConfig::default().pass_through_env(server::ADDRESS),
    library_benchmark_groups = call
);

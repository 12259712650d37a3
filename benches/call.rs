//! How many instructions a call takes, by callgrind.

use benches::{Calls, Client, server};
use gungraun::prelude::*;

/// How many calls are counted together.
const CALLS: usize = 100;

/// A client that is connected, and has seen its first calls.
fn warm(client: Client) -> Calls {
    let calls = Calls::new(client, server::start().unwrap()).unwrap();
    calls.run(10).unwrap();
    calls
}

#[library_benchmark(setup = warm)]
#[bench::plain(Client::Plain)]
#[bench::floor(Client::Floor)]
#[bench::duvo(Client::Duvo)]
#[bench::duvo_with_headers(Client::DuvoWithHeaders)]
#[bench::duvo_v1(Client::DuvoV1)]
fn calls(calls: Calls) -> Calls {
    calls.run(CALLS).unwrap();
    calls
}

library_benchmark_group!(name = call, benchmarks = [calls]);
main!(library_benchmark_groups = call);

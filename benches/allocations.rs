//! Prints the allocations and the allocated bytes per call, in one line for each client.
//!
//! A reallocation counts as an allocation. This is a separate program because counting
//! takes time.

use std::alloc::System;

use benches::{Calls, Client, Result, server};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CALLS: u32 = 1_000;

fn main() -> Result {
    let server = server::address()?;
    let per_call =
        |total: usize| -> Result<f64> { Ok(f64::from(u32::try_from(total)?) / f64::from(CALLS)) };
    for client in Client::ALL {
        let calls = Calls::new(client, server)?;
        calls.run(1, 10)?;
        let region = Region::new(ALLOCATOR);
        calls.run(1, CALLS as usize)?;
        let change = region.change();
        let allocations = per_call(change.allocations + change.reallocations)?;
        println!("{allocations} {}", per_call(change.bytes_allocated)?);
    }
    Ok(())
}

//! Registers integrations with reqwest and serde.

use benches_clients::Result;
use benches_clients::plain::Plain;

fn main() -> Result {
    footprint::run(Plain::new, &Plain::call)
}

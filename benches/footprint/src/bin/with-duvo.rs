//! Registers integrations with duvo.

use benches_clients::Result;
use benches_clients::duvo::Duvo;

fn main() -> Result {
    footprint::run(Duvo::new, &Duvo::call)
}

//! The client generated from `openapi/duvo.yaml`.

#![allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    unreachable_pub,
    unused_mut,
    unused_qualifications
)]

pub(crate) mod types {
    include_generated!("types.rs");
}

mod operations {
    include_generated!("operations.rs");
}

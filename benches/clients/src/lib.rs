//! The clients that the benchmarks and the footprint programs compare.
//!
//! Without the feature `duvo`, nothing here depends on duvo, so that the program without
//! duvo has its real size.

#![allow(
    clippy::missing_errors_doc,
    reason = "a benchmark prints every error and exits"
)]

use std::error::Error;

#[cfg(feature = "duvo")]
pub mod duvo;
pub mod example;
pub mod plain;

pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

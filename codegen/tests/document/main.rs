//! Tests of the generator, on a small document and on the document of the crate `duvo`.

mod errors;
mod examples;
mod mutations;
mod names;
mod support;
mod types;
mod unions;
mod parameters;
mod responses;
mod line_endings;
mod markdown;

//! Tests of the generator, on a small document and on the document of the crate `duvo`.

mod bodies;
mod compositions;
mod errors;
mod example_page;
mod layout;
mod line_endings;
mod markdown;
mod mutations;
mod names;
mod parameters;
mod parts;
mod placeholders;
mod references;
mod responses;
mod safety;
mod security;
mod support;
mod types;
mod unions;
mod variations;

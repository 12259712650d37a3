//! Tests of the generator, on a small document and on the one of the workspace.

mod errors;
mod examples;
mod mutations;

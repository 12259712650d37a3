//! Generates the client and the test kit from the OpenAPI document. Without the
//! feature `codegen` there is nothing to do, as the crate has the committed source.

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[cfg(feature = "codegen")]
#[path = "build/mod.rs"]
mod build;
#[cfg(feature = "codegen")]
#[path = "build/codegen.rs"]
mod codegen;

const DOCUMENT: &str = "openapi/duvo.yaml";

fn main() {
    // Without a line such as this, a change of any file would run it again.
    println!("cargo::rerun-if-changed={DOCUMENT}");
    #[cfg(feature = "codegen")]
    codegen::main();
}

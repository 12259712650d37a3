//! Generates the client and the mock server from the OpenAPI document. Without the
//! feature `codegen`, the crate compiles the committed output in `src/generated/`,
//! and this script does nothing.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Without this line, Cargo would rerun the script after every change in the package.
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "codegen")]
    return duvo_codegen::build_script::run("openapi/duvo.yaml");
    #[cfg(not(feature = "codegen"))]
    ExitCode::SUCCESS
}

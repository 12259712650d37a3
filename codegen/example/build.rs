//! Generates the client and the mock server.

use std::process::ExitCode;

use duvo_codegen::{Settings, build_script};

fn main() -> ExitCode {
    let reserved_methods = ["exec", "start", "url"].map(str::to_owned).to_vec();
    let settings = Settings {
        reserved_methods,
        ..Settings::default()
    };
    build_script::run("openapi.yaml", &settings)
}

//! Generates the client and the mock server from the OpenAPI document. Without the
//! feature `codegen`, the crate compiles the committed output in `src/generated/`,
//! and this script does nothing.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Without this line, Cargo would rerun the script after every change in the package.
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "codegen")]
    return duvo_codegen::build_script::run("openapi/duvo.yaml", &settings());
    #[cfg(not(feature = "codegen"))]
    ExitCode::SUCCESS
}

#[cfg(feature = "codegen")]
fn settings() -> duvo_codegen::Settings {
    use duvo_codegen::parse_quote;

    // The methods of the mock server and of `Call`.
    let reserved_methods = [
        "assert_no_unmatched_requests",
        "catalogue",
        "client",
        "client_builder",
        "exec",
        "exec_empty",
        "exec_optional",
        "new",
        "redactor",
        "requests",
        "send",
        "start",
        "unmatched_requests",
        "url",
        "with_api_key",
    ];
    duvo_codegen::Settings {
        types: parse_quote!(crate::generated::types),
        call: parse_quote!(crate::call::Call<'_>),
        request: parse_quote!(crate::call::request),
        result: parse_quote!(crate::error::Result),
        response: parse_quote!(crate::response::Response),
        secret: parse_quote!(crate::secret::SerializableSecret),
        timestamp: parse_quote!(crate::timestamp::Timestamp),
        mock: parse_quote!(crate::mock),
        mock_feature: "mock".to_owned(),
        reserved_methods: reserved_methods.map(str::to_owned).to_vec(),
    }
}

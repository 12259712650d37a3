use duvo_codegen::{Generated, Report, Settings};

/// A small document for tests that edit it.
pub const SAMPLE: &str = include_str!("sample.yaml");

/// The document of the crate `duvo`.
pub const DOCUMENT: &str = include_str!("../../../openapi/duvo.yaml");

/// Generates code for a consumer that has its own method on the call and another
/// one on the mock server.
pub fn generate(text: &str) -> Result<Generated, Report> {
    let settings = Settings {
        reserved_methods: vec!["exec".to_owned(), "unmatched_requests".to_owned()],
        ..Settings::default()
    };
    duvo_codegen::generate(text, &settings)
}

use syn::{Ident, Path, Type, parse_quote};

/// Names of the consumer, the crate that compiles the generated code.
///
/// The paths are Rust paths as seen from the consumer, so they start with `crate`. The
/// crate documentation lists what the consumer must provide at each of them.
#[derive(Clone)]
pub struct Settings {
    /// The module that includes the generated types. Defaults to
    /// `crate::generated::types`.
    pub types: Path,
    /// The type whose methods are the generated operations. Defaults to
    /// `crate::call::Call<'_>`.
    pub call: Type,
    /// The module with the types that the operations build a request from. Defaults to
    /// `crate::request`.
    pub request: Path,
    /// The `Result` alias that the operations return, generic over the success type.
    /// Defaults to `crate::Result`.
    pub result: Path,
    /// The type of a successful response, generic over the body. Defaults to
    /// `crate::Response`.
    pub response: Path,
    /// The type of a string with `format: password`. Defaults to `crate::Secret`.
    pub secret: Path,
    /// The type of a string with `format: date-time`. Defaults to `crate::Timestamp`.
    pub timestamp: Path,
    /// The module with the parts of the mock server. Defaults to `crate::mock`.
    pub mock: Path,
    /// The Cargo feature that enables the mock server, for the documentation of types.
    /// Defaults to `mock`.
    pub mock_feature: String,
    /// The names of the consumer's own methods on [`call`](Self::call) and on the mock
    /// server. An operation cannot have these names. A name that starts with `with_` is
    /// that of a matcher, which no parameter or property gets. Defaults to none.
    pub reserved_methods: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            types: parse_quote!(crate::generated::types),
            call: parse_quote!(crate::call::Call<'_>),
            request: parse_quote!(crate::request),
            result: parse_quote!(crate::Result),
            response: parse_quote!(crate::Response),
            secret: parse_quote!(crate::Secret),
            timestamp: parse_quote!(crate::Timestamp),
            mock: parse_quote!(crate::mock),
            mock_feature: "mock".to_owned(),
            reserved_methods: Vec::new(),
        }
    }
}

impl Settings {
    /// Returns the path of a generated type.
    pub(crate) fn type_path(&self, name: &str) -> String {
        let types = path_text(&self.types);
        format!("{types}::{name}")
    }
}

/// Returns a path as it is written in source code.
pub(crate) fn path_text(path: &Path) -> String {
    let segments: Vec<_> = path
        .segments
        .iter()
        .map(|segment| Ident::to_string(&segment.ident))
        .collect();
    segments.join("::")
}

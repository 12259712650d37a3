use crate::generated::types;

/// The method by which teammates' connections authenticate to the MCP server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum AuthMethod {
    /// Nothing beyond the server's URL: `url`.
    Url,
    /// A token: `apikey`.
    ApiKey,
    /// Custom headers: `headers`.
    Headers,
    /// OAuth: `oauth`.
    OAuth,
}

impl From<types::AuthMethod> for AuthMethod {
    fn from(method: types::AuthMethod) -> Self {
        match method {
            types::AuthMethod::Url => Self::Url,
            types::AuthMethod::Apikey => Self::ApiKey,
            types::AuthMethod::Headers => Self::Headers,
            types::AuthMethod::Oauth => Self::OAuth,
        }
    }
}

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::generated::types;

/// The name of a method by which teammates' connections authenticate to an MCP server, for
/// command lines and configuration files. [`Auth`](crate::Auth) is the method with its OAuth client.
///
/// `FromStr` and `Deserialize` accept the API's own names, and `Display` and `Serialize`
/// return them: `url`, `apikey`, `headers` and `oauth`, by Duvo's [API reference].
///
/// ```
/// use duvo::AuthMethod;
///
/// let method: AuthMethod = "apikey".parse()?;
/// assert_eq!(method, AuthMethod::ApiKey);
/// assert_eq!(method.to_string(), "apikey");
/// # Ok::<(), duvo::ParseAuthMethodError>(())
/// ```
///
/// [API reference]: https://docs.duvo.ai/api-reference/integrations/register-custom-integration
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(from = "types::AuthMethod", into = "types::AuthMethod")]
#[non_exhaustive]
pub enum AuthMethod {
    /// Nothing beyond the server's URL: `url`.
    Url,
    /// A token: `apikey`.
    ApiKey,
    /// Custom headers: `headers`.
    Headers,
    /// OAuth: `oauth`.
    OAuth,
}

/// The error of parsing an [`AuthMethod`]. `Display` lists the valid names, and does not
/// repeat the invalid one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseAuthMethodError;

impl AuthMethod {
    /// Every auth method, in the order of the API reference.
    pub const ALL: &'static [Self] = &[Self::Url, Self::ApiKey, Self::Headers, Self::OAuth];
}

/// Converts the type of a request to the mock server.
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

/// Converts to the type that the mock server expects.
impl From<AuthMethod> for types::AuthMethod {
    fn from(method: AuthMethod) -> Self {
        match method {
            AuthMethod::Url => Self::Url,
            AuthMethod::ApiKey => Self::Apikey,
            AuthMethod::Headers => Self::Headers,
            AuthMethod::OAuth => Self::Oauth,
        }
    }
}

impl fmt::Display for AuthMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&types::AuthMethod::from(*self).to_string())
    }
}

impl FromStr for AuthMethod {
    type Err = ParseAuthMethodError;

    fn from_str(text: &str) -> Result<Self, ParseAuthMethodError> {
        types::AuthMethod::from_str(text)
            .map(Self::from)
            .map_err(|_| ParseAuthMethodError)
    }
}

impl fmt::Display for ParseAuthMethodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be one of ")?;
        for (index, method) in AuthMethod::ALL.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{method}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ParseAuthMethodError {}

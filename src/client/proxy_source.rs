use std::fmt;

/// The source of the proxy, for `Debug`.
pub(super) enum ProxySource {
    /// The setting `proxy`, with its user information redacted.
    Url(String),
    /// No proxy is used, because the base URL is loopback.
    Disabled,
    Environment,
    ReqwestClientBuilder,
}

impl fmt::Debug for ProxySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => f.debug_tuple("Url").field(url).finish(),
            Self::Disabled => f.write_str("Disabled"),
            Self::Environment => f.write_str("Environment"),
            Self::ReqwestClientBuilder => f.write_str("ReqwestClientBuilder"),
        }
    }
}

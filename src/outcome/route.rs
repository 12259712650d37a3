use std::fmt;

/// The base URL of a client, and the proxy before it, for error messages.
pub(crate) struct Route {
    pub(crate) base_url: String,
    pub(crate) proxy: Proxy,
}

/// The proxy of a client, as far as it is known. Its URL has no credentials.
pub(crate) enum Proxy {
    /// Every request uses it.
    Used(String),
    /// No request uses a proxy.
    Unused,
    /// The caller's reqwest client decides. The environment has this proxy for the base
    /// URL, if it has one.
    Unknown { environment: Option<String> },
}

/// Names the base URL within a sentence, and the proxy if there is one.
impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base_url)?;
        match &self.proxy {
            Proxy::Used(proxy) => write!(f, " through the proxy {proxy}"),
            _ => Ok(()),
        }
    }
}

impl Route {
    /// Whether every connection is to a proxy: plain HTTP needs no tunnel.
    pub(super) fn connects_to_proxy(&self) -> bool {
        matches!(self.proxy, Proxy::Used(_)) && !self.is_https()
    }

    fn is_https(&self) -> bool {
        self.base_url.starts_with("https:")
    }

    /// Names what a failed connection was to, within a sentence. Connections to a proxy
    /// can be recognized by their error if the base URL is https, except for timeouts.
    pub(super) fn connect_target(&self, is_proxy_connection: bool, is_timeout: bool) -> String {
        let base_url = &self.base_url;
        match &self.proxy {
            Proxy::Used(proxy) if is_proxy_connection => {
                format!("the proxy {proxy} on the way to {base_url}")
            }
            Proxy::Unknown { .. } if is_proxy_connection => {
                format!("the proxy on the way to {base_url}")
            }
            Proxy::Unknown {
                environment: Some(proxy),
            } if !self.is_https() || is_timeout => format!("{base_url} or its proxy {proxy}"),
            _ => self.to_string(),
        }
    }
}

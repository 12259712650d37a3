pub(crate) mod builder;
mod http;
mod http_clients;
mod proxy_source;
mod url_cache;

use std::fmt;
use std::sync::Arc;

use ::http::HeaderValue;
use tokio::runtime::Handle;
use url::Url;

use crate::error::Result;
use crate::outcome::Route;
use crate::retry::{RateLimit, RetryPolicy};
use crate::secret::Secret;
use crate::timeouts::Timeouts;
use http_clients::HttpClients;
use proxy_source::ProxySource;
use url_cache::UrlCache;

/// A client of Duvo's API.
///
/// Create one client and keep it: cloning is cheap, and clones share the connections and
/// the rate-limit state. Once a response reports that the rate limit is
/// exhausted, all clones wait.
///
/// Redirects are not followed, because a redirect would send a client secret to
/// another host.
///
/// Calls require a Tokio runtime with time and I/O enabled. Outside a runtime, they
/// return an error. A client works in several runtimes, also at the same time, such as a
/// `static` in tests: each runtime has its own connections. A client with a
/// [reqwest client](crate::ClientBuilder::reqwest_client_builder) works in only one
/// runtime at a time, because such a builder cannot be used twice; in another, calls
/// return an error until the first runtime has been dropped.
///
/// If the future of a call is dropped before it completes, for example by `select!` or
/// a timeout, it is unknown whether the call took effect. Its span then has the
/// `error.type` `cancelled`.
///
/// # Panics
///
/// A call panics in a Tokio runtime without time or I/O enabled, because Tokio cannot
/// be asked whether they are.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: HttpClients,
    route: Route,
    base_path: String,
    urls: UrlCache,
    api_key: Secret,
    authorization: HeaderValue,
    user_agent: HeaderValue,
    timeouts: Timeouts,
    retry_policy: RetryPolicy,
    safe_retry_policy: RetryPolicy,
    rate_limit: RateLimit,
    proxy: ProxySource,
    root_certificates: usize,
}

/// The integrations of one team, through API v2. Created by [`Client::team`] or
/// [`Client::own_team`].
#[derive(Clone)]
pub struct Team {
    pub(crate) client: Client,
    pub(crate) id: String,
}

impl Client {
    /// Returns the team with this identifier, which is the `id` of one of the
    /// [`teams`](Self::teams) of the API key, and the `team_id` of each of its integrations. Calls validate the identifier.
    #[must_use]
    pub fn team(&self, id: impl Into<String>) -> Team {
        Team {
            client: self.clone(),
            id: id.into(),
        }
    }

    /// Returns the HTTP client of a runtime, and whether it was idle.
    pub(crate) fn http(&self, runtime: &Handle) -> Result<(reqwest::Client, bool)> {
        self.0.http.get(runtime)
    }

    pub(crate) fn route(&self) -> &Route {
        &self.0.route
    }

    pub(crate) fn base_path(&self) -> &str {
        &self.0.base_path
    }

    /// Returns the base URL with another path.
    pub(crate) fn url(&self, path: &str) -> Url {
        self.0.urls.url(path)
    }

    pub(crate) fn api_key(&self) -> &Secret {
        &self.0.api_key
    }

    pub(crate) fn authorization(&self) -> &HeaderValue {
        &self.0.authorization
    }

    pub(crate) fn user_agent(&self) -> &HeaderValue {
        &self.0.user_agent
    }

    pub(crate) fn timeouts(&self) -> &Timeouts {
        &self.0.timeouts
    }

    /// Returns the retry policy for requests that change nothing, or for others.
    pub(crate) fn retry_policy(&self, is_safe: bool) -> &RetryPolicy {
        if is_safe {
            &self.0.safe_retry_policy
        } else {
            &self.0.retry_policy
        }
    }

    pub(crate) fn rate_limit(&self) -> &RateLimit {
        &self.0.rate_limit
    }
}

/// Prints the settings. The API key is redacted, and so is the user information of the
/// proxy; of the root certificates, only the number of settings is printed.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.route.base_url)
            .field("api_key", &self.0.api_key)
            .field("user_agent", &self.0.user_agent)
            .field("connect_timeout", &self.0.timeouts.connect)
            .field("attempt_timeout", &self.0.timeouts.attempt)
            .field("total_timeout", &self.0.timeouts.total)
            .field("retry_policy", &self.0.retry_policy)
            .field("proxy", &self.0.proxy)
            .field("root_certificates", &self.0.root_certificates)
            .finish()
    }
}

/// Prints the base URL, and not the other settings of the client.
impl fmt::Debug for Team {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Team")
            .field("id", &self.id)
            .field("base_url", &self.client.0.route.base_url)
            .finish_non_exhaustive()
    }
}

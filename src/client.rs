use std::env;
use std::ffi::OsString;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method};
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::error::{Error, InvalidField, Result};
use crate::generated::SERVER_URL;
use crate::idempotency_key::IdempotencyKeys;
use crate::rate_limit::RateLimit;
use crate::retry::RetryPolicy;
use crate::secret::Secret;
use crate::timeouts::Timeouts;

const DEFAULT_USER_AGENT: &str = concat!("duvo-rs/", env!("CARGO_PKG_VERSION"));

/// A client of Duvo's API.
///
/// It is cheap to clone, and clones share one pool of connections and what
/// they know of the rate limit: once an answer says that it is used up, all wait.
/// Make one for the program and keep it.
///
/// Redirects are not followed, since a redirect would carry a client secret to
/// a host that nobody chose.
///
/// Calls need a Tokio runtime with time and I/O enabled. Without a runtime they are
/// refused with an error.
///
/// A call that is dropped before it ends, as by `select!` or a timeout of your
/// own, is cut off wherever it is: whether it took effect is unknown.
///
/// # Panics
///
/// A call panics in a Tokio runtime whose time or I/O is not enabled: Tokio has no
/// way to ask.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    base_url: String,
    base_path: String,
    base: Url,
    /// Those of the paths that were called first; one is never replaced.
    first_urls: [OnceLock<Url>; 4],
    api_key: Secret,
    authorization: HeaderValue,
    user_agent: HeaderValue,
    timeouts: Timeouts,
    retry_policy: RetryPolicy,
    retry_policy_of_reads: RetryPolicy,
    rate_limit: RateLimit,
    idempotency_keys: IdempotencyKeys,
}

/// The settings of a [`Client`]. Only the API key has no default.
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    api_key: Option<Secret>,
    base_url: String,
    names: Names,
    allow_http: bool,
    user_agent: Option<String>,
    timeouts: Timeouts,
    retry_policy: RetryPolicy,
    root_certificates: Vec<Vec<u8>>,
    proxy: Option<String>,
    http: Option<reqwest::ClientBuilder>,
}

/// What the one who made the settings calls them.
#[derive(Clone, Copy, Debug)]
struct Names {
    api_key: &'static str,
    base_url: &'static str,
}

/// The integrations of one team: version 2 of the API. Made by
/// [`Client::team`].
#[derive(Clone, Debug)]
pub struct Team {
    pub(crate) client: Client,
    pub(crate) id: String,
}

impl Client {
    /// A client for `https://api.duvo.ai` with the default settings.
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::build`].
    pub fn new(api_key: impl Into<Secret>) -> Result<Self> {
        Self::builder().api_key(api_key).build()
    }

    /// A client with the settings of the environment, and else the defaults.
    /// See [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build()
    }

    /// The settings of a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            api_key: None,
            base_url: SERVER_URL.to_owned(),
            names: Names {
                api_key: "api_key",
                base_url: "base_url",
            },
            allow_http: false,
            user_agent: None,
            timeouts: Timeouts::DEFAULT,
            retry_policy: RetryPolicy::default(),
            root_certificates: Vec::new(),
            proxy: None,
            http: None,
        }
    }

    /// The integrations of the team with this identifier, through version 2 of
    /// the API. An identifier that cannot be one is refused by the calls.
    #[must_use]
    pub fn team(&self, id: impl Into<String>) -> Team {
        Team {
            client: self.clone(),
            id: id.into(),
        }
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.0.base_url
    }

    pub(crate) fn base_path(&self) -> &str {
        &self.0.base_path
    }

    /// The base URL with another path. Most programs call a few paths again and
    /// again, so the first ones are parsed once.
    pub(crate) fn url(&self, path: &str) -> Url {
        let parse = || {
            let mut url = self.0.base.clone();
            url.set_path(path);
            url
        };
        let mut first_urls = self.0.first_urls.iter().map(|url| url.get_or_init(parse));
        first_urls
            .find(|url| url.path() == path)
            .cloned()
            .unwrap_or_else(parse)
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

    /// When a request with this method is tried again.
    pub(crate) fn retry_policy(&self, method: &Method) -> &RetryPolicy {
        if method.is_safe() {
            &self.0.retry_policy_of_reads
        } else {
            &self.0.retry_policy
        }
    }

    pub(crate) fn rate_limit(&self) -> &RateLimit {
        &self.0.rate_limit
    }

    pub(crate) fn idempotency_keys(&self) -> &IdempotencyKeys {
        &self.0.idempotency_keys
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url)
            .field("user_agent", &self.0.user_agent)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user_agent = self.user_agent.as_deref().unwrap_or(DEFAULT_USER_AGENT);
        // The base URL is not checked yet, and may hold a password; the HTTP
        // client may have headers.
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key)
            .field("allow_http", &self.allow_http)
            .field("user_agent", &user_agent)
            .field("timeouts", &self.timeouts)
            .field("retry_policy", &self.retry_policy)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// The settings of the environment. The variables are those of Duvo's own
    /// command line:
    ///
    /// - `DUVO_API_KEY`: the API key.
    /// - `DUVO_API_BASE_URL`: the base URL. Defaults to `https://api.duvo.ai`.
    ///
    /// An empty variable is as good as none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), if a
    /// variable is not Unicode.
    pub fn from_env() -> Result<Self> {
        Self::from_variables(|name| env::var_os(name))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let names = Names {
            api_key: "DUVO_API_KEY",
            base_url: "DUVO_API_BASE_URL",
        };
        let mut faults = Vec::new();
        let mut read = |name| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            value
                .into_string()
                .map_err(|_| faults.push(InvalidField::new(name, "is not Unicode")))
                .ok()
        };
        let api_key = read(names.api_key).map(Secret::from);
        let base_url = read(names.base_url).unwrap_or_else(|| SERVER_URL.to_owned());
        if faults.is_empty() {
            Ok(Self {
                api_key,
                base_url,
                names,
                ..Client::builder()
            })
        } else {
            Err(Error::configuration(faults))
        }
    }

    /// The API key, from the Duvo dashboard. It belongs to one team and has
    /// the permissions of the user who made it; to register an integration,
    /// that is the manager role or above. Required.
    pub fn api_key(mut self, api_key: impl Into<Secret>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// The URL that the paths of the API are appended to. It may have a path
    /// of its own. It must be https, or http to loopback: `localhost`, 127.0.0.0/8
    /// or `::1`.
    /// Defaults to `https://api.duvo.ai`.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Whether a base URL may be plain http to an address other than loopback,
    /// which sends the API key and client secrets in the clear; and whether a proxy
    /// elsewhere may have what plain http sends to loopback. Defaults to `false`.
    pub fn allow_http(mut self, allow_http: bool) -> Self {
        self.allow_http = allow_http;
        self
    }

    /// The `User-Agent` of the requests. Defaults to `duvo-rs/` and the
    /// version of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// How long connecting may take, TLS included; at most half of the attempt
    /// timeout and of the total timeout, so that a host that does not answer is
    /// told from an API that does not. Defaults to 10 seconds.
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.timeouts.connect = connect_timeout;
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the
    /// answer. Defaults to 30 seconds.
    pub fn attempt_timeout(mut self, attempt_timeout: Duration) -> Self {
        self.timeouts.attempt = attempt_timeout;
        self
    }

    /// How long a call may take in all, with every attempt and the waits
    /// between them. Defaults to 120 seconds.
    pub fn total_timeout(mut self, total_timeout: Duration) -> Self {
        self.timeouts.total = total_timeout;
        self
    }

    /// When a call is tried again. Defaults to [`RetryPolicy::default`]: up to
    /// 4 attempts, and only where the API did not act.
    pub fn retry_policy(mut self, retry_policy: RetryPolicy) -> Self {
        self.retry_policy = retry_policy;
        self
    }

    /// Trusts the certificates in this PEM text too, beside those that the system
    /// trusts; for a gateway with a certificate authority of its own, say. May
    /// be given several times. Defaults to none.
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// The URL of the proxy that every request goes through, whatever the
    /// environment and the system are set to; as
    /// `http://user:password@proxy.example.com:3128`, with a user name and a
    /// password if the proxy asks for them. Defaults to that of the environment
    /// (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and the like), or else, with the
    /// feature `system-proxy`, of Windows or macOS; and to none if the base URL is
    /// loopback. If that is plain http, the proxy must be loopback too, unless
    /// [`allow_http`](Self::allow_http) is set.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// The settings of the HTTP client that this builder has none for.
    /// This is the one place where a type of `reqwest` (0.13) is part of this
    /// crate's API. Defaults to `reqwest`'s own, without decompression, and
    /// without a proxy if the base URL is loopback; a builder that is given keeps
    /// its own decompression and proxies.
    ///
    /// It takes the builder and not a finished client, for settings that are this
    /// crate's, whatever the builder says:
    ///
    /// - Redirects are not followed. A redirect would carry the client secret
    ///   to wherever it points, and a failure behind one looks as if nothing
    ///   had been sent.
    /// - `reqwest` does not send a request again; the
    ///   [retry policy](Self::retry_policy) decides on that.
    /// - What goes over the wire is not logged (`connection_verbose`).
    /// - If the base URL is plain http to loopback, the builder's proxies and those
    ///   of the environment are not used, unless [`allow_http`](Self::allow_http)
    ///   is set.
    /// - The [connect timeout](Self::connect_timeout). Other timeouts of the
    ///   builder are in force beside those of this crate;
    ///   [`Error::timeout`] does not name them.
    pub fn reqwest_client_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.http = Some(builder);
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration), with
    /// every setting that is at fault: no API key, or one with other than
    /// visible ASCII characters; a base URL that is not absolute, has
    /// credentials, a query or a fragment, is plain http where that is not
    /// allowed, or https where no TLS is compiled in; a user agent that a
    /// header cannot hold; a certificate that is none; a proxy that is not an
    /// http or https URL, or that is elsewhere while the base URL is plain http to
    /// loopback. Also if TLS cannot be set up.
    pub fn build(self) -> Result<Client> {
        let mut faults = Vec::new();
        let authorization = self
            .authorization()
            .map_err(|fault| faults.push(fault))
            .ok();
        let base_url = self
            .parsed_base_url()
            .map_err(|fault| faults.push(fault))
            .ok();
        let user_agent = match &self.user_agent {
            None => Some(const { HeaderValue::from_static(DEFAULT_USER_AGENT) }),
            Some(user_agent) => HeaderValue::try_from(user_agent).ok(),
        };
        if user_agent.is_none() {
            let fault = "has a character that an HTTP header cannot hold";
            faults.push(InvalidField::new("user_agent", fault));
        }
        let certificates = self.certificates().map_err(|fault| faults.push(fault)).ok();
        // Plain http that is allowed only since it stays on this machine.
        let is_confined = !self.allow_http
            && base_url
                .as_ref()
                .is_some_and(|url| url.scheme() == "http" && is_loopback(url));
        let proxy = self
            .parsed_proxy(is_confined)
            .map_err(|fault| faults.push(fault))
            .ok();
        let (
            Some(api_key),
            Some(authorization),
            Some(base_url),
            Some(user_agent),
            Some(certificates),
            Some(proxy),
        ) = (
            self.api_key,
            authorization,
            base_url,
            user_agent,
            certificates,
            proxy,
        )
        else {
            return Err(Error::configuration(faults));
        };
        let mut http = match self.http {
            Some(http) if is_confined => http.no_proxy(),
            Some(http) => http,
            None => default_http(&base_url),
        };
        if let Some(proxy) = proxy {
            http = http.proxy(proxy);
        }
        // With none for each request, it keeps no copy of a request either.
        let no_retries = reqwest::retry::never().max_retries_per_request(0);
        let http = trusting(http, certificates)
            .connect_timeout(self.timeouts.of_connecting())
            .connection_verbose(false)
            .redirect(reqwest::redirect::Policy::none())
            .retry(no_retries)
            .build()
            .map_err(Error::no_http_client)?;
        Ok(Client(Arc::new(Inner {
            http,
            base_url: base_url.as_str().trim_end_matches('/').to_owned(),
            base_path: base_url.path().trim_end_matches('/').to_owned(),
            base: base_url,
            first_urls: [const { OnceLock::new() }; 4],
            api_key,
            authorization,
            user_agent,
            timeouts: self.timeouts,
            retry_policy_of_reads: self.retry_policy.clone().of_reads(),
            retry_policy: self.retry_policy,
            rate_limit: RateLimit::default(),
            idempotency_keys: IdempotencyKeys::default(),
        })))
    }

    fn authorization(&self) -> Result<HeaderValue, InvalidField> {
        let refuse = |fault: &str| InvalidField::new(self.names.api_key, fault);
        let key = self.api_key.as_ref().map_or("", Secret::expose);
        if key.is_empty() {
            return Err(refuse("is missing or empty; the Duvo dashboard makes one"));
        }
        let unfit = "has a character that no API key has; look for a blank or a line break, at its end perhaps";
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(refuse(unfit));
        }
        // Every header value is a view of this one, and the last to be dropped
        // wipes it.
        let bytes = Bytes::from_owner(Zeroizing::new(format!("Bearer {key}").into_bytes()));
        let mut value = HeaderValue::from_maybe_shared(bytes).map_err(|_| refuse(unfit))?;
        value.set_sensitive(true);
        Ok(value)
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    fn certificates(&self) -> Result<Vec<reqwest::Certificate>, InvalidField> {
        let mut certificates = Vec::new();
        for pem in &self.root_certificates {
            let found = reqwest::Certificate::from_pem_bundle(pem).unwrap_or_default();
            // What is in a certificate is looked at only when TLS is set up.
            let trial = reqwest::Client::builder().tls_certs_only(found.clone());
            if found.is_empty() || trial.build().is_err() {
                let fault = "has no certificate that can be read; give PEM text, which begins with -----BEGIN CERTIFICATE-----";
                return Err(InvalidField::new("root_certificate_pem", fault));
            }
            certificates.extend(found);
        }
        Ok(certificates)
    }

    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    fn certificates(&self) -> Result<(), InvalidField> {
        if self.root_certificates.is_empty() {
            return Ok(());
        }
        let fault = "needs TLS, and the crate is built without; enable its feature `rustls` or `native-tls`";
        Err(InvalidField::new("root_certificate_pem", fault))
    }

    /// The proxy, which is on this machine too if the requests are confined to it.
    fn parsed_proxy(&self, is_confined: bool) -> Result<Option<reqwest::Proxy>, InvalidField> {
        let Some(text) = &self.proxy else {
            return Ok(None);
        };
        let refuse = |fault: &str| InvalidField::new("proxy", fault);
        let unfit = "is not an http or https URL; write it like http://proxy.example.com:3128";
        let url = Url::parse(text).map_err(|_| refuse(unfit))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(refuse(unfit));
        }
        if is_confined && !is_loopback(&url) {
            return Err(refuse(
                "is another machine's, to which the base URL, which is plain http, would send the API key in the clear; leave the proxy out, or allow it with `allow_http`",
            ));
        }
        let proxy = reqwest::Proxy::all(text).map_err(|_| refuse(unfit))?;
        Ok(Some(proxy))
    }

    fn parsed_base_url(&self) -> Result<Url, InvalidField> {
        let refuse = |fault: &str| Err(InvalidField::new(self.names.base_url, fault));
        let Ok(url) = Url::parse(&self.base_url) else {
            return refuse("is not an absolute URL; write it like https://api.duvo.ai");
        };
        match url.scheme() {
            "https" if self.http.is_none() && !HAS_TLS => {
                return refuse(
                    "is https, but the crate is built without TLS; enable its feature `rustls` or `native-tls`",
                );
            }
            "https" => {}
            "http" if self.allow_http || is_loopback(&url) => {}
            "http" => {
                return refuse(
                    "is plain http, which would send the API key in the clear; use https, or allow it with `allow_http`",
                );
            }
            _ => return refuse("is neither https nor http; write it like https://api.duvo.ai"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("holds a user name or a password; the API takes an API key only");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("has a query or a fragment; leave it out");
        }
        Ok(url)
    }
}

const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn trusting(
    http: reqwest::ClientBuilder,
    certificates: Vec<reqwest::Certificate>,
) -> reqwest::ClientBuilder {
    if certificates.is_empty() {
        return http;
    }
    http.tls_certs_merge(certificates)
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn trusting(http: reqwest::ClientBuilder, (): ()) -> reqwest::ClientBuilder {
    http
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn default_http(base_url: &Url) -> reqwest::ClientBuilder {
    // Another crate of the program may have switched decompression on.
    let builder = reqwest::Client::builder()
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd();
    if is_loopback(base_url) {
        // A proxy would take what was meant to stay on this machine.
        builder.no_proxy()
    } else {
        builder
    }
}

#[cfg(test)]
mod tests {
    use super::ClientBuilder;

    fn debugged(variables: &[(&str, &str)]) -> String {
        let client = ClientBuilder::from_variables(|name| {
            let (_, value) = variables.iter().find(|(key, _)| *key == name)?;
            Some((*value).into())
        });
        client
            .and_then(ClientBuilder::build)
            .map_or_else(|error| error.to_string(), |client| format!("{client:?}"))
    }

    #[test]
    fn the_environment_gives_key_and_base_url() {
        let shown = debugged(&[
            ("DUVO_API_KEY", "key"),
            ("DUVO_API_BASE_URL", "http://localhost:8080/duvo/"),
        ]);
        assert!(
            shown.contains(r#"base_url: "http://localhost:8080/duvo""#),
            "{shown}"
        );
    }

    #[test]
    fn the_base_url_defaults_to_duvo_also_if_it_is_empty() {
        for variables in [
            &[("DUVO_API_KEY", "key")][..],
            &[("DUVO_API_KEY", "key"), ("DUVO_API_BASE_URL", "")],
        ] {
            let shown = debugged(variables);
            assert!(
                shown.contains(r#"base_url: "https://api.duvo.ai""#),
                "{shown}"
            );
        }
    }

    #[test]
    fn a_missing_or_empty_key_is_named_by_its_variable() {
        for variables in [&[][..], &[("DUVO_API_KEY", "")]] {
            let shown = debugged(variables);
            assert!(
                shown.starts_with("`DUVO_API_KEY` is missing or empty"),
                "{shown}"
            );
        }
    }

    #[test]
    fn the_header_with_the_key_is_marked_sensitive() {
        let client = super::Client::new("key").unwrap();
        assert!(client.authorization().is_sensitive());
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_unicode_is_refused_without_its_value() {
        use std::os::unix::ffi::OsStringExt;
        let error =
            ClientBuilder::from_variables(|_| Some(std::ffi::OsString::from_vec(vec![b'k', 0xff])))
                .unwrap_err();
        let fields: Vec<_> = error
            .invalid_fields()
            .iter()
            .map(|field| (field.field(), field.reason()))
            .collect();
        assert_eq!(
            fields,
            [
                ("DUVO_API_KEY", "is not Unicode"),
                ("DUVO_API_BASE_URL", "is not Unicode")
            ]
        );
    }
}

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use url::Url;
use zeroize::Zeroizing;

use super::http::{
    HAS_TLS, HttpSettings, display_url, environment_proxy, is_loopback, parse_proxy,
    parse_root_certificates,
};
use super::http_clients::HttpClients;
use super::proxy_source::ProxySource;
use super::url_cache::UrlCache;
use super::{Client, Inner};
use crate::error::{EMPTY_VALUE, Error, InvalidCharacter, InvalidField, Result, url_error};
use crate::generated::types::SERVER_URL;
use crate::outcome::{Proxy, Route};
use crate::redacted_url::redacted_url;
use crate::retry::{RateLimit, RetryPolicy};
use crate::secret::Secret;
use crate::timeouts::Timeouts;

const DEFAULT_USER_AGENT: &str = concat!("duvo-rs/", env!("CARGO_PKG_VERSION"));

/// The settings of a [`Client`]. Only the API key has no default.
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    api_key: Option<Secret>,
    base_url: String,
    names: SettingNames,
    allow_http: bool,
    user_agent: Option<String>,
    timeouts: Timeouts,
    retry_policy: RetryPolicy,
    root_certificates: Vec<Vec<u8>>,
    proxy: Option<String>,
    http: Option<reqwest::ClientBuilder>,
}

/// The names of settings in error messages: builder methods or environment variables.
#[derive(Clone, Copy, Debug)]
struct SettingNames {
    api_key: &'static str,
    base_url: &'static str,
}

const METHODS: SettingNames = SettingNames {
    api_key: "api_key",
    base_url: "base_url",
};

const ENVIRONMENT_VARIABLES: SettingNames = SettingNames {
    api_key: "DUVO_API_KEY",
    base_url: "DUVO_API_BASE_URL",
};

impl Client {
    /// Creates a client of `https://api.duvo.ai` with the default settings.
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::build`].
    pub fn new(api_key: impl Into<Secret>) -> Result<Self> {
        Self::builder().api_key(api_key).build()
    }

    /// Creates a client with the settings of the environment, and the defaults for all
    /// others. See [`ClientBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            api_key: None,
            base_url: SERVER_URL.to_owned(),
            names: METHODS,
            allow_http: false,
            user_agent: None,
            timeouts: Timeouts::DEFAULT,
            retry_policy: RetryPolicy::default(),
            root_certificates: Vec::new(),
            proxy: None,
            http: None,
        }
    }
}

impl ClientBuilder {
    /// Returns a builder with the settings of the environment. The variables are those
    /// of Duvo's own command line:
    ///
    /// - `DUVO_API_KEY`: the API key.
    /// - `DUVO_API_BASE_URL`: the base URL. Defaults to `https://api.duvo.ai`.
    ///
    /// An empty base URL is treated as unset.
    ///
    /// # Errors
    ///
    /// Returns an error of kind
    /// [`Configuration`](crate::ErrorKind::Configuration) if a variable is not Unicode.
    pub fn from_env() -> Result<Self> {
        Self::from_variables(|name| env::var_os(name))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let mut errors = Vec::new();
        let mut read = |name| {
            variable(name)?
                .into_string()
                .map_err(|_| errors.push(InvalidField::new(name, "is not Unicode")))
                .ok()
        };
        let api_key = read(ENVIRONMENT_VARIABLES.api_key).map(Secret::from);
        let base_url = read(ENVIRONMENT_VARIABLES.base_url).filter(|url| !url.is_empty());
        if !errors.is_empty() {
            return Err(Error::configuration(errors));
        }
        Ok(Self {
            api_key,
            base_url: base_url.unwrap_or_else(|| SERVER_URL.to_owned()),
            names: ENVIRONMENT_VARIABLES,
            ..Client::builder()
        })
    }

    /// Sets the API key, which the Duvo dashboard creates. Required.
    ///
    /// A key belongs to one team and has the permissions of the user who created it. To
    /// register an integration, that user needs the manager role or above.
    pub fn api_key(mut self, api_key: impl Into<Secret>) -> Self {
        self.names.api_key = METHODS.api_key;
        self.api_key = Some(api_key.into());
        self
    }

    /// Sets the URL that the API's paths are appended to. It may have a path. It must
    /// be https, or http to loopback: `localhost`, 127.0.0.0/8 or `::1`. Defaults to
    /// `https://api.duvo.ai`.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.names.base_url = METHODS.base_url;
        self.base_url = base_url.into();
        self
    }

    /// Sets whether plain HTTP is allowed beyond loopback, for the base URL or for a
    /// proxy. API key and client secrets are then sent unencrypted. Defaults to `false`.
    pub fn allow_http(mut self, allow_http: bool) -> Self {
        self.allow_http = allow_http;
        self
    }

    /// Sets the `User-Agent` header. Defaults to `duvo-rs/` and the version of this
    /// crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sets the timeout for establishing a connection, TLS included. Defaults to 10
    /// seconds.
    ///
    /// The timeout is at most half of the attempt timeout and half of the total
    /// timeout, so that an unreachable host can be distinguished from a slow API.
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.timeouts.connect = connect_timeout;
        self
    }

    /// Sets the timeout of one attempt, from connecting to the last byte of the
    /// response. Defaults to 30 seconds.
    pub fn attempt_timeout(mut self, attempt_timeout: Duration) -> Self {
        self.timeouts.attempt = attempt_timeout;
        self
    }

    /// Sets the timeout of a call, with all attempts and the delays between them.
    /// Defaults to 120 seconds.
    pub fn total_timeout(mut self, total_timeout: Duration) -> Self {
        self.timeouts.total = total_timeout;
        self
    }

    /// Sets when failed calls are retried. Defaults to [`RetryPolicy::default`]: up to
    /// 4 attempts; mutating calls only if the API cannot have acted on them.
    pub fn retry_policy(mut self, retry_policy: RetryPolicy) -> Self {
        self.retry_policy = retry_policy;
        self
    }

    /// Adds root certificates in PEM format to those that the system trusts, for
    /// example for a gateway with its own certificate authority. Can be called several
    /// times. Defaults to none.
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Sets the URL of a proxy for every request, for example
    /// `http://user:password@proxy.example.com:3128`. It overrides the proxies of the
    /// environment, of the system and of a [reqwest
    /// client](Self::reqwest_client_builder). Error messages name the proxy, without the
    /// user name and the password.
    ///
    /// Defaults to the proxy of the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`
    /// and the like), or else, with the feature `system-proxy`, to that of Windows or
    /// macOS. For a loopback base URL, no proxy is used by default. If the base URL is
    /// plain HTTP to loopback, the proxy must be loopback too, unless
    /// [`allow_http`](Self::allow_http) is set.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Sets the HTTP client settings that this builder does not cover. This is the only
    /// place where a type of `reqwest` (0.13) is part of this crate's API.
    ///
    /// Defaults to reqwest's own settings, with decompression disabled, and without a
    /// proxy if the base URL is loopback. A builder that is passed in keeps its
    /// decompression and, without [`proxy`](Self::proxy), its proxies. Because they are not
    /// known to this crate, error messages do not name them. Every request sends
    /// `accept-encoding: identity`, so decompression applies only to a response that is
    /// encoded nevertheless; without decompression, such a response is an error that names
    /// the encoding.
    ///
    /// A builder can build only one HTTP client, so the client works in only one Tokio
    /// runtime at a time, see [`Client`].
    ///
    /// The following settings always override the builder's:
    ///
    /// - Redirects are not followed. A redirect would send the client secret to another
    ///   host, and an error behind it would look as if nothing had been sent.
    /// - reqwest's own retries are disabled; the [retry policy](Self::retry_policy)
    ///   applies.
    /// - Wire logging (`connection_verbose`) is disabled.
    /// - If the base URL is plain HTTP to loopback, the proxies of the builder and of
    ///   the environment are not used, unless [`allow_http`](Self::allow_http) is set.
    /// - The [connect timeout](Self::connect_timeout). Other timeouts of the builder
    ///   apply in addition to this crate's, but [`Error::timeout`] does not report them.
    pub fn reqwest_client_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.http = Some(builder);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Configuration`](crate::ErrorKind::Configuration) that
    /// names every invalid setting:
    ///
    /// - an API key that is missing or empty, or has characters other than visible ASCII
    /// - a base URL that is not absolute, contains credentials, a query or a fragment,
    ///   is plain HTTP without permission, or is https without a TLS feature
    /// - a user agent that is empty or not a valid header value
    /// - a timeout below one millisecond, which no call could meet
    /// - a certificate that is not PEM
    /// - a proxy that is not an http or https URL, or is another host although the base
    ///   URL is plain HTTP to loopback
    ///
    /// Returns an error of the same kind if TLS cannot be set up.
    pub fn build(self) -> Result<Client> {
        let mut errors = Vec::new();
        let authorization = collect_error(self.authorization_header(), &mut errors);
        let base_url = collect_error(self.parse_base_url(), &mut errors);
        let user_agent = collect_error(self.user_agent_header(), &mut errors);
        errors.extend(self.invalid_timeouts());
        let certificates = collect_error(
            parse_root_certificates(&self.root_certificates),
            &mut errors,
        );
        let is_loopback_only = base_url
            .as_ref()
            .is_some_and(|url| self.is_loopback_only(url));
        let proxy_source = self.proxy_source(base_url.as_ref());
        let proxy = self.proxy.as_deref();
        let proxy = proxy.map(|url| parse_proxy(url, is_loopback_only));
        let proxy = collect_error(proxy.transpose(), &mut errors);
        let (
            Some(api_key),
            Some(authorization),
            Some(base_url),
            Some(user_agent),
            Some(certificates),
            Some(proxy),
            [],
        ) = (
            self.api_key,
            authorization,
            base_url,
            user_agent,
            certificates,
            proxy,
            &errors[..],
        )
        else {
            return Err(Error::configuration(errors));
        };
        let proxy_in_use = match (&self.proxy, &self.http) {
            (Some(proxy), _) => Proxy::Used(display_url(proxy)),
            (None, Some(_)) if is_loopback_only => Proxy::Unused,
            (None, Some(_)) => Proxy::Unknown {
                environment: environment_proxy(&base_url),
            },
            (None, None) if is_loopback(&base_url) => Proxy::Unused,
            (None, None) => environment_proxy(&base_url).map_or(Proxy::Unused, Proxy::Used),
        };
        let settings = HttpSettings {
            is_loopback: is_loopback(&base_url),
            certificates,
            proxy,
            connect_timeout: self.timeouts.effective_connect_timeout(),
        };
        let http = match self.http {
            Some(http) if is_loopback_only => {
                HttpClients::new(settings.build_from(http.no_proxy()), None)
            }
            Some(http) => HttpClients::new(settings.build_from(http), None),
            None => HttpClients::new(settings.build(), Some(settings)),
        };
        let http = http.map_err(Error::http_client)?;
        Ok(Client(Arc::new(Inner {
            http,
            route: Route {
                base_url: base_url.as_str().trim_end_matches('/').to_owned(),
                proxy: proxy_in_use,
            },
            base_path: base_url.path().trim_end_matches('/').to_owned(),
            urls: UrlCache::new(base_url),
            api_key,
            authorization,
            user_agent,
            timeouts: self.timeouts,
            safe_retry_policy: self.retry_policy.clone().for_safe_operations(),
            retry_policy: self.retry_policy,
            rate_limit: RateLimit::default(),
            proxy: proxy_source,
            root_certificates: self.root_certificates.len(),
        })))
    }

    /// Whether plain HTTP is allowed only because the target is loopback.
    fn is_loopback_only(&self, base_url: &Url) -> bool {
        !self.allow_http && base_url.scheme() == "http" && is_loopback(base_url)
    }

    fn proxy_source(&self, base_url: Option<&Url>) -> ProxySource {
        let is_disabled = base_url.is_some_and(|url| match self.http {
            Some(_) => self.is_loopback_only(url),
            None => is_loopback(url),
        });
        match (&self.proxy, &self.http) {
            (Some(url), _) => ProxySource::Url(redacted_url(url)),
            (None, _) if is_disabled => ProxySource::Disabled,
            (None, Some(_)) => ProxySource::ReqwestClientBuilder,
            (None, None) => ProxySource::Environment,
        }
    }

    fn authorization_header(&self) -> Result<HeaderValue, InvalidField> {
        let invalid = |reason: &str| InvalidField::new(self.names.api_key, reason);
        let Some(key) = self.api_key.as_ref().map(Secret::expose) else {
            return Err(invalid(
                "is missing; create an API key in the Duvo dashboard",
            ));
        };
        if key.is_empty() {
            return Err(invalid("is empty; create an API key in the Duvo dashboard"));
        }
        let fix =
            "a key has only visible ASCII characters, so copy it again from the Duvo dashboard";
        if let Some(character) = InvalidCharacter::find(key, |found| found.is_ascii_graphic()) {
            return Err(invalid(&character.message(fix)));
        }
        // All copies of the header share this buffer, which is zeroized when the last
        // one is dropped.
        let value = Zeroizing::new(["Bearer ", key].concat().into_bytes());
        let mut value =
            HeaderValue::from_maybe_shared(Bytes::from_owner(value)).map_err(|_| invalid(fix))?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn user_agent_header(&self) -> Result<HeaderValue, InvalidField> {
        let Some(user_agent) = &self.user_agent else {
            return Ok(const { HeaderValue::from_static(DEFAULT_USER_AGENT) });
        };
        if user_agent.is_empty() {
            return Err(InvalidField::new("user_agent", EMPTY_VALUE));
        }
        HeaderValue::try_from(user_agent).map_err(|_| {
            let is_allowed = |found: char| !found.is_ascii_control() || found == '\t';
            let reason = InvalidCharacter::find(user_agent, is_allowed).map_or_else(
                || "is not a valid HTTP header".to_owned(),
                |character| character.message("remove it"),
            );
            InvalidField::new("user_agent", reason)
        })
    }

    fn invalid_timeouts(&self) -> impl Iterator<Item = InvalidField> {
        const MIN: Duration = Duration::from_millis(1);
        let timeouts = [
            ("connect_timeout", self.timeouts.connect),
            ("attempt_timeout", self.timeouts.attempt),
            ("total_timeout", self.timeouts.total),
        ];
        timeouts
            .into_iter()
            .filter(|(_, timeout)| *timeout < MIN)
            .map(|(name, _)| {
                InvalidField::new(
                    name,
                    "must be at least 1 ms; for no limit, use `Duration::MAX`",
                )
            })
    }

    fn parse_base_url(&self) -> Result<Url, InvalidField> {
        let invalid = |reason: &str| Err(InvalidField::new(self.names.base_url, reason));
        let url = match Url::parse(&self.base_url) {
            Ok(url) => url,
            Err(error) => return invalid(&url_error(error, "https://api.duvo.ai")),
        };
        match url.scheme() {
            "https" if self.http.is_none() && !HAS_TLS => {
                return invalid(
                    "is https, which requires the feature `rustls` or `native-tls` of this crate",
                );
            }
            "https" => {}
            "http" if self.allow_http || is_loopback(&url) => {}
            "http" => {
                return invalid(
                    "is plain HTTP, so the API key would be sent unencrypted; use https, or set `allow_http`",
                );
            }
            _ => return invalid("must use https or http, such as https://api.duvo.ai"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return invalid(
                "must not contain a user name or a password; the API accepts only an API key",
            );
        }
        if url.port() == Some(0) {
            return invalid("must not have the port 0");
        }
        if url.query().is_some() {
            return invalid("must not contain a query; remove the part from the question mark on");
        }
        if url.fragment().is_some() {
            return invalid("must not contain a fragment; remove the part from the number sign on");
        }
        Ok(url)
    }
}

fn collect_error<T>(result: Result<T, InvalidField>, errors: &mut Vec<InvalidField>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}

/// Prints the settings. The API key is redacted, and so is the user information of the
/// base URL and of the proxy; of the root certificates, only the number of settings is
/// printed. Omits the HTTP client, which may contain headers.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user_agent = self.user_agent.as_deref().unwrap_or(DEFAULT_USER_AGENT);
        let base_url = Url::parse(&self.base_url).ok();
        f.debug_struct("ClientBuilder")
            .field("base_url", &redacted_url(&self.base_url))
            .field("api_key", &self.api_key)
            .field("allow_http", &self.allow_http)
            .field("user_agent", &user_agent)
            .field("connect_timeout", &self.timeouts.connect)
            .field("attempt_timeout", &self.timeouts.attempt)
            .field("total_timeout", &self.timeouts.total)
            .field("retry_policy", &self.retry_policy)
            .field("proxy", &self.proxy_source(base_url.as_ref()))
            .field("root_certificates", &self.root_certificates.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Client, ClientBuilder, Duration, InvalidField};

    fn debug_output(variables: &[(&str, &str)]) -> String {
        let client = ClientBuilder::from_variables(|name| {
            let (_, value) = variables.iter().find(|(key, _)| *key == name)?;
            Some((*value).into())
        });
        client
            .and_then(ClientBuilder::build)
            .map_or_else(|error| error.to_string(), |client| format!("{client:?}"))
    }

    #[test]
    fn error_names_the_method_that_replaces_a_variable() {
        let variables = |name: &str| (name == "DUVO_API_KEY").then(|| "key".into());
        let from_variables = || ClientBuilder::from_variables(variables).unwrap();
        for (builder, field) in [
            (from_variables().base_url("x"), "base_url"),
            (from_variables().api_key("two words"), "api_key"),
        ] {
            let error = builder.build().unwrap_err();
            assert_eq!(error.invalid_fields()[0].field(), field);
        }
    }

    #[test]
    fn reads_key_and_base_url_from_the_environment() {
        let output = debug_output(&[
            ("DUVO_API_KEY", "key"),
            ("DUVO_API_BASE_URL", "http://localhost:8080/duvo/"),
        ]);
        assert!(
            output.contains(r#"base_url: "http://localhost:8080/duvo""#),
            "{output}"
        );
    }

    #[test]
    fn unset_or_empty_base_url_defaults_to_duvo() {
        for variables in [
            &[("DUVO_API_KEY", "key")][..],
            &[("DUVO_API_KEY", "key"), ("DUVO_API_BASE_URL", "")],
        ] {
            let output = debug_output(variables);
            assert!(
                output.contains(r#"base_url: "https://api.duvo.ai""#),
                "{output}"
            );
        }
    }

    #[test]
    fn missing_or_empty_key_is_reported_by_its_variable() {
        for (variables, message) in [
            (&[][..], "`DUVO_API_KEY` is missing;"),
            (&[("DUVO_API_KEY", "")], "`DUVO_API_KEY` is empty;"),
        ] {
            let output = debug_output(variables);
            assert!(output.starts_with(message), "{output}");
        }
    }

    #[test]
    fn authorization_header_is_sensitive() {
        let client = Client::new("key").unwrap();
        assert!(client.authorization().is_sensitive());
    }

    #[test]
    fn settings_that_cannot_work_are_reported_together() {
        let error = Client::builder()
            .api_key("key")
            .base_url("http://localhost:0")
            .user_agent("")
            .connect_timeout(Duration::ZERO)
            .attempt_timeout(Duration::from_nanos(999_999))
            .total_timeout(Duration::ZERO)
            .proxy("http://localhost:0")
            .build()
            .unwrap_err();
        let fields = error.invalid_fields().iter().map(InvalidField::field);
        assert_eq!(
            fields.collect::<Vec<_>>(),
            [
                "base_url",
                "user_agent",
                "connect_timeout",
                "attempt_timeout",
                "total_timeout",
                "proxy",
            ]
        );
    }

    #[test]
    fn shortest_and_longest_timeouts_are_valid() {
        for timeout in [Duration::from_millis(1), Duration::MAX] {
            let client = Client::builder()
                .api_key("key")
                .connect_timeout(timeout)
                .attempt_timeout(timeout)
                .total_timeout(timeout);
            client.build().unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn non_unicode_variable_is_rejected_without_its_value() {
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

//! The settings of the HTTP client: TLS, the proxy, and loopback.

use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{ClientBuilder, Proxy};
use url::{Host, Url};

use crate::error::InvalidField;

pub(super) const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) type RootCertificates = Vec<reqwest::Certificate>;

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) type RootCertificates = ();

/// The settings of an HTTP client, from which any number can be built.
pub(super) struct HttpSettings {
    pub(super) is_loopback: bool,
    pub(super) certificates: RootCertificates,
    pub(super) proxy: Option<Proxy>,
    pub(super) connect_timeout: Duration,
}

impl HttpSettings {
    pub(super) fn build(&self) -> reqwest::Result<reqwest::Client> {
        self.build_from(default_http_client(self.is_loopback))
    }

    /// Builds a client with these settings in addition to those of `http`.
    pub(super) fn build_from(&self, mut http: ClientBuilder) -> reqwest::Result<reqwest::Client> {
        if let Some(proxy) = &self.proxy {
            // The first proxy of a reqwest client takes precedence.
            http = http.no_proxy().proxy(proxy.clone());
        }
        // A maximum of zero also keeps reqwest from copying each request.
        let no_retries = reqwest::retry::never().max_retries_per_request(0);
        with_root_certificates(http, &self.certificates)
            .connect_timeout(self.connect_timeout)
            .connection_verbose(false)
            .redirect(reqwest::redirect::Policy::none())
            .retry(no_retries)
            .build()
    }
}

/// Returns the default settings of the HTTP client.
fn default_http_client(is_loopback: bool) -> ClientBuilder {
    // Another crate of the program may have enabled decompression.
    let builder = ClientBuilder::new()
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd();
    if is_loopback {
        // A proxy would carry loopback requests to another host.
        builder.no_proxy()
    } else {
        builder
    }
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) fn parse_root_certificates(pems: &[Vec<u8>]) -> Result<RootCertificates, InvalidField> {
    let mut certificates = Vec::new();
    for pem in pems {
        let found = reqwest::Certificate::from_pem_bundle(pem).unwrap_or_default();
        // reqwest parses a certificate only when it sets up TLS.
        let probe = ClientBuilder::new().tls_certs_only(found.clone());
        if found.is_empty() || probe.build().is_err() {
            let reason = "contains no readable certificate; PEM text starts with -----BEGIN CERTIFICATE-----";
            return Err(InvalidField::new("root_certificate_pem", reason));
        }
        certificates.extend(found);
    }
    Ok(certificates)
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn parse_root_certificates(pems: &[Vec<u8>]) -> Result<RootCertificates, InvalidField> {
    if pems.is_empty() {
        return Ok(());
    }
    let reason = "requires TLS; enable the feature `rustls` or `native-tls` of this crate";
    Err(InvalidField::new("root_certificate_pem", reason))
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn with_root_certificates(http: ClientBuilder, certificates: &RootCertificates) -> ClientBuilder {
    if certificates.is_empty() {
        return http;
    }
    http.tls_certs_merge(certificates.iter().cloned())
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "with TLS, the argument is a list"
)]
fn with_root_certificates(http: ClientBuilder, (): &RootCertificates) -> ClientBuilder {
    http
}

/// Returns the proxy that the environment or the system has for the base URL, without
/// credentials. reqwest uses the same rules.
pub(super) fn environment_proxy(base_url: &Url) -> Option<String> {
    let base_url = base_url.as_str().parse().ok()?;
    let proxy = Matcher::from_system().intercept(&base_url)?;
    let (scheme, authority) = (proxy.uri().scheme_str()?, proxy.uri().authority()?);
    Some(format!("{scheme}://{authority}"))
}

/// Returns the URL of a proxy without credentials.
pub(super) fn display_url(proxy: &str) -> String {
    let Ok(url) = Url::parse(proxy) else {
        return String::new();
    };
    let port = url
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    let host = url.host_str().unwrap_or_default();
    format!("{}://{host}{port}", url.scheme())
}

/// Parses the URL of a proxy. The proxy must be loopback too if the requests are
/// plain HTTP to loopback.
pub(super) fn parse_proxy(text: &str, is_loopback_only: bool) -> Result<Proxy, InvalidField> {
    let invalid = |reason: &str| InvalidField::new("proxy", reason);
    let message = "must be an http or https URL, such as http://proxy.example.com:3128";
    let url = Url::parse(text).map_err(|_| invalid(message))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || url.port() == Some(0) {
        return Err(invalid(message));
    }
    if is_loopback_only && !is_loopback(&url) {
        return Err(invalid(
            "is another host, and the base URL is plain HTTP, so the API key would be sent there unencrypted; remove the proxy, or set `allow_http`",
        ));
    }
    Proxy::all(text).map_err(|_| invalid(message))
}

//! Why a connection failed, as far as it decides about retries: the errors of the TLS
//! library, of HTTP/2 and of proxies, in the chain of a `reqwest::Error`.

use std::error::Error as StdError;
use std::io;
use std::iter;

/// The cause of a failed connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "without TLS or HTTP/2, their causes do not occur")]
pub(super) enum Cause {
    /// No trusted certificate authority has issued the certificate.
    UnknownIssuer,
    /// The certificate has expired, or is not valid yet.
    CertificateDates,
    /// The certificate is for another host, or the server has none for this host.
    HostName,
    /// The certificate is invalid for another reason.
    Certificate,
    /// The server refuses the client's certificate, or its absence.
    ClientCertificate,
    /// The server accepts no TLS version or cipher suite of the client.
    TlsParameters,
    /// The server does not use TLS.
    NotTls,
    /// The proxy refuses the user name or the password, or their absence.
    ProxyCredentials,
    /// The proxy returns another status than 200 or 407, which hyper-util does not report.
    /// With a 502 or a 503, the proxy cannot reach the host at the moment.
    ProxyRefusal,
    /// The system forbids the connection, for example in a sandbox.
    Forbidden,
    /// The server refused the HTTP/2 stream before it processed the request.
    RefusedStream,
    /// The server closed the HTTP/2 connection, without processing the request.
    GoAway,
    /// Any other cause: name resolution, refused or interrupted connections, timeouts,
    /// and what the TLS library does not describe.
    Other,
}

impl Cause {
    pub(super) fn of(error: &reqwest::Error) -> Self {
        chain(error)
            .map(cause)
            .find(|cause| *cause != Self::Other)
            .unwrap_or(Self::Other)
    }

    /// Whether the cause persists until somebody changes the server, the network or the
    /// client.
    pub(super) fn is_permanent(self) -> bool {
        !matches!(
            self,
            Self::ProxyRefusal | Self::RefusedStream | Self::GoAway | Self::Other
        )
    }

    /// Whether the cause ends a TLS handshake. In TLS 1.3, a server refuses the client's
    /// certificate when the client may already have sent the request, which the server
    /// does not read then.
    pub(super) fn ends_handshake(self) -> bool {
        self == Self::ClientCertificate
    }

    /// Returns the HTTP/2 frame by which the server stated that it did not process the
    /// request.
    pub(super) fn refusal(self) -> Option<&'static str> {
        match self {
            Self::RefusedStream => Some("REFUSED_STREAM"),
            Self::GoAway => Some("GOAWAY"),
            _ => None,
        }
    }

    /// Returns what to do about the cause. `url` names the setting with the URL that the
    /// client connected to.
    pub(super) fn advice(self, url: &str) -> Option<String> {
        let advice = match self {
            Self::UnknownIssuer => {
                "if you trust its issuer, add the issuer's certificate with `root_certificate_pem`"
            }
            Self::CertificateDates => "renew the certificate, or correct the system's clock",
            Self::HostName => return Some(format!("check the host name in the {url}")),
            Self::Certificate => "check the certificate of the server",
            Self::ClientCertificate => {
                "the server requires a client certificate that it accepts; set one with `reqwest_client_builder`"
            }
            Self::TlsParameters => {
                "the server accepts no TLS version or cipher suite of this client; check its TLS settings"
            }
            Self::NotTls => {
                return Some(format!(
                    "the server does not use TLS; check the scheme and the port in the {url}"
                ));
            }
            Self::ProxyCredentials => {
                "check the user name and the password in the URL of the proxy"
            }
            Self::ProxyRefusal => {
                "the proxy does not allow the host, or cannot reach it; check the proxy's rules"
            }
            Self::Forbidden => "the system forbids the connection; check its firewall and sandbox",
            Self::RefusedStream | Self::GoAway | Self::Other => return None,
        };
        Some(advice.to_owned())
    }
}

/// Whether the connection to a proxy failed, before the proxy received anything. For an
/// http URL, the error of a connection to a proxy is like any other.
pub(super) fn is_proxy_connection(error: &reqwest::Error) -> bool {
    chain(error).any(|error| {
        let message = error.to_string();
        message == PROXY_UNREACHABLE || message == SOCKS_PROXY_UNREACHABLE
    })
}

/// The texts of hyper-util's errors whose types are private.
const PROXY_UNREACHABLE: &str = "tunnel error: failed to create underlying connection";
const SOCKS_PROXY_UNREACHABLE: &str = "SOCKS error: failed to create underlying connection";
const PROXY_CREDENTIALS: &str = "tunnel error: proxy authorization required";
const PROXY_REFUSAL: &str = "tunnel error: unsuccessful";
const SOCKS_CREDENTIALS: [&str; 2] = [
    "SOCKS error: credentials not accepted",
    "SOCKS error: server does not support user/pass authentication",
];

/// Returns an error and its sources, outermost first.
pub(crate) fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    iter::successors(Some(error), |error| next(*error))
}

/// Returns the next error of a chain. The source of an `io::Error` would skip the error
/// inside it.
fn next<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// Returns the cause that this error of a chain describes by itself.
fn cause(error: &(dyn StdError + 'static)) -> Cause {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return match error.kind() {
            io::ErrorKind::PermissionDenied => Cause::Forbidden,
            #[cfg(feature = "native-tls")]
            _ => native_tls_read_error(error),
            #[cfg(not(feature = "native-tls"))]
            _ => Cause::Other,
        };
    }
    #[cfg(feature = "rustls")]
    {
        if let Some(error) = error.downcast_ref() {
            return rustls_error(error);
        }
        if error.is::<rustls::pki_types::InvalidDnsNameError>() {
            return Cause::HostName;
        }
    }
    #[cfg(feature = "native-tls")]
    if let Some(error) = error.downcast_ref() {
        return native_tls_error(error);
    }
    #[cfg(feature = "http2")]
    if let Some(error) = error.downcast_ref() {
        return http2_error(error);
    }
    untyped_error(&error.to_string())
}

/// Interprets the errors of reqwest and hyper-util whose types are private.
fn untyped_error(message: &str) -> Cause {
    match message {
        PROXY_CREDENTIALS => Cause::ProxyCredentials,
        PROXY_REFUSAL => Cause::ProxyRefusal,
        _ if SOCKS_CREDENTIALS.contains(&message) => Cause::ProxyCredentials,
        "Invalid Server Name" => Cause::HostName,
        _ => Cause::Other,
    }
}

/// Interprets an error of HTTP/2. By RFC 9113, section 8.7, a request was not processed if
/// its stream ended with `REFUSED_STREAM`, or is above the last one of a `GOAWAY`; h2
/// reports a `GOAWAY` only to these streams.
///
/// Section 6.8 guarantees the same for a `GOAWAY` that reports an error. A server that
/// failed may be wrong about it, so this error, `ENHANCE_YOUR_CALM` included, leaves the
/// delivery unknown.
#[cfg(feature = "http2")]
fn http2_error(error: &h2::Error) -> Cause {
    match error.reason() {
        Some(h2::Reason::REFUSED_STREAM) if error.is_reset() && error.is_remote() => {
            Cause::RefusedStream
        }
        Some(h2::Reason::NO_ERROR) if error.is_go_away() && error.is_remote() => Cause::GoAway,
        _ => Cause::Other,
    }
}

#[cfg(feature = "rustls")]
fn rustls_error(error: &rustls::Error) -> Cause {
    use rustls::{CertificateError, Error};

    match error {
        Error::InvalidCertificate(error) => match error {
            // The issuer has the name of a trusted one, but another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                Cause::UnknownIssuer
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Cause::CertificateDates,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Cause::HostName
            }
            // The server that has the revocation status may be unreachable at the moment.
            CertificateError::UnknownRevocationStatus => Cause::Other,
            _ => Cause::Certificate,
        },
        Error::NoCertificatesPresented => Cause::Certificate,
        Error::AlertReceived(alert) => tls_alert(*alert),
        Error::PeerIncompatible(_) | Error::NoApplicationProtocol => Cause::TlsParameters,
        Error::InvalidMessage(_) => Cause::NotTls,
        _ => Cause::Other,
    }
}

#[cfg(feature = "rustls")]
fn tls_alert(alert: rustls::AlertDescription) -> Cause {
    use rustls::AlertDescription;

    match alert {
        AlertDescription::NoCertificate
        | AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::AccessDenied
        | AlertDescription::CertificateRequired => Cause::ClientCertificate,
        AlertDescription::HandshakeFailure
        | AlertDescription::ProtocolVersion
        | AlertDescription::InsufficientSecurity
        | AlertDescription::InappropriateFallback
        | AlertDescription::MissingExtension
        | AlertDescription::UnsupportedExtension
        | AlertDescription::NoApplicationProtocol => Cause::TlsParameters,
        AlertDescription::UnrecognisedName => Cause::HostName,
        _ => Cause::Other,
    }
}

/// Interprets an error of a handshake. Its message is that of the system's library, and
/// an unknown one counts as `Other`. An I/O error interrupted the handshake.
#[cfg(feature = "native-tls")]
fn native_tls_error(error: &native_tls::Error) -> Cause {
    if chain(error).any(<dyn StdError>::is::<io::Error>) {
        return Cause::Other;
    }
    native_tls_message(&error.to_string())
}

/// Interprets an error of an established connection, whose type is private to the
/// system's library.
#[cfg(feature = "native-tls")]
fn native_tls_read_error(error: &io::Error) -> Cause {
    let inner = error.get_ref();
    let inner = inner.filter(|inner| !inner.is::<native_tls::Error>());
    inner
        .map(|inner| native_tls_message(&inner.to_string()))
        .filter(|cause| cause.ends_handshake())
        .unwrap_or(Cause::Other)
}

#[cfg(feature = "native-tls")]
fn native_tls_message(message: &str) -> Cause {
    // OpenSSL's texts, and parts of those of macOS and of an English Windows.
    const TEXTS: [(&str, Cause); 25] = [
        ("alert certificate required", Cause::ClientCertificate),
        ("alert bad certificate", Cause::ClientCertificate),
        ("alert unsupported certificate", Cause::ClientCertificate),
        ("alert certificate revoked", Cause::ClientCertificate),
        ("alert certificate expired", Cause::ClientCertificate),
        ("alert certificate unknown", Cause::ClientCertificate),
        ("alert unknown ca", Cause::ClientCertificate),
        ("alert access denied", Cause::ClientCertificate),
        ("alert handshake failure", Cause::TlsParameters),
        ("alert protocol version", Cause::TlsParameters),
        ("alert insufficient security", Cause::TlsParameters),
        ("unsupported protocol", Cause::TlsParameters),
        ("unrecognized name", Cause::HostName),
        ("wrong version number", Cause::NotTls),
        ("packet length too long", Cause::NotTls),
        ("hostname mismatch", Cause::HostName),
        ("address mismatch", Cause::HostName),
        ("has expired", Cause::CertificateDates),
        ("not yet valid", Cause::CertificateDates),
        ("self-signed", Cause::UnknownIssuer),
        ("self signed", Cause::UnknownIssuer),
        ("local issuer", Cause::UnknownIssuer),
        ("signature failure", Cause::UnknownIssuer),
        ("not trusted", Cause::UnknownIssuer),
        ("certificate verify failed", Cause::Certificate),
    ];
    let known = TEXTS.iter().find(|(text, _)| message.contains(text));
    known.map_or(Cause::Other, |(_, cause)| *cause)
}

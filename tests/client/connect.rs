//! Connections that cannot be established: which are retried, and what the message advises.

use std::io::{self, ErrorKind};

use duvo::{ClientBuilder, Delivery, Error};
use duvo_test_support::client::{builder, policy_without_backoff, registration_error};
use duvo_test_support::fault_server::{Fault, FaultServer, response};
use rcgen::{CertificateParams, date_time_ymd};
use reqwest::dns::{Name, Resolve, Resolving};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::tls_server::{Authority, TlsServer, start_self_signed};

/// A host that does not exist, for calls through a proxy.
const HOST: &str = "https://duvo.corp.test";

/// Registers with the default policy, and returns the error, whose delivery is `NotSent`.
async fn connect_error(builder: ClientBuilder) -> Error {
    let client = builder.retry_policy(policy_without_backoff()).build();
    let error = registration_error(&client.unwrap()).await;
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(error.delivery(), Delivery::NotSent);
    error
}

#[track_caller]
fn assert_not_retried(error: &Error, connections: usize, advice: &str) {
    assert_eq!(error.attempts().len(), 1, "{error}");
    assert_eq!(error.gave_up(), None);
    assert_eq!(connections, 1, "{error}");
    assert!(error.to_string().contains(advice), "{error}");
}

#[tokio::test]
async fn unknown_issuer_is_not_retried() {
    let (server, _) = start_self_signed().await;
    let error = connect_error(builder(&server.url)).await;
    assert_not_retried(&error, server.connections(), "`root_certificate_pem`");

    let config = || Authority::new().server_config("localhost", |_| ());
    let server = TlsServer::start(config()).await;
    let error = connect_error(builder(&server.url)).await;
    assert_not_retried(&error, server.connections(), "`root_certificate_pem`");

    // Both authorities have the same name.
    let server = TlsServer::start(config()).await;
    let trusting_another = builder(&server.url).root_certificate_pem(Authority::new().pem());
    let error = connect_error(trusting_another).await;
    assert_not_retried(&error, server.connections(), "`root_certificate_pem`");
}

#[tokio::test]
async fn invalid_certificate_of_a_trusted_issuer_is_not_retried() {
    type Configure = fn(&mut CertificateParams);
    let cases: [(&str, Configure, &str); 3] = [
        (
            "localhost",
            |params| params.not_after = date_time_ymd(2020, 1, 1),
            "the system's clock",
        ),
        (
            "localhost",
            |params| params.not_before = date_time_ymd(3000, 1, 1),
            "the system's clock",
        ),
        ("api.duvo.test", |_| (), "the host name in the base URL"),
    ];
    let authority = Authority::new();
    for (host, configure, advice) in cases {
        let server = TlsServer::start(authority.server_config(host, configure)).await;
        let trusting = builder(&server.url).root_certificate_pem(authority.pem());
        let error = connect_error(trusting).await;
        assert_not_retried(&error, server.connections(), advice);
        assert!(
            !error.to_string().contains("root_certificate_pem"),
            "{error}"
        );
    }
}

/// In TLS 1.3, the client has finished its handshake before the server refuses it.
#[tokio::test]
async fn missing_client_certificate_is_not_retried() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.server_config_with_client_certificate()).await;
    let trusting = builder(&server.url).root_certificate_pem(authority.pem());
    let error = connect_error(trusting).await;
    assert_not_retried(&error, server.connections(), "client certificate");
}

/// Returns a server that sends these bytes in response to a TLS handshake.
async fn server_with_handshake_response(bytes: &[u8]) -> (FaultServer, ClientBuilder) {
    let server = FaultServer::with_fault(Fault::RespondToAnything(bytes.to_vec())).await;
    let url = server.url.replace("http:", "https:");
    (server, builder(&url))
}

/// Returns the record of a fatal TLS alert.
fn alert(description: u8) -> [u8; 7] {
    [21, 3, 3, 0, 2, 2, description]
}

#[tokio::test]
async fn refused_handshake_is_not_retried() {
    const HANDSHAKE_FAILURE: u8 = 40;
    const PROTOCOL_VERSION: u8 = 70;
    const INSUFFICIENT_SECURITY: u8 = 71;
    const UNRECOGNIZED_NAME: u8 = 112;
    for (description, advice) in [
        (HANDSHAKE_FAILURE, "TLS version"),
        (PROTOCOL_VERSION, "TLS version"),
        (INSUFFICIENT_SECURITY, "TLS version"),
        (UNRECOGNIZED_NAME, "the host name in the base URL"),
    ] {
        let (server, builder) = server_with_handshake_response(&alert(description)).await;
        let error = connect_error(builder).await;
        let connections = server.stats(|stats| stats.requests) as usize;
        assert_not_retried(&error, connections, advice);
    }
}

#[tokio::test]
async fn server_without_tls_is_not_retried() {
    for bytes in [
        &b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"[..],
        b"220 mail.example.com ESMTP\r\n",
    ] {
        let (server, builder) = server_with_handshake_response(bytes).await;
        let error = connect_error(builder).await;
        let connections = server.stats(|stats| stats.requests) as usize;
        assert_not_retried(&error, connections, "the scheme and the port");
    }
}

#[tokio::test]
async fn handshake_that_may_succeed_later_is_retried() {
    const INTERNAL_ERROR: u8 = 80;
    for bytes in [&alert(INTERNAL_ERROR)[..], b""] {
        let (server, builder) = server_with_handshake_response(bytes).await;
        let error = connect_error(builder).await;
        assert_eq!(error.attempts().len(), 4, "{error}");
        assert_eq!(server.stats(|stats| stats.requests), 4);
    }
}

#[cfg(not(feature = "native-tls"))]
#[tokio::test]
async fn host_name_that_cannot_be_in_a_certificate_is_not_retried() {
    let error = connect_error(builder("https://api..duvo.test")).await;
    assert_eq!(error.attempts().len(), 1, "{error}");
    assert!(error.to_string().contains("the host name"), "{error}");
}

#[tokio::test]
async fn proxy_that_refuses_the_password_is_asked_once() {
    let proxy = FaultServer::responding(response(407, "", "")).await;
    let error = connect_error(builder(HOST).proxy(&proxy.url)).await;
    let connections = proxy.stats(|stats| stats.requests) as usize;
    assert_not_retried(&error, connections, "the user name and the password");
    proxy.stats(|stats| {
        let request = &stats.last_request;
        assert!(
            request.starts_with("CONNECT duvo.corp.test:443 "),
            "{request}"
        );
    });
}

#[tokio::test]
async fn proxy_that_refuses_the_password_of_plain_http_is_asked_once() {
    let proxy = FaultServer::responding(response(407, "", "")).await;
    let client = builder("http://duvo.corp.test")
        .allow_http(true)
        .proxy(&proxy.url)
        .retry_policy(policy_without_backoff());
    let error = registration_error(&client.build().unwrap()).await;
    assert_eq!(error.delivery(), Delivery::Rejected);
    let connections = proxy.stats(|stats| stats.requests) as usize;
    assert_not_retried(&error, connections, "the user name and the password");
}

/// hyper-util does not report the status, and a proxy returns 502 and 503 for a host that
/// it cannot reach at the moment.
#[tokio::test]
async fn proxy_that_refuses_a_connection_is_asked_again() {
    for status in [403, 502] {
        let proxy = FaultServer::responding(response(status, "", "")).await;
        let error = connect_error(builder(HOST).proxy(&proxy.url)).await;
        assert_eq!(error.attempts().len(), 4, "{error}");
        assert_eq!(proxy.stats(|stats| stats.requests), 4);
    }
}

#[tokio::test]
async fn untrusted_certificate_of_a_proxy_is_not_retried() {
    let (proxy, _) = start_self_signed().await;
    let error = connect_error(builder(HOST).proxy(&proxy.url)).await;
    assert_not_retried(&error, proxy.connections(), "`root_certificate_pem`");
}

/// Starts a proxy that connects every tunnel to this server. Returns its URL.
async fn start_tunnelling_proxy(server: &TlsServer) -> String {
    let port = server.url.rsplit_once(':').unwrap().1.parse().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                client.read_buf(&mut head).await.unwrap();
            }
            client.write_all(b"HTTP/1.1 200 X\r\n\r\n").await.unwrap();
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let _ = copy_bidirectional(&mut client, &mut server).await;
        }
    });
    url
}

#[tokio::test]
async fn untrusted_certificate_behind_a_proxy_is_not_retried() {
    let (server, _) = start_self_signed().await;
    let proxy = start_tunnelling_proxy(&server).await;
    let error = connect_error(builder(HOST).proxy(proxy)).await;
    assert_not_retried(&error, server.connections(), "`root_certificate_pem`");
}

/// Fails to resolve every host name.
struct FailingResolver(ErrorKind);

impl Resolve for FailingResolver {
    fn resolve(&self, _: Name) -> Resolving {
        let error = io::Error::new(self.0, "no name");
        Box::pin(async { Err(error.into()) })
    }
}

#[tokio::test]
async fn failed_name_resolution_is_retried_unless_it_is_forbidden() {
    for (kind, attempts) in [(ErrorKind::NotFound, 4), (ErrorKind::PermissionDenied, 1)] {
        let resolver = FailingResolver(kind);
        let http = reqwest::Client::builder().dns_resolver(resolver);
        let builder = builder(HOST).reqwest_client_builder(http.no_proxy());
        let error = connect_error(builder).await;
        assert_eq!(error.attempts().len(), attempts, "{error}");
        assert_eq!(error.to_string().contains("sandbox"), attempts == 1);
    }
}

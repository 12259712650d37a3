//! A TLS server on loopback, with the certificate that a test asks for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duvo_test_support::fault_server::created_response;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair,
    generate_simple_self_signed,
};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// An API that registers over TLS, one request in each connection.
pub struct TlsServer {
    /// The base URL, with the host `localhost`.
    pub url: String,
    connections: Arc<AtomicUsize>,
}

impl TlsServer {
    pub async fn start(config: ServerConfig) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let accepted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::Relaxed);
                if let Ok(stream) = acceptor.accept(stream).await {
                    // A client may hang up at any time.
                    let _ = register(stream).await;
                }
            }
        });
        Self {
            url: format!("https://localhost:{port}"),
            connections,
        }
    }

    /// Returns the number of connections, including those without a handshake.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

async fn register(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
    let mut request = Vec::new();
    // The body of a registration ends with the brace of its JSON.
    while !request.ends_with(b"}") {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    stream.write_all(&created_response()).await?;
    stream.shutdown().await
}

/// Returns a server with a self-signed certificate for `localhost`, and the certificate
/// as PEM.
pub async fn start_self_signed() -> (TlsServer, String) {
    let certified = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let config = server_config(&certified.cert, &certified.signing_key);
    (TlsServer::start(config).await, certified.cert.pem())
}

/// A certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Certificate,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "Test authority");
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self {
            issuer: Issuer::new(params, key),
            certificate,
        }
    }

    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Returns the configuration of a server with a certificate of this authority.
    pub fn server_config(
        &self,
        host: &str,
        configure: impl FnOnce(&mut CertificateParams),
    ) -> ServerConfig {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        configure(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        server_config(&certificate, &key)
    }

    /// Returns the configuration of a server that requires a client certificate.
    pub fn server_config_with_client_certificate(&self) -> ServerConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        ServerConfig::builder()
            .with_client_cert_verifier(verifier.unwrap())
            .with_single_cert(vec![certificate.der().clone()], private_key(&key))
            .unwrap()
    }
}

fn server_config(certificate: &Certificate, key: &KeyPair) -> ServerConfig {
    ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private_key(key))
        .unwrap()
}

fn private_key(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivateKeyDer::try_from(key.serialize_der()).unwrap()
}

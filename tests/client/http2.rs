//! HTTP/2: which errors state that the server did not process the request.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use duvo::{Delivery, ErrorKind, RetryPolicy, Team};
use duvo_test_support::client::{API_KEY, TEAM, builder, policy_without_backoff};
use duvo_test_support::document;
use duvo_test_support::integrations::any_integration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::tls_server::Authority;

/// What the server does with a complete request. The frames are written by hand, because
/// no server sends such sequences on demand.
#[derive(Clone, Copy, Debug)]
enum Reply {
    /// Registers.
    Created,
    /// Registers, and announces that it closes the connection.
    CreatedThenGoAway,
    /// Sends `RST_STREAM` with this error code.
    Reset(u32),
    /// Sends `GOAWAY` with this error code, and the request's stream as the last one that
    /// it might have processed, or else none. Closes the connection.
    GoAway {
        code: u32,
        processed: bool,
    },
    /// Sends `GOAWAY` with an error, and this text as its debug data.
    GoAwayWithDebugData(&'static str),
    Close,
}

const NO_ERROR: u32 = 0;
const PROTOCOL_ERROR: u32 = 1;
const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;
const HTTP_1_1_REQUIRED: u32 = 13;

struct Server {
    url: String,
    root_certificate: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The last reply repeats.
    script: VecDeque<Reply>,
    connections: usize,
    requests: usize,
}

impl Server {
    async fn start(script: &[Reply]) -> Self {
        let authority = Authority::new();
        let mut config = authority.server_config("localhost", |_| ());
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State {
            script: script.iter().copied().collect(),
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                let stream = acceptor.accept(stream).await.unwrap();
                let state = Arc::clone(&shared);
                // The client may close the connection at any time.
                tokio::spawn(async move { serve(stream, &state).await });
            }
        });
        Self {
            url: format!("https://localhost:{port}"),
            root_certificate: authority.pem(),
            state,
        }
    }

    fn team(&self, policy: RetryPolicy) -> Team {
        let client = builder(&self.url)
            .root_certificate_pem(&*self.root_certificate)
            .retry_policy(policy);
        client.build().unwrap().team(TEAM)
    }

    fn requests(&self) -> usize {
        self.state.lock().unwrap().requests
    }

    fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

impl State {
    fn next_reply(&mut self) -> Reply {
        self.requests += 1;
        match self.script.len() {
            1 => self.script[0],
            _ => self.script.pop_front().unwrap(),
        }
    }
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// Serves one connection.
async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    state: &Mutex<State>,
) -> io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    send(&mut stream, SETTINGS, 0, 0, b"").await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [l0, l1, l2, kind, flags, id @ ..] = head;
        let length = u32::from_be_bytes([0, l0, l1, l2]);
        let id = u32::from_be_bytes(id);
        stream.read_exact(&mut vec![0; length as usize]).await?;
        match kind {
            SETTINGS if flags & ACK == 0 => send(&mut stream, SETTINGS, ACK, 0, b"").await?,
            DATA if flags & END_STREAM != 0 => {
                let reply = state.lock().unwrap().next_reply();
                if !respond(&mut stream, id, reply).await? {
                    return stream.shutdown().await;
                }
            }
            _ => {}
        }
    }
}

/// Returns whether the connection stays open.
async fn respond(
    stream: &mut (impl AsyncWrite + Unpin),
    id: u32,
    reply: Reply,
) -> io::Result<bool> {
    match reply {
        Reply::Created | Reply::CreatedThenGoAway => {
            // The static table of HPACK has the name `:status` at index 8.
            let status = [&[8, 3][..], b"201"].concat();
            send(stream, HEADERS, END_HEADERS, id, &status).await?;
            let body = document::response(201, "oauth").to_string();
            send(stream, DATA, END_STREAM, id, body.as_bytes()).await?;
            if matches!(reply, Reply::CreatedThenGoAway) {
                go_away(stream, id, NO_ERROR).await?;
            }
            Ok(true)
        }
        Reply::Reset(code) => {
            send(stream, RST_STREAM, 0, id, &code.to_be_bytes()).await?;
            Ok(true)
        }
        Reply::GoAway { code, processed } => {
            go_away(stream, if processed { id } else { id - 1 }, code).await?;
            Ok(false)
        }
        Reply::GoAwayWithDebugData(text) => {
            let head = [(id - 1).to_be_bytes(), ENHANCE_YOUR_CALM.to_be_bytes()].concat();
            let payload = [&head, text.as_bytes()].concat();
            send(stream, GOAWAY, 0, 0, &payload).await?;
            Ok(false)
        }
        Reply::Close => Ok(false),
    }
}

async fn go_away(stream: &mut (impl AsyncWrite + Unpin), last: u32, code: u32) -> io::Result<()> {
    let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
    send(stream, GOAWAY, 0, 0, &payload).await
}

async fn send(
    stream: &mut (impl AsyncWrite + Unpin),
    kind: u8,
    flags: u8,
    id: u32,
    payload: &[u8],
) -> io::Result<()> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = [&length[1..], &[kind, flags], &id.to_be_bytes()].concat();
    frame.extend_from_slice(payload);
    stream.write_all(&frame).await?;
    stream.flush().await
}

/// The replies that state that the request was not processed (RFC 9113, sections 6.8 and
/// 8.7).
const REFUSALS: [Reply; 2] = [
    Reply::Reset(REFUSED_STREAM),
    Reply::GoAway {
        code: NO_ERROR,
        processed: false,
    },
];

#[tokio::test]
async fn refused_request_is_retried_as_a_rejection() {
    for refusal in REFUSALS {
        let server = Server::start(&[refusal, refusal, Reply::Created]).await;
        let team = server.team(policy_without_backoff());
        let created = team.register_custom_integration(&any_integration()).await;
        let created = created.unwrap();
        let attempts = created.failed_attempts().iter();
        let attempts: Vec<_> = attempts.map(|it| (it.kind(), it.delivery())).collect();
        assert_eq!(attempts, [(ErrorKind::Network, Delivery::Rejected); 2]);
        assert_eq!(server.requests(), 3, "{refusal:?}");
    }
}

#[tokio::test]
async fn request_that_is_refused_each_time_is_rejected() {
    for refusal in REFUSALS {
        for (policy, requests) in [(RetryPolicy::never(), 1), (policy_without_backoff(), 4)] {
            let server = Server::start(&[refusal]).await;
            let team = server.team(policy);
            let result = team.register_custom_integration(&any_integration()).await;
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Network);
            assert_eq!(error.delivery(), Delivery::Rejected, "{error:?}");
            assert!(error.to_string().contains("HTTP/2"), "{error}");
            assert_eq!(server.requests(), requests, "{refusal:?}");
        }
    }
}

#[tokio::test]
async fn request_that_may_have_been_processed_is_not_retried() {
    let resets = [
        NO_ERROR,
        PROTOCOL_ERROR,
        INTERNAL_ERROR,
        CANCEL,
        ENHANCE_YOUR_CALM,
        HTTP_1_1_REQUIRED,
    ];
    let go_aways = [NO_ERROR, INTERNAL_ERROR, ENHANCE_YOUR_CALM];
    let processed = go_aways.map(|code| Reply::GoAway {
        code,
        processed: true,
    });
    // A server that reports an error may be wrong about what it has processed.
    let unprocessed = go_aways[1..].iter().map(|&code| Reply::GoAway {
        code,
        processed: false,
    });
    let replies = resets.map(Reply::Reset).into_iter();
    for reply in replies
        .chain(processed)
        .chain(unprocessed)
        .chain([Reply::Close])
    {
        let server = Server::start(&[reply]).await;
        let team = server.team(policy_without_backoff());
        let result = team.register_custom_integration(&any_integration()).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Network, "{reply:?}");
        assert_eq!(error.delivery(), Delivery::Unknown, "{reply:?}: {error}");
        assert_eq!(server.requests(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn connection_that_the_server_leaves_is_replaced() {
    let server = Server::start(&[Reply::CreatedThenGoAway]).await;
    let team = server.team(RetryPolicy::never());
    for requests in 1..=8 {
        let created = team.register_custom_integration(&any_integration()).await;
        created.unwrap();
        assert_eq!(server.requests(), requests);
    }
    assert_eq!(server.connections(), 8);
}

#[tokio::test]
async fn secret_in_the_debug_data_of_a_go_away_is_redacted() {
    const TEXT: &str = "too many requests for key duvo-test-key\n";
    let server = Server::start(&[Reply::GoAwayWithDebugData(TEXT)]).await;
    let team = server.team(RetryPolicy::never());
    let result = team.register_custom_integration(&any_integration()).await;
    let error = result.unwrap_err();
    let message = error.to_string();
    assert!(message.contains("too many requests for key"), "{message}");
    let mut output = format!(
        "{message} {error:?} {}",
        serde_json::to_string(&error).unwrap()
    );
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        output.extend([cause.to_string(), format!("{cause:?}")]);
        source = cause.source();
    }
    assert!(!output.contains(API_KEY), "{output}");
    assert!(!message.contains('\n'), "{message}");
}

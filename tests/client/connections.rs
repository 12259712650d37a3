//! Connections that are kept between calls: in several Tokio runtimes, and after the server
//! closed them.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use duvo::{Client, ClientBuilder, Delivery, Error, ErrorKind, RetryPolicy, blocking};
use duvo_test_support::client::{TEAM, builder};
use duvo_test_support::document;
use duvo_test_support::integrations::any_integration;
use duvo_test_support::paused_time::{PausedRuntime, with_paused_time};
use tokio::runtime::{Builder, Runtime};

/// An API that registers and keeps its connections. It runs on its own threads, whichever
/// runtime a test leaves idle.
struct Server {
    url: String,
    stats: Arc<Stats>,
}

#[derive(Default)]
struct Stats {
    connections: AtomicUsize,
    requests: AtomicUsize,
    closed: AtomicUsize,
}

impl Server {
    /// Starts a server that keeps its connections.
    fn start() -> Self {
        Self::with(|stream, requests| while respond(stream, requests).is_some() {})
    }

    /// Starts a server that closes each connection after one response, when it receives a
    /// message. The response does not announce the close.
    fn closing() -> (Self, mpsc::Sender<()>) {
        let (close, closed) = mpsc::channel();
        let closed = Mutex::new(closed);
        let server = Self::with(move |stream, requests| {
            if respond(stream, requests).is_some() {
                let _ = closed.lock().unwrap().recv();
            }
        });
        (server, close)
    }

    fn with(serve: impl Fn(&mut TcpStream, &AtomicUsize) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            stats: Arc::default(),
        };
        let stats = Arc::clone(&server.stats);
        let serve = Arc::new(serve);
        thread::spawn(move || {
            for stream in listener.incoming() {
                stats.connections.fetch_add(1, Ordering::SeqCst);
                let (stats, serve) = (Arc::clone(&stats), Arc::clone(&serve));
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    serve(&mut stream, &stats.requests);
                    drop(stream);
                    stats.closed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        server
    }

    fn connections(&self) -> usize {
        self.stats.connections.load(Ordering::SeqCst)
    }

    /// Waits until the server has closed this number of connections.
    fn wait_until_closed(&self, connections: usize) {
        while self.stats.closed.load(Ordering::SeqCst) < connections {
            thread::yield_now();
        }
    }

    fn requests(&self) -> usize {
        self.stats.requests.load(Ordering::SeqCst)
    }
}

/// Receives a request, and registers. Returns `None` if the client closed the connection.
fn respond(stream: &mut TcpStream, requests: &AtomicUsize) -> Option<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    // The body of a registration ends with the brace of its JSON.
    while !request.ends_with(b"}") {
        match stream.read(&mut buffer) {
            Ok(read @ 1..) => request.extend_from_slice(&buffer[..read]),
            _ => return None,
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let body = document::response(201, "oauth").to_string();
    let length = body.len();
    let response = format!("HTTP/1.1 201 Created\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(response.as_bytes()).ok()
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn multi_thread() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

/// Returns settings with which a call that hangs ends soon, and is not repeated.
fn settings(server: &Server) -> ClientBuilder {
    builder(&server.url)
        .attempt_timeout(Duration::from_secs(10))
        .retry_policy(RetryPolicy::never())
}

async fn register(client: &Client) -> Result<(), Error> {
    let team = client.team(TEAM);
    let created = team.register_custom_integration(&any_integration()).await;
    created.map(drop)
}

#[test]
fn client_works_in_a_second_runtime_while_the_first_is_idle() {
    for new_runtime in [current_thread, multi_thread] {
        let server = Server::start();
        let client = settings(&server).build().unwrap();
        let (first, second) = (new_runtime(), new_runtime());
        for calls in 1..=4 {
            first.block_on(register(&client)).unwrap();
            second.block_on(register(&client)).unwrap();
            assert_eq!(server.requests(), 2 * calls);
        }
    }
}

#[test]
fn each_runtime_keeps_its_connection() {
    let server = Server::start();
    let client = settings(&server).build().unwrap();
    let runtimes = [current_thread(), current_thread()];
    for runtime in runtimes.iter().cycle().take(8) {
        runtime.block_on(register(&client)).unwrap();
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn client_works_in_a_second_runtime_after_the_first_ended() {
    for new_runtime in [current_thread, multi_thread] {
        let server = Server::start();
        let client = settings(&server).build().unwrap();
        for requests in 1..=4 {
            new_runtime().block_on(register(&client)).unwrap();
            assert_eq!(server.requests(), requests);
        }
    }
}

#[test]
fn clones_work_in_many_runtimes_at_once() {
    let server = Server::start();
    let client = settings(&server).build().unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            let client = client.clone();
            scope.spawn(move || {
                let runtime = current_thread();
                for _ in 0..4 {
                    runtime.block_on(register(&client)).unwrap();
                }
            });
        }
    });
    assert_eq!(server.requests(), 32);
    assert!(server.connections() <= 8);
}

fn with_reqwest_client(server: &Server) -> Client {
    let http = reqwest::Client::builder();
    settings(server)
        .reqwest_client_builder(http)
        .build()
        .unwrap()
}

#[test]
fn reqwest_client_is_limited_to_one_runtime_at_a_time() {
    let server = Server::start();
    let client = with_reqwest_client(&server);
    let (first, second) = (current_thread(), current_thread());
    first.block_on(register(&client)).unwrap();
    let error = second.block_on(register(&client)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(
        error.to_string().contains("`reqwest_client_builder`"),
        "{error}"
    );
    assert_eq!(server.requests(), 1);
    // The first one is not affected.
    first.block_on(register(&client)).unwrap();
    drop(first);
    second.block_on(register(&client)).unwrap();
    assert_eq!(server.requests(), 3);
}

#[test]
fn blocking_client_does_not_share_connections() {
    let server = Server::start();
    let client = settings(&server).build().unwrap();
    let blocking: blocking::Client = settings(&server).build_blocking().unwrap();
    let runtime = current_thread();
    for _ in 0..4 {
        runtime.block_on(register(&client)).unwrap();
        let team = blocking.team(TEAM);
        team.register_custom_integration(&any_integration())
            .unwrap();
    }
    assert_eq!(server.requests(), 8);
}

/// A runtime does not run between two `block_on`, nor while a task blocks, so it finds out
/// about the closed connection only during the next call. Loopback delivers the close at
/// once.
#[test]
fn connection_that_the_server_closed_between_calls_is_replaced() {
    let (server, close) = Server::closing();
    let client = settings(&server).build().unwrap();
    let runtime = PausedRuntime::new();
    for calls in 1..=32 {
        runtime.block_on(async {
            register(&client).await.unwrap();
            tokio::time::advance(Duration::from_secs(1)).await;
        });
        close.send(()).unwrap();
        server.wait_until_closed(calls);
    }
    assert_eq!(server.requests(), 32);
    assert_eq!(server.connections(), 32);
}

#[test]
fn connection_that_the_server_closed_while_idle_is_replaced() {
    let (server, close) = Server::closing();
    let client = settings(&server).build().unwrap();
    with_paused_time(async {
        for calls in 1..=32 {
            register(&client).await.unwrap();
            close.send(()).unwrap();
            server.wait_until_closed(calls);
            tokio::time::advance(Duration::from_secs(1)).await;
        }
    });
    assert_eq!(server.requests(), 32);
    assert_eq!(server.connections(), 32);
}

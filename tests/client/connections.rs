//! Connections that are kept between calls: in several Tokio runtimes, and after the server
//! closed them.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use duvo::{Client, ClientBuilder, Delivery, Error, ErrorKind, RetryPolicy, blocking};
use duvo_test_support::client::{TEAM, builder};
use duvo_test_support::document;
use duvo_test_support::integrations::any_integration;
use tokio::runtime::{Builder, Runtime};

/// An API that registers and keeps its connections. It runs on its own threads, whichever
/// runtime a test leaves idle.
struct Server {
    url: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    closed: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server that closes a connection after this number of responses, without
    /// announcing it.
    fn start(responses_per_connection: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            connections: Arc::default(),
            requests: Arc::default(),
            closed: Arc::default(),
        };
        let connections = Arc::clone(&server.connections);
        let requests = Arc::clone(&server.requests);
        let closed = Arc::clone(&server.closed);
        thread::spawn(move || {
            for stream in listener.incoming() {
                connections.fetch_add(1, Ordering::SeqCst);
                let (requests, closed) = (Arc::clone(&requests), Arc::clone(&closed));
                thread::spawn(move || {
                    serve(stream.unwrap(), responses_per_connection, &requests);
                    closed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        server
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Waits until the server has closed this number of connections.
    fn wait_until_closed(&self, connections: usize) {
        while self.closed.load(Ordering::SeqCst) < connections {
            thread::yield_now();
        }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, responses: usize, requests: &AtomicUsize) {
    let body = document::response(201, "oauth").to_string();
    let length = body.len();
    let response = format!("HTTP/1.1 201 Created\r\ncontent-length: {length}\r\n\r\n{body}");
    for _ in 0..responses {
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        // The body of a registration ends with the brace of its JSON.
        while !request.ends_with(b"}") {
            match stream.read(&mut buffer) {
                Ok(read @ 1..) => request.extend_from_slice(&buffer[..read]),
                _ => return,
            }
        }
        requests.fetch_add(1, Ordering::SeqCst);
        if stream.write_all(response.as_bytes()).is_err() {
            return;
        }
    }
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
        let server = Server::start(usize::MAX);
        let client = settings(&server).build().unwrap();
        let (first, second) = (new_runtime(), new_runtime());
        for calls in 1..=4 {
            first.block_on(register(&client)).unwrap();
            second.block_on(register(&client)).unwrap();
            assert_eq!(server.requests(), 2 * calls);
        }
        // Each runtime keeps its connection.
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn client_works_in_a_second_runtime_after_the_first_ended() {
    for new_runtime in [current_thread, multi_thread] {
        let server = Server::start(usize::MAX);
        let client = settings(&server).build().unwrap();
        for requests in 1..=4 {
            new_runtime().block_on(register(&client)).unwrap();
            assert_eq!(server.requests(), requests);
        }
    }
}

#[test]
fn clones_work_in_many_runtimes_at_once() {
    let server = Server::start(usize::MAX);
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
    let server = Server::start(usize::MAX);
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
    let server = Server::start(usize::MAX);
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
    assert_eq!(server.connections(), 2);
}

/// The runtime does not run between the calls, so it finds out about the closed connection
/// only during the next call. Loopback delivers the close at once.
#[test]
fn connection_that_the_server_closed_between_calls_is_replaced() {
    for new_runtime in [current_thread, multi_thread] {
        let server = Server::start(1);
        let client = settings(&server).build().unwrap();
        let runtime = new_runtime();
        for calls in 1..=32 {
            runtime.block_on(register(&client)).unwrap();
            server.wait_until_closed(calls);
        }
        assert_eq!(server.requests(), 32);
        assert_eq!(server.connections(), 32);
    }
}

#[tokio::test]
async fn connection_that_the_server_closed_while_idle_is_replaced() {
    let server = Server::start(1);
    let client = settings(&server).build().unwrap();
    for calls in 1..=32 {
        register(&client).await.unwrap();
        server.wait_until_closed(calls);
    }
    assert_eq!(server.requests(), 32);
    assert_eq!(server.connections(), 32);
}

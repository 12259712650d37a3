use std::convert::Infallible;
use std::fmt;
use std::future;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::{JoinError, spawn_blocking};

use super::body::{ConnectionAborted, ReplyBody};
use super::request::{Request, UnmatchedRequest};
use super::response::{Reply, Response};
use super::socket::{Reset, Socket};
use super::state::State;
use crate::client::Client;
use crate::client::builder::ClientBuilder;
use crate::error::Result;

/// The API key of the clients that a server creates.
const API_KEY: &str = "duvo-mock";

/// A mock server on loopback. See the [module documentation](super).
///
/// The server runs on a background thread until it is dropped.
pub struct Server {
    url: String,
    pub(super) state: Arc<State>,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server without mocks, on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be bound or no thread can be spawned.
    pub fn start() -> io::Result<Self> {
        start_with_runtime(Builder::new_current_thread().enable_all().build()?)
    }

    /// Returns the base URL, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Creates a client of this server, with the default settings.
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::build`].
    pub fn client(&self) -> Result<Client> {
        self.client_builder().build()
    }

    /// Returns the builder of a client of this server, with its URL and an API key.
    pub fn client_builder(&self) -> ClientBuilder {
        Client::builder().api_key(API_KEY).base_url(&self.url)
    }

    /// Returns every request that the server received, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests()
    }

    /// Returns the requests that no mock matched, in order.
    #[must_use]
    pub fn unmatched_requests(&self) -> Vec<UnmatchedRequest> {
        self.state.unmatched()
    }

    /// Asserts that a mock matched every request.
    ///
    /// # Panics
    ///
    /// Panics if a request was unmatched. The message lists the requests and the reasons.
    #[track_caller]
    pub fn assert_no_unmatched_requests(&self) {
        let unmatched = self.state.unmatched();
        assert!(unmatched.is_empty(), "unmatched requests: {unmatched:#?}");
    }
}

/// Starts a server on this runtime. A free function, because the document's names become
/// methods of [`Server`].
pub(super) fn start_with_runtime(runtime: Runtime) -> io::Result<Server> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let url = format!("http://{}", listener.local_addr()?);
    let listener = {
        let _context = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let state = Arc::<State>::default();
    let serving = Arc::clone(&state);
    let (stop, stopped) = oneshot::channel();
    let serve = move || {
        runtime.spawn(accept(listener, serving));
        // The sender is never used, only dropped.
        let _ = runtime.block_on(stopped);
        // A response that is being computed is not awaited.
        runtime.shutdown_background();
    };
    let thread = thread::Builder::new()
        .name("duvo-mock".to_owned())
        .spawn(serve)?;
    Ok(Server {
        url,
        state,
        stop: Some(stop),
        thread: Some(thread),
    })
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != thread::current().id()
        {
            // Once the thread has ended, the port is closed. A panic of the thread was
            // already printed.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

async fn accept(listener: tokio::net::TcpListener, state: Arc<State>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, Arc::clone(&state)));
            }
            // The process may have too many open files for a moment.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve(stream: tokio::net::TcpStream, state: Arc<State>) {
    let reset = Reset::default();
    let socket = TokioIo::new(Socket::new(stream, reset.clone()));
    let service = service_fn(|request| respond(request, Arc::clone(&state), reset.clone()));
    // Errors here are either injected by the test or caused by the client.
    let _ = http1::Builder::new()
        .serve_connection(socket, service)
        .await;
}

async fn respond(
    request: hyper::Request<Incoming>,
    state: Arc<State>,
    reset: Reset,
) -> Result<hyper::Response<ReplyBody>, ConnectionAborted> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| ConnectionAborted)?;
    let request = Request::new(head.method, head.uri, head.headers, body.to_bytes());
    state.record(request.clone());
    // Functions of the test can block.
    let response = spawn_blocking({
        let (state, request) = (Arc::clone(&state), request.clone());
        move || state.respond(&request)
    });
    let response = response.await;
    let response = response.unwrap_or_else(|error| Response::invalid(panic_message(error)));
    if !response.delay.is_zero() {
        tokio::time::sleep(response.delay).await;
    }
    let reply = match response.reply {
        Reply::Http(reply) => match reply.invalid_reason() {
            Some(reason) => state.record_unmatched(request, reason),
            None => reply,
        },
        Reply::Invalid(reason) => state.record_unmatched(request, reason),
        Reply::Hang => future::pending().await,
        Reply::Reset => {
            reset.request();
            return Err(ConnectionAborted);
        }
        Reply::Close => return Err(ConnectionAborted),
    };
    Ok(reply.into())
}

/// Describes a panic in a function of the test.
fn panic_message(error: JoinError) -> String {
    let payload = error.try_into_panic().ok();
    let message = payload.as_ref().and_then(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| payload.downcast_ref::<&str>().copied())
    });
    format!(
        "a function of the test panicked: {}",
        message.unwrap_or("the panic has no message")
    )
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::time::Instant;

    use super::start_with_runtime;
    use crate::mock::Response;

    #[tokio::test]
    async fn response_is_delayed() {
        const HOUR: Duration = Duration::from_secs(3600);
        // The server's time is virtual, and advances when the server is idle.
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        let server = start_with_runtime(runtime).unwrap();
        let (sender, instants) = mpsc::channel();
        server
            .delete_custom_integration()
            .respond_with(move |_, _| {
                sender.send(Instant::now()).unwrap();
                Response::new(404).with_delay(HOUR)
            });
        let client = server.client().unwrap();
        for _ in 0..2 {
            client.delete_custom_integration("7").await.unwrap_err();
        }
        let (first, second) = (instants.recv().unwrap(), instants.recv().unwrap());
        assert!(second - first >= HOUR);
    }
}

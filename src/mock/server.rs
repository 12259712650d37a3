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

use super::body::{AnswerBody, Ended};
use super::request::{Request, UnmatchedRequest};
use super::response::{End, Response};
use super::socket::{Reset, Socket};
use super::state::State;
use crate::client::Client;
use crate::client::builder::ClientBuilder;
use crate::error::Result;

/// The API key of the clients that a server makes.
const API_KEY: &str = "duvo-mock";

/// A server on loopback that answers as its mocks say. See the [module](super).
///
/// It runs on a thread of its own until it is dropped.
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
    /// If the system gives no port or no thread.
    pub fn start() -> io::Result<Self> {
        start_on(Builder::new_current_thread().enable_all().build()?)
    }

    /// The base URL, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client of this server, with the default settings.
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::build`].
    pub fn client(&self) -> Result<Client> {
        self.client_builder().build()
    }

    /// The settings of a client of this server: its URL, and some API key.
    pub fn client_builder(&self) -> ClientBuilder {
        Client::builder().api_key(API_KEY).base_url(&self.url)
    }

    /// Every request that came, the first one first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests()
    }

    /// The requests that no mock answered, the first one first.
    #[must_use]
    pub fn unmatched_requests(&self) -> Vec<UnmatchedRequest> {
        self.state.unmatched()
    }

    /// Asserts that a mock answered every request.
    ///
    /// # Panics
    ///
    /// If one got no answer; the message has the requests, and why.
    #[track_caller]
    pub fn assert_no_unmatched_requests(&self) {
        let unmatched = self.state.unmatched();
        assert!(
            unmatched.is_empty(),
            "without an answer were: {unmatched:#?}"
        );
    }
}

/// Starts a server. No method of it, as the document has the names of most.
fn start_on(runtime: Runtime) -> io::Result<Server> {
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
        // An answer that is being made is not waited for.
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
            // Nothing listens when this returns. If the thread panicked, the
            // panic was shown.
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
            // There may be too many of them just now.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve(stream: tokio::net::TcpStream, state: Arc<State>) {
    let reset = Reset::default();
    let socket = TokioIo::new(Socket::new(stream, reset.clone()));
    let service = service_fn(|request| answer(request, Arc::clone(&state), reset.clone()));
    // What goes wrong is what was ordered, or the client's doing.
    let _ = http1::Builder::new()
        .serve_connection(socket, service)
        .await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    state: Arc<State>,
    reset: Reset,
) -> Result<hyper::Response<AnswerBody>, Ended> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Ended)?.to_bytes();
    let request = Request::new(head.method, head.uri, head.headers, body);
    state.keep(request.clone());
    // The test has a part in the answer, and may block.
    let (respondent, asked) = (Arc::clone(&state), request.clone());
    let response = spawn_blocking(move || respondent.respond(&asked)).await;
    let response = response.unwrap_or_else(|error| Response::mistaken(panicked(error)));
    if !response.delay.is_zero() {
        tokio::time::sleep(response.delay).await;
    }
    let answer = match response.end {
        End::Answer(answer) => match answer.fault() {
            Some(fault) => state.unanswered(request, fault),
            None => answer,
        },
        End::Mistaken(reason) => state.unanswered(request, reason),
        End::Silence => future::pending().await,
        End::Reset => {
            reset.order();
            return Err(Ended);
        }
        End::Close => return Err(Ended),
    };
    Ok(answer.into())
}

/// What to say of a panic in what the test wrote.
fn panicked(error: JoinError) -> String {
    let payload = error.try_into_panic().ok();
    let words = payload.as_ref().and_then(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| payload.downcast_ref::<&str>().copied())
    });
    format!(
        "what the test makes of the request panicked: {}",
        words.unwrap_or("without words")
    )
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::time::Instant;

    use super::start_on;
    use crate::mock::Response;

    #[tokio::test]
    async fn an_answer_is_as_late_as_its_delay() {
        const HOUR: Duration = Duration::from_secs(3600);
        // Time is the server's own here, and runs ahead when nothing else is to
        // be done.
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        let server = start_on(runtime).unwrap();
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

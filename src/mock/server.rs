use std::convert::Infallible;
use std::fmt;
use std::future;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::expectation::Expectation;
use super::request::Request;
use super::response::{Answer, End, Response};
use super::socket::{Reset, Socket};
use crate::client::{Client, ClientBuilder};
use crate::error::Result;

/// The API key of the clients that a server makes.
const API_KEY: &str = "duvo-mock";

/// A server on loopback that answers as its mocks say. See the [module](super).
///
/// It runs on a thread of its own until it is dropped.
pub struct Server {
    url: String,
    state: Arc<State>,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

/// What a server and its mocks know.
#[derive(Default)]
pub(super) struct State(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    expectations: Vec<Expectation>,
    requests: Vec<Request>,
    unmatched: Vec<Request>,
}

impl Server {
    /// Starts a server without mocks, on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If the system gives no port or no thread.
    pub fn start() -> io::Result<Self> {
        Self::on(Builder::new_current_thread().enable_all().build()?)
    }

    fn on(runtime: Runtime) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let state = Arc::<State>::default();
        let serving = Arc::clone(&state);
        let (stop, stopped) = oneshot::channel();
        let serve = move || {
            runtime.spawn(accept(listener, serving));
            // The sender is never used, only dropped.
            let _ = runtime.block_on(stopped);
        };
        let thread = thread::Builder::new()
            .name("duvo-mock".to_owned())
            .spawn(serve)?;
        Ok(Self {
            url,
            state,
            stop: Some(stop),
            thread: Some(thread),
        })
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
        self.state.lock().requests.clone()
    }

    /// The requests that no mock answered, the first one first.
    #[must_use]
    pub fn unmatched_requests(&self) -> Vec<Request> {
        self.state.unmatched()
    }

    pub(super) fn state(&self) -> &Arc<State> {
        &self.state
    }
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

impl State {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, expectation: Expectation) -> usize {
        let expectations = &mut self.lock().expectations;
        expectations.push(expectation);
        expectations.len() - 1
    }

    pub(super) fn change(&self, index: usize, change: impl FnOnce(&mut Expectation)) {
        if let Some(expectation) = self.lock().expectations.get_mut(index) {
            change(expectation);
        }
    }

    pub(super) fn calls(&self, index: usize) -> Vec<Arc<Request>> {
        let inner = self.lock();
        let expectation = inner.expectations.get(index);
        expectation.map_or_else(Vec::new, |expectation| expectation.calls().to_vec())
    }

    pub(super) fn unmatched(&self) -> Vec<Request> {
        self.lock().unmatched.clone()
    }

    fn respond(&self, request: Request) -> Response {
        let mut inner = self.lock();
        inner.requests.push(request.clone());
        let mut differences = Vec::new();
        let mut found = None;
        for expectation in inner.expectations.iter_mut().rev() {
            let Some(request) = expectation.of_operation(&request) else {
                continue;
            };
            match expectation.difference(&request) {
                None => {
                    let responder = expectation.call(Arc::clone(&request));
                    found = Some((responder, request));
                    break;
                }
                Some(difference) => differences.push(difference),
            }
        }
        match found {
            Some((Some(responder), request)) => {
                // It may ask the server or a mock.
                drop(inner);
                responder.respond(&request)
            }
            Some((None, _)) => unanswered("the mock has no answer; give it one by `respond`"),
            None => {
                let what = format!("{} {}", request.method(), request.path());
                inner.unmatched.push(request);
                if differences.is_empty() {
                    unanswered(&format!("there is no mock for {what}"))
                } else {
                    unanswered(&differences.join("; "))
                }
            }
        }
    }
}

/// The answer where there is none, in the form of an error of the API.
fn unanswered(reason: &str) -> Response {
    let body = serde_json::json!({ "error": "duvo::mock", "message": reason });
    Response::json(501, &body)
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
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
    let service = service_fn(|request| answer(request, &state, &reset));
    // What goes wrong is what was ordered, or the client's doing.
    let _ = http1::Builder::new()
        .serve_connection(socket, service)
        .await;
}

/// The connection ends without an answer.
#[derive(Debug)]
struct Ended;

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ended by the mock")
    }
}

impl std::error::Error for Ended {}

async fn answer(
    request: hyper::Request<Incoming>,
    state: &State,
    reset: &Reset,
) -> Result<hyper::Response<AnswerBody>, Ended> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Ended)?.to_bytes();
    let request = Request::new(head.method, head.uri, head.headers, body);
    let mut response = state.respond(request);
    if !response.delay.is_zero() {
        tokio::time::sleep(response.delay).await;
    }
    if let End::Mistaken(reason) = &response.end {
        response = unanswered(reason);
    }
    match response.end {
        End::Answer(answer) => Ok(answer.into()),
        End::Silence => future::pending().await,
        End::Reset => {
            reset.order();
            Err(Ended)
        }
        End::Close | End::Mistaken(_) => Err(Ended),
    }
}

impl From<Answer> for hyper::Response<AnswerBody> {
    fn from(answer: Answer) -> Self {
        let mut response = Self::new(AnswerBody::new(answer.body, answer.cut));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        response
    }
}

/// A body that may end before it is whole.
struct AnswerBody {
    bytes: Option<Bytes>,
    length: u64,
    cut: Cut,
}

#[derive(Clone, Copy, PartialEq)]
enum Cut {
    Nowhere,
    /// Once what comes before is on its way.
    AfterFlush,
    Now,
}

impl AnswerBody {
    fn new(mut bytes: Bytes, cut: Option<usize>) -> Self {
        let length = bytes.len() as u64;
        if let Some(cut) = cut {
            bytes.truncate(cut);
        }
        let is_cut = cut.is_some();
        Self {
            bytes: Some(bytes).filter(|bytes| !bytes.is_empty()),
            length,
            cut: if is_cut {
                Cut::AfterFlush
            } else {
                Cut::Nowhere
            },
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Ended;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Ended>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.cut {
            Cut::Nowhere => Poll::Ready(None),
            Cut::AfterFlush => {
                self.cut = Cut::Now;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Cut::Now => Poll::Ready(Some(Err(Ended))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && self.cut == Cut::Nowhere
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::time::Instant;

    use super::Server;
    use crate::mock::Response;

    #[tokio::test]
    async fn an_answer_is_as_late_as_its_delay() {
        const HOUR: Duration = Duration::from_secs(3600);
        // Time is the server's own here, and runs ahead when nothing else is to
        // be done.
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        let server = Server::on(runtime).unwrap();
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

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::expectation::{Condition, Expectation, Responder};
use super::request::Request;
use super::response::Response;
use super::server::Server;
use super::state::State;

/// An operation of the API; all of them are in [`operations`](super::operations).
pub trait Operation: sealed::Sealed + 'static {
    /// Its name, which is that of the method of [`Server`].
    const NAME: &'static str;
    /// Its HTTP method.
    const METHOD: &'static str;
    /// Its path, with `{…}` for each parameter.
    const PATH: &'static str;

    /// What a mock answers that was not told anything: the documented example.
    fn default_response() -> Option<Response>;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// A mock of one operation. It answers from when it is made until the server
/// is dropped; this is a handle to tell it what to do, and to ask what came.
pub struct Mock<O> {
    server: Arc<State>,
    expectation: Arc<Expectation>,
    operation: PhantomData<fn() -> O>,
}

/// A request to one operation, with a method for each parameter and each property
/// of the body. One that has the name of a method of [`Request`] hides that one, which
/// is then to be called as `Request::header(&call, "…")`.
pub struct Call<O> {
    request: Arc<Request>,
    operation: PhantomData<fn() -> O>,
}

/// The documented answers of one operation.
pub struct Responses<O>(PhantomData<fn() -> O>);

/// The documented answers of the operation. No method of the type, as the
/// document has the names of those.
pub(super) fn responses<O>() -> Responses<O> {
    Responses(PhantomData)
}

impl<O: Operation> Mock<O> {
    pub(super) fn new(server: &Server) -> Self {
        let server = Arc::clone(&server.state);
        let default = O::default_response();
        let expectation = Expectation::new(O::NAME, O::METHOD, O::PATH, default);
        let expectation = Arc::new(expectation);
        server.add(Arc::clone(&expectation));
        Self {
            server,
            expectation,
            operation: PhantomData,
        }
    }

    /// Adds an answer to the sequence. Each request takes the next; the last one
    /// is repeated.
    ///
    /// The argument of `choose` has the documented answers of the operation. For
    /// others, see [`Response`].
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn respond(self, choose: impl FnOnce(Responses<O>) -> Response) -> Self {
        let response = choose(responses());
        self.then(Responder::new(move |_| response.clone()))
    }

    /// Adds an answer to the sequence that is made of the request. As the last
    /// one, it is made anew for every further request.
    ///
    /// It may ask the server and its mocks, and may block. If it panics, the
    /// answer is a 501 that says so.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn respond_with(
        self,
        make: impl Fn(&Call<O>, Responses<O>) -> Response + Send + Sync + 'static,
    ) -> Self {
        self.then(Responder::new(move |request| {
            make(&Call::new(Arc::clone(request)), responses())
        }))
    }

    /// Expects this API key.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn with_api_key(self, api_key: impl Into<String>) -> Self {
        self.expecting(Condition::ApiKey(api_key.into()))
    }

    /// Expects what the condition says of a request. Where the `with_…` and
    /// `without_…` methods suffice, they are better: they can say what differs.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn matching(self, condition: impl Fn(&Call<O>) -> bool + Send + Sync + 'static) -> Self {
        let condition = move |request: &Arc<Request>| condition(&Call::new(Arc::clone(request)));
        self.expecting(Condition::Custom(Box::new(condition)))
    }

    /// The requests that this mock answered, the first one first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call<O>> {
        let calls = self.expectation.calls();
        calls.into_iter().map(Call::new).collect()
    }

    /// Asserts how many requests this mock answered.
    ///
    /// # Panics
    ///
    /// If it answered more, or fewer; the message has the requests that no mock
    /// answered, and why.
    #[track_caller]
    pub fn assert_calls(&self, expected: usize) {
        let calls = self.expectation.calls().len();
        let unmatched = self.server.unmatched();
        assert!(
            calls == expected,
            "`{}` was called {calls} times, not {expected}; without an answer were: {unmatched:#?}",
            O::NAME,
        );
    }

    fn then(self, responder: Responder) -> Self {
        self.expectation.respond(responder);
        self
    }

    pub(super) fn expecting(self, condition: Condition) -> Self {
        self.expectation.expect(condition);
        self
    }
}

impl<O> Call<O> {
    fn new(request: Arc<Request>) -> Self {
        Self {
            request,
            operation: PhantomData,
        }
    }
}

impl<O> Deref for Call<O> {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.request
    }
}

impl<O> Clone for Call<O> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.request))
    }
}

impl<O> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

impl<O: Operation> fmt::Debug for Mock<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock")
            .field("operation", &O::NAME)
            .finish_non_exhaustive()
    }
}

impl<O: Operation> fmt::Debug for Responses<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Responses")
            .field("operation", &O::NAME)
            .finish()
    }
}

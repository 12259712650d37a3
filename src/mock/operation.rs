use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::Value;

use super::expectation::{Condition, Expectation, Responder};
use super::request::Request;
use super::response::Response;
use super::server::{Server, State};

/// An operation of the API. Those there are, are in
/// [`operations`](super::operations).
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
    state: Arc<State>,
    index: usize,
    operation: PhantomData<fn() -> O>,
}

/// A request to one operation.
pub struct Call<O> {
    request: Arc<Request>,
    operation: PhantomData<fn() -> O>,
}

/// The documented answers of one operation.
pub struct Responses<O>(PhantomData<fn() -> O>);

impl<O> Responses<O> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<O: Operation> Mock<O> {
    pub(super) fn new(server: &Server) -> Self {
        let state = Arc::clone(server.state());
        let index = state.add(Expectation::new(
            O::NAME,
            O::METHOD,
            O::PATH,
            O::default_response(),
        ));
        Self {
            state,
            index,
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
        let response = choose(Responses::new());
        self.then(Responder::new(move |_| response.clone()))
    }

    /// Adds an answer to the sequence that is made of the request. As the last
    /// one, it is made anew for every further request.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn respond_with(
        self,
        make: impl Fn(&Call<O>, Responses<O>) -> Response + Send + Sync + 'static,
    ) -> Self {
        self.then(Responder::new(move |request| {
            make(&Call::new(Arc::clone(request)), Responses::new())
        }))
    }

    /// Expects this API key.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn with_api_key(self, api_key: impl Into<String>) -> Self {
        self.expecting(Condition::ApiKey(api_key.into()))
    }

    /// Expects what the condition says of a request. Where the `with_…` methods
    /// suffice, they are better: they can say what differs.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn matching(self, condition: impl Fn(&Call<O>) -> bool + Send + Sync + 'static) -> Self {
        let condition = move |request: &Arc<Request>| condition(&Call::new(Arc::clone(request)));
        self.expecting(Condition::Custom(Box::new(condition)))
    }

    /// The requests that this mock answered, the first one first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call<O>> {
        let calls = self.state.calls(self.index);
        calls.into_iter().map(Call::new).collect()
    }

    /// Asserts how many requests this mock answered.
    ///
    /// # Panics
    ///
    /// If it answered more, or fewer; the message has the requests that no mock
    /// answered.
    #[track_caller]
    pub fn assert_calls(&self, expected: usize) {
        let calls = self.state.calls(self.index).len();
        let unmatched = self.state.unmatched();
        assert!(
            calls == expected,
            "`{}` was called {calls} times, not {expected}; without a mock were: {unmatched:?}",
            O::NAME,
        );
    }

    fn then(self, responder: Responder) -> Self {
        self.state.change(self.index, |it| it.respond(responder));
        self
    }

    fn expecting(self, condition: Condition) -> Self {
        self.state.change(self.index, |it| it.expect(condition));
        self
    }

    pub(super) fn expecting_path(self, name: &'static str, value: String) -> Self {
        self.expecting(Condition::Path(name, value))
    }

    pub(super) fn expecting_query(self, name: &'static str, value: String) -> Self {
        self.expecting(Condition::Query(name, value))
    }

    pub(super) fn expecting_header(self, name: &'static str, value: String) -> Self {
        self.expecting(Condition::Header(name, value))
    }

    pub(super) fn expecting_property(self, name: &'static str, value: Value) -> Self {
        self.expecting(Condition::Property(name, value))
    }

    pub(super) fn expecting_secret(self, name: &'static str, value: Value) -> Self {
        self.expecting(Condition::Secret(name, value))
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

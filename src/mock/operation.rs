use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::expectation::{Expectation, Matcher, Responder};
use super::request::Request;
use super::response::Response;
use super::server::Server;
use super::state::State;

/// An operation of the API. All operations are in [`operations`](super::operations).
pub trait Operation: sealed::Sealed + 'static {
    /// The name of the operation, which is also the name of the method of [`Server`].
    const NAME: &'static str;
    /// The HTTP method.
    const METHOD: &'static str;
    /// The path template, with `{…}` for each parameter.
    const PATH: &'static str;

    /// Returns the default response of a mock: the documented example.
    fn default_response() -> Option<Response>;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// A handle to the mock of one operation, which configures it and returns the requests
/// that it received. The mock itself lives until the server is dropped.
pub struct Mock<O> {
    server: Arc<State>,
    expectation: Arc<Expectation>,
    operation: PhantomData<fn() -> O>,
}

/// A request to one operation, with a method for each parameter and each property of the
/// body. If such a method hides a method of [`Request`], call the latter as
/// `Request::header(&call, "…")`.
pub struct Call<O> {
    request: Arc<Request>,
    operation: PhantomData<fn() -> O>,
}

/// The documented responses of one operation.
pub struct Responses<O>(PhantomData<fn() -> O>);

/// Returns the documented responses of an operation. A free function, because the
/// document's names become methods of [`Responses`].
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

    /// Appends a response to the sequence of the mock. Each request receives the next
    /// response, and the last one is repeated.
    ///
    /// The argument of `choose` provides the documented responses of the operation. For
    /// others, see [`Response`].
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn respond(self, choose: impl FnOnce(Responses<O>) -> Response) -> Self {
        let response = choose(responses());
        self.with_responder(Responder::new(move |_| response.clone()))
    }

    /// Appends a response that is computed from the request. As the last one of the
    /// sequence, it is computed for every further request.
    ///
    /// `make` can use the server and its mocks, and can block. If it panics, the response
    /// is a 501 with the panic message.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn respond_with(
        self,
        make: impl Fn(&Call<O>, Responses<O>) -> Response + Send + Sync + 'static,
    ) -> Self {
        self.with_responder(Responder::new(move |request| {
            make(&Call::new(Arc::clone(request)), responses())
        }))
    }

    /// Matches only requests with this API key.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn with_api_key(self, api_key: impl Into<String>) -> Self {
        self.with_matcher(Matcher::ApiKey(api_key.into()))
    }

    /// Matches only requests for which `predicate` returns `true`. Prefer the `with_…` and
    /// `without_…` methods, which can report the difference. `predicate` is called only
    /// for requests that match them.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn matching(self, predicate: impl Fn(&Call<O>) -> bool + Send + Sync + 'static) -> Self {
        let predicate = move |request: &Arc<Request>| predicate(&Call::new(Arc::clone(request)));
        self.with_matcher(Matcher::Custom(Box::new(predicate)))
    }

    /// Returns the requests that this mock matched, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Call<O>> {
        let calls = self.expectation.calls();
        calls.into_iter().map(Call::new).collect()
    }

    /// Asserts the number of requests that this mock matched.
    ///
    /// # Panics
    ///
    /// Panics if the number differs. The message lists the requests that no mock matched,
    /// with the reasons.
    #[track_caller]
    pub fn assert_calls(&self, expected: usize) {
        let calls = self.expectation.calls().len();
        let unmatched = self.server.unmatched();
        assert!(
            calls == expected,
            "`{}` was called {calls} times instead of {expected}; unmatched requests: {unmatched:#?}",
            O::NAME,
        );
    }

    fn with_responder(self, responder: Responder) -> Self {
        self.expectation.respond(responder);
        self
    }

    pub(super) fn with_matcher(self, matcher: Matcher) -> Self {
        self.expectation.expect(matcher);
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

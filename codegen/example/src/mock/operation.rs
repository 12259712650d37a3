//! The mock of an operation. The generated code adds methods to its types.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::expectation::{Expectation, Matcher};
use super::request::Request;
use super::response::Response;
use super::server::Server;

/// An operation of the API.
pub trait Operation: sealed::Sealed {
    const NAME: &'static str;
    const METHOD: &'static str;
    const PATH: &'static str;

    /// Returns the documented example.
    fn default_response() -> Option<Response>;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// The mock of one operation, with a method for each value that it can match.
pub struct Mock<O>(Arc<Expectation>, PhantomData<O>);

/// A request to one operation, with a method for each of its values.
pub struct Call<O>(Arc<Request>, PhantomData<O>);

/// The documented responses of one operation, with a method for each.
pub struct Responses<O>(PhantomData<O>);

pub(super) fn responses<O>() -> Responses<O> {
    Responses(PhantomData)
}

impl<O: Operation> Mock<O> {
    pub(super) fn new(server: &Server) -> Self {
        let response = O::default_response();
        let expectation = Arc::new(Expectation::new(O::METHOD, O::PATH, response));
        server.add(Arc::clone(&expectation));
        Self(expectation, PhantomData)
    }

    /// Sets the response.
    #[allow(clippy::return_self_not_must_use, reason = "the server has the mock")]
    pub fn respond(self, choose: impl FnOnce(Responses<O>) -> Response) -> Self {
        self.0.set_response(choose(responses()));
        self
    }

    /// Returns the requests that the mock matched.
    #[must_use]
    pub fn calls(&self) -> Vec<Call<O>> {
        let calls = self.0.calls().into_iter();
        calls.map(|request| Call(request, PhantomData)).collect()
    }

    pub(super) fn with_matcher(self, matcher: Matcher) -> Self {
        self.0.add_matcher(matcher);
        self
    }
}

impl<O> Deref for Call<O> {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.0
    }
}

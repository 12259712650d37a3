use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::Catalogue;
use crate::mock::response::Response;

/// A fault of a single request to a [`Catalogue`].
///
/// The response of [`rejected`](Self::rejected) or [`lost`](Self::lost) is sent unmodified.
///
/// ```
/// # use duvo::mock::{Fault, Response, Server, examples};
/// # fn main() -> std::io::Result<()> {
/// # let server = Server::start()?;
/// let catalogue = server.catalogue();
/// catalogue.next_registration(Fault::lost(Response::reset()));
/// catalogue.inject(|request, number| {
///     let is_failing = request.method() == "GET" && number < 2;
///     is_failing.then(|| Fault::rejected(Response::html(502, "<h1>Bad Gateway</h1>")))
/// });
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a fault does nothing until it is passed to a catalogue"]
pub struct Fault {
    pub(super) before: Vec<Arc<Change>>,
    pub(super) effect: Effect,
}

/// Changes the catalogue before a request.
type Change = dyn Fn(&Catalogue) + Send + Sync;

#[derive(Clone)]
pub(super) enum Effect {
    None,
    Rejected(Response),
    Lost(Response),
    Changed(Arc<dyn Fn(Value) -> Response + Send + Sync>),
}

impl Fault {
    /// Creates a fault that changes nothing, for example to let the next request succeed and
    /// the one after it fail.
    pub fn none() -> Self {
        Self::new(Effect::None)
    }

    /// Creates a fault that prevents the effect of the request. `response` is sent. The
    /// request does not count toward the rate limit.
    pub fn rejected(response: Response) -> Self {
        Self::new(Effect::Rejected(response))
    }

    /// Creates a fault that loses the response: the request takes effect, and `response` is
    /// sent instead of the correct one.
    pub fn lost(response: Response) -> Self {
        Self::new(Effect::Lost(response))
    }

    /// Creates a fault that changes the response: the request takes effect, and `change`
    /// receives the correct JSON body and returns the response to send. The headers of the
    /// correct response are added, unless `change` sets them.
    pub fn changed(change: impl Fn(Value) -> Response + Send + Sync + 'static) -> Self {
        Self::new(Effect::Changed(Arc::new(change)))
    }

    /// Creates a fault that only changes the catalogue before the request, which then takes
    /// effect. For example, another caller registers the same integration first.
    pub fn preceded_by(change: impl Fn(&Catalogue) + Send + Sync + 'static) -> Self {
        Self::none().after(change)
    }

    /// Changes the catalogue before this fault. Repeated calls append.
    pub fn after(mut self, change: impl Fn(&Catalogue) + Send + Sync + 'static) -> Self {
        self.before.push(Arc::new(change));
        self
    }

    fn new(effect: Effect) -> Self {
        Self {
            before: Vec::new(),
            effect,
        }
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut output = f.debug_struct("Fault");
        match &self.effect {
            Effect::None => {}
            Effect::Rejected(response) => {
                output.field("rejected", response);
            }
            Effect::Lost(response) => {
                output.field("lost", response);
            }
            Effect::Changed(_) => {
                output.field("changed", &true);
            }
        }
        output.field("changes_before", &self.before.len()).finish()
    }
}

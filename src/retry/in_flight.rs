use std::sync::atomic::{AtomicBool, Ordering};

/// Whether dropping a call now could leave its effect unknown: an attempt is in flight, or
/// the outcome of an earlier one is unknown. A call that waits for the rate limit, or for
/// another attempt after a rejection, can be dropped.
#[derive(Debug, Default)]
pub(crate) struct InFlight(AtomicBool);

impl InFlight {
    pub(crate) fn set(&self, in_flight: bool) {
        self.0.store(in_flight, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

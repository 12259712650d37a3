//! Virtual time.

use std::sync::mpsc;

use tokio::runtime::{Builder, Runtime};

/// A runtime in virtual time, which advances only when a [`FaultServer`] stalls or the test
/// advances it.
///
/// [`FaultServer`]: crate::fault_server::FaultServer
pub struct PausedRuntime {
    // Dropped first: the runtime waits for its blocking task.
    _release: mpsc::Sender<()>,
    runtime: Runtime,
}

impl PausedRuntime {
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let (release, wait) = mpsc::channel::<()>();
        // Tokio does not advance paused time by itself while a blocking task runs.
        runtime.spawn_blocking(move || wait.recv());
        Self {
            _release: release,
            runtime,
        }
    }

    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }
}

impl Default for PausedRuntime {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs a test in a [`PausedRuntime`].
pub fn with_paused_time<F: Future>(test: F) -> F::Output {
    PausedRuntime::new().block_on(test)
}

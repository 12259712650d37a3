//! Virtual time.

use std::sync::mpsc;

/// Runs a test in virtual time, which advances only when a [`FaultServer`] stalls or the
/// test advances it.
///
/// [`FaultServer`]: crate::fault_server::FaultServer
pub fn with_paused_time<F: Future>(test: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let (release, wait) = mpsc::channel::<()>();
    runtime.block_on(async move {
        // Tokio does not advance paused time by itself while a blocking task runs.
        tokio::task::spawn_blocking(move || wait.recv());
        let output = test.await;
        drop(release);
        output
    })
}

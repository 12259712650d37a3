//! A runtime in which server and clients share a virtual clock.
//!
//! A paused clock of Tokio advances to the next timer when no task is ready. Bytes on a
//! loopback socket are not a ready task, so that a timeout could elapse before the runtime
//! reads a response. Here, the clock advances only after the sockets were polled repeatedly
//! and the server neither received nor sent anything.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::Instant;

/// The number of polls without activity after which the clock advances.
const QUIET_POLLS: u32 = 25;

/// The polls since the server received or sent anything, or the clock advanced.
static POLLS: AtomicU32 = AtomicU32::new(0);

/// Records that the server received or sent something.
pub(super) fn record_activity() {
    POLLS.store(0, Ordering::Relaxed);
}

/// Creates a runtime of one thread with a paused clock.
pub fn runtime() -> io::Result<Runtime> {
    let poll = Arc::new(Notify::new());
    let poll_again = Arc::clone(&poll);
    let last = Mutex::new(None);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .on_thread_park(move || {
            let now = Instant::now();
            if last
                .lock()
                .is_ok_and(|mut last| last.replace(now) != Some(now))
            {
                POLLS.store(0, Ordering::Relaxed);
            }
            if POLLS.fetch_add(1, Ordering::Relaxed) < QUIET_POLLS {
                poll_again.notify_one();
            }
        })
        .build()?;
    runtime.spawn(async move {
        loop {
            poll.notified().await;
            // The runtime polls the sockets before it continues here.
            yield_now().await;
        }
    });
    Ok(runtime)
}

//! Ctrl-C, and SIGTERM on Unix.

use std::process;

use tokio::sync::oneshot;

use crate::progress::Progress;

/// The conventional exit status of a program that SIGINT ended.
const INTERRUPTED: i32 = 130;

/// Returns a future that completes at the first Ctrl-C or SIGTERM. Another Ctrl-C ends the
/// process at once.
///
/// A second SIGTERM does not, because CI systems send one shortly after the other signal.
pub(crate) fn interruption(progress: Progress) -> Result<impl Future<Output = ()>, String> {
    let signals = Signals::new();
    let mut signals = signals.map_err(|error| format!("cannot handle signals: {error}"))?;
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        signals.any().await;
        let _ = sender.send(());
        progress.print(
            "interrupted: finishing the changes under way; press Ctrl-C again to end at once",
        );
        signals.interrupt().await;
        process::exit(INTERRUPTED);
    });
    Ok(async {
        let _ = receiver.await;
    })
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    async fn interrupt(&mut self) {
        self.interrupt.recv().await;
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn any(&mut self) {
        self.interrupt().await;
    }

    async fn interrupt(&mut self) {
        self.0.recv().await;
    }
}

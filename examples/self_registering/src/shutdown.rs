//! The signals that end the program.

use std::io;

use tokio_util::sync::CancellationToken;

/// Returns a token that is canceled by SIGTERM or Ctrl-C.
pub(crate) fn on_signal() -> io::Result<CancellationToken> {
    let token = CancellationToken::new();
    let signal = signal()?;
    let canceled = token.clone();
    tokio::spawn(async move {
        signal.await;
        canceled.cancel();
    });
    Ok(token)
}

#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signal() -> io::Result<impl Future<Output = ()>> {
    let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}

//! Captures what a test logs.

use std::any::Any;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Captures the lines that the current thread logs, until it is dropped. Records of the
/// crate `log` are among them.
pub struct Log {
    lines: Lines,
    /// The guard of the subscriber, whose type is from `tracing`: an optional dependency.
    _subscriber: Box<dyn Any>,
    _turn: Turn,
}

/// The turn of a test: tests that log run one at a time.
pub struct Turn(#[expect(dead_code, reason = "held until it is dropped")] MutexGuard<'static, ()>);

impl Turn {
    pub fn start() -> Self {
        Self(TURN.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

static TURN: Mutex<()> = Mutex::new(());

impl Log {
    pub fn start(max_level: LevelFilter, span_events: FmtSpan) -> Self {
        let turn = Turn::start();
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(max_level)
            .with_span_events(span_events)
            .with_writer(lines.clone())
            // Another package of the workspace may switch on colors.
            .with_ansi(false)
            .set_default();
        Self {
            lines,
            _subscriber: Box::new(subscriber),
            _turn: turn,
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

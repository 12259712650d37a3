//! The progress of the changes, on standard error: a bar on a terminal that can show one,
//! otherwise a line for each change.

use std::fmt::Display;
use std::time::Duration;

use duvo::Event;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::Instant;

use crate::output;

#[derive(Clone)]
pub(crate) struct Progress {
    changes: usize,
    /// Absent if standard error is not a terminal, or `TERM` is `dumb`.
    bar: Option<ProgressBar>,
    /// The time of the reset for which the changes wait, and the message about it.
    wait: Option<(Instant, String)>,
}

impl Progress {
    pub(crate) fn new(changes: usize) -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(changes as u64).with_style(style);
        let is_shown = changes > 0 && !bar.is_hidden();
        Self {
            changes,
            bar: is_shown.then_some(bar),
            wait: None,
        }
    }

    pub(crate) fn on_event(&mut self, event: Event<'_>) {
        match event {
            Event::ChangeStarted { change } => self.show_name(change.name()),
            Event::ChangeFinished {
                change,
                error,
                finished,
            } => {
                let action = change.as_str().replace('_', " ");
                let line = format!("{finished}/{}: {action} {:?}", self.changes, change.name());
                match error {
                    Some(error) => self.print(format_args!("{line}: {error}")),
                    None if self.bar.is_none() => self.print(line),
                    None => {}
                }
                if let Some(bar) = &self.bar {
                    bar.set_position(finished as u64);
                }
                self.show_name(change.name());
            }
            Event::RateLimited { wait } => self.show_wait(wait),
            Event::Stopped {
                error: Some(error),
                remaining,
            } => self.print(format_args!(
                "stopped, {remaining} changes are not attempted: {error}"
            )),
            Event::Verifying => self.show("listing the catalogue again"),
            _ => {}
        }
    }

    /// Prints a line, above the bar if there is one.
    pub(crate) fn print(&self, line: impl Display) {
        match &self.bar {
            Some(bar) => bar.suspend(|| output::note(line)),
            None => output::note(line),
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn show_wait(&mut self, wait: Duration) {
        let seconds = wait.as_secs_f64().ceil();
        let message = format!("waiting {seconds} s for the rate limit");
        self.show(&message);
        self.wait = Some((Instant::now() + wait, message));
    }

    /// Shows a name in the bar, and that the changes wait, if they do.
    fn show_name(&mut self, name: &str) {
        self.wait.take_if(|(end, _)| *end <= Instant::now());
        if let Some(bar) = &self.bar {
            bar.set_message(match &self.wait {
                Some((_, message)) => format!("{name:?}, {message}"),
                None => format!("{name:?}"),
            });
        }
    }

    /// Shows a message in the bar, or prints it.
    fn show(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(message.to_owned()),
            None => self.print(message),
        }
    }
}

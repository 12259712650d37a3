use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// The wall clock at the first request, which advances with Tokio's time.
#[derive(Default)]
pub(super) struct Clock {
    start: Option<(Instant, Duration)>,
}

impl Clock {
    /// Returns the time since 1970-01-01T00:00:00Z.
    pub(super) fn unix_time(&mut self) -> Duration {
        let now = Instant::now();
        let (start, unix_time) = *self.start.get_or_insert_with(|| {
            #[allow(
                clippy::disallowed_methods,
                reason = "the server defines its date, and Tokio's time advances it"
            )]
            let wall_clock = SystemTime::now();
            let unix_time = wall_clock.duration_since(SystemTime::UNIX_EPOCH);
            (now, unix_time.unwrap_or_default())
        });
        unix_time + now.duration_since(start)
    }
}

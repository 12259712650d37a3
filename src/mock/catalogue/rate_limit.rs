use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use crate::mock::response::whole_seconds;

/// Counts the requests of each API key in fixed windows.
pub(super) struct RateLimit {
    requests: u64,
    window: Duration,
    windows: HashMap<Option<String>, Window>,
}

struct Window {
    /// In Unix time.
    start: Duration,
    requests: u64,
}

/// The state of an API key's rate limit after a request.
pub(super) struct Quota {
    limit: u64,
    window: Duration,
    remaining: u64,
    /// In Unix time.
    now: Duration,
    resets_in: Duration,
    is_exhausted: bool,
}

impl RateLimit {
    pub(super) fn new(requests: u64, window: Duration) -> Self {
        Self {
            requests,
            window,
            windows: HashMap::new(),
        }
    }

    /// Counts a request at `now`, in Unix time. A request above the limit is not counted.
    pub(super) fn count(&mut self, api_key: Option<&str>, now: Duration) -> Quota {
        let key = api_key.map(str::to_owned);
        let current = self.windows.entry(key).or_insert(Window {
            start: now,
            requests: 0,
        });
        let elapsed = now.saturating_sub(current.start);
        if elapsed >= self.window {
            // A window of zero has no remainder.
            let into_window = elapsed.as_nanos().checked_rem(self.window.as_nanos());
            let into_window = into_window.and_then(|nanos| u64::try_from(nanos).ok());
            let start = now.checked_sub(Duration::from_nanos(into_window.unwrap_or_default()));
            *current = Window {
                start: start.unwrap_or(now),
                requests: 0,
            };
        }
        let is_exhausted = current.requests >= self.requests;
        current.requests += u64::from(!is_exhausted);
        Quota {
            limit: self.requests,
            window: self.window,
            remaining: self.requests - current.requests,
            now,
            resets_in: self
                .window
                .saturating_sub(now.saturating_sub(current.start)),
            is_exhausted,
        }
    }
}

impl Quota {
    /// Returns `true` if the request is above the limit.
    pub(super) fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }

    pub(super) fn message(&self) -> String {
        format!("More than {} requests in {:?}", self.limit, self.window)
    }

    /// Returns the headers of the response. The reset is rounded up and the date is
    /// rounded down, so that a client that waits for the difference waits long enough.
    pub(super) fn headers(&self) -> Vec<(&'static str, String)> {
        let date = SystemTime::UNIX_EPOCH + self.now;
        let reset = whole_seconds(self.now.saturating_add(self.resets_in));
        let mut headers = vec![
            ("date", httpdate::fmt_http_date(date)),
            ("x-ratelimit-limit", self.limit.to_string()),
            ("x-ratelimit-remaining", self.remaining.to_string()),
            ("x-ratelimit-reset", reset.to_string()),
        ];
        if self.is_exhausted {
            headers.push(("retry-after", whole_seconds(self.resets_in).to_string()));
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RateLimit;

    /// Counts a request at this Unix time, and returns `remaining`, `reset` and
    /// `retry-after`.
    fn count(rate_limit: &mut RateLimit, key: &str, milliseconds: u64) -> String {
        let now = Duration::from_millis(milliseconds);
        let headers = rate_limit.count(Some(key), now).headers();
        let values: Vec<_> = headers[2..].iter().map(|(_, value)| &**value).collect();
        values.join(" ")
    }

    #[test]
    fn windows_follow_each_other_from_the_first_request() {
        let mut rate_limit = RateLimit::new(2, Duration::from_secs(60));
        for (milliseconds, expected) in [
            (1_000_500, "1 1061"),
            (1_030_500, "0 1061"),
            (1_030_500, "0 1061 30"),
            (1_060_499, "0 1061 1"),
            (1_060_500, "1 1121"),
            (1_060_501, "0 1121"),
            (1_060_501, "0 1121 60"),
            // A window without a request is between.
            (1_190_500, "1 1241"),
        ] {
            let counted = count(&mut rate_limit, "key", milliseconds);
            assert_eq!(counted, expected, "{milliseconds}");
        }
    }

    #[test]
    fn keys_are_counted_separately() {
        let mut rate_limit = RateLimit::new(1, Duration::from_secs(10));
        assert_eq!(count(&mut rate_limit, "a", 1_000), "0 11");
        assert_eq!(count(&mut rate_limit, "b", 2_000), "0 12");
        assert_eq!(count(&mut rate_limit, "a", 2_000), "0 11 9");
    }

    #[test]
    fn extreme_settings_do_not_overflow() {
        let mut rate_limit = RateLimit::new(0, Duration::MAX);
        assert!(
            rate_limit
                .count(None, Duration::from_secs(7))
                .is_exhausted()
        );
        let headers = rate_limit.count(None, Duration::from_secs(7)).headers();
        assert_eq!(headers[3].1, u64::MAX.to_string());
        let mut rate_limit = RateLimit::new(1, Duration::ZERO);
        assert_eq!(count(&mut rate_limit, "key", 1_000), "0 1");
        assert_eq!(count(&mut rate_limit, "key", 1_000), "0 1");
    }
}

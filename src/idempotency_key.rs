use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::SystemTime;

use uuid::{Builder, Uuid};

/// Keys that no other call has: UUIDs of version 4, which count up from one that
/// is random.
///
/// Random bytes in every call would be a call to the system more. The count keeps
/// the keys of a client apart, the random start those of two clients. The time sets
/// apart those of a process that was copied, by a fork or with its virtual machine:
/// two copies make one key only if both call for as many times, and at the same
/// nanosecond of the system's clock, of which the last 78 hours count.
pub(crate) struct IdempotencyKeys {
    first: u128,
    made: AtomicUsize,
}

impl Default for IdempotencyKeys {
    fn default() -> Self {
        Self {
            first: Uuid::new_v4().as_u128(),
            made: AtomicUsize::default(),
        }
    }
}

impl IdempotencyKeys {
    /// Another key, written into [`Uuid::encode_buffer`].
    pub(crate) fn make<'a>(&self, buffer: &'a mut [u8]) -> &'a str {
        #[allow(
            clippy::disallowed_methods,
            reason = "a test that stops time still gets keys of its own"
        )]
        let now = SystemTime::now();
        let now = now.duration_since(SystemTime::UNIX_EPOCH);
        self.at(now.unwrap_or_default().as_nanos(), buffer)
    }

    fn at<'a>(&self, nanos: u128, buffer: &'a mut [u8]) -> &'a str {
        let count = self.made.fetch_add(1, Relaxed);
        // The lowest 62 bits count, the highest 48 have the time; version and
        // variant are between them.
        let number = self.first.wrapping_add(nanos << 80);
        let number = number.wrapping_add(count as u128);
        let key = Builder::from_random_bytes(number.to_be_bytes()).into_uuid();
        key.hyphenated().encode_lower(buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn keys(first: u128, nanos: u128) -> Vec<String> {
        let keys = IdempotencyKeys {
            first,
            made: AtomicUsize::default(),
        };
        let mut buffer = Uuid::encode_buffer();
        (0..1000)
            .map(|_| keys.at(nanos, &mut buffer).to_owned())
            .collect()
    }

    #[test]
    fn no_key_is_made_twice_not_even_where_the_count_overflows() {
        for first in [
            0,
            1 << 62,
            (1 << 62) - 500,
            (1 << 64) - 500,
            u128::MAX - 500,
        ] {
            let keys = keys(first, 1_788_264_060_000_000_000);
            for key in &keys {
                assert_eq!(Uuid::parse_str(key).unwrap().get_version_num(), 4, "{key}");
            }
            assert_eq!(HashSet::<String>::from_iter(keys).len(), 1000);
        }
    }

    #[test]
    fn a_copy_of_the_process_makes_other_keys() {
        let now = 1_788_264_060_000_000_000;
        let first = keys(7, now);
        for later in [1, 4096, 1 << 47] {
            let second = keys(7, now + later);
            let both: HashSet<_> = first.iter().chain(&second).collect();
            assert_eq!(both.len(), 2000, "{later} ns later");
        }
    }

    #[test]
    fn two_clients_make_different_keys() {
        let mut buffers = [Uuid::encode_buffer(), Uuid::encode_buffer()];
        let [one, other] = &mut buffers;
        assert_ne!(
            IdempotencyKeys::default().at(0, one),
            IdempotencyKeys::default().at(0, other)
        );
    }
}

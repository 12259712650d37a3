use std::io::{self, Write};

use zeroize::Zeroize as _;

/// A buffer for what may hold a secret. Its memory is wiped when it is dropped, and
/// so is that which it grows out of.
pub(crate) struct Wiped(Vec<u8>);

impl Wiped {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    #[cold]
    fn grow(&mut self, room: usize) {
        let mut larger = Self::with_capacity(2 * (self.0.len() + room));
        larger.0.extend_from_slice(&self.0);
        *self = larger;
    }

    fn wipe(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl Write for Wiped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() > self.0.capacity() - self.0.len() {
            self.grow(bytes.len());
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        // Beyond what is written, nothing ever was.
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_kept_while_it_grows_and_until_it_is_wiped() {
        let mut buffer = Wiped::with_capacity(2);
        let mut written = Vec::new();
        for length in [0, 1, 1, 1, 100, 3, 1000] {
            let bytes = vec![u8::try_from(length % 251).unwrap(); length];
            let (place, capacity) = (buffer.0.as_ptr(), buffer.0.capacity());
            assert_eq!(buffer.write(&bytes).unwrap(), length);
            written.extend(bytes);
            // A vector that grows by itself wipes nothing, and takes no more than it
            // needs for so much.
            if written.len() <= capacity {
                assert_eq!(buffer.0.as_ptr(), place);
                assert_eq!(buffer.0.capacity(), capacity);
            } else {
                assert!(buffer.0.capacity() >= 2 * written.len());
            }
            assert_eq!(buffer.as_ref(), written);
        }
        buffer.wipe();
        assert_eq!(buffer.as_ref(), vec![0; written.len()]);
    }
}

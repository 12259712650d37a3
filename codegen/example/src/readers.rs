//! The readers: another resource of the API, another file.

use crate::call::Call;
use crate::{Library, NewReader, Reader, Response, Result};

impl Library {
    /// Registers a reader.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    pub async fn register_reader(&self, id: &str, reader: &NewReader) -> Result<Response<Reader>> {
        Call::new(self).register_reader(id, reader).await
    }
}

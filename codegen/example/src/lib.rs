//! A client of the library's API.

mod books;
mod call;
#[cfg(feature = "mock")]
pub mod mock;
mod readers;
mod request;
mod values;

#[allow(unused_mut, unused_qualifications, clippy::all, clippy::pedantic)]
mod generated {
    pub(crate) mod types {
        include!(concat!(env!("OUT_DIR"), "/types.rs"));
    }
    mod operations {
        include!(concat!(env!("OUT_DIR"), "/operations.rs"));
    }
}

pub use call::{Error, Response, Result};
pub use generated::types::{Book, BookList, BookState, NewBook, NewReader, Problem, Reader};
pub use values::{Secret, Timestamp};

use generated::types::SERVER_URL;

/// A client. Each method is one operation of the API.
pub struct Library {
    http: reqwest::Client,
    base_url: String,
    api_key: Secret,
}

impl Library {
    /// Creates a client of the public server.
    #[must_use]
    pub fn new(api_key: Secret) -> Self {
        Self::with_base_url(SERVER_URL, api_key)
    }

    /// Creates a client of another server, such as the mock server.
    #[must_use]
    pub fn with_base_url(base_url: &str, api_key: Secret) -> Self {
        Self {
            http: reqwest::Client::new(),
            base_url: base_url.to_owned(),
            api_key,
        }
    }
}

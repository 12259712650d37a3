//! The books: one resource of the API, one file.

use crate::call::Call;
use crate::{Book, BookList, BookState, Library, NewBook, Response, Result};

impl Library {
    /// Lists the books in a state, or in any state.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    pub async fn list_books(&self, state: Option<&BookState>) -> Result<Response<BookList>> {
        let state = state.map(BookState::as_str);
        Call::new(self).list_books(state).await
    }

    /// Adds a book. `key` makes repeated calls add it once.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    pub async fn add_book(&self, key: &str, book: &NewBook) -> Result<Response<Book>> {
        Call::new(self).add_book(Some(key), book).await
    }
}

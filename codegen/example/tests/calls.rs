//! Calls of every operation against the mock server.

use library_client::mock::{Server, examples};
use library_client::{BookState, Error, Library, NewBook, NewReader, Problem, Secret};
use serde_json::json;

fn library(server: &Server) -> Library {
    Library::with_base_url(server.url(), Secret("key".to_owned()))
}

#[tokio::test]
async fn lists_books() {
    let server = Server::start().unwrap();
    let mock = server.list_books().with_state("lent");
    let listed = library(&server).list_books(Some(&BookState::Lent)).await;
    let listed = listed.unwrap();
    assert_eq!(mock.calls().len(), 1);
    assert_eq!(listed.status, 200);
    assert_eq!(listed.body, examples::list_books_200_two());
    let [book, other] = &listed.body.books[..] else {
        panic!("{listed:?}")
    };
    assert_eq!((&book.state, &book.due_at), (&BookState::Available, &None));
    // A state that the document does not list.
    assert_eq!(other.state, BookState::Unknown("in_repair".to_owned()));
    assert_eq!(other.due_at.as_ref().unwrap().0, "2026-08-03T09:16:02Z");
}

#[tokio::test]
async fn adds_book() {
    let server = Server::start().unwrap();
    let book = json!({ "id": "3", "title": "Emma", "state": "available", "added": 1 });
    let book: library_client::Book = serde_json::from_value(book).unwrap();
    let mock = server
        .add_book()
        .with_title("Emma")
        .with_idempotency_key("k")
        .respond(|then| then.status_201(book.clone()));
    let new: NewBook = serde_json::from_value(json!({ "title": "Emma" })).unwrap();
    let added = library(&server).add_book("k", &new).await.unwrap();
    assert_eq!((added.status.as_u16(), added.body), (201, book));
    assert_eq!(mock.calls()[0].title(), Some("Emma"));
}

#[tokio::test]
async fn registers_reader() {
    let server = Server::start().unwrap();
    let mock = server
        .register_reader()
        .with_reader_id("7/x")
        .with_pin("1234");
    let new: NewReader =
        serde_json::from_value(json!({ "name": "Dorothea", "pin": "1234" })).unwrap();
    assert!(!format!("{new:?}").contains("1234"));
    let registered = library(&server).register_reader("7/x", &new).await.unwrap();
    assert_eq!(registered.body.name, "Dorothea");
    assert_eq!(mock.calls().len(), 1);
}

#[tokio::test]
async fn returns_error_of_the_api() {
    let server = Server::start().unwrap();
    server
        .list_books()
        .without_state()
        .respond(|then| then.unauthorized(Problem::example()));
    let error = library(&server).list_books(None).await.unwrap_err();
    assert!(matches!(error, Error::Response { status, .. } if status == 401));
    assert_eq!(
        error.to_string(),
        r#"list_books: the API returned 401 Unauthorized: {"message":"unknown API key"}"#
    );
}

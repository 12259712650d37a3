//! What is reported if an operation cannot be imported.

use xtask::import::import_into;

use crate::support::{LIBRARY, OURS};

#[track_caller]
fn assert_error(wanted: &str, published: &str, message: &str) {
    assert_eq!(import_into(OURS, wanted, published).unwrap_err(), message);
}

#[test]
fn unknown_operation_is_reported_with_a_suggestion() {
    for (wanted, message) in [
        (
            "books.updat",
            "the document has no operation with the operationId `books.updat`; did you mean `books.update`?",
        ),
        (
            "BOOKS.UPDATE",
            "the document has no operation with the operationId `BOOKS.UPDATE`; did you mean `books.update`?",
        ),
        (
            "list",
            "the document has no operation with the operationId `list`; did you mean `books.list`?",
        ),
        (
            "x",
            "the document has no operation with the operationId `x`; write an operationId, or a method and a path such as `PATCH /v1/shelves/{shelf_id}/books/{*}`",
        ),
        (
            "GET /v1/shelves/{id}/book",
            "the document has no operation `GET /v1/shelves/{id}/book`; did you mean `GET /v1/shelves/{shelf_id}/books`?",
        ),
        (
            "PUT /v1/shelves/{id}/books",
            "the document has no operation `PUT /v1/shelves/{id}/books`; did you mean `GET /v1/shelves/{shelf_id}/books` or `POST /v1/shelves/{shelf_id}/books`?",
        ),
        (
            "get /v1/shelves/{id}/books",
            "the document already has GET /v1/shelves/{shelf_id}/books as `listBooks`; `cargo xtask drift` compares both",
        ),
    ] {
        assert_error(wanted, LIBRARY, message);
    }
}

#[test]
fn document_that_cannot_be_imported_from_is_reported() {
    for (published, message) in [
        ("", "this is not an OpenAPI document; it has no `openapi`"),
        (
            "openapi: 3.0.0\npaths: [",
            "this is neither JSON nor YAML; 2:9: did not find expected node content",
        ),
        (
            "swagger: '2.0'",
            "Swagger 2.0 is not supported; convert the document to OpenAPI 3, for example with `npx swagger2openapi`",
        ),
        (
            "openapi: 3.2.0",
            "OpenAPI 3.2.0 is not supported, only 3.0 and 3.1",
        ),
        (
            "openapi: 3.1",
            "this document has no operations; download it again",
        ),
    ] {
        assert_error("getBook", published, message);
    }
    let twice = LIBRARY.replace("books.list", "books.update");
    assert_error(
        "books.update",
        &twice,
        "several operations have the operationId `books.update`; write `PATCH /v1/shelves/{shelf_id}/books/{*}` or `GET /v1/shelves/{shelf_id}/books`",
    );
    let external = LIBRARY.replace("'#/components/schemas/Person'", "'./people.yaml#/Person'");
    assert_error(
        "books.update",
        &external,
        "`./people.yaml#/Person` is outside the published document; bundle the document into one file first, for example with `npx @redocly/cli bundle`",
    );
    let missing = LIBRARY.replace(
        "'#/components/schemas/Person'",
        "'#/components/schemas/Human'",
    );
    assert_error(
        "books.update",
        &missing,
        "`#/components/schemas/Human` does not exist in the published document; download it again",
    );
}

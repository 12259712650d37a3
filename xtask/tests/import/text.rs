//! The text of the document: what is added, and that the rest is kept.

use duvo_codegen::document::Document;
use snapbox::{assert_data_eq, file};
use xtask::import::import_into;

use crate::support::{LIBRARY, OURS, errors, operation};

#[test]
fn openapi_3_1_becomes_our_form_up_to_date() {
    println!("To accept the changes: SNAPSHOTS=overwrite cargo test --workspace up_to_date");
    let imported = import_into(OURS, "books.update", LIBRARY).unwrap();
    assert_data_eq!(imported.clone(), file!["imported.yaml"].raw());
    let decided = imported.replace("x-secret: TODO", "x-secret: false");
    assert_eq!(errors(&decided.replace("TODO", "Written")), [""; 0]);
}

#[test]
fn text_of_our_document_is_kept() {
    let imported = import_into(OURS, "books.update", LIBRARY).unwrap();
    let mut lines = imported.lines();
    for line in OURS.lines() {
        assert!(lines.any(|imported| imported == line), "{line}");
    }
    // The comment belongs to the section after it.
    assert!(imported.contains("  # Shared headers.\n  headers:\n"));
    let windows = OURS.replace('\n', "\r\n");
    let imported_windows = import_into(&windows, "books.update", LIBRARY).unwrap();
    assert_eq!(imported_windows, imported.replace('\n', "\r\n"));
}

#[test]
fn second_method_joins_the_path_of_our_document() {
    let imported = import_into(OURS, "POST /v1/shelves/{id}/books", LIBRARY).unwrap();
    let document = Document::load(&imported).unwrap();
    let operation = operation(&document, "post", "/v1/shelves/{shelfId}/books").unwrap();
    assert_eq!(operation.node.text("operationId"), Some("postShelvesBooks"));
    let parameter = document.at(&format!("{}/parameters/0/name", operation.node.pointer));
    assert_eq!(parameter.unwrap(), "shelfId");
    // The published status is a number.
    let created = document.at(&format!("{}/responses/204", operation.node.pointer));
    assert!(created.is_some());
    assert_eq!(document.operations().len(), 2);
}

#[test]
fn sections_that_are_empty_or_missing_are_filled() {
    let ours = "\
openapi: 3.0.3
info: { title: Library, version: 1.0.0 }
servers: [{ url: https://api.example.com }]
security: [{ bearerAuth: [] }]
paths: {}
components:
  securitySchemes:
    bearerAuth: { type: http, scheme: bearer }
";
    let imported = import_into(ours, "books.update", LIBRARY).unwrap();
    let decided = imported.replace("x-secret: TODO", "x-secret: false");
    assert_eq!(errors(&decided.replace("TODO", "Written")), [""; 0]);
    assert!(imported.starts_with(&ours.replace("paths: {}\n", "paths:\n")[..120]));
}

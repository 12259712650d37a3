//! Tests `cargo xtask drift` with small documents. Requires Node.js, as the task does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

const DOCUMENT: &str = r##"openapi: 3.0.3
info: { title: Shelf, version: 1.0.0 }
servers:
  - url: https://api.example.com
paths:
  /shelves/{shelfId}/books:
    post:
      operationId: createBook
      parameters:
        - { name: shelfId, in: path, required: true, schema: { type: string } }
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/BookRequest"
      responses:
        "201":
          description: Created.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Book"
        "404":
          description: None.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/ErrorResponse"
security:
  - bearerAuth: []
components:
  schemas:
    BookRequest:
      type: object
      required: [title]
      properties: # of a request
        title: { type: string }
        note: { type: string }
        genre: { type: string, enum: [prose, verse] }
    Book:
      type: object
      required: [id]
      properties: # of a book
        id: { type: string, nullable: true }
        isbn: { type: string }
        tags: { type: string }
        added: { type: string }
        state: { type: string, enum: [new, used] }
        size: { type: string, x-extensible-enum: [octavo, quarto] }
    ErrorResponse:
      anyOf:
        - $ref: "#/components/schemas/PlainError"
        - type: object
    PlainError:
      type: object
      properties:
        error: { type: string }
  securitySchemes:
    bearerAuth: { type: http, scheme: bearer }
"##;

const OPERATION: &str = "/paths/~1shelves~1{shelfId}~1books/post";

/// A folder for one test, removed on drop.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Runs the task on Duvo's document and the differences that are known.
    fn drift(&self, published: &Value, known: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("drift")
            .arg(self.write("published.json", &published.to_string()))
            .arg("--document")
            .arg(self.write("ours.yaml", DOCUMENT))
            .arg("--known")
            .arg(self.write("known.yaml", known))
            .output()
            .unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn document() -> Value {
    serde_yaml::from_str(DOCUMENT).unwrap()
}

fn printed(output: &Output) -> String {
    let printed = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(printed).unwrap()
}

/// Returns the location `file:line:` of this text in our document.
fn line_of(text: &str) -> String {
    let line = DOCUMENT.lines().position(|line| line.contains(text));
    format!("ours.yaml:{}:", line.unwrap() + 1)
}

#[test]
fn identical_documents_have_no_drift() {
    let output = Folder::new("same").drift(&document(), "[]");
    assert_eq!(printed(&output), "0 new, 0 stale, 0 accepted\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
#[allow(clippy::too_many_lines)]
fn reports_each_semantic_change_with_our_line() {
    let request = "/components/schemas/BookRequest";
    let response = "/components/schemas/Book";
    let text = json!({ "type": "string" });
    let cases = [
        (
            "new request property",
            format!("{request}/properties"),
            "region",
            text.clone(),
            "requestBody.schema.properties.region is new",
            "properties: # of a request",
        ),
        (
            "missing response property",
            format!("{response}/properties"),
            "isbn",
            Value::Null,
            "responses.201.schema.properties.isbn is missing",
            "isbn:",
        ),
        (
            "new response property",
            format!("{response}/properties"),
            "shelf",
            text.clone(),
            "responses.201.schema.properties.shelf is new",
            "properties: # of a book",
        ),
        (
            "new status",
            format!("{OPERATION}/responses"),
            "409",
            json!({ "description": "Taken." }),
            "responses.409 is new",
            "responses:",
        ),
        (
            "missing status",
            format!("{OPERATION}/responses"),
            "201",
            Value::Null,
            "responses.201 is missing",
            "\"201\":",
        ),
        (
            "new parameter",
            OPERATION.to_owned(),
            "parameters",
            json!([
                { "name": "shelfId", "in": "path", "required": true, "schema": text },
                { "name": "dry_run", "in": "query", "required": true, "schema": text },
            ]),
            "parameters.query.dry_run is new",
            "parameters:",
        ),
        (
            "other type of a parameter",
            OPERATION.to_owned(),
            "parameters",
            json!([
                { "name": "shelfId", "in": "path", "required": true, "schema": { "type": "integer" } },
            ]),
            "parameters.path.shelfId.schema.type.string is missing",
            "name: shelfId",
        ),
        (
            "required request property",
            request.to_owned(),
            "required",
            json!(["title", "note"]),
            "requestBody.schema.required.note is new",
            "required: [title]",
        ),
        (
            "optional response property",
            response.to_owned(),
            "required",
            json!([]),
            "responses.201.schema.required.id is missing",
            "required: [id]",
        ),
        (
            "nullable response property",
            format!("{response}/properties/isbn"),
            "nullable",
            json!(true),
            "responses.201.schema.properties.isbn.nullable is true in Duvo's document, false in ours",
            "isbn:",
        ),
        (
            "response property that is not nullable",
            format!("{response}/properties/id"),
            "nullable",
            Value::Null,
            "responses.201.schema.properties.id.nullable is false in Duvo's document, true in ours",
            " id:",
        ),
        (
            "new request enum value",
            format!("{request}/properties/genre"),
            "enum",
            json!(["prose", "verse", "drama"]),
            "requestBody.schema.properties.genre.enum.drama is new",
            "genre:",
        ),
        (
            "missing request enum value",
            format!("{request}/properties/genre"),
            "enum",
            json!(["prose"]),
            "requestBody.schema.properties.genre.enum.verse is missing",
            "genre:",
        ),
        (
            "new response enum value",
            format!("{response}/properties/state"),
            "enum",
            json!(["new", "used", "lost"]),
            "responses.201.schema.properties.state.enum.lost is new",
            "state:",
        ),
        (
            "other type",
            format!("{response}/properties/id"),
            "type",
            json!("integer"),
            "responses.201.schema.properties.id.type.integer is new",
            " id:",
        ),
        (
            "other rule",
            format!("{request}/properties/title"),
            "minLength",
            json!(3),
            "requestBody.schema.properties.title.minLength is 3 in Duvo's document, 0 in ours",
            "title: { type",
        ),
        (
            "property with a name that oasdiff uses",
            format!("{response}/properties/added"),
            "nullable",
            json!(true),
            "responses.201.schema.properties.added.nullable is true in Duvo's document, false in ours",
            "added:",
        ),
        (
            "property with the name of descriptive text",
            format!("{response}/properties/tags"),
            "nullable",
            json!(true),
            "responses.201.schema.properties.tags.nullable is true in Duvo's document, false in ours",
            "tags:",
        ),
        (
            "new value of an open enum",
            format!("{response}/properties"),
            "size",
            json!({ "type": "string", "enum": ["octavo", "quarto", "folio"] }),
            "responses.201.schema.properties.size.enum.folio is new",
            "size:",
        ),
        (
            "other error",
            "/components/schemas/PlainError/properties/error".to_owned(),
            "nullable",
            json!(true),
            "responses.404.schema.properties.error.nullable is true in Duvo's document, false in ours",
            "error:",
        ),
        (
            "other security scheme",
            "/components/securitySchemes/bearerAuth".to_owned(),
            "scheme",
            json!("basic"),
            "the security scheme `bearerAuth` differs",
            "bearerAuth: {",
        ),
        (
            "no security",
            OPERATION.to_owned(),
            "security",
            json!([]),
            "securityRequirements.bearerAuth is missing",
            "post:",
        ),
        (
            "missing operation",
            "/paths/~1shelves~1{shelfId}~1books".to_owned(),
            "post",
            Value::Null,
            "the operation is missing",
            "post:",
        ),
        (
            "other server",
            "/servers/0".to_owned(),
            "url",
            json!("https://api.example.org"),
            "the server `https://api.example.com` is missing",
            "url:",
        ),
    ];
    // A changed type is one that is missing and one that is new.
    let news = |name: &str| {
        if name.starts_with("other type") {
            "2 new, 0 stale"
        } else {
            "1 new, 0 stale"
        }
    };
    for (name, parent, key, value, message, line) in cases {
        let mut published = document();
        let parent = published
            .pointer_mut(&parent)
            .unwrap()
            .as_object_mut()
            .unwrap();
        if value.is_null() {
            parent.remove(key);
        } else {
            parent.insert(key.to_owned(), value);
        }
        let output = Folder::new(name).drift(&published, "[]");
        let printed = printed(&output);
        assert!(printed.contains(message), "{name}: {printed}");
        let location = printed
            .split(message)
            .nth(1)
            .and_then(|after| after.lines().nth(1));
        assert!(
            location.unwrap_or("").contains(&line_of(line)),
            "{name}: {printed}"
        );
        assert!(printed.contains(news(name)), "{name}: {printed}");
        assert_eq!(output.status.code(), Some(1), "{name}");
    }
}

#[test]
fn ignores_operations_and_schemas_that_are_not_ours() {
    let mut published = document();
    published["paths"]["/authors"] = json!({
        "get": { "operationId": "listAuthors", "responses": { "200": { "description": "All." } } }
    });
    published["paths"]["/shelves/{shelfId}/books"]["get"] =
        json!({ "operationId": "listBooks", "responses": { "200": { "description": "All." } } });
    published["components"]["schemas"]["Author"] = json!({ "type": "object" });
    let output = Folder::new("others").drift(&published, "[]");
    assert_eq!(printed(&output), "0 new, 0 stale, 0 accepted\n");
}

#[test]
fn equivalent_documents_have_no_drift() {
    let mut published = document();
    let security = published["security"].take();
    published.as_object_mut().unwrap().remove("security");
    published["paths"]["/shelves/{shelfId}/books"]["post"]["security"] = security;
    let book = &mut published["components"]["schemas"]["Book"];
    book["additionalProperties"] = json!(false);
    book["properties"]["size"] = json!({ "type": "string", "enum": ["octavo", "quarto"] });
    // The largest integer of JavaScript is not a limit.
    book["properties"]["isbn"]["maximum"] = json!(9_007_199_254_740_991_i64);
    let plain = published["components"]["schemas"]["PlainError"].clone();
    published["components"]["schemas"]["ErrorResponse"] = plain;
    let output = Folder::new("other words").drift(&published, "[]");
    assert_eq!(printed(&output), "0 new, 0 stale, 0 accepted\n");
}

#[test]
fn missing_operation_includes_its_accepted_differences() {
    let mut published = document();
    published["components"]["schemas"]["Book"]["properties"]["isbn"]["nullable"] = json!(true);
    let known = "- operation: POST /shelves/{shelfId}/books\n  reason: R.\n  differences:\n    - responses.201.schema.properties.isbn.nullable is true in Duvo's document, false in ours\n";
    let folder = Folder::new("taken along");
    assert_eq!(
        printed(&folder.drift(&published, known)),
        "0 new, 0 stale, 1 accepted\n"
    );
    published["paths"] = json!({ "/other": published["paths"]["/shelves/{shelfId}/books"] });
    let printed = printed(&folder.drift(&published, known));
    assert!(printed.contains("1 new, 0 stale, 0 accepted"), "{printed}");
}

#[test]
fn rejects_files_that_are_not_openapi_3_0() {
    let folder = Folder::new("no document");
    let mut newer = document();
    newer["openapi"] = "3.1.0".into();
    let mut empty = document();
    empty["paths"] = json!({});
    for (published, message) in [
        (newer, "only OpenAPI 3.0 can be compared"),
        (empty, "this document has no paths"),
        (json!({}), "this is not an OpenAPI document"),
        (json!("<html>"), "this is not an OpenAPI document"),
    ] {
        let output = folder.drift(&published, "[]");
        assert!(printed(&output).contains(message), "{}", printed(&output));
        assert!(
            printed(&output).contains("published.json"),
            "{}",
            printed(&output)
        );
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn compares_paths_regardless_of_parameter_names() {
    let published = DOCUMENT.replace("shelfId", "shelf_id").replace(
        "isbn: { type: string }",
        "isbn: { type: string, nullable: true }",
    );
    let published = serde_yaml::from_str(&published).unwrap();
    let printed = printed(&Folder::new("renamed").drift(&published, "[]"));
    assert!(
        printed.contains("properties.isbn.nullable is true in Duvo's document"),
        "{printed}"
    );
    assert!(printed.contains("1 new"), "{printed}");
}

#[test]
fn accepts_known_differences_and_reports_stale_ones() {
    let folder = Folder::new("known");
    let mut published = document();
    published["components"]["schemas"]["Book"]["properties"]["isbn"]["nullable"] = json!(true);
    let output = folder.drift(&published, "[]");
    // The printed entries can be accepted once the reason is added.
    let printed_first = printed(&output);
    let block = printed_first.split("with a reason:\n\n").nth(1).unwrap();
    let block = block.split("\n\n").next().unwrap();

    let output = folder.drift(&published, block);
    assert!(
        printed(&output).contains("have no reason; add one"),
        "{}",
        printed(&output)
    );
    assert_eq!(output.status.code(), Some(2));

    let known = block.replace("reason: ''", "reason: Seen in responses.");
    let output = folder.drift(&published, &known);
    assert_eq!(printed(&output), "0 new, 0 stale, 1 accepted\n");
    assert_eq!(output.status.code(), Some(0));

    let output = folder.drift(&document(), &known);
    let printed = printed(&output);
    assert!(
        printed.contains("this difference no longer exists"),
        "{printed}"
    );
    assert!(printed.contains("known.yaml:4:"), "{printed}");
    assert!(printed.contains("0 new, 1 stale, 0 accepted"), "{printed}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn names_the_file_that_cannot_be_read() {
    let folder = Folder::new("unreadable");
    let output = folder.drift(&document(), "- operation: POST /x\n  difference: []\n");
    let printed_known = printed(&output);
    assert!(printed_known.contains("known.yaml"), "{printed_known}");
    assert!(
        printed_known.contains("unknown field `difference`"),
        "{printed_known}"
    );
    assert_eq!(output.status.code(), Some(2));

    let missing = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["drift", "no-such-file.json"])
        .output()
        .unwrap();
    assert!(
        printed(&missing).contains("no-such-file.json: "),
        "{}",
        printed(&missing)
    );
    assert_eq!(missing.status.code(), Some(2));
}

//! Tests `cargo xtask import` with a published document for each version of OpenAPI.

use std::fs;
use std::path::Path;
use std::process::Command;

use duvo_codegen::document::{Document, Operation};
use duvo_codegen::{Report, Settings};
use serde_json::{Map, Value};
use snapbox::{assert_data_eq, file};
use xtask::import::import_into;

const DUVO: &str = include_str!("../../openapi/duvo.yaml");
const CATALOGUE: &str = include_str!("import/published.json");
const OURS: &str = include_str!("import/ours.yaml");
const LIBRARY: &str = include_str!("import/library.yaml");

/// Keys that document the API, or that only a maintainer knows.
const DOCUMENTATION: [&str; 8] = [
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "operationId",
    "summary",
    "x-secret",
];

fn operation<'a>(document: &'a Document, method: &str, path: &str) -> Option<Operation<'a>> {
    let mut operations = document.operations().into_iter();
    operations.find(|operation| operation.node.key == method && operation.path.key == path)
}

/// Returns the document without an operation.
fn without(text: &str, method: &str, path: &str) -> String {
    let mut root: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    let paths = root["paths"].as_mapping_mut().unwrap();
    let operations = paths[path].as_mapping_mut().unwrap();
    operations.remove(method).unwrap();
    if operations.is_empty() {
        paths.remove(path);
    }
    serde_yaml::to_string(&root).unwrap()
}

/// Returns what a value describes: references are resolved, and documentation is removed.
fn structure(document: &Document, value: &Value) -> Value {
    let value = document.resolve(value).unwrap();
    match value {
        Value::Object(object) => {
            let mut structure = Map::new();
            for (key, value) in object {
                let value = match (key.as_str(), value) {
                    ("properties", Value::Object(properties)) => {
                        let properties = properties.iter();
                        let structures = properties.map(|(name, schema)| {
                            (name.clone(), self::structure(document, schema))
                        });
                        structures.collect::<Map<_, _>>().into()
                    }
                    (key, _) if DOCUMENTATION.contains(&key) => continue,
                    ("required", Value::Array(names)) => {
                        let mut names = names.clone();
                        names.sort_by_key(Value::to_string);
                        names.into()
                    }
                    (_, value) => self::structure(document, value),
                };
                structure.insert(key.clone(), value);
            }
            // `allOf` with one schema stands for the schema.
            if let Some(Value::Array(members)) = structure.get("allOf")
                && let [Value::Object(only)] = &members[..]
            {
                let only = only.clone();
                structure.remove("allOf");
                structure.extend(only);
            }
            structure.into()
        }
        Value::Array(items) => items.iter().map(|item| structure(document, item)).collect(),
        value => value.clone(),
    }
}

fn collect_differences(location: &str, ours: &Value, imported: &Value, found: &mut Vec<String>) {
    match (ours, imported) {
        (Value::Object(ours), Value::Object(imported)) => {
            for key in ours
                .keys()
                .chain(imported.keys().filter(|key| !ours.contains_key(*key)))
            {
                let location = format!("{location}/{key}");
                match (ours.get(key), imported.get(key)) {
                    (Some(ours), Some(imported)) => {
                        collect_differences(&location, ours, imported, found);
                    }
                    (Some(_), None) => found.push(format!("{location} is missing")),
                    _ => found.push(format!("{location} is new")),
                }
            }
        }
        (Value::Array(ours), Value::Array(imported)) if ours.len() == imported.len() => {
            for (index, (ours, imported)) in ours.iter().zip(imported).enumerate() {
                collect_differences(&format!("{location}/{index}"), ours, imported, found);
            }
        }
        _ if ours == imported => {}
        _ => found.push(format!("{location} differs")),
    }
}

/// Imports an operation that openapi/duvo.yaml has into the document without it, and compares.
#[track_caller]
fn assert_imported(id: &str, method: &str, path: &str, expected: &[&str]) {
    let imported = import_into(&without(DUVO, method, path), id, CATALOGUE).unwrap();
    let (ours, imported) = (
        Document::load(DUVO).unwrap(),
        Document::load(&imported).unwrap(),
    );
    let mut found = Vec::new();
    let [ours, imported] = [&ours, &imported].map(|document| {
        let operation = operation(document, method, path).unwrap();
        structure(document, operation.node.value)
    });
    collect_differences("", &ours, &imported, &mut found);
    assert_eq!(found, expected, "{id}");
}

#[test]
fn import_of_our_operations_gives_our_structure() {
    let path = "/v2/teams/{teamId}/integrations/custom";
    assert_imported("createCustomIntegration", "post", path, &[]);
    let path = "/v2/teams/{teamId}/integrations";
    assert_imported("list_integrations", "get", path, &[]);
    let path = "/v2/integrations/custom/{custom_integration_id}";
    assert_imported("deleteCustomIntegration", "delete", path, &[]);
    assert_imported("GET /v2/teams", "get", "/v2/teams", &[]);
}

#[test]
fn safety_and_secrets_of_maps_are_left_to_the_maintainer() {
    let path = "/v2/teams/{teamId}/connections/mcp/probe";
    let secret =
        "/requestBody/content/application/json/schema/properties/headers/additionalProperties";
    let secret = format!("{secret}/format is missing");
    assert_imported(
        "probeMcpServer",
        "post",
        path,
        &[&secret, "/x-safe is missing"],
    );
    let path = "/v2/connections/oauth/mcp/check";
    assert_imported("checkMcpOAuth", "post", path, &["/x-safe is missing"]);
}

fn errors(text: &str) -> Vec<String> {
    let report = duvo_codegen::generate(text, &Settings::default()).err();
    let diagnostics = report.iter().flat_map(Report::diagnostics);
    diagnostics.map(|error| error.message.clone()).collect()
}

#[test]
fn generator_reports_each_mark_and_accepts_the_rest() {
    let id = "createCustomIntegration";
    let ours = without(DUVO, "post", "/v2/teams/{teamId}/integrations/custom");
    let imported = import_into(&ours, id, CATALOGUE).unwrap();
    let marks = imported.matches("TODO").count();
    assert!(marks > 0);
    let is_mark = |message: &String| message.contains("is still to be written");
    let (mark_errors, others): (Vec<_>, Vec<_>) = errors(&imported).into_iter().partition(is_mark);
    assert_eq!((mark_errors.len(), others), (marks, Vec::new()));
    assert_eq!(errors(&imported.replace("TODO", "Written")), [""; 0]);
}

#[test]
fn openapi_3_1_becomes_our_form_up_to_date() {
    println!("To accept the changes: SNAPSHOTS=overwrite cargo test --workspace up_to_date");
    let imported = import_into(OURS, "books.update", LIBRARY).unwrap();
    assert_data_eq!(imported.clone(), file!["import/imported.yaml"].raw());
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

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("import")
        .args(arguments)
        .output();
    let output = output.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn command_prints_or_writes() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import");
    fs::create_dir_all(&folder).unwrap();
    let [ours, published] = ["ours.yaml", "library.yaml"].map(|name| folder.join(name));
    fs::write(&ours, OURS).unwrap();
    fs::write(&published, LIBRARY).unwrap();
    let paths = [&ours, &published].map(|path| path.to_str().unwrap());
    let [ours, published] = paths;

    let (status, printed, summary) = run(&["books.update", published, "--document", ours]);
    assert_eq!(status, Some(0), "{summary}");
    assert!(printed.starts_with("tags:\n  - name: Loans\n"), "{printed}");
    assert!(
        summary.starts_with("printed `booksUpdate` (PATCH /v1/shelves/{shelf_id}/books/{path})\n"),
        "{summary}"
    );
    assert_eq!(fs::read_to_string(ours).unwrap(), OURS);

    let (status, printed, summary) =
        run(&["books.update", published, "--document", ours, "--write"]);
    assert_eq!((status, printed.as_str()), (Some(0), ""), "{summary}");
    let imported = import_into(OURS, "books.update", LIBRARY).unwrap();
    assert_eq!(fs::read_to_string(ours).unwrap(), imported);

    let (status, _, message) = run(&["books.update", "missing.json"]);
    assert_eq!(status, Some(2));
    assert!(
        message.starts_with("error: ") && message.contains("missing.json: "),
        "{message}"
    );
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn table_counts_operations_that_the_generator_accepts() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import-all");
    fs::create_dir_all(&folder).unwrap();
    let published = folder.join("published.json");
    fs::write(&published, CATALOGUE.replace("\"200\"", "\"302\"")).unwrap();
    let (status, printed, _) = run(&["--all", published.to_str().unwrap()]);
    assert_eq!(status, Some(1));
    let expected = "\
| an operation | number |
|---|---|
| passes once its texts are written | 1 |
| passes once it is also decided which values are secrets | 0 |
| needs a hand | 5 |
| all | 6 |

| reason | operations |
|---|---|
| no 2xx response is declared | `list_integrations`, `deleteCustomIntegration`, `listMyTeams`, `probeMcpServer`, `checkMcpOAuth` |
";
    assert!(printed.starts_with(expected), "{printed}");
    fs::remove_dir_all(&folder).unwrap();
}

//! The examples and defaults of the document are valid against their schemas.

use duvo_codegen::document::Document;
use duvo_codegen::{Report, Source};
use xtask::{DOCUMENT, examples, root};

/// The document for the tests of the generator.
const SAMPLE: &str = include_str!("../../codegen/tests/document/sample.yaml");

fn document() -> String {
    std::fs::read_to_string(root().join(DOCUMENT)).unwrap()
}

fn report(text: &str) -> Report {
    let errors = examples::invalid(&Document::load(text).unwrap()).unwrap();
    Report::new(&errors, &Source::parse(text).0)
}

#[test]
fn examples_are_valid() {
    let document = document();
    let report = report(&document);
    let text = report.to_text(DOCUMENT, &document);
    assert!(report.diagnostics().is_empty(), "\n{text}\n");
}

#[test]
fn reports_invalid_example_in_its_line() {
    for (from, to, underlined, message) in [
        (
            "        name: Price list\n        type",
            "        name: 7\n        type",
            "7",
            "example `ApiKeyIntegration`: 7 is not of type \"string\"",
        ),
        (
            "        auth_method: apikey\n        server_url",
            "        auth_method: api_key\n        server_url",
            "api_key",
            "example `ApiKeyRequest`: \"api_key\" is not one of",
        ),
        (
            "        transport_type: http\n",
            "        transport_type: htp\n",
            "htp",
            "example `ApiKeyIntegration`: \"htp\" is not one of",
        ),
        (
            "        created_at: \"2026-08-03T09:16:02Z\"",
            "        created_at: \"yesterday\"",
            "\"yesterday\"",
            "example `ApiKeyIntegration`: \"yesterday\" is not a \"date-time\"",
        ),
        (
            "        name: Price list\n        type: custom\n",
            "        name: Price list\n",
            "value",
            "example `ApiKeyIntegration`: \"type\" is a required property",
        ),
        (
            "        name: Price list\n        type",
            "        name: Price list\n        titel: Price list\n        type",
            "value",
            "example `ApiKeyIntegration`: Additional properties are not allowed ('auth_method', 'titel' were unexpected)",
        ),
        (
            "      example: 12\n",
            "      example: soon\n",
            "soon",
            "\"soon\" is not of type",
        ),
        (
            "        user_id: null\n        team_id: team_01hzx3f8q2\n",
            "        user_id: null\n        team_id: null\n",
            "null",
            "example `ApiKeyIntegration`: null is not of type \"string\"",
        ),
    ] {
        assert!(SAMPLE.contains(from), "{from}");
        let text = SAMPLE.replacen(from, to, 1);
        let report = report(&text);
        let said: Vec<_> = report
            .diagnostics()
            .iter()
            .map(|diagnostic| (&text[diagnostic.range.clone()], &diagnostic.message))
            .collect();
        assert!(
            said.iter()
                .any(|(text, said)| *text == underlined && said.starts_with(message)),
            "{message}: {said:#?}"
        );
    }
}

#[test]
fn every_request_and_response_has_an_example() {
    let document = document();
    let missing = examples::missing(&Document::load(&document).unwrap());
    let report = Report::new(&missing, &Source::parse(&document).0);
    let text = report.to_text(DOCUMENT, &document);
    assert!(missing.is_empty(), "\n{text}\n");
}

#[test]
fn reports_request_and_response_without_an_example() {
    let text = "\
paths:
  /books:
    post:
      requestBody:
        content:
          application/json:
            schema: { type: object }
      responses:
        '201':
          content:
            application/json:
              schema: { type: object }
              example: {}
        '400': { $ref: '#/components/responses/BadRequest' }
        '204': { description: Nothing }
components:
  responses:
    BadRequest:
      content:
        application/json:
          schema: { type: object }
          examples: {}
";
    let missing = examples::missing(&Document::load(text).unwrap());
    let report = Report::new(&missing, &Source::parse(text).0);
    let lines = report.diagnostics().iter();
    let lines: Vec<_> = lines.map(|missing| missing.to_line("books.yaml")).collect();
    assert_eq!(
        lines,
        [
            "books.yaml:6:11: `application/json` has no example; \
             add one, which documents the request",
            "books.yaml:20:9: `application/json` has no example; \
             add one, which becomes a fixture of the mock server",
        ]
    );
}

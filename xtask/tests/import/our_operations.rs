//! Importing an operation of our document into the document without it gives what it was.

use duvo_codegen::document::Document;
use serde_json::Value;
use xtask::import::import_into;

use crate::support::{CATALOGUE, DUVO, errors, operation, structure};

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

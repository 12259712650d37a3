//! Validates the examples of an OpenAPI document against their schemas.

use duvo_codegen::Diagnostic;
use duvo_codegen::document::Document;
use serde_json::Value;

use crate::Result;
use crate::json_schema::Schemas;

/// Returns every example and default of the document that does not fit its schema.
pub fn invalid(document: &Document) -> Result<Vec<Diagnostic>> {
    let schemas = Schemas::closed(document.root());
    let mut errors = Vec::new();
    for example in document.examples() {
        let validator = schemas.validator(&example.schema)?;
        let value = document.at(&example.pointer).unwrap_or(&Value::Null);
        errors.extend(validator.iter_errors(value).map(|error| {
            let location = format!("{}{}", example.pointer, error.instance_path());
            Diagnostic::at_value(&location, error.to_string()).help(format!(
                "correct the example, or the schema #{}",
                example.schema
            ))
        }));
    }
    Ok(errors)
}

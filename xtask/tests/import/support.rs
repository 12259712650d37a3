use duvo_codegen::document::{Document, Operation};
use duvo_codegen::{Report, Settings};
use serde_json::{Map, Value};

/// The document of the crate `duvo`.
pub const DUVO: &str = include_str!("../../../openapi/duvo.yaml");

/// A published document in OpenAPI 3.0, with the operations of [`DUVO`].
pub const CATALOGUE: &str = include_str!("published.json");

/// A small document to import into.
pub const OURS: &str = include_str!("ours.yaml");

/// A published document in OpenAPI 3.1.
pub const LIBRARY: &str = include_str!("library.yaml");

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

/// Returns the operation of this method and path.
pub fn operation<'a>(document: &'a Document, method: &str, path: &str) -> Option<Operation<'a>> {
    let mut operations = document.operations().into_iter();
    operations.find(|operation| operation.node.key == method && operation.path.key == path)
}

/// Returns what a value describes: references are resolved, and documentation is removed.
pub fn structure(document: &Document, value: &Value) -> Value {
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

/// Returns the errors that the generator reports.
pub fn errors(text: &str) -> Vec<String> {
    let report = duvo_codegen::generate(text, &Settings::default()).err();
    let diagnostics = report.iter().flat_map(Report::diagnostics);
    diagnostics.map(|error| error.message.clone()).collect()
}

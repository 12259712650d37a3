//! Imports every published operation, each into an otherwise empty document, and reports which
//! of them the generator then accepts.

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use duvo_codegen::document::Document;
use duvo_codegen::{Settings, generate};
use serde_json::{Map, Value};
use serde_yaml::Mapping;

use super::additions::Additions;
use super::conventions::Conventions;
use super::description::TODO;
use super::insert::insert;
use super::operation::import;
use super::published::{Operation, Published, mapping};
use crate::Result;

/// The sections of our document that an empty one keeps.
const SHARED: [&str; 3] = ["parameters", "headers", "securitySchemes"];

/// Returns the result of importing each operation.
pub(super) fn survey(document: &Document, published: &Published) -> Result<Survey> {
    let conventions = Conventions::new(document, published);
    let text = empty(document, &conventions)?;
    let base = load(&text)?;
    let operations = published.operations().into_iter();
    let imported =
        operations.map(|operation| attempt(&base, &text, published, &conventions, &operation));
    Ok(Survey {
        imported: imported.collect(),
    })
}

/// The results of a survey.
pub(super) struct Survey {
    imported: Vec<Imported>,
}

struct Imported {
    operation: String,
    /// The texts to write.
    texts: usize,
    /// The properties for which the maintainer decides whether they are secrets.
    secrets: usize,
    notes: usize,
    /// Why the generator rejects the operation, once the texts are written.
    errors: Vec<String>,
}

impl Survey {
    /// Returns the tables in Markdown: the totals, and the reasons.
    pub(super) fn to_text(&self) -> String {
        let is_accepted = |imported: &&Imported| imported.errors.is_empty();
        let (accepted, rejected): (Vec<_>, Vec<_>) = self.imported.iter().partition(is_accepted);
        let undecided = accepted.iter().filter(|imported| imported.secrets > 0);
        let undecided = undecided.count();
        let written = accepted.len() - undecided;
        let mut lines = vec![
            "| an operation | number |".to_owned(),
            "|---|---|".to_owned(),
            format!("| passes once its texts are written | {written} |"),
            format!("| passes once it is also decided which values are secrets | {undecided} |"),
            format!("| needs a hand | {} |", rejected.len()),
            format!("| all | {} |", self.imported.len()),
        ];
        let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for imported in &rejected {
            for error in &imported.errors {
                let operations = reasons.entry(error).or_default();
                if !operations.contains(&imported.operation.as_str()) {
                    operations.push(&imported.operation);
                }
            }
        }
        if !reasons.is_empty() {
            let header = ["", "| reason | operations |", "|---|---|"];
            lines.extend(header.map(str::to_owned));
        }
        for (reason, operations) in reasons {
            let operations = operations.iter().map(|operation| format!("`{operation}`"));
            let operations = operations.collect::<Vec<_>>().join(", ");
            lines.push(format!("| {reason} | {operations} |"));
        }
        let sum = |count: fn(&Imported) -> usize| self.imported.iter().map(count).sum::<usize>();
        let texts = sum(|imported| imported.texts);
        let secrets = sum(|imported| imported.secrets);
        let notes = sum(|imported| imported.notes);
        lines.push(String::new());
        lines.push(format!(
            "{texts} texts to write, {secrets} values to decide about, {notes} notes"
        ));
        lines.join("\n") + "\n"
    }

    pub(super) fn is_complete(&self) -> bool {
        self.imported
            .iter()
            .all(|imported| imported.errors.is_empty())
    }
}

fn attempt(
    base: &Document,
    text: &str,
    published: &Published,
    conventions: &Conventions,
    operation: &Operation<'_>,
) -> Imported {
    let name = operation
        .id()
        .map_or_else(|| operation.title(), str::to_owned);
    let outcome = import(base, published, conventions, operation).and_then(|additions| {
        let inserted = insert(text, &additions)?;
        Ok((additions, inserted))
    });
    match outcome {
        Ok((additions, inserted)) => to_imported(name, &additions, &inserted),
        Err(message) => Imported {
            operation: name,
            texts: 0,
            secrets: 0,
            notes: 0,
            errors: vec![message],
        },
    }
}

fn to_imported(operation: String, additions: &Additions, text: &str) -> Imported {
    let secrets = text.matches(&format!("x-secret: {TODO}\n")).count();
    let written = text
        .replace(&format!("x-secret: {TODO}\n"), "x-secret: false\n")
        .replace(TODO, "Written");
    // The other operations are surveyed even if the generator has an error.
    let errors = match catch_unwind(|| generate(&written, &Settings::default())) {
        Ok(Ok(_)) => Vec::new(),
        Ok(Err(report)) => report
            .diagnostics()
            .iter()
            .map(|error| general(&error.message))
            .collect(),
        Err(_) => vec!["internal error in codegen".to_owned()],
    };
    Imported {
        operation,
        texts: text.matches(TODO).count() - secrets,
        secrets,
        notes: additions.notes.len(),
        errors,
    }
}

/// Keys of OpenAPI, which stay in the message of a reason.
const KEYWORDS: [&str; 9] = [
    "allOf",
    "anyOf",
    "application/json",
    "enum",
    "not",
    "oneOf",
    "security",
    "type",
    "x-extensible-enum",
];

/// Returns a message without the names in it, so that equal reasons are counted together.
fn general(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let parts = parts.map(|(index, part)| match part {
        // Every other part is in backticks.
        name if index % 2 == 0 => name.to_owned(),
        keyword if KEYWORDS.contains(&keyword) => format!("`{keyword}`"),
        _ => "…".to_owned(),
    });
    parts.collect()
}

/// Returns our document without operations, and without schemas that are not for errors.
fn empty(document: &Document, conventions: &Conventions) -> Result<String> {
    let root = document.root();
    let mut sections = Map::new();
    for section in SHARED {
        sections.extend(
            root.pointer(&format!("/components/{section}"))
                .map(|kept| (section.to_owned(), kept.clone())),
        );
    }
    let mut responses = Map::new();
    for name in conventions.error_responses.values() {
        let response = root.pointer(&format!("/components/responses/{name}"));
        responses.extend(response.map(|response| (name.clone(), response.clone())));
    }
    let mut schemas = Map::new();
    let mut open: Vec<String> = conventions.error_schema.iter().cloned().collect();
    while let Some(name) = open.pop() {
        if let Some(schema) = root.pointer(&format!("/components/schemas/{name}"))
            && !schemas.contains_key(&name)
        {
            collect_references(schema, &mut open);
            schemas.insert(name, schema.clone());
        }
    }
    sections.insert("responses".to_owned(), responses.into());
    sections.insert("schemas".to_owned(), schemas.into());
    let mut kept = Map::new();
    for key in ["openapi", "info", "servers", "security", "tags"] {
        kept.extend(root.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    let kept = serde_yaml::to_value(&kept).map_err(|error| error.to_string())?;
    let mut kept: Mapping = kept.as_mapping().cloned().unwrap_or_default();
    kept.insert("paths".into(), Mapping::new().into());
    let sections = serde_yaml::to_value(&sections).map_err(|error| error.to_string())?;
    kept.extend(mapping([("components", sections)]));
    Ok(super::yaml::entries(&kept, 0, 0))
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            let target = object.get("$ref").and_then(Value::as_str);
            found.extend(
                target
                    .and_then(|target| target.rsplit('/').next())
                    .map(str::to_owned),
            );
            object
                .values()
                .for_each(|value| collect_references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

fn load(text: &str) -> Result<Document> {
    Document::load(text).map_err(|_| "the empty document is not valid YAML".to_owned())
}

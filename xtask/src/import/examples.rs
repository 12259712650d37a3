//! Takes over valid examples, or writes minimum ones that are marked to be checked.

use std::collections::BTreeSet;

use duvo_codegen::document::Document;
use serde_yaml::{Mapping, Value};

use super::additions::{Additions, merged};
use super::description::{TODO, clean};
use super::name::component_name;
use super::published::{Published, mapping, members, text};
use super::responses::{Body, reference_to};
use super::sample::sample;
use crate::json_schema::Schemas;

/// A published example.
struct Example {
    key: String,
    summary: String,
    value: Value,
}

/// Adds examples for the bodies, and removes those of their schemas.
pub(super) fn add(
    document: &Document,
    additions: &mut Additions,
    bodies: &[Body],
    published: &Published,
) {
    let added: Value = additions.to_document().into();
    let schemas = Schemas::new(&merged(document, &additions.to_document()));
    // The additions keep the order of properties, which our parsed document does not.
    let target = |reference: &str| {
        let pointer = reference.strip_prefix('#')?;
        let mut keys = pointer.split('/').skip(1);
        let new = keys.try_fold(&added, |value, key| value.get(key));
        let existing = || serde_yaml::to_value(document.at(pointer)?).ok();
        new.cloned().or_else(existing)
    };
    let existing = document.children("/components/examples").into_iter();
    let mut names: BTreeSet<String> = existing.map(|example| example.key).collect();
    let mut examples = Mapping::new();
    for body in bodies {
        let reference = reference_to("schemas", &body.schema);
        let is_new = target_is_new(&added, &body.schema);
        let name = if is_new { &body.schema } else { &body.name };
        let mut chosen = Vec::new();
        for example in published_examples(body, published) {
            match validate(&schemas, &body.schema, &example.value) {
                Ok(()) => chosen.push(example),
                Err(reason) => additions
                    .notes
                    .push(format!("an example of `{name}` is left out: {reason}")),
            }
        }
        if chosen.is_empty() {
            let value = sample(&target, &reference);
            match validate(&schemas, &body.schema, &value) {
                Ok(()) => chosen.push(Example {
                    key: "minimum".to_owned(),
                    summary: format!("{TODO} check the generated values"),
                    value,
                }),
                Err(reason) => additions.notes.push(format!(
                    "`{name}` has no example; a generated one was invalid: {reason}"
                )),
            }
        }
        let mut references = Mapping::new();
        for (index, example) in chosen.into_iter().enumerate() {
            let name = if index == 0 {
                name.clone()
            } else {
                format!("{name}{}", component_name(&example.key))
            };
            let name = unused(&mut names, &name);
            references.insert(example.key.into(), reference_to("examples", &name));
            let component = mapping([
                ("summary", example.summary.into()),
                ("value", example.value),
            ]);
            examples.insert(name.into(), component.into());
        }
        refer(additions, body, references);
    }
    for (section, added) in &mut additions.components {
        match *section {
            "examples" => added.extend(std::mem::take(&mut examples)),
            "schemas" => added.values_mut().for_each(remove_examples),
            _ => {}
        }
    }
}

fn target_is_new(added: &Value, schema: &str) -> bool {
    let schemas = added
        .get("components")
        .and_then(|components| components.get("schemas"));
    schemas.is_some_and(|schemas| schemas.get(schema).is_some())
}

/// Takes a name, with a number if it is taken.
fn unused(names: &mut BTreeSet<String>, name: &str) -> String {
    let numbered = (2_u32..).map(|number| format!("{name}{number}"));
    let mut candidates = [name.to_owned()].into_iter().chain(numbered);
    let name = candidates
        .find(|name| !names.contains(name))
        .unwrap_or_default();
    names.insert(name.clone());
    name
}

/// Refers to the examples from the component of the body.
fn refer(additions: &mut Additions, body: &Body, references: Mapping) {
    let (section, component) = &body.component;
    let mut sections = additions.components.iter_mut();
    let section = sections.find(|(name, _)| name == section);
    let media = section
        .and_then(|(_, added)| added.get_mut(component.as_str()))
        .and_then(|body| body.get_mut("content"))
        .and_then(|content| content.get_mut("application/json"));
    if let Some(Value::Mapping(media)) = media
        && !references.is_empty()
    {
        media.insert("examples".into(), references.into());
    }
}

fn published_examples(body: &Body, published: &Published) -> Vec<Example> {
    let mut found = Vec::new();
    for (key, example) in members(&body.media, "examples") {
        if let Ok(example) = published.resolve(example)
            && let Some(value) = example.get("value")
        {
            let summary = text(example, "summary").and_then(clean);
            found.push(Example {
                key: key.to_owned(),
                summary: summary.unwrap_or_else(|| TODO.to_owned()),
                value: value.clone(),
            });
        }
    }
    let schema = body.media.get("schema");
    let of_schema = schema.and_then(|schema| published.resolve(schema).ok());
    let of_schema = of_schema.and_then(|schema| schema.get("example"));
    if found.is_empty()
        && let Some(value) = body.media.get("example").or(of_schema)
    {
        found.push(Example {
            key: "published".to_owned(),
            summary: TODO.to_owned(),
            value: value.clone(),
        });
    }
    found
}

/// Validates an example against a named schema.
fn validate(schemas: &Schemas, schema: &str, value: &Value) -> Result<(), String> {
    let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
    let validator = schemas.validator(&format!("/components/schemas/{schema}"))?;
    let error = validator.iter_errors(&value).next();
    error.map_or(Ok(()), |error| {
        Err(format!("{error}, at `{}`", error.instance_path()))
    })
}

/// Removes the examples of schemas, which our document has for bodies only.
fn remove_examples(schema: &mut Value) {
    let Value::Mapping(schema) = schema else {
        return;
    };
    schema.remove("example");
    for (key, value) in schema.iter_mut() {
        match (key.as_str(), value) {
            (Some("properties"), Value::Mapping(properties)) => {
                properties.values_mut().for_each(remove_examples);
            }
            (Some("items" | "additionalProperties"), value) => remove_examples(value),
            (Some("allOf" | "anyOf" | "oneOf"), Value::Sequence(members)) => {
                members.iter_mut().for_each(remove_examples);
            }
            _ => {}
        }
    }
}

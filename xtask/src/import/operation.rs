//! Converts one operation, with everything that it refers to.

use std::collections::BTreeSet;

use duvo_codegen::document::Document;
use duvo_codegen::rust_name::{argument_name, type_name};
use serde_yaml::{Mapping, Value};

use super::additions::Additions;
use super::components::Components;
use super::conventions::{Conventions, response_description};
use super::description::{TODO, clean, documentation};
use super::examples;
use super::name::{component_name, operation_id, operation_id_of_path};
use super::parameters::{self, Path};
use super::published::{Operation, Published, list, mapping, text};
use super::responses::Bodies;
use super::schema::Converter;
use crate::Result;

/// Imports a published operation into our document.
pub(super) fn import(
    document: &Document,
    published: &Published,
    conventions: &Conventions,
    operation: &Operation<'_>,
) -> Result<Additions> {
    let mut notes = Vec::new();
    let id = choose_id(document, operation, &mut notes);
    let path = Path::new(document, operation.path);
    if path.text != operation.path {
        notes.push(format!(
            "the path is `{}` in our document; the names of its parameters are not sent",
            path.text
        ));
    }
    let mut components = Components::new(document);
    components.names_mut().reserve(&id);
    let mut schemas = Converter::new(published, components);
    schemas.notes = notes;
    let parameters =
        parameters::convert(published, operation, &path, conventions, &mut schemas, &id)?;
    let name = unused_name(document, &component_name(&id));
    let mut bodies = Bodies::default();
    let request_body = bodies.request(operation, &name, &mut schemas)?;
    let responses = bodies.responses(operation, &name, conventions, &mut schemas)?;

    let (tag_names, tags) = tags(published, conventions, operation);
    let value = operation.value;
    let mut converted = mapping([
        ("operationId", id.as_str().into()),
        ("tags", tag_names.into()),
        ("summary", summary(text(value, "summary")).into()),
        (
            "description",
            documentation(text(value, "description")).into(),
        ),
    ]);
    for key in ["externalDocs", "deprecated", "x-sunset", "x-safe"] {
        if let Some(kept) = value.get(key).filter(|kept| kept.as_bool() != Some(false)) {
            converted.insert(key.into(), kept.clone());
        }
    }
    if let Some(security) = security(document, published, operation, &mut schemas.notes) {
        converted.insert("security".into(), security);
    }
    for key in ["servers", "callbacks"] {
        if value.get(key).is_some() {
            schemas.notes.push(format!(
                "`{key}` is left out; the client does not support it"
            ));
        }
    }
    if !parameters.is_empty() {
        converted.insert("parameters".into(), parameters.into());
    }
    if let Some(request_body) = request_body {
        converted.insert("requestBody".into(), request_body);
    }
    converted.insert("responses".into(), responses.into());

    let shared_responses = bodies.reused_responses.iter().map(|(status, component)| {
        let description = response_description(document, component).unwrap_or_default();
        format!("{status} {component}: {description}")
    });
    let mut additions = Additions {
        id,
        path: path.text,
        method: operation.method.to_owned(),
        operation: converted.into(),
        tags,
        components: Vec::new(),
        reused_schemas: BTreeSet::new(),
        shared_responses: shared_responses.collect(),
        notes: schemas.notes,
    };
    let roots = [
        bodies.requests.clone().into(),
        bodies.responses.clone().into(),
        additions.operation.clone(),
    ];
    let (new_schemas, reused) = schemas.components.into_reachable(&roots);
    additions.reused_schemas = reused;
    // Every operation refers to the schema of errors.
    additions
        .reused_schemas
        .retain(|name| Some(name) != conventions.error_schema.as_ref());
    additions.components = vec![
        ("requestBodies", bodies.requests),
        ("schemas", new_schemas),
        ("responses", bodies.responses),
        ("examples", Mapping::new()),
    ];
    examples::add(document, &mut additions, &bodies.all, published);
    additions.components.retain(|(_, added)| !added.is_empty());
    let mut seen = BTreeSet::new();
    additions.notes.retain(|note| seen.insert(note.clone()));
    Ok(additions)
}

/// Returns an `operationId` that is a valid and unused Rust name.
fn choose_id(document: &Document, operation: &Operation<'_>, notes: &mut Vec<String>) -> String {
    let id = match operation.id() {
        Some(published) => operation_id(published),
        None => operation_id_of_path(operation.method, operation.path),
    };
    let operations = document.operations();
    let types = operations
        .iter()
        .filter_map(|operation| operation.node.text("operationId"));
    let types: BTreeSet<_> = types.map(type_name).collect();
    let is_free =
        |id: &String| !types.contains(&type_name(id)) && !argument_name(id).ends_with('_');
    let numbered = (2_u32..).map(|number| format!("{id}{number}"));
    let chosen = [id.clone()]
        .into_iter()
        .chain(numbered)
        .find(is_free)
        .unwrap_or(id);
    match operation.id() {
        None => notes.push(format!(
            "the published operation has no operationId; `{chosen}` is named after its path"
        )),
        Some(published) if published != chosen => {
            notes.push(format!("the operationId `{published}` became `{chosen}`"));
        }
        Some(_) => {}
    }
    chosen
}

/// Returns a name that no request body and no response has.
fn unused_name(document: &Document, name: &str) -> String {
    let is_free = |name: &String| {
        let sections = ["requestBodies", "responses"];
        let mut pointers = sections
            .iter()
            .map(|section| format!("/components/{section}/{name}"));
        pointers.all(|pointer| document.at(&pointer).is_none())
    };
    let numbered = (2_u32..).map(|number| format!("{name}{number}"));
    let mut names = [name.to_owned()].into_iter().chain(numbered);
    names.find(is_free).unwrap_or_default()
}

/// A summary is one line, without a full stop.
fn summary(published: Option<&str>) -> String {
    let cleaned = published.and_then(clean);
    let first = cleaned.as_deref().and_then(|text| text.lines().next());
    first.map_or_else(
        || TODO.to_owned(),
        |line| line.trim_end_matches('.').to_owned(),
    )
}

/// Returns the names of the tags, and the tags that are new.
fn tags(
    published: &Published,
    conventions: &Conventions,
    operation: &Operation<'_>,
) -> (Vec<Value>, Vec<Value>) {
    let mut names = Vec::new();
    let mut new = Vec::new();
    for tag in list(operation.value, "tags")
        .iter()
        .filter_map(Value::as_str)
    {
        if let Some(ours) = conventions.tag(tag) {
            names.push(ours.into());
            continue;
        }
        let mut declared = list(published.root(), "tags").iter();
        let declared = declared.find(|declared| text(declared, "name") == Some(tag));
        let description = documentation(declared.and_then(|tag| text(tag, "description")));
        new.push(mapping([("name", tag.into()), ("description", description.into())]).into());
        names.push(tag.into());
    }
    (names, new)
}

/// Returns the security requirement if it differs from that of our document.
fn security(
    document: &Document,
    published: &Published,
    operation: &Operation<'_>,
    notes: &mut Vec<String>,
) -> Option<Value> {
    let own = operation.value.get("security");
    let Some(required) = own.or_else(|| published.root().get("security")) else {
        notes.push("the published operation states no `security`; in our document, it requires the API key".to_owned());
        return None;
    };
    let ours = document.children("/components/securitySchemes");
    let is_ours = |name: &str| {
        let scheme = published
            .at(&format!("#/components/securitySchemes/{name}"))
            .ok();
        ours.iter().any(|ours| {
            let is_same = |key: &str| scheme.and_then(|scheme| text(scheme, key)) == ours.text(key);
            is_same("type") && is_same("scheme")
        })
    };
    let requirements = required.as_sequence()?;
    let is_met = |requirement: &Value| {
        let names = requirement.as_mapping().into_iter().flat_map(Mapping::keys);
        let names: Vec<_> = names.filter_map(Value::as_str).collect();
        !names.is_empty() && names.into_iter().all(is_ours)
    };
    if requirements.iter().any(is_met) {
        return None;
    }
    // An empty list, or an empty requirement, means that no key is needed.
    Some(
        if requirements.iter().any(|requirement| {
            requirement
                .as_mapping()
                .is_none_or(|names| !names.is_empty())
        }) {
            required.clone()
        } else {
            Vec::<Value>::new().into()
        },
    )
}

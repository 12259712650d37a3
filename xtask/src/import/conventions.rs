//! What the operations of our document share: the components for errors, and what our document
//! adds to the published operations.

use std::collections::{BTreeMap, BTreeSet};

use duvo_codegen::document::{Document, Node, Operation, path_shape, reference};
use duvo_codegen::is_safe;
use duvo_codegen::json_pointer::last_key;
use serde_json::Value;

use super::published::{self, Published};

/// The conventions of our document.
#[derive(Debug, Default)]
pub(super) struct Conventions {
    /// The response component for each error status.
    pub(super) error_responses: BTreeMap<String, String>,
    /// The names of all response components.
    pub(super) responses: BTreeSet<String>,
    /// The schema of error bodies.
    pub(super) error_schema: Option<String>,
    /// The error responses that each of our operations has, but none of the published ones.
    pub(super) added_responses: BTreeMap<String, String>,
    /// The parameters that each of our safe, and of our other, operations has, but none of the
    /// published ones.
    added_parameters: BTreeMap<bool, BTreeSet<String>>,
    /// The component for each header of a response.
    pub(super) headers: BTreeMap<String, String>,
    /// The shared parameters: location, name and component.
    parameters: Vec<(String, String, String)>,
    tags: Vec<String>,
}

impl Conventions {
    pub(super) fn new(document: &Document, published: &Published) -> Self {
        let error_responses = error_responses(document);
        let mut conventions = Self {
            error_schema: error_schema(document, &error_responses),
            headers: response_headers(document),
            responses: document
                .children("/components/responses")
                .into_iter()
                .map(|response| response.key)
                .collect(),
            parameters: parameters(document),
            tags: document
                .children("/tags")
                .iter()
                .filter_map(|tag| tag.text("name").map(str::to_owned))
                .collect(),
            error_responses,
            ..Self::default()
        };
        conventions.find_additions(document, published);
        conventions
    }

    /// Compares our operations with their published counterparts.
    fn find_additions(&mut self, document: &Document, published: &Published) {
        let counterparts = published.operations();
        let mut responses: Option<BTreeMap<String, String>> = None;
        for operation in document.operations() {
            let counterpart = counterparts.iter().find(|counterpart| {
                counterpart.method == operation.node.key
                    && path_shape(counterpart.path) == path_shape(&operation.path.key)
            });
            let Some(counterpart) = counterpart else {
                continue;
            };
            let mut added = components(operation.node.children("responses"));
            added.retain(|status, _| {
                let published = published::members(counterpart.value, "responses");
                published.into_iter().all(|(other, _)| other != status)
            });
            match &mut responses {
                None => responses = Some(added),
                Some(common) => common.retain(|status, name| added.get(status) == Some(name)),
            }
            let is_safe = is_safe(&operation.node.key, operation.node.value);
            let added = self.added_to(&operation, counterpart, published);
            self.added_parameters
                .entry(is_safe)
                .and_modify(|common| common.retain(|name| added.contains(name)))
                .or_insert(added);
        }
        self.added_responses = responses.unwrap_or_default();
    }

    /// Returns the shared parameters that our operation has and the published one has not.
    fn added_to(
        &self,
        operation: &Operation<'_>,
        counterpart: &published::Operation<'_>,
        published: &Published,
    ) -> BTreeSet<String> {
        let own = operation.node.children("parameters");
        let names = own
            .iter()
            .filter_map(|parameter| reference(parameter.value).map(last_key));
        let is_published = |component: &String| {
            let mut parameters = published::list(counterpart.value, "parameters").iter();
            parameters.any(|parameter| {
                let parameter = published.resolve(parameter).unwrap_or(parameter);
                let text = |key: &str| published::text(parameter, key).unwrap_or_default();
                self.parameter(text("in"), text("name")) == Some(component)
            })
        };
        names.filter(|name| !is_published(name)).collect()
    }

    /// Returns the shared parameter of this location and name.
    pub(super) fn parameter(&self, location: &str, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        parameters.find_map(|(own_location, own_name, component)| {
            let is_same =
                own_name == name || location == "header" && own_name.eq_ignore_ascii_case(name);
            (own_location == location && is_same).then_some(component.as_str())
        })
    }

    /// Returns the shared parameters that our document adds to an operation.
    pub(super) fn added_parameters(&self, is_safe: bool) -> impl Iterator<Item = &String> {
        self.added_parameters.get(&is_safe).into_iter().flatten()
    }

    /// Returns our tag for a published one, which may be its singular or its plural.
    pub(super) fn tag(&self, published: &str) -> Option<&str> {
        let normalize = |tag: &str| tag.to_lowercase().trim_end_matches('s').to_owned();
        let mut tags = self.tags.iter().map(String::as_str);
        tags.find(|tag| normalize(tag) == normalize(published))
    }
}

/// Returns the references of an object, by key.
fn components(nodes: Vec<Node<'_>>) -> BTreeMap<String, String> {
    let references = nodes.into_iter().filter_map(|node| {
        let target = reference(node.value)?;
        Some((node.key, last_key(target)))
    });
    references.collect()
}

/// Returns the component that most operations have for each error status.
fn error_responses(document: &Document) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for operation in document.operations() {
        for (status, name) in components(operation.node.children("responses")) {
            if !status.starts_with('2') {
                *counts.entry(status).or_default().entry(name).or_default() += 1;
            }
        }
    }
    let most_frequent = counts.into_iter().filter_map(|(status, names)| {
        let (name, _) = names.into_iter().max_by_key(|(_, count)| *count)?;
        Some((status, name))
    });
    most_frequent.collect()
}

/// Returns the schema that most error responses have.
fn error_schema(document: &Document, responses: &BTreeMap<String, String>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in responses.values() {
        let pointer = format!("/components/responses/{name}/content/application~1json/schema");
        if let Some(schema) = document.at(&pointer).and_then(reference) {
            *counts.entry(last_key(schema)).or_default() += 1;
        }
    }
    let most_frequent = counts.into_iter().max_by_key(|(_, count)| *count);
    most_frequent.map(|(name, _)| name)
}

fn response_headers(document: &Document) -> BTreeMap<String, String> {
    let responses = document.children("/components/responses").into_iter();
    let headers = responses.flat_map(|response| components(response.children("headers")));
    headers
        .map(|(name, component)| (name.to_lowercase(), component))
        .collect()
}

fn parameters(document: &Document) -> Vec<(String, String, String)> {
    let parameters = document.children("/components/parameters").into_iter();
    let parameters = parameters.filter_map(|parameter| {
        let location = parameter.text("in")?.to_owned();
        Some((location, parameter.text("name")?.to_owned(), parameter.key))
    });
    parameters.collect()
}

/// Returns the description of one of our response components.
pub(super) fn response_description<'a>(document: &'a Document, name: &str) -> Option<&'a str> {
    let response = document.at(&format!("/components/responses/{name}"))?;
    response.get("description").and_then(Value::as_str)
}

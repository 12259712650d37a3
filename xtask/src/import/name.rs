//! Chooses the names of components. No two of them, nor a type that the generator derives from
//! an inline schema, have the same Rust name.

use std::collections::BTreeSet;

use duvo_codegen::document::{Document, reference};
use duvo_codegen::rust_name::{is_in_prelude, type_name};
use heck::{ToLowerCamelCase, ToPascalCase};
use serde_json::Value;

/// Keys that name a role rather than a thing, so that the name of the parent precedes them.
const GENERIC: [&str; 38] = [
    "action", "body", "config", "content", "context", "data", "detail", "entry", "error", "event",
    "filter", "format", "info", "input", "item", "kind", "level", "list", "message", "meta",
    "metadata", "mode", "name", "object", "option", "output", "payload", "request", "response",
    "result", "role", "setting", "source", "state", "status", "target", "type", "value",
];

/// The names that are taken.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    types: BTreeSet<String>,
}

impl Names {
    /// Collects the names of the types that the schemas and operations of a document become.
    pub(super) fn new(document: &Document) -> Self {
        let mut names = Self::default();
        for schema in document.children("/components/schemas") {
            names.types.insert(type_name(&schema.key));
            names.reserve_properties(&schema.key, schema.value);
        }
        for operation in document.operations() {
            if let Some(id) = operation.node.text("operationId") {
                names.types.insert(type_name(id));
            }
        }
        names
    }

    /// Reserves the names of the types that inline properties of a schema become.
    pub(super) fn reserve_properties(&mut self, schema: &str, value: &Value) {
        let properties = value.get("properties").and_then(Value::as_object);
        for (key, property) in properties.into_iter().flatten() {
            if reference(property).is_none() && property.get("allOf").is_none() {
                self.types.insert(type_name(&format!("{schema}_{key}")));
            }
        }
    }

    pub(super) fn reserve(&mut self, name: &str) {
        self.types.insert(type_name(name));
    }

    pub(super) fn release(&mut self, name: &str) {
        self.types.remove(name);
    }

    /// Takes the first name that is free, or else the last one with a number.
    pub(super) fn take(&mut self, candidates: &[String]) -> String {
        let candidates: Vec<_> = candidates.iter().map(|name| component_name(name)).collect();
        let is_free = |name: &String| !self.types.contains(name) && !is_in_prelude(name);
        let last = candidates.last().cloned().unwrap_or_default();
        let numbered = (2_u32..).map(|number| format!("{last}{number}"));
        let name = candidates.into_iter().chain(numbered).find(is_free);
        let name = name.unwrap_or(last);
        self.types.insert(name.clone());
        name
    }
}

/// Returns a name in the form that components have.
pub(super) fn component_name(name: &str) -> String {
    type_name(name).to_pascal_case()
}

/// Returns an `operationId` in the form that ours have.
pub(super) fn operation_id(published: &str) -> String {
    let is_camel_case = published.starts_with(|first: char| first.is_ascii_lowercase())
        && published
            .chars()
            .all(|character| character.is_ascii_alphanumeric());
    if is_camel_case {
        published.to_owned()
    } else {
        published.to_lower_camel_case()
    }
}

/// Returns an `operationId` for an operation without one, such as `getTeamMembers`.
pub(super) fn operation_id_of_path(method: &str, path: &str) -> String {
    let is_version = |segment: &str| {
        let digits = segment.strip_prefix('v').unwrap_or("-");
        digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let segments = path
        .split('/')
        .filter(|segment| !segment.is_empty() && !segment.starts_with('{') && !is_version(segment));
    let segments: Vec<_> = segments.collect();
    format!("{method}-{}", segments.join("-")).to_lower_camel_case()
}

/// Returns candidates for the schema under `key` of the component `parent`, the best first.
pub(super) fn property_candidates(parent: &str, key: &str) -> Vec<String> {
    let stem = stem(parent);
    let nested = if stem.ends_with(&component_name(key)) {
        format!("{stem}{}", component_name(key))
    } else {
        join(stem, key)
    };
    let is_generic = GENERIC.contains(&key.to_pascal_case().to_lowercase().as_str());
    let alone = (!is_generic && key.len() > 2).then(|| component_name(key));
    alone.into_iter().chain([nested]).collect()
}

/// Joins two names, without the words that both have at the seam.
pub(super) fn join(first: &str, second: &str) -> String {
    let second = component_name(second);
    match second.strip_prefix(first) {
        Some(rest) if rest.is_empty() || rest.starts_with(char::is_uppercase) => second,
        _ => format!("{first}{second}"),
    }
}

/// Returns the name of a component without what states its use.
pub(super) fn stem(name: &str) -> &str {
    ["Response", "Request"]
        .into_iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name)
}

/// Returns the singular of the last word.
pub(super) fn singular(word: &str) -> String {
    let lower = word.to_lowercase();
    let is_singular = ["ss", "us", "is", "ics", "news", "series"]
        .iter()
        .any(|end| lower.ends_with(end));
    if is_singular || !lower.ends_with('s') || lower.len() < 3 {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    let has_es = ["sses", "xes", "ches", "shes", "zes"]
        .iter()
        .any(|end| lower.ends_with(end));
    word[..word.len() - if has_es { 2 } else { 1 }].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_of_plurals() {
        for (plural, expected) in [
            ("integrations", "integration"),
            ("policies", "policy"),
            ("boxes", "box"),
            ("classes", "class"),
            ("status", "status"),
            ("analysis", "analysis"),
            ("analytics", "analytics"),
            ("releases", "release"),
            ("team_ids", "team_id"),
        ] {
            assert_eq!(singular(plural), expected);
        }
    }

    #[test]
    fn generic_key_gets_name_of_its_parent() {
        assert_eq!(
            property_candidates("ListRunsResponse", "run"),
            ["Run", "ListRunsRun"]
        );
        assert_eq!(property_candidates("Run", "status"), ["RunStatus"]);
        assert_eq!(
            property_candidates("RunStatus", "status"),
            ["RunStatusStatus"]
        );
        assert_eq!(
            property_candidates("Run", "run_state"),
            ["RunState", "RunState"]
        );
    }

    #[test]
    fn taken_and_reserved_names_get_next_candidate_or_number() {
        let mut names = Names::default();
        let candidates = ["Option".to_owned(), "Shelf".to_owned()];
        assert_eq!(names.take(&candidates), "Shelf");
        assert_eq!(names.take(&candidates), "Shelf2");
        assert_eq!(names.take(&candidates), "Shelf3");
        assert_eq!(names.take(&["9 lives".to_owned()]), "X9Lives");
    }

    #[test]
    fn operation_ids_are_in_camel_case() {
        for (published, expected) in [
            ("checkMcpOAuth", "checkMcpOAuth"),
            ("list_books", "listBooks"),
            ("books.list", "booksList"),
            ("ListBooks", "listBooks"),
        ] {
            assert_eq!(operation_id(published), expected);
        }
        assert_eq!(operation_id_of_path("post", "/v2/mcp"), "postMcp");
        let path = "/v2/teams/{teamId}/mcp-servers/{id}/probe";
        assert_eq!(operation_id_of_path("get", path), "getTeamsMcpServersProbe");
    }
}

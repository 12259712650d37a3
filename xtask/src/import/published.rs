//! The published document: reads it, and finds an operation in it.

use std::fs;
use std::path::Path;

use duvo_codegen::document::{METHODS, path_shape};
use duvo_codegen::{Report, Source, nearest};
use serde_yaml::{Mapping, Value};

use crate::Result;

/// The published document, with its keys in their order.
pub(super) struct Published {
    root: Value,
}

/// An operation of the published document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    /// The object that has the operation under its method.
    pub(super) path_item: &'a Value,
    pub(super) value: &'a Value,
}

impl Operation<'_> {
    pub(super) fn id(&self) -> Option<&str> {
        let id = self.value.get("operationId")?.as_str()?.trim();
        (!id.is_empty()).then_some(id)
    }

    /// Returns the method and the path, such as `GET /teams`.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

impl Published {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = fs::read(path).map_err(|error| format!("{shown}: {error}"))?;
        let text = String::from_utf8(text)
            .map_err(|_| format!("{shown}: the file is not UTF-8 text; download it again"))?;
        Self::parse(&text).map_err(|message| format!("{shown}: {message}"))
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let mut root: Value = if text.trim_start().starts_with('{') {
            // A YAML parser rejects some escapes of JSON.
            serde_json::from_str(text).or_else(|_| load_yaml(text))?
        } else {
            load_yaml(text)?
        };
        root.apply_merge()
            .map_err(|error| format!("a merge key (`<<`) is invalid: {error}"))?;
        let root = with_text_keys(root);
        check_version(&root)?;
        let published = Self { root };
        if published.operations().is_empty() {
            return Err("this document has no operations; download it again".to_owned());
        }
        Ok(published)
    }

    pub(super) fn root(&self) -> &Value {
        &self.root
    }

    /// Returns the operations in the order of the document.
    pub(super) fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.root.get("paths").and_then(Value::as_mapping);
        let mut operations = Vec::new();
        for (path, path_item) in paths.into_iter().flatten() {
            let Some(path) = path.as_str() else { continue };
            // A path can be a reference, too.
            let path_item = self.resolve(path_item).unwrap_or(path_item);
            for (method, value) in path_item.as_mapping().into_iter().flatten() {
                if let Some(method) = method.as_str().filter(|name| METHODS.contains(name)) {
                    operations.push(Operation {
                        path,
                        method,
                        path_item,
                        value,
                    });
                }
            }
        }
        operations
    }

    /// Finds the operation with this `operationId`, or with this method and path.
    pub(super) fn find(&self, wanted: &str) -> Result<Operation<'_>> {
        let wanted = wanted.trim();
        let operations = self.operations();
        let is_wanted = |operation: &&Operation<'_>| match wanted.split_once(' ') {
            Some((method, path)) => {
                method.eq_ignore_ascii_case(operation.method)
                    && path_shape(path.trim()) == path_shape(operation.path)
            }
            None => operation.id() == Some(wanted),
        };
        let found: Vec<_> = operations.iter().filter(is_wanted).collect();
        match found[..] {
            [operation] => Ok(*operation),
            [] => Err(unknown(wanted, &operations)),
            [first, second, ..] => Err(format!(
                "several operations have the operationId `{wanted}`; write `{}` or `{}`",
                first.title(),
                second.title()
            )),
        }
    }

    /// Returns the value at a reference, such as `#/components/schemas/Team`.
    pub(super) fn at(&self, reference: &str) -> Result<&Value> {
        let Some(pointer) = reference.strip_prefix('#') else {
            return Err(format!(
                "`{reference}` is outside the published document; bundle the document into one \
                 file first, for example with `npx @redocly/cli bundle`"
            ));
        };
        let keys = pointer.split('/').skip(1);
        let found = keys
            .map(unescape)
            .try_fold(&self.root, |value, key| match value {
                Value::Sequence(list) => list.get(key.parse::<usize>().ok()?),
                value => value.get(&*key),
            });
        found.ok_or_else(|| {
            format!("`{reference}` does not exist in the published document; download it again")
        })
    }

    /// Follows references to a value that is not a reference.
    pub(super) fn resolve<'a>(&'a self, value: &'a Value) -> Result<&'a Value> {
        let mut value = value;
        let mut visited = Vec::new();
        while let Some(target) = reference(value) {
            if visited.contains(&target) {
                return Err(format!("`{target}` refers to itself"));
            }
            visited.push(target);
            value = self.at(target)?;
        }
        Ok(value)
    }
}

/// Replaces keys that are not strings, such as the status 200 without quotes, by strings, and
/// tagged values by their content.
fn with_text_keys(value: Value) -> Value {
    match value {
        Value::Mapping(mapping) => {
            let entries = mapping.into_iter().map(|(key, value)| {
                let key = match key {
                    Value::Number(number) => number.to_string().into(),
                    Value::Bool(value) => value.to_string().into(),
                    Value::Null => "null".into(),
                    key => key,
                };
                (key, with_text_keys(value))
            });
            entries.collect::<Mapping>().into()
        }
        Value::Sequence(list) => list.into_iter().map(with_text_keys).collect(),
        Value::Tagged(tagged) => with_text_keys(tagged.value),
        value => value,
    }
}

/// Returns the target of a `$ref`.
pub(super) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// Returns the string under `key`.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

/// Returns the list under `key`.
pub(super) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_sequence)
        .map_or(&[], Vec::as_slice)
}

/// Returns the entries of the object under `key` whose keys are strings.
pub(super) fn members<'a>(
    value: &'a Value,
    key: &str,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let mapping = value.get(key).and_then(Value::as_mapping);
    strings(mapping.into_iter().flatten())
}

fn strings<'a>(
    entries: impl Iterator<Item = (&'a Value, &'a Value)>,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    entries.filter_map(|(key, value)| Some((key.as_str()?, value)))
}

fn unescape(key: &str) -> String {
    let key = key.replace("~1", "/").replace("~0", "~");
    // A reference is a URL, so its braces can be percent-encoded.
    key.replace("%7B", "{").replace("%7D", "}")
}

fn load_yaml(text: &str) -> Result<Value> {
    let report = |error: &serde_yaml::Error| {
        // Renders the position, which `serde_yaml` only states.
        match duvo_codegen::document::Document::load(text) {
            Err(error) => {
                let report = Report::new(&[error], &Source::without_positions(text));
                let errors = report.diagnostics().iter();
                let lines: Vec<_> = errors
                    .map(|error| format!("{}:{}: {}", error.line, error.column, error.message))
                    .collect();
                lines.join("\n")
            }
            Ok(_) => error.to_string(),
        }
    };
    serde_yaml::from_str(text)
        .map_err(|error| format!("this is neither JSON nor YAML; {}", report(&error)))
}

fn check_version(root: &Value) -> Result<()> {
    if let Some(version) = root.get("swagger") {
        return Err(format!(
            "Swagger {} is not supported; convert the document to OpenAPI 3, for example with \
             `npx swagger2openapi`",
            plain(version)
        ));
    }
    match root.get("openapi").map(plain) {
        None => Err("this is not an OpenAPI document; it has no `openapi`".to_owned()),
        Some(version) if is_supported(&version) => Ok(()),
        Some(version) => Err(format!(
            "OpenAPI {version} is not supported, only 3.0 and 3.1"
        )),
    }
}

fn is_supported(version: &str) -> bool {
    ["3.0", "3.1"]
        .iter()
        .any(|supported| version == *supported || version.starts_with(&format!("{supported}.")))
}

/// Returns a string or a number as text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => "of this form".to_owned(),
    }
}

fn unknown(wanted: &str, operations: &[Operation<'_>]) -> String {
    let titles: Vec<_> = operations.iter().map(Operation::title).collect();
    let ids: Vec<_> = operations.iter().filter_map(Operation::id).collect();
    let (message, suggestion) = if let Some((_, path)) = wanted.split_once(' ') {
        let shape = path_shape(path.trim());
        let same_path = operations
            .iter()
            .filter(|operation| path_shape(operation.path) == shape);
        let same_path: Vec<_> = same_path.map(Operation::title).collect();
        let titles: Vec<_> = titles.iter().map(String::as_str).collect();
        let suggestion = match same_path.as_slice() {
            [] => nearest(wanted, &titles).map(str::to_owned),
            others => Some(others.join("` or `")),
        };
        (
            format!("the document has no operation `{wanted}`"),
            suggestion,
        )
    } else {
        let message = format!("the document has no operation with the operationId `{wanted}`");
        let same = ids.iter().find(|id| id.eq_ignore_ascii_case(wanted));
        let similar = || ids.iter().find(|id| is_part(id, wanted)).copied();
        let suggestion = same
            .copied()
            .or_else(|| nearest(wanted, &ids))
            .or_else(similar);
        (message, suggestion.map(str::to_owned))
    };
    match suggestion {
        Some(suggestion) => format!("{message}; did you mean `{suggestion}`?"),
        None => format!(
            "{message}; write an operationId, or a method and a path such as `{}`",
            titles.first().map_or("GET /", String::as_str)
        ),
    }
}

fn is_part(id: &str, wanted: &str) -> bool {
    wanted.len() > 3 && id.to_lowercase().contains(&wanted.to_lowercase())
}

/// Builds a mapping from entries with string keys.
pub(super) fn mapping<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Mapping {
    let entries = entries.into_iter();
    entries.map(|(key, value)| (key.into(), value)).collect()
}

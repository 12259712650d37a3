//! Converts the parameters of an operation, with the names of the path.

use duvo_codegen::document::{Document, path_shape};
use serde_yaml::{Mapping, Value};

use super::components::Use;
use super::conventions::Conventions;
use super::description::{clean, documentation};
use super::published::{Operation, Published, list, mapping, text};
use super::schema::{Converter, Hint};
use crate::Result;

/// Headers that the client sets itself.
const RESERVED_HEADERS: [&str; 6] = [
    "accept",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "user-agent",
];

/// A path in the form of our document.
pub(super) struct Path {
    pub(super) text: String,
    /// The published names of its parameters, and ours.
    names: Vec<(String, String)>,
}

impl Path {
    /// Uses the path of our document if it only has other names of parameters.
    pub(super) fn new(document: &Document, published: &str) -> Self {
        let paths = document.children("/paths").into_iter();
        let mut own = paths.map(|path| path.key);
        let shape = path_shape(published);
        let ours = own.find(|path| path_shape(path) == shape);
        let names = parameter_names(published);
        let ours = match &ours {
            Some(ours) => parameter_names(ours),
            None => names.iter().map(|name| valid_name(name)).collect(),
        };
        let names: Vec<_> = names.into_iter().zip(ours).collect();
        // Replaced from the left, one by one, because a new name can equal another old one.
        let mut rest = published;
        let mut text = String::new();
        for (published, ours) in &names {
            if let Some((before, after)) = rest.split_once(&format!("{{{published}}}")) {
                text.extend([before, "{", ours, "}"]);
                rest = after;
            }
        }
        text += rest;
        Self { text, names }
    }
}

/// Returns the names of the parameters in the order of the path.
fn parameter_names(path: &str) -> Vec<String> {
    let after_braces = path.split('{').skip(1);
    let names = after_braces.filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()));
    names.collect()
}

/// The name of a path parameter is not sent, so that it can be replaced by a valid one.
fn valid_name(name: &str) -> String {
    if name.contains(char::is_alphanumeric) {
        name.to_owned()
    } else {
        "path".to_owned()
    }
}

/// Returns the parameters in the order of our document: those of the path, of the query, of
/// the headers, and then the shared ones.
pub(super) fn convert(
    published: &Published,
    operation: &Operation<'_>,
    path: &Path,
    conventions: &Conventions,
    schemas: &mut Converter<'_>,
    id: &str,
) -> Result<Vec<Value>> {
    let declared = declared(published, operation)?;
    let mut converted = Vec::new();
    for (name, ours) in &path.names {
        let parameter = declared.iter().find(|parameter| {
            text(parameter, "in") == Some("path") && text(parameter, "name") == Some(name)
        });
        let undeclared = mapping([("schema", mapping([("type", "string".into())]).into())]).into();
        if parameter.is_none() {
            schemas.notes.push(format!(
                "the parameter `{name}` of the path was not declared; its type may differ"
            ));
        }
        let parameter = parameter.copied().unwrap_or(&undeclared);
        converted.push(one(parameter, ours, "path", schemas, id)?);
    }
    let mut shared: Vec<String> = Vec::new();
    for location in ["query", "header", "cookie"] {
        for parameter in declared
            .iter()
            .filter(|parameter| text(parameter, "in") == Some(location))
        {
            let name = text(parameter, "name").unwrap_or_default();
            let is_reserved =
                location == "header" && RESERVED_HEADERS.contains(&name.to_lowercase().as_str());
            let is_optional = parameter.get("required") != Some(&true.into());
            if is_reserved || location == "cookie" && is_optional {
                schemas.notes.push(format!("the {location} `{name}` is left out; the client does not send it as a parameter"));
            } else if let Some(component) = conventions.parameter(location, name) {
                shared.push(component.to_owned());
            } else {
                converted.push(one(parameter, name, location, schemas, id)?);
            }
        }
    }
    let is_safe = matches!(operation.method, "get" | "head");
    for component in conventions.added_parameters(is_safe) {
        if !shared.contains(component) {
            shared.push(component.clone());
        }
    }
    converted.extend(shared.into_iter().map(|component| {
        mapping([(
            "$ref",
            format!("#/components/parameters/{component}").into(),
        )])
        .into()
    }));
    Ok(converted)
}

/// Returns the parameters of the operation, and those of its path that it does not replace.
fn declared<'a>(published: &'a Published, operation: &Operation<'a>) -> Result<Vec<&'a Value>> {
    let mut declared: Vec<&Value> = Vec::new();
    let of_operation = list(operation.value, "parameters");
    for parameter in of_operation
        .iter()
        .chain(list(operation.path_item, "parameters"))
    {
        let parameter = published.resolve(parameter)?;
        let is_same = |other: &&Value| {
            ["in", "name"]
                .iter()
                .all(|key| other.get(*key) == parameter.get(*key))
        };
        if !declared.iter().any(is_same) {
            declared.push(parameter);
        }
    }
    Ok(declared)
}

fn one(
    parameter: &Value,
    name: &str,
    location: &str,
    schemas: &mut Converter<'_>,
    id: &str,
) -> Result<Value> {
    let mut converted = mapping([("name", name.into()), ("in", location.into())]);
    if location == "path" || parameter.get("required") == Some(&true.into()) {
        converted.insert("required".into(), true.into());
    }
    if parameter.get("deprecated") == Some(&true.into()) {
        converted.insert("deprecated".into(), true.into());
    }
    let hint = Hint::Property {
        parent: super::name::component_name(id),
        key: name.to_owned(),
    };
    let any = Value::Mapping(Mapping::new());
    let schema = parameter.get("schema").unwrap_or(&any);
    let mut schema = schemas.nested(schema, &hint, Use::Request)?;
    let mut example = parameter.get("example").cloned();
    let mut of_schema = None;
    if let Value::Mapping(schema) = &mut schema {
        // The parameter has the description, and a parameter is left out rather than null.
        of_schema = schema.remove("description");
        schema.remove("nullable");
        example = example.or_else(|| schema.remove("example"));
        if let Some(Value::Sequence(members)) = schema.get("allOf")
            && let [only] = members.as_slice()
            && schema.len() == 1
        {
            *schema = only.as_mapping().cloned().unwrap_or_default();
        }
    }
    let own = text(parameter, "description").and_then(clean);
    let description = own.or_else(|| {
        of_schema
            .as_ref()
            .and_then(Value::as_str)
            .map(str::to_owned)
    });
    converted.insert(
        "description".into(),
        documentation(description.as_deref()).into(),
    );
    for key in ["style", "explode", "allowReserved", "allowEmptyValue"] {
        if let Some(value) = parameter
            .get(key)
            .filter(|value| !is_default(key, value, location))
        {
            converted.insert(key.into(), value.clone());
        }
    }
    if parameter.get("schema").is_none()
        && let Some(content) = parameter.get("content")
    {
        converted.insert("content".into(), content.clone());
    } else {
        converted.insert("schema".into(), schema);
    }
    if let Some(example) = example.filter(|example| !example.is_null()) {
        converted.insert("example".into(), example);
    }
    Ok(converted.into())
}

fn is_default(key: &str, value: &Value, location: &str) -> bool {
    let is_form = matches!(location, "query" | "cookie");
    match key {
        "style" => value.as_str() == Some(if is_form { "form" } else { "simple" }),
        "explode" => value.as_bool() == Some(is_form),
        _ => value.as_bool() == Some(false),
    }
}

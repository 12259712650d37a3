use std::cmp::Reverse;
use std::collections::BTreeSet;

use openapiv3::OpenAPI;
use serde_json::Value;

use super::Fault;

/// The document as a tree. A place in it is a JSON pointer (RFC 6901).
#[derive(Debug, Clone)]
pub struct Document {
    root: Value,
}

/// A value of the document, with its key in its parent and its place.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    pub key: String,
    pub pointer: String,
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    /// The children of the object or array under `key`; none if there is
    /// neither.
    pub fn children(&self, key: &str) -> Vec<Node<'a>> {
        match self.value.get(key) {
            Some(value) => children(value, &format!("{}/{key}", self.pointer)),
            None => Vec::new(),
        }
    }
}

/// An operation, with the path it belongs to.
pub struct Operation<'a> {
    pub path: Node<'a>,
    pub node: Node<'a>,
}

impl Document {
    /// Reads YAML and holds it against the structure of OpenAPI 3.0.
    pub fn load(text: &str) -> Result<Self, Vec<Fault>> {
        // serde_yaml's own tree refuses a duplicate key; a typed target would
        // take the last one without a word.
        let tree: serde_yaml::Value =
            serde_yaml::from_str(text).map_err(|error| yaml_fault(&error))?;
        let version = tree.get("openapi").and_then(serde_yaml::Value::as_str);
        if !version.is_some_and(|version| version.starts_with("3.0.")) {
            return Err(vec![Fault::at_pointer(
                "/openapi",
                "the generator reads OpenAPI 3.0 only; write `openapi: 3.0.3`",
            )]);
        }
        let root = serde_json::to_value(&tree)
            .map_err(|error| vec![Fault::in_document(error.to_string())])?;
        let document = Self { root };
        // The typed reading is for its errors: it knows what belongs where.
        match serde_json::from_value::<OpenAPI>(document.root.clone()) {
            Ok(_) => Ok(document),
            Err(error) => Err(document.structure_faults(&error.to_string())),
        }
    }

    /// Where the document is not what OpenAPI says. A typed reading of the whole
    /// does not know, so the parts are read one by one, the innermost first.
    fn structure_faults(&self, of_the_whole: &str) -> Vec<Fault> {
        let mut parts = self.parts();
        parts.sort_by_key(|part| Reverse(part.pointer.matches('/').count()));
        let schemas: BTreeSet<_> = self
            .schemas()
            .into_iter()
            .map(|schema| schema.pointer)
            .collect();
        let mut faults: Vec<Fault> = Vec::new();
        for part in parts {
            let section = part
                .pointer
                .rsplit_once('/')
                .map_or("", |(section, _)| section);
            let (around, section) = section.rsplit_once('/').unwrap_or_default();
            // Within a map of names, it is a name.
            let section = if is_name_map(around) { "" } else { section };
            let value = part.value.clone();
            let error = if reference(&value).is_some() {
                None
            } else if schemas.contains(&part.pointer) {
                serde_json::from_value::<openapiv3::Schema>(value).err()
            } else {
                match section {
                    "parameters" => serde_json::from_value::<openapiv3::Parameter>(value).err(),
                    "headers" => serde_json::from_value::<openapiv3::Header>(value).err(),
                    "responses" => serde_json::from_value::<openapiv3::Response>(value).err(),
                    "requestBodies" => {
                        serde_json::from_value::<openapiv3::RequestBody>(value).err()
                    }
                    "securitySchemes" => {
                        serde_json::from_value::<openapiv3::SecurityScheme>(value).err()
                    }
                    _ if is_method(&part.key) => {
                        serde_json::from_value::<openapiv3::Operation>(value).err()
                    }
                    _ => None,
                }
            };
            // What is around a fault fails because of it.
            let is_around = |fault: &Fault| fault.is_within(&part.pointer);
            if let Some(error) = error
                && !faults.iter().any(is_around)
            {
                faults.push(Fault::at_pointer(&part.pointer, error.to_string()));
            }
        }
        if faults.is_empty() {
            faults.push(Fault::in_document(of_the_whole));
        }
        faults
    }

    pub fn into_root(self) -> Value {
        self.root
    }

    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer)
    }

    pub fn at_mut(&mut self, pointer: &str) -> Option<&mut Value> {
        self.root.pointer_mut(pointer)
    }

    /// The children of the object or array at `pointer`; none if there is
    /// neither.
    pub fn children(&self, pointer: &str) -> Vec<Node<'_>> {
        match self.at(pointer) {
            Some(value) => children(value, pointer),
            None => Vec::new(),
        }
    }

    /// `value`, or what it refers to if it is a local `$ref`.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        reference(value)
            .and_then(local)
            .and_then(|pointer| self.at(pointer))
            .unwrap_or(value)
    }

    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut operations = Vec::new();
        for path in self.children("/paths") {
            for node in children(path.value, &path.pointer) {
                if is_method(&node.key) {
                    let path = path.clone();
                    operations.push(Operation { path, node });
                }
            }
        }
        operations
    }

    /// Every schema that is written out, as opposed to referred to.
    pub fn schemas(&self) -> Vec<Node<'_>> {
        let mut found = Vec::new();
        for node in self.parts() {
            let parent = node
                .pointer
                .rsplit_once('/')
                .map_or("", |(parent, _)| parent);
            if parent == "/components/schemas" || (node.key == "schema" && !is_name_map(parent)) {
                collect_schemas(node, &mut found);
            }
        }
        found
    }

    /// Pointers to the schemas that any of `starts` leads to, through any
    /// number of `$ref`s.
    pub fn schemas_reached_from(&self, starts: Vec<String>) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open = starts;
        while let Some(pointer) = open.pop() {
            let Some(value) = self.at(&pointer) else {
                continue;
            };
            if reached.insert(pointer.clone()) {
                open.extend(reference(value).and_then(local).map(str::to_owned));
                open.extend(
                    parts_below(value, &pointer)
                        .into_iter()
                        .map(|node| node.pointer),
                );
            }
        }
        let schemas = self
            .schemas()
            .into_iter()
            .map(|node| node.pointer)
            .collect();
        &reached & &schemas
    }

    /// Schemas of what the server answers, its errors included.
    pub fn answered_schemas(&self) -> BTreeSet<String> {
        self.schemas_of("responses")
    }

    /// Schemas of what the client sends as a body.
    pub fn sent_schemas(&self) -> BTreeSet<String> {
        self.schemas_of("requestBody")
    }

    fn schemas_of(&self, part: &str) -> BTreeSet<String> {
        let start = |operation: Operation<'_>| format!("{}/{part}", operation.node.pointer);
        self.schemas_reached_from(self.operations().into_iter().map(start).collect())
    }

    /// Everything that describes the API; its data (examples, defaults,
    /// extensions) left out.
    pub fn parts(&self) -> Vec<Node<'_>> {
        let mut found = Vec::new();
        let mut open = children(&self.root, "");
        while let Some(node) = open.pop() {
            open.extend(parts_below(node.value, &node.pointer));
            found.push(node);
        }
        found
    }
}

/// The value of `$ref`, if there is one.
pub fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// The JSON pointer of a reference into this document.
pub fn local(reference: &str) -> Option<&str> {
    reference
        .strip_prefix('#')
        .filter(|pointer| pointer.starts_with('/'))
}

pub fn children<'a>(value: &'a Value, pointer: &str) -> Vec<Node<'a>> {
    let node = |key: String, value: &'a Value| Node {
        pointer: format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
        key,
        value,
    };
    match value {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| node(key.clone(), value))
            .collect(),
        Value::Array(array) => array
            .iter()
            .enumerate()
            .map(|(index, value)| node(index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    }
}

fn parts_below<'a>(value: &'a Value, pointer: &str) -> Vec<Node<'a>> {
    let mut parts = children(value, pointer);
    if !is_name_map(pointer) {
        parts.retain(|part| {
            !matches!(part.key.as_str(), "default" | "enum" | "example" | "value")
                && !part.key.starts_with("x-")
        });
    }
    parts
}

/// Whether the keys of the object at `pointer` are names that the document
/// gives, not words of OpenAPI.
fn is_name_map(pointer: &str) -> bool {
    let key = pointer.rsplit_once('/').map_or("", |(_, key)| key);
    matches!(
        key,
        "properties"
            | "schemas"
            | "responses"
            | "parameters"
            | "headers"
            | "examples"
            | "requestBodies"
    )
}

fn collect_schemas<'a>(node: Node<'a>, found: &mut Vec<Node<'a>>) {
    if reference(node.value).is_some() {
        return;
    }
    for part in parts_below(node.value, &node.pointer) {
        match part.key.as_str() {
            "properties" | "allOf" | "anyOf" | "oneOf" => {
                for part in children(part.value, &part.pointer) {
                    collect_schemas(part, found);
                }
            }
            "items" | "not" | "additionalProperties" if part.value.is_object() => {
                collect_schemas(part, found);
            }
            _ => {}
        }
    }
    found.push(node);
}

fn is_method(key: &str) -> bool {
    matches!(
        key,
        "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace"
    )
}

fn yaml_fault(error: &serde_yaml::Error) -> Vec<Fault> {
    let message = error.to_string();
    vec![match error
        .location()
        .map(|location| (location.line(), location.column()))
    {
        Some((line, column)) => {
            let message = message.replace(&format!(" at line {line} column {column}"), "");
            Fault::at_position(line, column, message)
        }
        None => Fault::in_document(message),
    }]
}

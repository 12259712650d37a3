//! The OpenAPI document as a tree of JSON values.
//!
//! A location in the document is a JSON pointer (RFC 6901).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
pub use crate::grammar::METHODS;
use crate::grammar::{ExpectedType, ObjectKind};
use crate::json_pointer::{join, last_key};
use crate::source::without_mark;

/// An OpenAPI document.
#[derive(Debug, Clone)]
pub struct Document {
    root: Value,
}

/// A value of the document, with its key in the parent and its location.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// The key in the parent object, or the index in the parent array.
    pub key: String,
    /// The location as a JSON pointer.
    pub pointer: String,
    /// The value.
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    /// Returns the value under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        Some(Node {
            key: key.to_owned(),
            pointer: self.child(key),
            value: self.value.get(key)?,
        })
    }

    /// Returns the children of the object or array under `key`.
    #[must_use]
    pub fn children(&self, key: &str) -> Vec<Node<'a>> {
        match self.value.get(key) {
            Some(value) => children(value, &self.child(key)),
            None => Vec::new(),
        }
    }

    /// Returns the location of the value under `key`.
    #[must_use]
    pub fn child(&self, key: &str) -> String {
        join(&self.pointer, key)
    }

    /// Returns the string under `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Whether the string under `key` is missing or blank.
    pub(crate) fn is_blank(&self, key: &str) -> bool {
        self.text(key).is_none_or(|text| text.trim().is_empty())
    }

    /// Whether the node is one of `components.schemas`, which have names.
    pub(crate) fn is_named_schema(&self) -> bool {
        self.pointer == join("/components/schemas", &self.key)
    }
}

/// A node that describes the API, with the type that OpenAPI expects of it.
#[derive(Debug, Clone)]
pub(crate) struct TypedNode<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) expected: ExpectedType,
}

impl<'a> TypedNode<'a> {
    fn children(&self) -> Vec<TypedNode<'a>> {
        if !self.expected.accepts(self.node.value) {
            return Vec::new();
        }
        let children = children(self.node.value, &self.node.pointer).into_iter();
        let typed = children.filter_map(|node| {
            let expected = self.expected.child_type(&node.key)?;
            Some(TypedNode { node, expected })
        });
        typed.collect()
    }
}

/// An operation, with its path.
#[derive(Debug, Clone)]
pub struct Operation<'a> {
    /// The path. The key of the node is the path itself.
    pub path: Node<'a>,
    /// The operation. The key of the node is the HTTP method in lower case.
    pub node: Node<'a>,
}

impl Document {
    /// Parses a YAML document.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not valid YAML.
    pub fn load(text: &str) -> Result<Self, Diagnostic> {
        let (text, _) = without_mark(text);
        let root = serde_yaml::from_str(text).map_err(|error| yaml_error(text, &error))?;
        Ok(Self { root })
    }

    /// Returns the whole document.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    pub(crate) fn into_root(self) -> Value {
        self.root
    }

    /// Returns the value at a location.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.root.pointer(pointer)
    }

    pub(crate) fn at_mut(&mut self, pointer: &str) -> Option<&mut Value> {
        self.root.pointer_mut(pointer)
    }

    /// Adds a component.
    pub(crate) fn add_component(&mut self, section: &str, name: &str, value: Value) {
        self.root["components"][section][name] = value;
    }

    /// Returns the children of the object or array at `pointer`.
    #[must_use]
    pub fn children(&self, pointer: &str) -> Vec<Node<'_>> {
        match self.at(pointer) {
            Some(value) => children(value, pointer),
            None => Vec::new(),
        }
    }

    /// Follows `$ref`s from `value` to a value that is not a `$ref`. Returns `None` if a
    /// target does not exist.
    #[must_use]
    pub fn resolve<'a>(&'a self, value: &'a Value) -> Option<&'a Value> {
        Some(self.follow(value)?.0)
    }

    /// Follows `$ref`s from `value`. Returns the target with the location of the last `$ref`'s
    /// target, if there was one.
    fn follow<'a>(&'a self, value: &'a Value) -> Option<(&'a Value, Option<&'a str>)> {
        let (mut value, mut pointer) = (value, None);
        let mut visited = BTreeSet::new();
        while let Some(target) = reference(value) {
            if !visited.insert(target) {
                return None;
            }
            pointer = local_pointer(target);
            value = self.at(pointer?)?;
        }
        Some((value, pointer))
    }

    /// Follows `$ref`s from a node. The result keeps the key of the node.
    pub(crate) fn resolve_node<'a>(&'a self, node: Node<'a>) -> Option<Node<'a>> {
        let (value, component) = self.follow(node.value)?;
        Some(Node {
            value,
            pointer: component.map_or(node.pointer, str::to_owned),
            key: node.key,
        })
    }

    /// Returns the operations in the order of the paths.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut operations = Vec::new();
        for path in self.children("/paths") {
            for node in children(path.value, &path.pointer) {
                if METHODS.contains(&node.key.as_str()) {
                    let path = path.clone();
                    operations.push(Operation { path, node });
                }
            }
        }
        operations
    }

    /// Returns every node that describes the API. Examples, defaults and extensions are
    /// data, and are left out.
    pub(crate) fn nodes(&self) -> Vec<TypedNode<'_>> {
        let root = Node {
            key: String::new(),
            pointer: String::new(),
            value: &self.root,
        };
        let mut found = Vec::new();
        let mut open = vec![TypedNode {
            node: root,
            expected: ExpectedType::Object(ObjectKind::Document),
        }];
        while let Some(node) = open.pop() {
            open.extend(node.children());
            found.push(node);
        }
        found
    }

    /// Returns every schema that is not a `$ref`.
    #[must_use]
    pub fn schemas(&self) -> Vec<Node<'_>> {
        schema_nodes(&self.nodes())
    }

    /// Returns every example and default of the document, with the location of its schema.
    #[must_use]
    pub fn examples(&self) -> Vec<SchemaExample> {
        let mut found = Vec::new();
        for TypedNode { node, .. } in self.nodes() {
            if !node.value.get("schema").is_some_and(Value::is_object) {
                continue;
            }
            let schema = node.child("schema");
            found.extend(node.value.get("example").map(|_| SchemaExample {
                pointer: node.child("example"),
                schema: schema.clone(),
            }));
            for example in node.children("examples") {
                let target = reference(example.value).and_then(local_pointer);
                found.push(SchemaExample {
                    pointer: join(target.unwrap_or(&example.pointer), "value"),
                    schema: schema.clone(),
                });
            }
        }
        for schema in self.schemas() {
            let mut keys = vec!["example", "default"];
            keys.retain(|key| schema.value.get(key).is_some());
            found.extend(keys.into_iter().map(|key| SchemaExample {
                pointer: schema.child(key),
                schema: schema.pointer.clone(),
            }));
        }
        found
    }

    /// Returns the locations of the schemas in responses, including error responses.
    #[must_use]
    pub fn response_schemas(&self) -> BTreeSet<String> {
        self.schemas_under("responses")
    }

    /// Returns the locations of the schemas in request bodies.
    #[must_use]
    pub fn request_schemas(&self) -> BTreeSet<String> {
        self.schemas_under("requestBody")
    }

    /// Returns the locations of the schemas under `key` of any operation, through any
    /// number of `$ref`s.
    fn schemas_under(&self, key: &str) -> BTreeSet<String> {
        let operation = ExpectedType::Object(ObjectKind::Operation);
        let mut open = Vec::new();
        for Operation { node, .. } in self.operations() {
            if let Some(node) = node.get(key)
                && let Some(expected) = operation.child_type(key)
            {
                open.push(TypedNode { node, expected });
            }
        }
        let mut visited = BTreeSet::new();
        let mut found = BTreeSet::new();
        while let Some(typed) = open.pop() {
            if !visited.insert(typed.node.pointer.clone()) {
                continue;
            }
            open.extend(typed.children());
            if let Some(pointer) = reference(typed.node.value).and_then(local_pointer)
                && let Some(value) = self.at(pointer)
            {
                let (key, pointer) = (last_key(pointer), pointer.to_owned());
                let node = Node {
                    key,
                    pointer,
                    value,
                };
                let expected = typed.expected;
                open.push(TypedNode { node, expected });
            }
            if is_schema(&typed) {
                found.insert(typed.node.pointer);
            }
        }
        found
    }
}

/// The location of an example or a default, and of the schema that describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaExample {
    /// The location of the value.
    pub pointer: String,
    /// The location of the schema.
    pub schema: String,
}

/// Returns the schemas among `nodes` that are not a `$ref`.
pub(crate) fn schema_nodes<'a>(nodes: &[TypedNode<'a>]) -> Vec<Node<'a>> {
    let schemas = nodes.iter().filter(|typed| is_schema(typed));
    schemas.map(|typed| typed.node.clone()).collect()
}

fn is_schema(typed: &TypedNode<'_>) -> bool {
    typed.expected.kind() == Some(ObjectKind::Schema)
        && typed.node.value.is_object()
        && reference(typed.node.value).is_none()
}

/// Returns the names of the parameters in a path.
pub(crate) fn path_parameters(path: &str) -> BTreeSet<&str> {
    let after_braces = path.split('{').skip(1);
    after_braces
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// Returns a path without the names of its parameters. Paths that differ in these names
/// only are the same path.
#[must_use]
pub fn path_shape(path: &str) -> String {
    path_parameters(path)
        .into_iter()
        .fold(path.to_owned(), |shape, name| {
            shape.replace(&format!("{{{name}}}"), "{}")
        })
}

/// Returns the target of a `$ref`.
#[must_use]
pub fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// Returns the JSON pointer of a reference into the same document.
#[must_use]
pub fn local_pointer(reference: &str) -> Option<&str> {
    reference
        .strip_prefix('#')
        .filter(|pointer| pointer.starts_with('/'))
}

/// Returns the locations of `document` that `value` refers to, directly or through others.
#[must_use]
pub fn references(document: &Value, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        if let Some(target) = reference(value).and_then(local_pointer)
            && found.insert(target.to_owned())
        {
            open.extend(document.pointer(target));
        }
        open.extend(children(value, "").into_iter().map(|node| node.value));
    }
    found
}

/// Returns the children of `value`, an object or array at `pointer`.
#[must_use]
pub fn children<'a>(value: &'a Value, pointer: &str) -> Vec<Node<'a>> {
    let node = |key: String, value: &'a Value| Node {
        pointer: join(pointer, &key),
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

fn yaml_error(text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let message = error.to_string();
    if let Some(location) = error.location()
        && let Some(line) = text.lines().nth(location.line().saturating_sub(1))
        && let content = line.trim_start()
        && line[..line.len() - content.len()].contains('\t')
    {
        return Diagnostic::at_line(location.line(), 1, "the line is indented with a tab")
            .help("indent it with spaces; YAML allows no tabs");
    }
    match error.location() {
        Some(location) => {
            let (line, column) = (location.line(), location.column());
            let position = format!(" at line {line} column {column}");
            let message = message.replace(&position, "");
            // The rest describes the state of the parser.
            let message = message.split(", while ").next().unwrap_or_default();
            Diagnostic::at_line(line, column, message)
        }
        None => Diagnostic::at_line(1, 1, message),
    }
    .help("fix the YAML at or just before this line: indentation, `:` or quotes")
    .maybe_layout()
}

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::diagnostic::Fault;
use super::grammar::{Kind, METHODS, Shape};

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
            Some(value) => children(value, &self.child(key)),
            None => Vec::new(),
        }
    }

    /// The place of what is under `key`.
    pub fn child(&self, key: &str) -> String {
        join(&self.pointer, key)
    }

    /// Whether this is one of `components.schemas`, which have names.
    pub fn is_named_schema(&self) -> bool {
        self.pointer == join("/components/schemas", &self.key)
    }

    /// Whether there is no text under `key`, or no word in it.
    pub fn is_blank(&self, key: &str) -> bool {
        self.text(key).is_none_or(|text| text.trim().is_empty())
    }

    /// The text under `key`.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }
}

/// A node that describes the API, with what belongs in its place.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    pub node: Node<'a>,
    pub shape: Shape,
}

/// An operation, with the path it belongs to.
pub struct Operation<'a> {
    pub path: Node<'a>,
    pub node: Node<'a>,
}

impl Document {
    pub fn load(text: &str) -> Result<Self, Fault> {
        if text.starts_with('\u{feff}') {
            let fault = Fault::at_line(1, 1, "the file begins with a byte order mark");
            return Err(fault.help("save it as UTF-8 without one"));
        }
        let root = serde_yaml::from_str(text).map_err(|error| yaml_fault(&error))?;
        Ok(Self { root })
    }

    pub fn root(&self) -> &Value {
        &self.root
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

    /// `value`, or what it refers to if it is a `$ref`, through any number of
    /// them; nothing if that does not exist.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> Option<&'a Value> {
        let mut value = value;
        let mut visited = BTreeSet::new();
        while let Some(target) = reference(value) {
            if !visited.insert(target) {
                return None;
            }
            value = self.at(local(target)?)?;
        }
        Some(value)
    }

    /// The node, or that which it refers to, under the key of the node.
    pub fn resolved<'a>(&'a self, node: Node<'a>) -> Option<Node<'a>> {
        let component = reference(node.value).and_then(local);
        Some(Node {
            value: self.resolve(node.value)?,
            pointer: component.map_or(node.pointer, str::to_owned),
            key: node.key,
        })
    }

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

    /// Everything that describes the API; its data (examples, defaults,
    /// extensions) left out.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let root = Node {
            key: String::new(),
            pointer: String::new(),
            value: &self.root,
        };
        let mut found = Vec::new();
        let mut open = vec![Part {
            node: root,
            shape: Shape::Object(Kind::Document),
        }];
        while let Some(part) = open.pop() {
            if part.shape.fits(part.node.value) {
                let below = children(part.node.value, &part.node.pointer);
                open.extend(below.into_iter().filter_map(|node| {
                    let shape = part.shape.below(&node.key)?;
                    Some(Part { node, shape })
                }));
            }
            found.push(part);
        }
        found
    }

    /// Every schema that is written out, as opposed to referred to.
    pub fn schemas(&self) -> Vec<Node<'_>> {
        let is_schema = |part: &Part<'_>| {
            part.shape.kind() == Some(Kind::Schema)
                && part.node.value.is_object()
                && reference(part.node.value).is_none()
        };
        let mut parts = self.parts();
        parts.retain(is_schema);
        parts.into_iter().map(|part| part.node).collect()
    }

    /// Schemas of what the server answers, its errors included.
    pub fn answered_schemas(&self) -> BTreeSet<String> {
        self.schemas_of("responses")
    }

    /// Schemas of what the client sends as a body.
    pub fn sent_schemas(&self) -> BTreeSet<String> {
        self.schemas_of("requestBody")
    }

    /// Schemas that this part of any operation leads to.
    fn schemas_of(&self, part: &str) -> BTreeSet<String> {
        let starts = self.operations().into_iter();
        let starts = starts.map(|operation| operation.node.child(part));
        let schemas = self.schemas().into_iter().map(|node| node.pointer);
        &self.reached_from(starts.collect()) & &schemas.collect()
    }

    /// Pointers to all that any of `starts` leads to, through any number of
    /// `$ref`s.
    pub fn reached_from(&self, starts: Vec<String>) -> BTreeSet<String> {
        let references: BTreeMap<String, Option<&str>> = self
            .parts()
            .into_iter()
            .map(|part| {
                let target = reference(part.node.value).and_then(local);
                (part.node.pointer, target)
            })
            .collect();
        let mut open = starts;
        let mut visited = BTreeSet::new();
        let mut reached = BTreeSet::new();
        while let Some(start) = open.pop() {
            if !visited.insert(start.clone()) {
                continue;
            }
            let below = references.range(start.clone()..);
            let below = below.take_while(|(pointer, _)| pointer.starts_with(&start));
            for (pointer, target) in below.filter(|(pointer, _)| is_within(pointer, &start)) {
                reached.insert(pointer.clone());
                open.extend(target.map(str::to_owned));
            }
        }
        reached
    }
}

/// The names of the parameters in a path.
pub fn path_parameters(path: &str) -> BTreeSet<&str> {
    let after_braces = path.split('{').skip(1);
    after_braces
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// A path without the names of its parameters, which are not part of what is sent.
pub fn path_shape(path: &str) -> String {
    path_parameters(path)
        .into_iter()
        .fold(path.to_owned(), |shape, name| {
            shape.replace(&format!("{{{name}}}"), "{}")
        })
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

/// Whether what is at `pointer` is what is at `other`, or in it.
pub fn is_within(pointer: &str, other: &str) -> bool {
    pointer
        .strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The pointer to what is under `key` of what is at `pointer`.
pub fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The key that a pointer ends with.
pub fn last_key(pointer: &str) -> String {
    let key = pointer.rsplit('/').next().unwrap_or_default();
    key.replace("~1", "/").replace("~0", "~")
}

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

fn yaml_fault(error: &serde_yaml::Error) -> Fault {
    let message = error.to_string();
    match error.location() {
        Some(location) => {
            let (line, column) = (location.line(), location.column());
            let place = format!(" at line {line} column {column}");
            // What it was doing meanwhile is about the parser, not the text.
            let message = message.replace(&place, "");
            let message = message.split(", while ").next().unwrap_or_default();
            Fault::at_line(line, column, message)
        }
        None => Fault::at_line(1, 1, message),
    }
    .help("mend the YAML here or just before: indentation, `:`, quotes")
}

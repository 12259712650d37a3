//! Where Duvo's published document differs from ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use duvo_codegen::document::{
    Document, Node, Operation, join, local_pointer, path_shape, reference,
};
use duvo_codegen::{Diagnostic, Report, Source};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Result;
use crate::oasdiff;

const SCHEMES: &str = "/components/securitySchemes";

/// Differences that are accepted for one reason.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Known {
    operation: String,
    reason: String,
    differences: Vec<String>,
}

/// A difference, and where our document says otherwise.
#[derive(Debug)]
struct Difference {
    operation: String,
    text: String,
    pointer: String,
}

/// Prints what differs and is not known, and what is known and differs no
/// longer. There is nothing to do if neither is there.
pub fn run(published: &Path, document_path: &Path, known_path: &Path) -> Result<bool> {
    let text = read(document_path)?;
    let document = load(document_path, &text)?;
    let theirs = load(published, &read(published)?)?;
    check_published(published, &theirs)?;
    let known_text = read(known_path)?;
    let known: Vec<Known> = serde_yaml::from_str(&known_text)
        .map_err(|error| format!("{}: {error}", known_path.display()))?;
    if let Some(known) = known.iter().find(|known| known.reason.trim().is_empty()) {
        return Err(format!(
            "{}: the differences of {} have no reason; write one",
            known_path.display(),
            known.operation
        ));
    }

    let mut differences = absences(&document, &theirs);
    let difference = compare(&document, &theirs)?;
    differences.extend(of_operations(&document, &difference));

    let is_known = |difference: &&Difference| {
        known.iter().any(|known| {
            known.operation == difference.operation && known.differences.contains(&difference.text)
        })
    };
    let (old, new): (Vec<_>, Vec<_>) = differences.iter().partition(is_known);
    let diagnostics: Vec<_> = new
        .iter()
        .map(|difference| to_diagnostic(difference, known_path))
        .collect();
    let gone = gone(&known, &old, &new);
    print(&diagnostics, document_path, &text);
    if !new.is_empty() {
        println!(
            "To accept what is new, add it to {}, each with the reason:\n\n{}",
            known_path.display(),
            to_accept(&new)?
        );
    }
    print(&gone, known_path, &known_text);
    println!(
        "{} new, {} gone, {} known",
        new.len(),
        gone.len(),
        old.len()
    );
    Ok(new.is_empty() && gone.is_empty())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn load(path: &Path, text: &str) -> Result<Document> {
    Document::load(text).map_err(|error| {
        let report = Report::new(&[error], &Source::without_positions(text));
        format!(
            "this is no document\n{}",
            report.to_text(&path.display().to_string(), text)
        )
    })
}

/// Whether it is a document that can be compared.
fn check_published(path: &Path, document: &Document) -> Result<()> {
    let version = document.root().get("openapi").and_then(Value::as_str);
    let message = match version {
        None => "this is no OpenAPI document; download Duvo's again",
        Some(version) if !version.starts_with("3.0.") => {
            "this is not OpenAPI 3.0, which is what can be compared; convert it first"
        }
        Some(_) if document.children("/paths").is_empty() => {
            "this document has no paths; download Duvo's again"
        }
        Some(_) => return Ok(()),
    };
    Err(format!("{}: {message}", path.display()))
}

/// What the differ finds between the two documents, each brought to a form in
/// which the same meaning is the same text.
fn compare(ours: &Document, theirs: &Document) -> Result<Value> {
    let folder = Path::new("target/drift").join(std::process::id().to_string());
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let (one, other) = (folder.join("ours.json"), folder.join("theirs.json"));
    let difference = fs::write(&one, plain(ours).to_string())
        .and_then(|()| fs::write(&other, plain(theirs).to_string()))
        .map_err(failed)
        .and_then(|()| oasdiff::difference(&one, &other, &same_paths(ours)));
    let _ = fs::remove_dir_all(&folder);
    difference
}

/// The document with what it says in several ways said in one.
fn plain(document: &Document) -> Value {
    let mut root = document.root().clone();
    // Of the two forms of an error, Duvo's document has the plain one.
    if let Some(schemas) = root
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
        && let Some(plain) = schemas.get("PlainError").cloned()
        && let Some(error) = schemas.get_mut("ErrorResponse")
    {
        *error = plain;
    }
    // What is said for all operations, or for those of a path, is said for each.
    for operation in document.operations() {
        let (own, path) = (operation.node.value, operation.path.value);
        let security = own.get("security").or(document.root().get("security"));
        let servers = own.get("servers").or(path.get("servers"));
        if let Some(Value::Object(object)) = root.pointer_mut(&operation.node.pointer) {
            for (key, said) in [("security", security), ("servers", servers)] {
                object.extend(said.map(|said| (key.to_owned(), said.clone())));
            }
        }
    }
    if let Some(root) = root.as_object_mut() {
        root.remove("security");
    }
    simplify(&mut root);
    root
}

fn simplify(value: &mut Value) {
    match value {
        Value::Object(object) => {
            // The client takes further properties in any case.
            if object.get("additionalProperties") == Some(&Value::Bool(false)) {
                object.remove("additionalProperties");
            }
            if object.get("in") == Some(&"header".into())
                && let Some(Value::String(name)) = object.get_mut("name")
            {
                name.make_ascii_lowercase();
            }
            // An open enum is one of which the values are known so far.
            if let Some(values) = object.remove("x-extensible-enum") {
                object.insert("enum".to_owned(), values);
            }
            object.values_mut().for_each(simplify);
        }
        Value::Array(array) => array.iter_mut().for_each(simplify),
        _ => {}
    }
}

fn print(diagnostics: &[Diagnostic], path: &Path, text: &str) {
    if !diagnostics.is_empty() {
        let report = Report::new(diagnostics, &Source::parse(text).0);
        println!("{}\n", report.to_text(&path.display().to_string(), text));
    }
}

fn name(operation: &Operation<'_>) -> String {
    format!(
        "{} {}",
        operation.node.key.to_uppercase(),
        operation.path.key
    )
}

/// A regular expression of our paths, whatever their parameters are called.
fn same_paths(document: &Document) -> String {
    let escape = |text: &str| {
        text.chars().fold(String::new(), |escaped, character| {
            if character.is_alphanumeric() || "/_-".contains(character) {
                escaped + &character.to_string()
            } else {
                escaped + "\\" + &character.to_string()
            }
        })
    };
    let paths: Vec<_> = document
        .children("/paths")
        .iter()
        .map(|path| escape(&path_shape(&path.key)).replace("\\{\\}", "\\{[^}]*\\}"))
        .collect();
    format!("^({})$", paths.join("|"))
}

/// What Duvo's document does not have at all, which the differ is silent about.
fn absences(document: &Document, theirs: &Document) -> Vec<Difference> {
    let published: BTreeSet<_> = theirs
        .operations()
        .iter()
        .map(|operation| (operation.node.key.clone(), path_shape(&operation.path.key)))
        .collect();
    let gone = document.operations().into_iter().filter_map(|operation| {
        let key = (operation.node.key.clone(), path_shape(&operation.path.key));
        (!published.contains(&key)).then(|| Difference {
            operation: name(&operation),
            text: "the operation is gone".to_owned(),
            pointer: operation.node.pointer,
        })
    });
    let servers = theirs.children("/servers");
    let servers: BTreeSet<_> = servers
        .iter()
        .filter_map(|server| server.text("url"))
        .collect();
    let moved = document
        .children("/servers")
        .into_iter()
        .filter_map(|server| {
            let url = server.text("url")?;
            (!servers.contains(url)).then(|| Difference {
                operation: "every operation".to_owned(),
                text: format!("the server `{url}` is gone"),
                pointer: server.child("url"),
            })
        });
    let schemes = document.children(SCHEMES).into_iter().filter_map(|scheme| {
        let published = theirs.at(&scheme.pointer);
        let says = |key: &str| published.and_then(|published| published.get(key));
        let is_same = ["type", "scheme", "in", "name"]
            .into_iter()
            .all(|key| says(key) == scheme.value.get(key));
        (published.is_some() && !is_same).then(|| Difference {
            operation: "every operation".to_owned(),
            text: format!("the security scheme `{}` is another", scheme.key),
            pointer: scheme.pointer,
        })
    });
    gone.chain(moved).chain(schemes).collect()
}

/// The differences in our operations.
fn of_operations(document: &Document, difference: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let paths = difference.pointer("/paths/modified");
    for (path, difference) in paths.and_then(Value::as_object).into_iter().flatten() {
        let same_path =
            |operation: &Operation<'_>| path_shape(&operation.path.key) == path_shape(path);
        for operation in document.operations().into_iter().filter(same_path) {
            let method = operation.node.key.to_uppercase();
            let pointer = format!("/operations/modified/{method}");
            if let Some(difference) = difference.pointer(&pointer) {
                let mut leaves = Vec::new();
                collect_leaves(difference, &mut Vec::new(), &mut leaves);
                leaves.retain(|leaf| !leaf.is_name_of_path_parameter());
                found.extend(leaves.into_iter().map(|leaf| Difference {
                    operation: name(&operation),
                    pointer: place(document, &operation.node.pointer, &leaf.path),
                    text: leaf.to_text(),
                }));
            }
        }
    }
    found
}

/// One fact in the differ's tree.
#[derive(Debug)]
struct Leaf {
    /// The keys that lead to it in a document.
    path: Vec<String>,
    what: String,
}

impl Leaf {
    /// The name of a path parameter is not sent.
    fn is_name_of_path_parameter(&self) -> bool {
        let path: Vec<_> = self.path.iter().map(String::as_str).collect();
        matches!(path[..], ["parameters", "path", _, "name"])
    }

    fn to_text(&self) -> String {
        // That a body is JSON goes without saying.
        let path = self.path.join(".");
        let path = path.replace("content.application/json.schema", "schema");
        format!("{path} {}", self.what)
    }
}

/// The tree has the keys of a document, and between them words for what became
/// of what is below.
fn collect_leaves(difference: &Value, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let Some(object) = difference.as_object() else {
        let what = format!("is {difference}");
        leaves.push(Leaf {
            path: path.clone(),
            what,
        });
        return;
    };
    if let (Some(from), Some(to), 2) = (object.get("from"), object.get("to"), object.len()) {
        let what = format!("is {to} at Duvo's, not {from}");
        leaves.push(Leaf {
            path: path.clone(),
            what,
        });
        return;
    }
    for (key, below) in object {
        match key.as_str() {
            "added" => collect_names(below, "is new", path, leaves),
            "deleted" => collect_names(below, "is gone", path, leaves),
            // Lists of strings, and of schemas, are packed once more.
            "modified" if below.is_array() => {
                for item in below.as_array().into_iter().flatten() {
                    collect_leaves(item.get("diff").unwrap_or(item), path, leaves);
                }
            }
            // Below, keys are names, whatever they are.
            "modified" => {
                for (name, below) in below.as_object().into_iter().flatten() {
                    collect_leaves_below(name, below, path, leaves);
                }
            }
            "stringsdiff" => collect_leaves(below, path, leaves),
            // Words, which are not meant.
            "externalDocs" | "operationID" | "tags" if path.is_empty() => {}
            // The values that are new or gone say so.
            "enumAdded" | "enumDeleted" if path.last().is_some_and(|key| key == "enum") => {}
            _ => collect_leaves_below(key, below, path, leaves),
        }
    }
}

fn collect_leaves_below(key: &str, below: &Value, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    path.push(key.to_owned());
    collect_leaves(below, path, leaves);
    path.pop();
}

/// Names of what is new or gone, in a list, or in lists by where they belong.
fn collect_names(names: &Value, what: &str, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let mut push = |path: &[String], name: &Value| {
        let name = name.get("component").unwrap_or(name);
        let name = name
            .as_str()
            .map_or_else(|| name.to_string(), str::to_owned);
        leaves.push(Leaf {
            path: [path, &[name]].concat(),
            what: what.to_owned(),
        });
    };
    match names {
        Value::Array(names) => names.iter().for_each(|name| push(path, name)),
        Value::Object(places) => {
            for (place, names) in places {
                path.push(place.clone());
                for name in names.as_array().into_iter().flatten() {
                    push(path, name);
                }
                path.pop();
            }
        }
        _ => leaves.push(Leaf {
            path: path.clone(),
            what: what.to_owned(),
        }),
    }
}

/// Where the path leads in our document, as far as it has it.
fn place(document: &Document, start: &str, path: &[String]) -> String {
    let mut place = start.to_owned();
    for key in path {
        match step(document, &place, key) {
            Some(next) => place = next,
            // The differ groups parameters by where they are.
            None if matches!(key.as_str(), "cookie" | "header" | "path" | "query") => {}
            None => break,
        }
    }
    place
}

fn step(document: &Document, place: &str, key: &str) -> Option<String> {
    let value = document.at(place)?;
    if let Some(target) = reference(value).and_then(local_pointer) {
        return step(document, target, key);
    }
    if value.get(key).is_some() {
        return Some(join(place, key));
    }
    let is_called = |node: &Node<'_>| {
        let name = node.text("name");
        name.is_some_and(|name| name.eq_ignore_ascii_case(key)) || node.value == key
    };
    let resolved = |node: Node<'_>| match document.resolve(node.value) {
        Some(value) => is_called(&Node {
            value,
            ..node.clone()
        })
        .then_some(node.pointer),
        None => None,
    };
    let members: Vec<_> = ["allOf", "anyOf"]
        .into_iter()
        .flat_map(|composition| document.children(&join(place, composition)))
        .collect();
    let is_list = value.is_array();
    let mut items = document.children(place).into_iter().filter(|_| is_list);
    items.find_map(resolved).or_else(|| {
        members
            .iter()
            .find_map(|member| step(document, &member.pointer, key))
    })
}

fn to_diagnostic(difference: &Difference, known: &Path) -> Diagnostic {
    let Difference {
        operation, text, ..
    } = difference;
    Diagnostic::at_key(&difference.pointer, format!("{operation}: {text}")).help(format!(
        "follow Duvo here, or accept it with a reason in {}",
        known.display()
    ))
}

/// What a maintainer completes with reasons to make the differences known.
fn to_accept(new: &[&Difference]) -> Result<String> {
    let mut operations: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for difference in new {
        let differences = operations.entry(&difference.operation).or_default();
        differences.push(difference.text.clone());
    }
    let entries = operations
        .into_iter()
        .map(|(operation, differences)| Known {
            operation: operation.to_owned(),
            reason: String::new(),
            differences,
        });
    serde_yaml::to_string(&entries.collect::<Vec<_>>()).map_err(|error| error.to_string())
}

/// The known differences that are none any more, but for those that a new one
/// took along.
fn gone(known: &[Known], old: &[&Difference], new: &[&Difference]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (index, known) in known.iter().enumerate() {
        for (position, text) in known.differences.iter().enumerate() {
            let is_same = |other: &&Difference| other.operation == known.operation;
            let is_there = old
                .iter()
                .copied()
                .filter(is_same)
                .any(|other| other.text == *text);
            let is_taken_along = new.iter().copied().filter(is_same).any(|other| {
                let gone = other.text.strip_suffix(" is gone");
                gone.is_some_and(|gone| {
                    gone == "the operation" || text.starts_with(&format!("{gone}."))
                })
            });
            if !is_there && !is_taken_along {
                let pointer = format!("/{index}/differences/{position}");
                let message = format!(
                    "{}: this is no difference any more: {text}",
                    known.operation
                );
                let help = "remove it here, once our document has what Duvo's has";
                diagnostics.push(Diagnostic::at_value(&pointer, message).help(help));
            }
        }
    }
    diagnostics
}

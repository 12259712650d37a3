//! Reports how Duvo's published document differs from ours.

pub mod known;
pub mod location;
mod normalize;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use duvo_codegen::document::{Document, Operation, path_shape};
use duvo_codegen::{Diagnostic, Report, Source};
use serde_json::Value;

use self::known::AcceptedDifference;
use self::normalize::normalize;
use crate::document_file::{load, read};
use crate::{Result, oasdiff};

const SCHEMES: &str = "/components/securitySchemes";

/// A difference, and the location in our document.
#[derive(Debug)]
struct Difference {
    operation: String,
    text: String,
    pointer: String,
}

/// Prints new differences, and accepted ones that no longer exist. Returns whether there are
/// neither.
pub fn run(published: &Path, document_path: &Path, known_path: &Path) -> Result<bool> {
    let text = read(document_path)?;
    let document = load(document_path, &text)?;
    let theirs = load(published, &read(published)?)?;
    check_published(published, &theirs)?;
    let known_text = read(known_path)?;
    let known = known::parse(known_path, &known_text)?;

    let mut differences = removed(&document, &theirs);
    let difference = compare(&document, &theirs)?;
    differences.extend(operation_differences(&document, &difference));

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
    let stale = stale(&known, &old, &new);
    print(&diagnostics, document_path, &text);
    if !new.is_empty() {
        print_line!(
            "To accept the new differences, add them to {}, with a reason:\n\n{}",
            known_path.display(),
            suggested_entries(&new)?
        );
    }
    print(&stale, known_path, &known_text);
    print_line!(
        "{} new, {} stale, {} accepted",
        new.len(),
        stale.len(),
        old.len()
    );
    Ok(new.is_empty() && stale.is_empty())
}

/// Checks that the published document can be compared.
fn check_published(path: &Path, document: &Document) -> Result<()> {
    let version = document.root().get("openapi").and_then(Value::as_str);
    let message = match version {
        None => "this is not an OpenAPI document; download Duvo's again",
        Some(version) if !version.starts_with("3.0.") => {
            "only OpenAPI 3.0 can be compared; convert the document first"
        }
        Some(_) if document.children("/paths").is_empty() => {
            "this document has no paths; download Duvo's again"
        }
        Some(_) => return Ok(()),
    };
    Err(format!("{}: {message}", path.display()))
}

/// Compares the two documents with oasdiff, after normalizing both.
fn compare(ours: &Document, theirs: &Document) -> Result<Value> {
    let folder = Path::new("target/drift").join(std::process::id().to_string());
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let (one, other) = (folder.join("ours.json"), folder.join("theirs.json"));
    let difference = fs::write(&one, normalize(ours).to_string())
        .and_then(|()| fs::write(&other, normalize(theirs).to_string()))
        .map_err(failed)
        .and_then(|()| oasdiff::difference(&one, &other, &path_pattern(ours)));
    let _ = fs::remove_dir_all(&folder);
    difference
}

fn print(diagnostics: &[Diagnostic], path: &Path, text: &str) {
    if !diagnostics.is_empty() {
        let report = Report::new(diagnostics, &Source::parse(text).0);
        print_line!("{}\n", report.to_text(&path.display().to_string(), text));
    }
}

/// Returns a regular expression that matches our paths, with any parameter names.
fn path_pattern(document: &Document) -> String {
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

/// Returns what is missing in Duvo's document, which oasdiff does not report.
fn removed(document: &Document, theirs: &Document) -> Vec<Difference> {
    let published: BTreeSet<_> = theirs
        .operations()
        .iter()
        .map(|operation| (operation.node.key.clone(), path_shape(&operation.path.key)))
        .collect();
    let operations = document.operations().into_iter().filter_map(|operation| {
        let key = (operation.node.key.clone(), path_shape(&operation.path.key));
        (!published.contains(&key)).then(|| Difference {
            operation: location::operation_name(&operation),
            text: "the operation is missing".to_owned(),
            pointer: operation.node.pointer,
        })
    });
    let servers = theirs.children("/servers");
    let servers: BTreeSet<_> = servers
        .iter()
        .filter_map(|server| server.text("url"))
        .collect();
    let our_servers = document
        .children("/servers")
        .into_iter()
        .filter_map(|server| {
            let url = server.text("url")?;
            (!servers.contains(url)).then(|| Difference {
                operation: "every operation".to_owned(),
                text: format!("the server `{url}` is missing"),
                pointer: server.child("url"),
            })
        });
    let schemes = document.children(SCHEMES).into_iter().filter_map(|scheme| {
        let published = theirs.at(&scheme.pointer);
        let value = |key: &str| published.and_then(|published| published.get(key));
        let is_same = ["type", "scheme", "in", "name"]
            .into_iter()
            .all(|key| value(key) == scheme.value.get(key));
        (published.is_some() && !is_same).then(|| Difference {
            operation: "every operation".to_owned(),
            text: format!("the security scheme `{}` differs", scheme.key),
            pointer: scheme.pointer,
        })
    });
    operations.chain(our_servers).chain(schemes).collect()
}

/// Returns the differences in our operations.
fn operation_differences(document: &Document, difference: &Value) -> Vec<Difference> {
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
                leaves.retain(|leaf| !leaf.is_path_parameter_name());
                found.extend(leaves.into_iter().map(|leaf| Difference {
                    operation: location::operation_name(&operation),
                    pointer: location::locate(document, &operation.node.pointer, &leaf.path),
                    text: leaf.to_text(),
                }));
            }
        }
    }
    found
}

/// A leaf of oasdiff's tree: a single difference.
#[derive(Debug)]
struct Leaf {
    /// The keys that lead to the location in a document.
    path: Vec<String>,
    change: String,
}

impl Leaf {
    /// Whether only the name of a path parameter differs, which is not sent.
    fn is_path_parameter_name(&self) -> bool {
        let path: Vec<_> = self.path.iter().map(String::as_str).collect();
        matches!(path[..], ["parameters", "path", _, "name"])
    }

    fn to_text(&self) -> String {
        // Every body is JSON.
        let path = self.path.join(".");
        let path = path.replace("content.application/json.schema", "schema");
        format!("{path} {}", self.change)
    }
}

/// Collects the leaves of oasdiff's tree, which has the keys of a document and, between them,
/// keys that classify the changes below.
fn collect_leaves(difference: &Value, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let Some(object) = difference.as_object() else {
        let change = format!("is {difference}");
        leaves.push(Leaf {
            path: path.clone(),
            change,
        });
        return;
    };
    if let (Some(from), Some(to), 2) = (object.get("from"), object.get("to"), object.len()) {
        let change = format!("is {to} in Duvo's document, {from} in ours");
        leaves.push(Leaf {
            path: path.clone(),
            change,
        });
        return;
    }
    for (key, below) in object {
        match key.as_str() {
            "added" => collect_names(below, "is new", path, leaves),
            "deleted" => collect_names(below, "is missing", path, leaves),
            // Lists of strings and of schemas are nested once more.
            "modified" if below.is_array() => {
                for item in below.as_array().into_iter().flatten() {
                    collect_leaves(item.get("diff").unwrap_or(item), path, leaves);
                }
            }
            // The keys below are names.
            "modified" => {
                for (name, below) in below.as_object().into_iter().flatten() {
                    collect_leaves_below(name, below, path, leaves);
                }
            }
            "stringsdiff" => collect_leaves(below, path, leaves),
            // Descriptive text.
            "externalDocs" | "operationID" | "tags" if path.is_empty() => {}
            // The added and removed values are reported themselves.
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

/// Collects the names of added or removed items, from a list, or from lists by location.
fn collect_names(names: &Value, change: &str, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let mut push = |path: &[String], name: &Value| {
        let name = name.get("component").unwrap_or(name);
        let name = name
            .as_str()
            .map_or_else(|| name.to_string(), str::to_owned);
        leaves.push(Leaf {
            path: [path, &[name]].concat(),
            change: change.to_owned(),
        });
    };
    match names {
        Value::Array(names) => names.iter().for_each(|name| push(path, name)),
        Value::Object(locations) => {
            for (location, names) in locations {
                path.push(location.clone());
                for name in names.as_array().into_iter().flatten() {
                    push(path, name);
                }
                path.pop();
            }
        }
        _ => leaves.push(Leaf {
            path: path.clone(),
            change: change.to_owned(),
        }),
    }
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

/// Returns entries that accept the differences, with reasons to fill in.
fn suggested_entries(new: &[&Difference]) -> Result<String> {
    let mut operations: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for difference in new {
        let differences = operations.entry(&difference.operation).or_default();
        differences.push(difference.text.clone());
    }
    let entries = operations
        .into_iter()
        .map(|(operation, differences)| AcceptedDifference {
            operation: operation.to_owned(),
            reason: String::new(),
            differences,
        });
    serde_yaml::to_string(&entries.collect::<Vec<_>>()).map_err(|error| error.to_string())
}

/// Returns the accepted differences that no longer exist, except for those that a new
/// difference includes.
fn stale(
    known: &[AcceptedDifference],
    old: &[&Difference],
    new: &[&Difference],
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (index, known) in known.iter().enumerate() {
        for (position, text) in known.differences.iter().enumerate() {
            let is_same = |other: &&Difference| other.operation == known.operation;
            let exists = old
                .iter()
                .copied()
                .filter(is_same)
                .any(|other| other.text == *text);
            let is_included = new.iter().copied().filter(is_same).any(|other| {
                let missing = other.text.strip_suffix(" is missing");
                missing.is_some_and(|missing| {
                    missing == "the operation" || text.starts_with(&format!("{missing}."))
                })
            });
            if !exists && !is_included {
                let pointer = format!("/{index}/differences/{position}");
                let message = format!(
                    "{}: this difference no longer exists: {text}",
                    known.operation
                );
                let help = "remove this line, once our document matches Duvo's";
                diagnostics.push(Diagnostic::at_value(&pointer, message).help(help));
            }
        }
    }
    diagnostics
}

//! Where Duvo's published document differs from ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Result;
use crate::document::{Document, Operation, join, last_key};
use crate::fault::Fault;
use crate::oasdiff::{self, Change};
use crate::report::Report;
use crate::source::Source;

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
    let options = ["--match-path", &same_paths(&document)];
    let changes = oasdiff::changes(document_path, published, &options)?;
    differences.extend(
        changes
            .iter()
            .filter_map(|change| difference(&document, change)),
    );

    let is_known = |difference: &&Difference| {
        known.iter().any(|known| {
            known.operation == difference.operation && known.differences.contains(&difference.text)
        })
    };
    let (old, new): (Vec<_>, Vec<_>) = differences.iter().partition(is_known);
    let faults: Vec<_> = new
        .iter()
        .map(|difference| to_fault(difference, known_path))
        .collect();
    let gone = gone(&known, &old);
    print(&faults, document_path, &text);
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
    Document::load(text).map_err(|fault| {
        let report = Report::new(&[fault], &Source::read(text).0);
        format!(
            "this is no document\n{}",
            report.to_text(&path.display().to_string(), text)
        )
    })
}

fn print(faults: &[Fault], path: &Path, text: &str) {
    if !faults.is_empty() {
        let report = Report::new(faults, &Source::read(text).0);
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

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shape, part| {
        shape + "{}" + part.split_once('}').map_or("", |(_, rest)| rest)
    })
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
        .map(|path| escape(&shape(&path.key)).replace("\\{\\}", "\\{[^}]*\\}"))
        .collect();
    format!("^({})$", paths.join("|"))
}

/// What Duvo's document does not have at all, which the differ is silent about.
fn absences(document: &Document, theirs: &Document) -> Vec<Difference> {
    let published: BTreeSet<_> = theirs
        .operations()
        .iter()
        .map(|operation| (operation.node.key.clone(), shape(&operation.path.key)))
        .collect();
    let gone = document.operations().into_iter().filter_map(|operation| {
        let key = (operation.node.key.clone(), shape(&operation.path.key));
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
    gone.chain(moved).collect()
}

/// A change of one of our operations.
fn difference(document: &Document, change: &Change) -> Option<Difference> {
    let is_same = |operation: &Operation<'_>| {
        Some(&operation.node.key.to_uppercase()) == change.method.as_ref()
            && change.path.as_deref().map(shape) == Some(shape(&operation.path.key))
    };
    let operation = document.operations().into_iter().find(is_same)?;
    Some(Difference {
        operation: name(&operation),
        text: change.text.clone(),
        pointer: place(document, &operation, change),
    })
}

/// What the change is about, as far as its words name it; else the operation.
fn place(document: &Document, operation: &Operation<'_>, change: &Change) -> String {
    let named: Vec<&str> = change.text.split('`').skip(1).step_by(2).collect();
    let within = if change.id.contains("response") {
        let responses = operation.node.child("responses");
        let status = named.iter().map(|status| join(&responses, status));
        let mut status = status.filter(|pointer| document.at(pointer).is_some());
        status.next().unwrap_or(responses)
    } else if change.id.contains("request-property") || change.id.contains("request-body") {
        operation.node.child("requestBody")
    } else {
        operation.node.pointer.clone()
    };
    let reached = document.reached_from(vec![within.clone()]);
    let is_called = |pointer: &&String, name: &str| {
        let own_name = document.at(pointer).and_then(|value| value.get("name"));
        last_key(pointer) == name || own_name.and_then(Value::as_str) == Some(name)
    };
    let mut found = named.iter().filter_map(|name| {
        let name = name.rsplit('/').next().unwrap_or(name);
        reached.iter().find(|pointer| is_called(pointer, name))
    });
    match found.next() {
        Some(pointer) => pointer.clone(),
        None if document.at(&within).is_some() => within,
        None => operation.node.pointer.clone(),
    }
}

fn to_fault(difference: &Difference, known: &Path) -> Fault {
    let Difference {
        operation, text, ..
    } = difference;
    Fault::at_key(&difference.pointer, format!("{operation}: {text}")).help(format!(
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

/// The known differences that are none any more.
fn gone(known: &[Known], found: &[&Difference]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, known) in known.iter().enumerate() {
        for (position, text) in known.differences.iter().enumerate() {
            let is_found = found.iter().any(|difference| {
                difference.operation == known.operation && difference.text == *text
            });
            if !is_found {
                let pointer = format!("/{index}/differences/{position}");
                let message = format!("{}: this is no difference any more", known.operation);
                faults.push(
                    Fault::at_value(&pointer, message)
                        .help("remove it here, once our document has what Duvo's has"),
                );
            }
        }
    }
    faults
}

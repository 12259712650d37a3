//! The tests and the examples that an edit may break, so that no others are compiled.

use std::collections::BTreeSet;
use std::process::Command;

use serde::Deserialize;

use super::summary::{Change, Kind};
use super::surface::Name;
use crate::document_file::read;
use crate::version::Impact;
use crate::{Result, git, process, source};

/// A test in `tests/` or an example.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dependent {
    kind: Vec<String>,
    pub name: String,
    src_path: String,
}

impl Dependent {
    /// Returns the option of Cargo that selects the target.
    pub fn option(&self) -> &'static str {
        if self.is("example") {
            "--example"
        } else {
            "--test"
        }
    }

    fn is(&self, kind: &str) -> bool {
        self.kind.iter().any(|own| own == kind)
    }

    /// Whether the source contains one of the names.
    fn contains(&self, names: &BTreeSet<&str>) -> Result<bool> {
        // The modules of a `main.rs` are next to it.
        let path = self.src_path.strip_suffix("/main.rs");
        for file in source::files(&[path.unwrap_or(&self.src_path)])? {
            if contains_name(&read(&file)?, names) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Returns the tests and the examples that the changes of the generated source may break. If
/// other sources have changed since the revision, these are all.
pub fn affected(changes: &[Change], revision: &str) -> Result<Vec<Dependent>> {
    // What is generated is compared item by item.
    let paths = [
        "src",
        "tests",
        "examples",
        "Cargo.toml",
        ":(exclude)src/generated",
    ];
    if git::has_changed(revision, &paths)? {
        return all();
    }
    containing(&broken_names(changes))
}

/// Returns the tests and the examples that contain one of the names.
fn containing(names: &BTreeSet<&str>) -> Result<Vec<Dependent>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for dependent in all()? {
        if dependent.contains(names)? {
            found.push(dependent);
        }
    }
    Ok(found)
}

/// Returns all tests in `tests/` and all examples of the crate.
pub fn all() -> Result<Vec<Dependent>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }

    #[derive(Deserialize)]
    struct Package {
        name: String,
        targets: Vec<Dependent>,
    }

    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Metadata = serde_json::from_str(&process::output(&mut cargo)?)
        .map_err(|error| format!("the output of cargo metadata: {error}"))?;
    let mut packages = metadata.packages.into_iter();
    let own = packages.find(|package| package.name == "duvo");
    let targets = own.into_iter().flat_map(|package| package.targets);
    Ok(targets
        .filter(|target| target.is("test") || target.is("example"))
        .collect())
}

/// Returns the names of which code must contain one to break.
fn broken_names(changes: &[Change]) -> BTreeSet<&str> {
    let changes = changes.iter();
    let breaking = changes.filter(|change| change.impact == Impact::Breaking);
    let names = breaking.map(
        |change| match change.former.as_ref().unwrap_or(&change.item) {
            // An addition breaks code that lists all parts of the owner.
            Name::Field { owner, .. } | Name::Variant { owner, .. }
                if change.kind == Kind::Added =>
            {
                owner
            }
            Name::Operation(name)
            | Name::Parameter { name, .. }
            | Name::Result { operation: name }
            | Name::Type(name)
            | Name::Field { name, .. }
            | Name::Variant { name, .. }
            | Name::Validation { owner: name }
            | Name::Mock { name, .. }
            | Name::Fixture(name) => name,
        },
    );
    names.map(String::as_str).collect()
}

fn contains_name(text: &str, names: &BTreeSet<&str>) -> bool {
    let is_part = |character: char| character == '_' || character.is_alphanumeric();
    let mut words = text.split(|character| !is_part(character));
    words.any(|word| names.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(item: Name, kind: Kind, impact: Impact) -> Change {
        let text = String::new();
        Change {
            text,
            impact,
            item,
            former: None,
            kind,
        }
    }

    fn field() -> Name {
        Name::Field {
            owner: "Book".to_owned(),
            name: "title".to_owned(),
        }
    }

    #[test]
    fn code_breaks_by_the_name_of_what_was_removed_or_changed() {
        for kind in [Kind::Removed, Kind::Changed] {
            let changes = [change(field(), kind, Impact::Breaking)];
            assert_eq!(broken_names(&changes), BTreeSet::from(["title"]));
        }
    }

    #[test]
    fn code_breaks_by_the_former_name_of_what_was_renamed() {
        let name = Name::Field {
            owner: "Book".to_owned(),
            name: "name".to_owned(),
        };
        let mut change = change(name, Kind::Changed, Impact::Breaking);
        change.former = Some(field());
        assert_eq!(broken_names(&[change]), BTreeSet::from(["title"]));
    }

    #[test]
    fn code_that_lists_all_parts_breaks_by_the_name_of_the_owner() {
        let changes = [change(field(), Kind::Added, Impact::Breaking)];
        assert_eq!(broken_names(&changes), BTreeSet::from(["Book"]));
    }

    #[test]
    fn compatible_changes_break_nothing() {
        let changes = [
            change(field(), Kind::Added, Impact::Addition),
            change(field(), Kind::Changed, Impact::Nothing),
        ];
        assert_eq!(broken_names(&changes), BTreeSet::new());
    }

    #[test]
    fn modules_of_tests_and_of_examples_are_searched() {
        let containing = |name: &str| {
            let found = containing(&BTreeSet::from([name])).unwrap().into_iter();
            let found = found.map(|dependent| (dependent.option(), dependent.name));
            found.collect::<Vec<_>>()
        };
        // Declared in tests/client/tls_server.rs, and in examples/provision/file.rs.
        assert_eq!(containing("TlsServer"), [("--test", "client".to_owned())]);
        assert_eq!(
            containing("TeamSetting"),
            [("--example", "provision".to_owned())]
        );
        assert_eq!(containing("no_such_name"), []);
    }

    #[test]
    fn all_tests_and_examples_of_the_crate_are_dependents() {
        let names = all().unwrap().into_iter().map(|dependent| dependent.name);
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "client",
                "errors",
                "examples",
                "generated",
                "http_client",
                "mock",
                "provision",
                "register",
                "telemetry",
                "testing",
                "usage",
            ]
        );
    }

    #[test]
    fn only_whole_names_count() {
        let names = BTreeSet::from(["title"]);
        assert!(contains_name("assert_eq!(book.title, \"Emma\");", &names));
        assert!(!contains_name("book.title_page(); book.subtitle", &names));
    }
}

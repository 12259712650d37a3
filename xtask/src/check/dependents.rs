//! The tests and the examples that an edit may break, so that no others are compiled.

use std::collections::BTreeSet;
use std::process::Command;

use duvo_codegen::rust_name::type_name;
use serde::Deserialize;

use super::summary::{Change, Kind};
use super::surface::Name;
use crate::document_file::read;
use crate::source::{self, is_in_name};
use crate::version::Impact;
use crate::{Result, git, process};

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
    fn contains(&self, names: &BrokenNames) -> Result<bool> {
        // The modules of a `main.rs` are next to it.
        let mut mains = ["/main.rs", "\\main.rs"].into_iter();
        let path = mains.find_map(|main| self.src_path.strip_suffix(main));
        for file in source::files(&[path.unwrap_or(&self.src_path)])? {
            if names.are_in(&read(&file)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether any test and any example may be broken: by a change of another source since the
/// revision, or before it.
pub fn may_all_be_broken(changes: &[Change], revision: &str) -> Result<bool> {
    // What is generated is compared item by item.
    let paths = [
        "Cargo.lock",
        "Cargo.toml",
        "build.rs",
        "codegen/Cargo.toml",
        "codegen/src",
        "examples",
        "src",
        "tests",
        ":(exclude)src/generated",
    ];
    Ok(changes.is_empty() || git::has_changed(revision, &paths)?)
}

/// Returns the tests and the examples that contain one of the names.
pub fn containing(names: &BrokenNames) -> Result<Vec<Dependent>> {
    if names.0.is_empty() {
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

/// The names of which code must contain one to break.
#[derive(Debug, PartialEq, Eq)]
pub struct BrokenNames(BTreeSet<String>);

impl BrokenNames {
    pub fn of(changes: &[Change]) -> Self {
        let changes = changes.iter();
        let breaking = changes.filter(|change| change.impact == Impact::Breaking);
        let names = breaking.flat_map(|change| {
            let item = change.former.as_ref().unwrap_or(&change.item);
            let name = match item {
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
            };
            // The mock server has a type for each operation.
            let marker = matches!(item, Name::Operation(_)).then(|| type_name(name));
            let name = name.strip_prefix("r#").unwrap_or(name);
            [Some(name.to_owned()), marker]
        });
        Self(names.flatten().collect())
    }

    /// Whether the text contains one of the names.
    pub fn are_in(&self, text: &str) -> bool {
        let mut words = text.split(|character| !is_in_name(character));
        words.any(|word| self.0.contains(word))
    }
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

    fn names<const N: usize>(names: [&str; N]) -> BrokenNames {
        BrokenNames(names.into_iter().map(str::to_owned).collect())
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
            assert_eq!(BrokenNames::of(&changes), names(["title"]));
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
        assert_eq!(BrokenNames::of(&[change]), names(["title"]));
    }

    #[test]
    fn code_that_lists_all_parts_breaks_by_the_name_of_the_owner() {
        let changes = [change(field(), Kind::Added, Impact::Breaking)];
        assert_eq!(BrokenNames::of(&changes), names(["Book"]));
    }

    #[test]
    fn code_breaks_by_the_method_and_by_the_type_of_an_operation() {
        let operation = Name::Operation("list_books".to_owned());
        let changes = [change(operation, Kind::Removed, Impact::Breaking)];
        assert_eq!(
            BrokenNames::of(&changes),
            names(["ListBooks", "list_books"])
        );
    }

    #[test]
    fn code_breaks_by_a_raw_identifier() {
        let field = Name::Field {
            owner: "Book".to_owned(),
            name: "r#type".to_owned(),
        };
        let changes = [change(field, Kind::Removed, Impact::Breaking)];
        assert!(BrokenNames::of(&changes).are_in("book.r#type"));
    }

    #[test]
    fn compatible_changes_break_nothing() {
        let changes = [
            change(field(), Kind::Added, Impact::Addition),
            change(field(), Kind::Changed, Impact::Nothing),
        ];
        assert_eq!(BrokenNames::of(&changes), names([]));
    }

    #[test]
    fn modules_of_tests_and_of_examples_are_searched() {
        let containing = |name: &str| {
            let found = containing(&names([name])).unwrap().into_iter();
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
        let names = names(["title"]);
        assert!(names.are_in("assert_eq!(book.title, \"Emma\");"));
        assert!(!names.are_in("book.title_page(); book.subtitle"));
    }
}

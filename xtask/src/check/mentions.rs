//! Texts and sources that name what the document no longer has.

use std::collections::BTreeSet;

use duvo_codegen::document::{Document, path_shape};

use super::surface::{Name, Surface};
use crate::Result;
use crate::document_file::read;
use crate::source::{self, is_in_name};

/// Where names are written apart from the document and the generated source.
pub const SEARCHED: [&str; 11] = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "benches",
    "docs",
    "examples",
    "fuzz/fuzz_targets",
    "src",
    "tests",
    "xtask/tests",
];

/// What an edit removed from the document.
pub struct Removed {
    paths: Vec<RemovedPath>,
    /// The paths that the document has.
    kept_paths: Vec<String>,
    /// The names of types, properties, values, operations and parameters.
    names: BTreeSet<String>,
}

struct RemovedPath {
    path: String,
    /// Whether the document has the path with other names of its parameters.
    is_kept: bool,
}

impl Removed {
    pub fn new(old: (&Document, &Surface), new: (&Document, &Surface)) -> Self {
        let names = &names(old.1) - &names(new.1);
        Self::between(paths(old.0), paths(new.0), names)
    }

    fn between(old_paths: Vec<String>, kept_paths: Vec<String>, names: BTreeSet<String>) -> Self {
        let shapes: Vec<_> = kept_paths.iter().map(|path| path_shape(path)).collect();
        let removed = old_paths.into_iter();
        let removed = removed.filter(|path| !kept_paths.contains(path));
        let paths = removed.map(|path| RemovedPath {
            is_kept: shapes.contains(&path_shape(&path)),
            path,
        });
        Self {
            paths: paths.collect(),
            kept_paths,
            names,
        }
    }

    /// Returns one line for each name in each file, `file:line:column: message`.
    pub fn mentions(&self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        if self.paths.is_empty() && self.names.is_empty() {
            return Ok(lines);
        }
        for file in source::files(&SEARCHED)? {
            if !file.starts_with("src/generated") {
                let text = read(&file)?;
                let text = if file.ends_with("CHANGELOG.md") {
                    unreleased(&text)
                } else {
                    &text
                };
                let is_rust = file.extension().is_some_and(|extension| extension == "rs");
                let mentions = self.mentions_in(text, is_rust).into_iter();
                lines.extend(mentions.map(|mention| format!("{}:{mention}", file.display())));
            }
        }
        Ok(lines)
    }

    /// Returns the first place of each name, with the number of the others.
    fn mentions_in(&self, text: &str, is_rust: bool) -> Vec<String> {
        let mut found = Vec::new();
        for path in &self.paths {
            found.extend(mention(text, &path.path, |line| {
                self.path_places(line, path)
            }));
        }
        for name in &self.names {
            found.extend(mention(text, name, |line| name_places(line, name, is_rust)));
        }
        found
    }

    /// Returns where a line names a removed path, with any values of its parameters.
    fn path_places(&self, line: &str, removed: &RemovedPath) -> Vec<usize> {
        let RemovedPath { path, is_kept } = removed;
        let start = path.split('{').next().unwrap_or(path);
        let places = line.match_indices(start).map(|(place, _)| place);
        let named = places.filter(|place| {
            let text = &line[*place..];
            if *is_kept {
                // Values of the parameters are not different.
                return text.starts_with(path.as_str()) && is_path(text, path);
            }
            is_path(text, path) && !self.kept_paths.iter().any(|kept| is_path(text, kept))
        });
        named.collect()
    }
}

fn paths(document: &Document) -> Vec<String> {
    let paths = document.children("/paths").into_iter();
    paths.map(|path| path.key).collect()
}

/// Returns the names of types, properties, values, operations and parameters, in Rust and in
/// JSON.
fn names(surface: &Surface) -> BTreeSet<String> {
    let named = surface.items.iter().flat_map(|(name, entry)| {
        let name = match name {
            Name::Operation(name)
            | Name::Parameter { name, .. }
            | Name::Type(name)
            | Name::Field { name, .. }
            | Name::Variant { name, .. } => Some(name.clone()),
            _ => None,
        };
        [name, entry.json_name.clone()]
    });
    named.flatten().collect()
}

/// Returns the part of a changelog before that of the last release.
fn unreleased(changelog: &str) -> &str {
    let mut sections = changelog.match_indices("\n## ");
    sections
        .nth(1)
        .map_or(changelog, |(end, _)| &changelog[..end])
}

/// Returns the first place of a name, and the number of the others.
fn mention(text: &str, name: &str, places: impl Fn(&str) -> Vec<usize>) -> Option<String> {
    if !text.contains(name.split('{').next().unwrap_or(name)) {
        return None;
    }
    let lines = text.lines().enumerate();
    let mut places = lines.flat_map(|(index, line)| {
        let columns = places(line).into_iter();
        columns.map(move |place| (index + 1, line[..place].chars().count() + 1))
    });
    let (line, column) = places.next()?;
    let others = match places.count() {
        0 => String::new(),
        1 => ", and once more in this file".to_owned(),
        count => format!(", and {count} more times in this file"),
    };
    Some(format!(
        "{line}:{column}: `{name}` is not in the document any longer{others}"
    ))
}

/// Returns where a line names something. In Rust, only in a comment and at the beginning of a
/// text: the compiler reports the rest, and a variable can have the same name.
fn name_places(line: &str, name: &str, is_rust: bool) -> Vec<usize> {
    let is_comment = line.trim_start().starts_with("//");
    let places = line.match_indices(name).map(|(place, _)| place);
    let whole = places.filter(|place| {
        let before = line[..*place].chars().next_back();
        let after = line[*place + name.len()..].chars().next();
        let can_be_meant = !is_rust || is_comment || before == Some('"');
        can_be_meant && !before.is_some_and(is_in_name) && !after.is_some_and(is_in_name)
    });
    whole.collect()
}

/// Whether a text starts with the path, and with no longer one.
fn is_path(text: &str, path: &str) -> bool {
    let mut rest = text;
    for (index, part) in path.split('{').enumerate() {
        let fixed = match part.split_once('}') {
            Some((_, fixed)) if index > 0 => {
                let is_end = |character: char| "/\"'`?# ".contains(character);
                let value = rest.find(is_end).unwrap_or(rest.len());
                if value == 0 {
                    return false;
                }
                rest = &rest[value..];
                fixed
            }
            _ => part,
        };
        let Some(after) = rest.strip_prefix(fixed) else {
            return false;
        };
        rest = after;
    }
    let next = rest.chars().next();
    !next.is_some_and(|next| is_in_name(next) || "/-{".contains(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(paths: &[&str], kept_paths: &[&str], names: &[&str]) -> Removed {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let names = names.iter().map(|name| (*name).to_owned());
        Removed::between(owned(paths), owned(kept_paths), names.collect())
    }

    #[test]
    fn path_is_found_with_any_values() {
        let removed = removed(&["/v1/books/{bookId}/copies"], &[], &[]);
        for line in [
            "Sends `GET /v1/books/{bookId}/copies`.",
            "server.get(\"/v1/books/7/copies\")",
            "format!(\"/v1/books/{id}/copies?limit=1\")",
        ] {
            let column = line.find("/v1").unwrap() + 1;
            let message = "`/v1/books/{bookId}/copies` is not in the document any longer";
            assert_eq!(
                removed.mentions_in(line, false),
                [format!("1:{column}: {message}")],
                "{line}"
            );
        }
    }

    #[test]
    fn other_paths_are_not_found() {
        let removed = removed(&["/v1/books/{bookId}"], &["/v1/books/search"], &[]);
        for line in [
            "/v1/books",
            "/v1/books/",
            "/v1/books/7/copies",
            "/v1/bookshelves/7",
            "/v1/books/search",
        ] {
            assert_eq!(removed.mentions_in(line, false), [""; 0], "{line}");
        }
    }

    #[test]
    fn path_with_a_renamed_parameter_is_found_literally() {
        let removed = removed(&["/v1/books/{bookId}"], &["/v1/books/{isbn}"], &[]);
        assert_eq!(removed.mentions_in("get(\"/v1/books/7\")", true), [""; 0]);
        assert_eq!(
            removed.mentions_in("`/v1/books/{bookId}`", true),
            ["1:2: `/v1/books/{bookId}` is not in the document any longer"]
        );
    }

    #[test]
    fn only_whole_names_are_found() {
        let removed = removed(&[], &[], &["page_count"]);
        assert_eq!(
            removed.mentions_in("json!({ \"page_count\": 7 })", true),
            ["1:10: `page_count` is not in the document any longer"]
        );
        assert_eq!(
            removed.mentions_in("page_counter, max_page_count", false),
            [""; 0]
        );
    }

    #[test]
    fn code_is_left_to_the_compiler() {
        let removed = removed(&[], &[], &["page_count"]);
        assert_eq!(removed.mentions_in("let page_count = 7;", true), [""; 0]);
        assert_eq!(
            removed.mentions_in("    /// See [`Book::page_count`].", true),
            ["1:21: `page_count` is not in the document any longer"]
        );
    }

    #[test]
    fn each_name_has_one_line_for_a_file() {
        let removed = removed(&["/v1/books"], &[], &[]);
        let text = "# Books\n\nThe path `/v1/books`, and\n`/v1/books` and `/v1/books`.\n";
        assert_eq!(
            removed.mentions_in(text, false),
            ["3:11: `/v1/books` is not in the document any longer, \
                 and 2 more times in this file"]
        );
    }

    #[test]
    fn released_changes_are_history() {
        let changelog = "# Changelog\n\n## Unreleased\n\n- `a`\n\n## 0.1.0\n\n- `b`\n";
        assert_eq!(
            unreleased(changelog),
            "# Changelog\n\n## Unreleased\n\n- `a`\n"
        );
    }
}

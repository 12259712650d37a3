//! Texts and sources that name a path which the document no longer has.

use duvo_codegen::document::{Document, path_shape};

use crate::document_file::read;
use crate::{Result, source};

/// Where paths are written apart from the document and the generated source.
const SEARCHED: [&str; 6] = [
    "README.md",
    "CONTRIBUTING.md",
    "docs",
    "src",
    "tests",
    "examples",
];

/// Returns one line for each file that names a removed path, `file:line:column: message`.
pub fn of_removed_paths(old: &Document, new: &Document) -> Result<Vec<String>> {
    // A path with other names of its parameters is the same path.
    let kept: Vec<_> = paths(new).iter().map(|path| path_shape(path)).collect();
    let mut removed = paths(old);
    removed.retain(|path| !kept.contains(&path_shape(path)));
    let mut lines = Vec::new();
    if removed.is_empty() {
        return Ok(lines);
    }
    for file in source::files(&SEARCHED)? {
        if file.starts_with("src/generated") {
            continue;
        }
        let text = read(&file)?;
        for path in &removed {
            lines.extend(
                mention(&text, path).map(|mention| format!("{}:{mention}", file.display())),
            );
        }
    }
    Ok(lines)
}

fn paths(document: &Document) -> Vec<String> {
    let paths = document.children("/paths").into_iter();
    paths.map(|path| path.key).collect()
}

/// Returns the first place that names the path, and the number of the others.
fn mention(text: &str, path: &str) -> Option<String> {
    let lines = text.lines().enumerate();
    let mut places = lines.flat_map(|(index, line)| {
        let columns = columns(line, path).into_iter();
        columns.map(move |column| (index + 1, column))
    });
    let (line, column) = places.next()?;
    let others = match places.count() {
        0 => String::new(),
        1 => ", and once more in this file".to_owned(),
        count => format!(", and {count} more times in this file"),
    };
    Some(format!(
        "{line}:{column}: `{path}` is not in the document any longer{others}"
    ))
}

/// Returns the columns at which a line names the path, with any values of its parameters.
fn columns(line: &str, path: &str) -> Vec<usize> {
    let start = path.split('{').next().unwrap_or(path);
    let places = line.match_indices(start).map(|(place, _)| place);
    let named = places.filter(|place| is_path(&line[*place..], path));
    named
        .map(|place| line[..place].chars().count() + 1)
        .collect()
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
    !next.is_some_and(|next| next.is_alphanumeric() || "/-_{".contains(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_found_with_any_values() {
        let path = "/v1/books/{bookId}/copies";
        for line in [
            "Sends `GET /v1/books/{bookId}/copies`.",
            "server.get(\"/v1/books/7/copies\")",
            "format!(\"/v1/books/{id}/copies?limit=1\")",
        ] {
            assert_eq!(
                columns(line, path),
                [line.find("/v1").unwrap() + 1],
                "{line}"
            );
        }
    }

    #[test]
    fn other_paths_are_not_found() {
        let path = "/v1/books/{bookId}";
        for line in [
            "/v1/books",
            "/v1/books/",
            "/v1/books/7/copies",
            "/v1/bookshelves/7",
        ] {
            assert_eq!(columns(line, path), [0; 0], "{line}");
        }
        assert_eq!(columns("/v1/books-old /v1/books.", "/v1/books"), [15]);
    }

    #[test]
    fn a_file_has_one_line() {
        let text = "# Books\n\nThe path `/v1/books`, and\n`/v1/books` and `/v1/books`.\n";
        assert_eq!(
            mention(text, "/v1/books").unwrap(),
            "3:11: `/v1/books` is not in the document any longer, \
             and 2 more times in this file"
        );
        assert_eq!(mention(text, "/v1/shelves"), None);
    }
}

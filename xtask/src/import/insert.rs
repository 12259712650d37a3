//! Inserts additions into the text of our document, which keeps its comments and its order.

use duvo_codegen::document::Document;
use serde_yaml::{Mapping, Value};

use super::additions::{Additions, merged};
use super::yaml;
use crate::Result;

/// Sections of `components` whose entries are separated by blank lines.
const SPACED: [&str; 2] = ["schemas", "examples"];

/// Returns the text of our document with the additions.
pub(super) fn insert(text: &str, additions: &Additions) -> Result<String> {
    let document = load(text)?;
    let line_ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut editor = Editor {
        lines: text.lines().map(str::to_owned).collect(),
    };
    if !additions.tags.is_empty() {
        let indent = editor.child_indent(&["tags"]);
        editor.append(&["tags"], &yaml::items(&additions.tags, indent), false)?;
    }
    let path = additions.path.as_str();
    let operation: Mapping = [(
        additions.method.as_str().into(),
        additions.operation.clone(),
    )]
    .into_iter()
    .collect();
    if document
        .at("/paths")
        .is_some_and(|paths| paths.get(path).is_some())
    {
        editor.append_entries(&["paths", path], &operation, false)?;
    } else {
        let entry = [(path.into(), operation.into())].into_iter().collect();
        editor.append_entries(&["paths"], &entry, true)?;
    }
    for (section, added) in &additions.components {
        let is_spaced = SPACED.contains(section);
        editor.append_entries(&["components", section], added, is_spaced)?;
    }
    let text = editor.lines.join(line_ending) + line_ending;
    let is_as_expected = load(&text)?.root() == &merged(&document, &additions.to_document());
    if is_as_expected {
        Ok(text)
    } else {
        Err(
            "the additions cannot be inserted into the text; insert the printed YAML by hand"
                .to_owned(),
        )
    }
}

fn load(text: &str) -> Result<Document> {
    Document::load(text).map_err(|_| "our document is not valid YAML; run `cargo check`".to_owned())
}

struct Editor {
    lines: Vec<String>,
}

/// The lines of the value under a key.
struct Block {
    /// The line of the key.
    key: usize,
    /// The line after the last line of the value.
    end: usize,
}

impl Editor {
    /// Appends entries to the mapping under the keys of `path`.
    fn append_entries(&mut self, path: &[&str], entries: &Mapping, is_spaced: bool) -> Result<()> {
        let indent = self.child_indent(path);
        let blank_lines = usize::from(is_spaced);
        self.append(
            path,
            &yaml::entries(entries, indent, blank_lines),
            is_spaced,
        )
    }

    /// Appends lines to the value under the keys of `path`. Missing keys are added at the end
    /// of their parent.
    fn append(&mut self, path: &[&str], text: &str, is_spaced: bool) -> Result<()> {
        let Some((last, parents)) = path.split_last() else {
            return Ok(());
        };
        let Some(block) = self.find(path) else {
            let indent = 2 * parents.len();
            let key = yaml::entries(
                &[((*last).into(), Value::Null)].into_iter().collect(),
                indent,
                0,
            );
            let section = key.replace(": null", ":") + text;
            if parents.is_empty() {
                self.insert(self.content_end(), &section, true);
                return Ok(());
            }
            return self.append(parents, &section, true);
        };
        let line = self.lines[block.key].trim_end().to_owned();
        let is_empty = block.end == block.key + 1;
        if is_empty && !line.ends_with(':') {
            let emptied = line.strip_suffix("{}").or_else(|| line.strip_suffix("[]"));
            let Some(emptied) = emptied else {
                return Err(format!(
                    "`{last}` is written on one line in our document (line {}); write it in block style",
                    block.key + 1
                ));
            };
            emptied.trim_end().clone_into(&mut self.lines[block.key]);
        }
        self.insert(block.end, text, is_spaced && !is_empty);
        Ok(())
    }

    fn insert(&mut self, line: usize, text: &str, is_spaced: bool) {
        let blank = is_spaced.then(String::new);
        let new = blank.into_iter().chain(text.lines().map(str::to_owned));
        self.lines.splice(line..line, new);
    }

    /// Returns the indentation of the entries under the keys of `path`.
    fn child_indent(&self, path: &[&str]) -> usize {
        let block = self.find(path);
        let first = block.and_then(|block| {
            let mut lines = self.lines[block.key + 1..block.end].iter();
            lines.find(|line| is_content(line)).map(|line| indent(line))
        });
        first.unwrap_or(2 * path.len())
    }

    fn find(&self, path: &[&str]) -> Option<Block> {
        let mut found: Option<Block> = None;
        for key in path {
            let (start, end) = found
                .as_ref()
                .map_or((0, self.lines.len()), |block| (block.key + 1, block.end));
            let mut lines = (start..end).filter(|line| is_content(&self.lines[*line]));
            let first = lines.clone().next()?;
            let depth = indent(&self.lines[first]);
            let line = lines.find(|line| {
                let line = &self.lines[*line];
                indent(line) == depth && key_of(line).is_some_and(|own| own == *key)
            })?;
            found = Some(Block {
                key: line,
                end: self.block_end(line, depth, end),
            });
        }
        found
    }

    /// Returns the line after the last content of a block. Comments before the next key belong
    /// to that key.
    fn block_end(&self, key: usize, depth: usize, limit: usize) -> usize {
        let mut end = key + 1;
        for (offset, line) in self.lines[key + 1..limit].iter().enumerate() {
            let is_below = indent(line) > depth && !line.trim().is_empty();
            let is_item = indent(line) == depth && line.trim_start().starts_with("- ");
            if is_below || is_item {
                end = key + 1 + offset + 1;
            } else if is_content(line) {
                break;
            }
        }
        end
    }

    fn content_end(&self) -> usize {
        let last = self.lines.iter().rposition(|line| !line.trim().is_empty());
        last.map_or(0, |line| line + 1)
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && line != "---"
}

/// Returns the key that a line starts with.
fn key_of(line: &str) -> Option<String> {
    let line = line.trim();
    let end = line
        .find(": ")
        .or_else(|| line.strip_suffix(':').map(str::len))?;
    serde_yaml::from_str(&line[..end]).ok()
}

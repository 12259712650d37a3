//! Takes an operation with its schemas out of a published OpenAPI document, and writes it in
//! the form of our document.

mod additions;
mod components;
mod compose;
mod conventions;
mod description;
mod examples;
mod insert;
mod merge;
mod name;
mod normalize;
mod operation;
mod parameters;
mod published;
mod responses;
mod reuse;
mod sample;
mod schema;
mod schema_body;
mod secret;
mod survey;
mod yaml;

use std::fs;
use std::path::Path;

use duvo_codegen::document::{Document, path_shape};

use crate::Result;
use crate::document_file::{load, read};
use additions::Additions;
use conventions::Conventions;
use description::TODO;
use published::{Operation, Published};

/// Imports the operation with this `operationId`, or with this method and path. Prints the
/// additions, or inserts them into our document.
pub fn run(
    wanted: &str,
    published_path: &Path,
    document_path: &Path,
    is_written: bool,
) -> Result<bool> {
    let text = read(document_path)?;
    let published = Published::read(published_path)?;
    let additions = additions(wanted, &published, document_path, &text)?;
    if is_written {
        let failed = |message: String| format!("{}: {message}", document_path.display());
        let inserted = insert::insert(&text, &additions).map_err(failed)?;
        fs::write(document_path, inserted).map_err(|error| failed(error.to_string()))?;
    } else {
        print_text!("{}", to_yaml(&additions));
    }
    eprint!(
        "{}",
        summary(&additions, published_path, document_path, is_written)
    );
    Ok(true)
}

/// Prints how many operations the generator accepts after an import.
pub fn run_all(published_path: &Path, document_path: &Path) -> Result<bool> {
    let text = read(document_path)?;
    let document = load(document_path, &text)?;
    let published = Published::read(published_path)?;
    let survey = survey::survey(&document, &published)?;
    print_text!("{}", survey.to_text());
    Ok(survey.is_complete())
}

/// Returns the text of our document with one more operation.
pub fn import_into(text: &str, wanted: &str, published: &str) -> Result<String> {
    let published = Published::parse(published)?;
    let additions = additions(wanted, &published, Path::new("the document"), text)?;
    insert::insert(text, &additions)
}

fn additions(wanted: &str, published: &Published, path: &Path, text: &str) -> Result<Additions> {
    let document = load(path, text)?;
    let operation = published.find(wanted)?;
    check_new(&document, &operation, path)?;
    let conventions = Conventions::new(&document, published);
    operation::import(&document, published, &conventions, &operation)
}

fn check_new(document: &Document, operation: &Operation<'_>, path: &Path) -> Result<()> {
    let operations = document.operations();
    let own = operations.iter().find(|own| {
        own.node.key == operation.method && path_shape(&own.path.key) == path_shape(operation.path)
    });
    match own {
        None => Ok(()),
        Some(own) => Err(format!(
            "{} already has {} as `{}`; `cargo xtask drift` compares both",
            path.display(),
            operation.title(),
            own.node.text("operationId").unwrap_or_default()
        )),
    }
}

/// Writes the additions as they look in our document.
fn to_yaml(additions: &Additions) -> String {
    yaml::entries(&additions.to_document(), 0, 0)
}

fn summary(additions: &Additions, published: &Path, document: &Path, is_written: bool) -> String {
    let Additions {
        id, method, path, ..
    } = additions;
    let verb = if is_written { "inserted" } else { "printed" };
    let mut lines = vec![format!("{verb} `{id}` ({} {path})", method.to_uppercase())];
    for (section, added) in &additions.components {
        let names: Vec<_> = added.keys().filter_map(|name| name.as_str()).collect();
        lines.push(format!("  new {section}: {}", names.join(", ")));
    }
    if !additions.reused_schemas.is_empty() {
        let names: Vec<_> = additions
            .reused_schemas
            .iter()
            .map(String::as_str)
            .collect();
        lines.push(format!(
            "  equal schemas that already exist: {}",
            names.join(", ")
        ));
    }
    if !additions.shared_responses.is_empty() {
        lines.push(
            "  error responses of our document; check that their descriptions apply:".to_owned(),
        );
        lines.extend(
            additions
                .shared_responses
                .iter()
                .map(|response| format!("    {response}")),
        );
    }
    lines.extend(additions.notes.iter().map(|note| format!("note: {note}")));
    let marked = to_yaml(additions).matches(TODO).count();
    lines.push(format!("{marked} texts to write or decisions to make are marked `{TODO}`; `cargo check` reports each"));
    lines.push(format!(
        "next: edit {}, `cargo check`, `cargo xtask drift {}`",
        document.display(),
        published.display()
    ));
    lines.join("\n") + "\n"
}

//! Reports every effect of an edit of the OpenAPI document.

pub mod build;
mod dependents;
mod document_change;
mod location;
pub mod mentions;
mod output;
pub mod summary;
pub mod surface;
pub mod touched;
mod unused;

use std::fs;
use std::path::Path;
use std::thread;

use duvo_codegen::Source;
use duvo_codegen::document::Document;

use self::build::{Build, Compiled};
use self::dependents::BrokenNames;
use self::mentions::Removed;
use self::output::Output;
use self::summary::{Change, Kind};
use self::surface::{Name, Surface};
use crate::api_change::ApiChange;
use crate::document_file::{load, read};
use crate::drift::known;
use crate::version::{Impact, Version};
use crate::{DOCUMENT, Result, git, oasdiff, public_api, source, wire};

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Sections for a reader.
    Human,
    /// One line for each diagnostic, `file:line:column: level: message`, for an editor.
    Short,
}

/// The committed files that an edit of the document changes.
const GENERATED: [&str; 3] = [
    "src/generated/types.rs",
    "src/generated/operations.rs",
    "src/generated/mock.rs",
];

/// What is known about the working tree and the revision that it is compared with.
struct Comparison {
    revision: String,
    old_document: Document,
    document: Document,
    /// The text of the document.
    text: String,
    generated: Generated,
    build: Build,
    /// The public API, or why it is not known.
    public_api: Result<String>,
    old_public_api: String,
    wire: Result<Vec<oasdiff::Change>>,
}

/// The generated source, and how it changed.
struct Generated {
    old: [String; 3],
    new: [String; 3],
    surfaces: (Surface, Surface),
    changes: Vec<Change>,
}

/// Prints the effects of the edits since `revision`. Returns whether the document and the
/// crate have no errors, and the generated output is accepted.
pub fn run(revision: &str, accept: bool, format: Format) -> Result<bool> {
    git::check_revision(revision)?;
    let old_document = git::file_at(revision, DOCUMENT)?;
    if !Path::new(public_api::TARGET).exists() {
        eprintln!("the first check compiles all dependencies, which takes minutes");
    }
    // The steps do not depend on each other, and each takes most of the time of a check.
    let (compiled, public_api, wire) = thread::scope(|scope| {
        let public_api = scope.spawn(public_api::current);
        let wire = scope.spawn(|| wire::changes_since(&old_document));
        let compiled = compile(revision);
        (compiled, join(public_api), join(wire))
    });
    let (build, generated) = compiled?;
    let mut output = Output::new(format);
    if let Some(errors) = &build.document_errors {
        output.document_errors(errors);
        return Ok(false);
    }
    let text = read(DOCUMENT)?;
    let mut comparison = Comparison {
        revision: revision.to_owned(),
        old_document: load(DOCUMENT, &old_document)?,
        document: load(DOCUMENT, &text)?,
        text,
        generated: generated.ok_or("Cargo did not run the build script")?,
        build,
        public_api,
        old_public_api: git::file_at(revision, public_api::SNAPSHOT)?,
        wire,
    };
    comparison.compile_all_if_broken()?;
    let is_valid = comparison.print(&mut output)?;
    let outdated = comparison.outdated();
    if accept {
        comparison.accept()?;
        output.accepted(&outdated, is_valid);
        return Ok(is_valid);
    }
    output.outdated(&outdated, is_valid);
    Ok(is_valid && outdated.is_empty())
}

/// Compiles the library, and what an edit may have broken.
fn compile(revision: &str) -> Result<(Build, Option<Generated>)> {
    let mut build = build::library()?;
    let Some(folder) = &build.generated else {
        return Ok((build, None));
    };
    let (old, new) = (at_revision(revision)?, build::generated_files(folder)?);
    let surfaces = (surface(&old)?, surface(&new)?);
    let changes = summary::changes(&surfaces.0, &surfaces.1);
    if build.errors.is_empty() {
        let dependents;
        (build.compiled, dependents) = if dependents::may_all_be_broken(&changes, revision)? {
            (Compiled::All, dependents::all()?)
        } else {
            let names = BrokenNames::of(&changes);
            (Compiled::Affected, dependents::containing(&names)?)
        };
        build.errors = build::dependents(&dependents)?;
    }
    let generated = Generated {
        old,
        new,
        surfaces,
        changes,
    };
    Ok((build, Some(generated)))
}

fn join<T>(thread: thread::ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread
        .join()
        .unwrap_or_else(|_| Err("internal error in xtask".to_owned()))
}

fn at_revision(revision: &str) -> Result<[String; 3]> {
    let [types, operations, mock] = GENERATED.map(|path| git::file_at(revision, path));
    Ok([types?, operations?, mock?])
}

fn surface([types, operations, mock]: &[String; 3]) -> Result<Surface> {
    Surface::parse(types, operations, mock)
}

impl Comparison {
    /// Compiles all tests and examples, if the public API lost more than what the generated
    /// source shows, such as a trait of a type.
    fn compile_all_if_broken(&mut self) -> Result<()> {
        let is_incomplete = self.build.compiled == Compiled::Affected;
        if let Ok(public_api) = &self.public_api
            && is_incomplete
            && self.build.errors.is_empty()
        {
            let names = BrokenNames::of(&self.generated.changes);
            let change = ApiChange::between(&self.old_public_api, public_api);
            if !change.removed().all(|line| names.are_in(line)) {
                self.build.errors = build::dependents(&dependents::all()?)?;
                self.build.compiled = Compiled::All;
            }
        }
        Ok(())
    }

    /// Prints the effects. Returns whether nothing but the acceptance is to be done.
    fn print(&self, output: &mut Output) -> Result<bool> {
        let (source, _) = Source::parse(&self.text);
        output.no_document_errors();
        output.changes(
            &self.revision,
            &self.generated.changes,
            &self.document,
            &source,
        );
        let patch = self.source_difference()?;
        output.source(&patch);
        self.print_impact(output, &source)?;
        let has_effect = !patch.is_empty() || self.wire.as_ref().is_ok_and(|wire| !wire.is_empty());
        if !has_effect {
            let (old, new) = (self.old_document.root(), self.document.root());
            let changes = document_change::changes(old, new);
            output.without_effect(&changes);
        }

        let known = read(known::FILE)?;
        let examples = touched::examples(&self.document, &source)?;
        let known = touched::affected_differences(&self.old_document, &self.document, &known)?;
        let is_valid = self.build.errors.is_empty() && examples.report.diagnostics().is_empty();
        let mentions = self.mentions()?;
        let unused = touched::unused_components(&self.old_document, &self.document, &source);
        output.touched(&self.build, &[examples, unused, known], &mentions);
        let uncalled = self.uncalled()?;
        output::uncalled(&uncalled);
        Ok(is_valid && uncalled.is_empty() && self.public_api.is_ok() && self.wire.is_ok())
    }

    /// Prints the effect on the public API and on the wire, and the next version.
    fn print_impact(&self, output: &mut Output, source: &Source<'_>) -> Result<()> {
        let impacts = self.generated.changes.iter().map(|change| change.impact);
        let mut impact = impacts.max().unwrap_or(Impact::Nothing);
        match &self.public_api {
            Ok(public_api) => {
                let change = ApiChange::between(&self.old_public_api, public_api);
                impact = impact.max(change.impact());
                output.public_api(&change.to_text(), &self.generated.changes);
            }
            // The errors of rustc follow.
            Err(_) if !self.build.errors.is_empty() => {
                output.generated_api("the crate does not compile", &self.generated.changes);
            }
            Err(message) => {
                output.unknown("Rust API", message);
                output.generated_api("rustdoc failed", &self.generated.changes);
            }
        }
        match &self.wire {
            Ok(changes) => {
                impact = impact.max(wire::impact(changes));
                output.wire(changes, &self.document, source);
            }
            Err(message) => output.unknown("Wire format", message),
        }
        let release = git::last_release();
        let base = release.as_deref().unwrap_or(&self.revision);
        let base = Version::from_manifest(&git::file_at(base, "Cargo.toml")?)?;
        let current = Version::from_manifest(&read("Cargo.toml")?)?;
        output.version(impact, base, current, release.is_some());
        Ok(())
    }

    /// Returns where names are written that the document no longer has.
    fn mentions(&self) -> Result<Vec<String>> {
        let (old, new) = &self.generated.surfaces;
        Removed::new((&self.old_document, old), (&self.document, new)).mentions()
    }

    /// Returns the added operations that no source file or no test calls, with the folder.
    fn uncalled(&self) -> Result<Vec<(&'static str, &str)>> {
        let changes = self.generated.changes.iter();
        let added = changes.filter_map(|change| match &change.item {
            Name::Operation(name) if change.kind == Kind::Added => Some(name.as_str()),
            _ => None,
        });
        let added: Vec<_> = added.collect();
        let mut uncalled = Vec::new();
        for folder in ["src", "tests"] {
            let mut names = added.clone();
            for path in source::files(&[folder])? {
                if names.is_empty() {
                    break;
                }
                if !path.starts_with("src/generated") {
                    let text = read(&path)?;
                    names.retain(|name| !text.contains(&format!(".{name}(")));
                }
            }
            uncalled.extend(names.into_iter().map(|name| (folder, name)));
        }
        Ok(uncalled)
    }

    /// Returns the difference of the generated source as a patch.
    fn source_difference(&self) -> Result<String> {
        let folder = Path::new("target/check");
        let mut patch = String::new();
        for ((path, old), new) in GENERATED
            .iter()
            .zip(&self.generated.old)
            .zip(&self.generated.new)
        {
            let write = |side: &str, text: &str| {
                let file = folder.join(side).join(path);
                let folder = file.parent().unwrap_or(folder);
                fs::create_dir_all(folder)
                    .and_then(|()| fs::write(&file, text))
                    .map_err(|error| format!("{}: {error}", file.display()))
            };
            if old != new {
                write("a", old)?;
                write("b", new)?;
                patch += &git::difference(folder, &format!("a/{path}"), &format!("b/{path}"))?;
            }
        }
        Ok(patch)
    }

    /// Returns the committed files with the text that they should have.
    fn outputs(&self) -> Vec<(&'static str, &str)> {
        let generated = self.generated.new.iter().map(String::as_str);
        let mut outputs: Vec<_> = GENERATED.into_iter().zip(generated).collect();
        let public_api = self.public_api.as_ref().ok();
        outputs.extend(public_api.map(|text| (public_api::SNAPSHOT, text.as_str())));
        outputs
    }

    /// Returns the committed files that do not have the text that they should have.
    fn outdated(&self) -> Vec<&'static str> {
        let mut outputs = self.outputs();
        outputs.retain(|(path, text)| read(path).is_ok_and(|committed| committed != *text));
        outputs.into_iter().map(|(path, _)| path).collect()
    }

    fn accept(&self) -> Result<()> {
        for (path, text) in self.outputs() {
            fs::write(path, text).map_err(|error| format!("{path}: {error}"))?;
        }
        Ok(())
    }
}

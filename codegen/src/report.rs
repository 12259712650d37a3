use std::collections::BTreeSet;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::diagnostic::Diagnostic;
use crate::source::{Source, without_mark};

/// All errors of a document, in the order of its text. A report has at least one.
#[derive(Debug, Clone)]
pub struct Report {
    diagnostics: Vec<RenderedDiagnostic>,
}

/// An error with its position in the text.
#[derive(Debug, Clone)]
pub struct RenderedDiagnostic {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The bytes of the text that the error is about.
    pub range: Range<usize>,
    /// The error, on one line.
    pub message: String,
    /// How to fix the error, on one line.
    pub help: Option<String>,
    related: Option<(Range<usize>, String)>,
    /// Whether the layout of a line may be the cause.
    pub(crate) may_be_layout: bool,
}

impl Report {
    /// Sorts the errors by their position in `source`.
    #[must_use]
    pub fn new(diagnostics: &[Diagnostic], source: &Source<'_>) -> Self {
        let mut rendered: Vec<_> = diagnostics
            .iter()
            .map(|diagnostic| (diagnostic, RenderedDiagnostic::new(diagnostic, source)))
            .collect();
        rendered.sort_by_key(|(_, rendered)| rendered.range.start);
        let mut reported = BTreeSet::new();
        rendered.retain(|(diagnostic, rendered)| {
            reported.insert(rendered.message.clone()) || !diagnostic.is_reported_once
        });
        let diagnostics = rendered.into_iter().map(|(_, rendered)| rendered).collect();
        Self { diagnostics }
    }

    pub(crate) fn from_diagnostics(mut diagnostics: Vec<RenderedDiagnostic>) -> Self {
        diagnostics.sort_by_key(|diagnostic| diagnostic.range.start);
        Self { diagnostics }
    }

    pub(crate) fn into_diagnostics(self) -> Vec<RenderedDiagnostic> {
        self.diagnostics
    }

    /// Returns the errors in the order of the text.
    #[must_use]
    pub fn diagnostics(&self) -> &[RenderedDiagnostic] {
        &self.diagnostics
    }

    /// Renders the errors as rustc does, with the lines that they are about. `text` is
    /// the document, read from `path`.
    #[must_use]
    pub fn to_text(&self, path: &str, text: &str) -> String {
        let snippets: Vec<_> = self
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.to_snippet(path, text))
            .collect();
        snippets.join("\n\n")
    }
}

impl RenderedDiagnostic {
    fn new(diagnostic: &Diagnostic, source: &Source<'_>) -> Self {
        let range = source.range(&diagnostic.location);
        let (line, column) = line_and_column(source.text(), range.start);
        Self {
            line,
            column,
            related: diagnostic.related.as_deref().map(|(location, label)| {
                let range = source.range(location);
                (source.range_in_file(&range), label.clone())
            }),
            range: source.range_in_file(&range),
            message: on_one_line(&diagnostic.message),
            help: diagnostic.help.as_deref().map(on_one_line),
            may_be_layout: diagnostic.may_be_layout,
        }
    }

    /// Creates an error at a range of bytes of the file `text`.
    pub(crate) fn at(text: &str, range: Range<usize>, message: String, help: String) -> Self {
        let (text, mark) = without_mark(text);
        let (line, column) = line_and_column(text, range.start - mark);
        Self {
            line,
            column,
            range,
            message,
            help: Some(help),
            related: None,
            may_be_layout: false,
        }
    }

    /// Renders the error on one line. Cargo prints only one line of an error of a build
    /// script.
    #[must_use]
    pub fn to_line(&self, path: &str) -> String {
        let help = self.help.iter().map(|help| format!("; {help}"));
        format!(
            "{path}:{}:{}: {}{}",
            self.line,
            self.column,
            self.message,
            help.collect::<String>()
        )
    }

    fn to_snippet(&self, path: &str, text: &str) -> String {
        let (text, mark) = without_mark(text);
        let span = |range: &Range<usize>| range.start - mark..range.end - mark;
        let mut snippet = Snippet::source(text)
            .path(path)
            .annotation(AnnotationKind::Primary.span(span(&self.range)));
        if let Some((range, label)) = &self.related {
            let annotation = AnnotationKind::Context.span(span(range)).label(label);
            snippet = snippet.annotation(annotation);
        }
        let mut group = Level::ERROR.primary_title(&self.message).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help));
        }
        Renderer::plain().render(&[group])
    }
}

/// Returns the line and the column of a byte, both counted from 1.
fn line_and_column(text: &str, start: usize) -> (usize, usize) {
    let before = &text[..start];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

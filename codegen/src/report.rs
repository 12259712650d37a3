use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::diagnostic::Fault;
use super::source::Source;

/// What is wrong with a document, as its maintainer reads it. There is at least
/// one fault.
#[derive(Debug, Clone)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

/// A fault with its place in the text.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// The bytes of the text that the fault is about.
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
    other: Option<(Range<usize>, String)>,
}

impl Report {
    /// Puts the faults in the order of the text.
    pub fn new(faults: &[Fault], source: &Source<'_>) -> Self {
        let mut diagnostics: Vec<_> = faults
            .iter()
            .map(|fault| Diagnostic::new(fault, source))
            .collect();
        diagnostics.sort_by_key(|diagnostic| diagnostic.range.start);
        Self { diagnostics }
    }

    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The faults with the lines that they are about. `path` is the document's,
    /// and `text` what was read from it.
    pub fn to_text(&self, path: &str, text: &str) -> String {
        let snippets: Vec<_> = self
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.to_snippet(path, text))
            .collect();
        snippets.join("\n\n")
    }
}

impl Diagnostic {
    fn new(fault: &Fault, source: &Source<'_>) -> Self {
        let text = source.text();
        let range = fault.range(source);
        let before = &text[..range.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            other: fault
                .other(source)
                .map(|(range, label)| (range, label.to_owned())),
            range,
            message: on_one_line(&fault.message),
            help: fault.help.as_deref().map(on_one_line),
        }
    }

    /// The fault on one line, which is all that Cargo shows of a build
    /// script's error.
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
        let mut snippet = Snippet::source(text)
            .path(path)
            .annotation(AnnotationKind::Primary.span(self.range.clone()));
        if let Some((range, label)) = &self.other {
            let annotation = AnnotationKind::Context.span(range.clone()).label(label);
            snippet = snippet.annotation(annotation);
        }
        let mut group = Level::ERROR.primary_title(&self.message).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help));
        }
        Renderer::plain().render(&[group])
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

use std::fmt;

use crate::sanitize::sanitize;

/// Lines with aligned columns: a sign, the name of an integration, and text.
#[derive(Default)]
pub(super) struct Table(Vec<Line>);

struct Line {
    sign: &'static str,
    name: String,
    text: String,
}

/// The width above which a name is not aligned.
const MAX_WIDTH: usize = 40;

impl Table {
    /// Adds a line. `text` must not contain a secret.
    pub(super) fn push(&mut self, sign: &'static str, name: &str, text: impl Into<String>) {
        self.0.push(Line {
            sign,
            name: sanitize(name).into_owned(),
            text: text.into(),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signs = self.0.iter().map(|line| line.sign.len());
        let sign_width = signs.max().unwrap_or_default();
        let names = self.0.iter().map(|line| line.name.chars().count());
        let name_width = names.max().unwrap_or_default().min(MAX_WIDTH);
        for Line { sign, name, text } in &self.0 {
            let line = format!("  {sign:<sign_width$} {name:<name_width$}  {text}");
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Joins numbers with their labels, without those that are zero.
pub(super) fn join_counts(counts: &[(usize, &str)]) -> String {
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(count, label)| format!("{count} {label}"))
        .collect();
    counts.join(", ")
}

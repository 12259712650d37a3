//! Texts that are still to be written are errors.

use crate::support::{SAMPLE, assert_edit, errors};

const MESSAGE: &str = "still to be written; replace `TODO` by the text; it becomes documentation";

#[test]
fn reports_placeholder_in_description_and_summary() {
    let description = SAMPLE
        .lines()
        .find(|line| line.trim_start().starts_with("description: "));
    let description = description.unwrap().trim();
    for placeholder in ["TODO", "TODO: write it", "  TODO"] {
        let message = format!("the `description` is {MESSAGE}");
        assert_edit(
            description,
            &format!("description: {placeholder:?}"),
            &format!("{placeholder:?}"),
            &message,
        );
    }
    let summary = SAMPLE
        .lines()
        .find(|line| line.trim_start().starts_with("summary: "));
    let message = format!("the `summary` is {MESSAGE}");
    assert_edit(summary.unwrap().trim(), "summary: TODO", "TODO", &message);
}

#[test]
fn word_that_starts_like_placeholder_is_accepted() {
    let description = SAMPLE
        .lines()
        .find(|line| line.trim_start().starts_with("description: "));
    let description = description.unwrap().trim();
    for text in ["TODOs of a team.", "A list of TODO items."] {
        let document = SAMPLE.replacen(description, &format!("description: {text}"), 1);
        assert_eq!(errors(&document), []);
    }
}

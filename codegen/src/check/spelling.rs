use strsim::damerau_levenshtein;

/// Returns the candidate that `word` is probably a misspelling of.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let nearest = candidates
        .iter()
        .min_by_key(|candidate| distance(word, candidate))?;
    let tolerated = (word.len().max(nearest.len()) / 3).max(1);
    (distance(word, nearest) <= tolerated).then_some(nearest)
}

/// Returns the number of missing, extra, different or swapped letters.
pub(crate) fn distance(word: &str, other: &str) -> usize {
    damerau_levenshtein(&word.to_lowercase(), &other.to_lowercase())
}

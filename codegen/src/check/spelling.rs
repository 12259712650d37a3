use strsim::damerau_levenshtein;

/// The word that was probably meant.
pub fn nearest(word: &str, candidates: &[&'static str]) -> Option<&'static str> {
    let nearest = candidates
        .iter()
        .min_by_key(|candidate| distance(word, candidate))?;
    let tolerated = (word.len().max(nearest.len()) / 3).max(1);
    (distance(word, nearest) <= tolerated).then_some(nearest)
}

/// How many letters are missing, too many, different or swapped.
pub fn distance(word: &str, other: &str) -> usize {
    damerau_levenshtein(&word.to_lowercase(), &other.to_lowercase())
}

//! Messages about the fields of the file.

use toml::de::DeValue;

/// The similarity, from 0 to 1, above which a field is suggested for another one.
const MIN_SIMILARITY: f64 = 0.75;

/// Returns the known field that is most similar to `name`.
pub(crate) fn similar(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let name = name.to_lowercase();
    let similarity = |field: &&'static str| strsim::jaro(&name, field);
    let candidates = known.iter().copied();
    candidates
        .filter(|field| similarity(field) > MIN_SIMILARITY)
        .max_by(|a, b| similarity(a).total_cmp(&similarity(b)))
}

pub(crate) fn unknown(name: &str, known: &[&'static str]) -> String {
    // `Debug` escapes control characters.
    let name = format!("{name:?}");
    let name = name.trim_matches('"');
    match similar(name, known) {
        Some(field) => format!("unknown field `{name}`; did you mean `{field}`?"),
        None => format!(
            "unknown field `{name}`; the fields are {}",
            known.join(", ")
        ),
    }
}

/// Describes a value that is not a string, without the value.
pub(crate) fn wrong_type(field: &str, value: &DeValue<'_>) -> String {
    let article = match value {
        DeValue::Integer(_) | DeValue::Array(_) => "an",
        _ => "a",
    };
    format!(
        "`{field}` must be a string, not {article} {}",
        value.type_str()
    )
}

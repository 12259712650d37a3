//! Locations in the document, as JSON pointers (RFC 6901).

/// Whether `pointer` is `other` or below it.
pub(crate) fn is_within(pointer: &str, other: &str) -> bool {
    pointer
        .strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the location of the value under `key` of the value at `pointer`.
#[must_use]
pub fn join(pointer: &str, key: &str) -> String {
    if key.contains('~') || key.contains('/') {
        format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{pointer}/{key}")
    }
}

/// Returns the last key of a location.
#[must_use]
pub fn last_key(pointer: &str) -> String {
    let key = pointer.rsplit('/').next().unwrap_or_default();
    key.replace("~1", "/").replace("~0", "~")
}

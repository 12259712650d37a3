//! Compares two listings of the public API.

use std::collections::BTreeSet;

use crate::version::Impact;

/// The lines of the public API that were removed and added. A changed item is one of each.
#[derive(Debug, PartialEq, Eq)]
pub struct ApiChange<'a> {
    removed: BTreeSet<&'a str>,
    added: BTreeSet<&'a str>,
}

impl<'a> ApiChange<'a> {
    pub fn between(old: &'a str, new: &'a str) -> Self {
        let old: BTreeSet<_> = old.lines().collect();
        let new: BTreeSet<_> = new.lines().collect();
        Self {
            removed: &old - &new,
            added: &new - &old,
        }
    }

    pub fn impact(&self) -> Impact {
        match (self.removed.is_empty(), self.added.is_empty()) {
            (false, _) => Impact::Breaking,
            (true, false) => Impact::Addition,
            (true, true) => Impact::Nothing,
        }
    }

    pub fn to_text(&self) -> String {
        let removed = self
            .removed
            .iter()
            .map(|line| format!("  breaking  - {line}\n"));
        let added = self
            .added
            .iter()
            .map(|line| format!("  addition  + {line}\n"));
        removed.chain(added).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "pub mod duvo\npub duvo::Integration::name: String\n";

    #[test]
    fn changed_field_type_is_breaking() {
        let new = "pub mod duvo\npub duvo::Integration::name: Option<String>\n";
        let change = ApiChange::between(API, new);
        assert_eq!(change.impact(), Impact::Breaking);
        assert_eq!(
            change.to_text(),
            "  breaking  - pub duvo::Integration::name: String\n  \
               addition  + pub duvo::Integration::name: Option<String>\n"
        );
    }

    #[test]
    fn added_field_is_an_addition() {
        let new = format!("{API}pub duvo::Integration::icon: String\n");
        assert_eq!(ApiChange::between(API, &new).impact(), Impact::Addition);
    }

    #[test]
    fn identical_api_has_no_changes() {
        let change = ApiChange::between(API, API);
        assert_eq!(change.impact(), Impact::Nothing);
        assert_eq!(change.to_text(), "");
    }
}

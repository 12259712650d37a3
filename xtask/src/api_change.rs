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

    pub fn removed(&self) -> impl Iterator<Item = &'a str> {
        self.removed.iter().copied()
    }

    pub fn to_text(&self) -> String {
        let removed = without_auto_traits(&self.removed);
        let removed = removed.map(|line| format!("  breaking  - {line}\n"));
        let added = without_auto_traits(&self.added);
        let added = added.map(|line| format!("  addition  + {line}\n"));
        removed.chain(added).collect()
    }
}

/// The traits that the compiler implements for a type if it can.
const AUTO_TRAITS: [&str; 7] = [
    "core::marker::Freeze",
    "core::marker::Send",
    "core::marker::Sync",
    "core::marker::Unpin",
    "core::marker::UnsafeUnpin",
    "core::panic::unwind_safe::RefUnwindSafe",
    "core::panic::unwind_safe::UnwindSafe",
];

/// Leaves out the auto traits of types that are themselves among the lines. A type that lacks
/// one has a line such as `impl !core::marker::Send for duvo::Client`, which stays.
fn without_auto_traits<'a>(lines: &BTreeSet<&'a str>) -> impl Iterator<Item = &'a str> {
    let declared = lines.iter().filter_map(|line| {
        // `#[non_exhaustive] pub struct duvo::Page`, `pub struct duvo::ApiKey(_)`
        let (_, declaration) = line.split_once("pub ")?;
        let kinds = ["enum ", "struct ", "union "];
        let name = kinds
            .iter()
            .find_map(|kind| declaration.strip_prefix(kind))?;
        name.split(['(', '<', ' ']).next()
    });
    let declared: BTreeSet<_> = declared.collect();
    let is_implied = move |line: &&str| {
        let implementation = line.strip_prefix("impl ");
        let parts = implementation.and_then(|implementation| implementation.split_once(" for "));
        parts.is_some_and(|(name, of)| AUTO_TRAITS.contains(&name) && declared.contains(of))
    };
    lines.iter().copied().filter(move |line| !is_implied(line))
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
    fn auto_traits_of_an_added_type_are_left_out() {
        let new = format!(
            "{API}impl !core::marker::Sync for duvo::Icon\n\
             impl core::clone::Clone for duvo::Icon\n\
             impl core::marker::Send for duvo::Icon\n\
             impl core::marker::Send for duvo::Key\n\
             impl core::panic::unwind_safe::UnwindSafe for duvo::Icon\n\
             pub struct duvo::Key(_)\n\
             #[non_exhaustive] pub struct duvo::Icon\n"
        );
        assert_eq!(
            ApiChange::between(API, &new).to_text(),
            "  addition  + #[non_exhaustive] pub struct duvo::Icon\n  \
               addition  + impl !core::marker::Sync for duvo::Icon\n  \
               addition  + impl core::clone::Clone for duvo::Icon\n  \
               addition  + pub struct duvo::Key(_)\n"
        );
    }

    #[test]
    fn auto_trait_that_an_existing_type_loses_is_breaking() {
        let old = format!("{API}impl core::marker::Send for duvo::Icon\n");
        let change = ApiChange::between(&old, API);
        assert_eq!(
            change.to_text(),
            "  breaking  - impl core::marker::Send for duvo::Icon\n"
        );
    }

    #[test]
    fn identical_api_has_no_changes() {
        let change = ApiChange::between(API, API);
        assert_eq!(change.impact(), Impact::Nothing);
        assert_eq!(change.to_text(), "");
    }
}

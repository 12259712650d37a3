//! What an edit of the document changed in the generated source, in one line for each change.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use duvo_codegen::rust_name::argument_name;

use super::surface::{Entry, Name, Surface, Usage};
use crate::version::Impact;

/// A change of the generated source.
#[derive(Debug)]
pub struct Change {
    pub text: String,
    /// The effect on users of the crate, as far as the generated source determines it.
    pub impact: Impact,
    pub item: Name,
    /// The name before, if it is another one.
    pub former: Option<Name>,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Added,
    Changed,
    Removed,
}

/// Returns the changes between two versions of the generated source.
pub fn changes(old: &Surface, new: &Surface) -> Vec<Change> {
    let names: BTreeSet<_> = old.items.keys().chain(new.items.keys()).collect();
    let renames = renames(old, new);
    let changes = names.into_iter().filter_map(|name| {
        if let Some(former) = renames.get(name) {
            return Some(renamed(former, name, &new.items[name], new));
        }
        if renames.values().any(|former| *former == name) {
            return None;
        }
        let owner = owner(name);
        // An owner that was removed or added stands for its parts.
        let has_owner = |surface: &Surface| {
            let owner = owner.as_ref();
            owner.is_none_or(|owner| surface.items.contains_key(owner))
        };
        let (kind, entry, surface, impact) = match (old.items.get(name), new.items.get(name)) {
            (Some(before), Some(after)) => {
                let text = change(name, before, after)? + &usage(name, new);
                // A name in JSON, a method and a path are not part of the Rust API.
                let is_in_rust = before.text != after.text && !matches!(name, Name::Operation(_));
                return Some(Change {
                    text,
                    impact: if is_in_rust {
                        impact(after, Impact::Breaking)
                    } else {
                        Impact::Nothing
                    },
                    item: name.clone(),
                    former: None,
                    kind: Kind::Changed,
                });
            }
            (Some(entry), None) if has_owner(new) => (Kind::Removed, entry, old, Impact::Breaking),
            (None, Some(entry)) if has_owner(old) && entry.is_exhaustive => {
                (Kind::Added, entry, new, Impact::Breaking)
            }
            (None, Some(entry)) if has_owner(old) => (Kind::Added, entry, new, Impact::Addition),
            _ => return None,
        };
        let verb = if kind == Kind::Added {
            "added"
        } else {
            "removed"
        };
        Some(Change {
            text: format!(
                "{verb} {}{}",
                description(name, entry),
                usage(name, surface)
            ),
            impact: self::impact(entry, impact),
            item: name.clone(),
            former: None,
            kind,
        })
    });
    changes.collect()
}

/// Returns the new names of items with their former ones. An item that has the same owner, the
/// same type, the same description and the same parts as another one had is the same item.
fn renames<'a>(old: &'a Surface, new: &'a Surface) -> BTreeMap<&'a Name, &'a Name> {
    let only_in = |surface: &'a Surface, other: &'a Surface| {
        let items = surface.items.iter();
        items.filter(|(name, entry)| {
            let can_be_recognized = !matches!(name, Name::Mock { .. } | Name::Fixture(_))
                && !entry.description.is_empty();
            can_be_recognized && !other.items.contains_key(*name)
        })
    };
    let removed: Vec<_> = only_in(old, new).collect();
    let is_same = |(former, before): (&Name, &Entry), (name, after): (&Name, &Entry)| {
        mem::discriminant(former) == mem::discriminant(name)
            && owner(former) == owner(name)
            && before.text == after.text
            && before.description == after.description
            && parts(old, former) == parts(new, name)
    };
    let mut pairs = Vec::new();
    for added in only_in(new, old) {
        let same = removed.iter().filter(|removed| is_same(**removed, added));
        pairs.extend(same.map(|(former, _)| (added.0, *former)));
    }
    // If several are alike, it is not known which one is which.
    let is_unique = |(name, former): &(&Name, &Name)| {
        let alike = pairs.iter();
        alike.filter(|(a, b)| a == name || b == former).count() == 1
    };
    pairs.iter().copied().filter(is_unique).collect()
}

/// Returns the fields, the variants and the validation of a type, and the parameters and the
/// result of an operation.
fn parts<'a>(surface: &'a Surface, whole: &Name) -> Vec<(&'a str, String, Option<&'a str>)> {
    let items = surface.items.iter();
    let parts = items.filter_map(|(name, entry)| {
        let (part, text) = match name {
            Name::Parameter { name, .. }
            | Name::Field { name, .. }
            | Name::Variant { name, .. } => (name.as_str(), entry.text.clone()),
            Name::Result { .. } => ("", entry.text.clone()),
            Name::Validation { owner } => ("", entry.text.replace(owner.as_str(), "Self")),
            _ => return None,
        };
        let is_part = owner(name).as_ref() == Some(whole);
        is_part.then_some((part, text, entry.json_name.as_deref()))
    });
    parts.collect()
}

fn renamed(former: &Name, name: &Name, entry: &Entry, surface: &Surface) -> Change {
    let description = description(name, entry);
    // What it is, such as "type", is stated by the former name.
    let from_name = description.find('`').unwrap_or(0);
    Change {
        text: format!(
            "renamed {} to {}{}",
            label(former),
            &description[from_name..],
            usage(name, surface)
        ),
        impact: impact(entry, Impact::Breaking),
        item: name.clone(),
        former: Some(former.clone()),
        kind: Kind::Changed,
    }
}

fn impact(entry: &Entry, of_public_item: Impact) -> Impact {
    if entry.is_public {
        of_public_item
    } else {
        Impact::Nothing
    }
}

/// Returns the item of which another one is a part.
pub fn owner(name: &Name) -> Option<Name> {
    match name {
        Name::Operation(_) | Name::Type(_) => None,
        Name::Parameter { operation, .. } | Name::Result { operation } => {
            Some(Name::Operation(operation.clone()))
        }
        Name::Field { owner, .. } | Name::Variant { owner, .. } | Name::Validation { owner } => {
            Some(Name::Type(owner.clone()))
        }
        Name::Mock { owner, name } => match owner.split_once('<') {
            // `Mock<RegisterCustomIntegration>`
            Some((_, operation)) => {
                let operation = argument_name(operation.trim_end_matches('>'));
                Some(Name::Operation(operation))
            }
            None if owner == "Server" => Some(Name::Operation(name.clone())),
            None => None,
        },
        Name::Fixture(name) => Some(Name::Mock {
            owner: "examples".to_owned(),
            name: name.clone(),
        }),
    }
}

fn label(name: &Name) -> String {
    match name {
        Name::Operation(operation) => format!("operation `{operation}`"),
        Name::Parameter { operation, name } => format!("parameter `{name}` of `{operation}`"),
        Name::Result { operation } => format!("response of `{operation}`"),
        Name::Type(name) => format!("type `{name}`"),
        Name::Field { owner, name } => format!("`{owner}.{name}`"),
        Name::Variant { owner, name } => format!("`{owner}::{name}`"),
        Name::Validation { owner } => format!("validation of `{owner}`"),
        Name::Mock { owner, name } => format!("`{owner}::{name}` of the mock server"),
        Name::Fixture(name) => format!("value of the example `{name}`"),
    }
}

fn description(name: &Name, entry: &Entry) -> String {
    let label = label(name);
    let text = match name {
        Name::Validation { .. } | Name::Fixture(_) | Name::Type(_) | Name::Mock { .. } => label,
        _ if entry.text.is_empty() => label,
        _ => format!("{label}: {}", entry.text),
    };
    match &entry.json_name {
        Some(json_name) => format!("{text}, `{json_name}` in JSON"),
        None => text,
    }
}

/// Describes how an item changed.
fn change(name: &Name, before: &Entry, after: &Entry) -> Option<String> {
    let label = label(name);
    if before.text != after.text {
        return Some(match name {
            Name::Validation { .. } | Name::Fixture(_) => format!("changed {label}"),
            _ => format!("{label}: {} → {}", before.text, after.text),
        });
    }
    let (Name::Field { name: in_rust, .. } | Name::Variant { name: in_rust, .. }) = name else {
        return None;
    };
    let json_name = |entry: &Entry| entry.json_name.clone().unwrap_or_else(|| in_rust.clone());
    let (before, after) = (json_name(before), json_name(after));
    (before != after).then(|| format!("{label}: `{before}` → `{after}` in JSON"))
}

/// Returns in how many operations a type is sent and received.
fn usage(name: &Name, surface: &Surface) -> String {
    let (Name::Type(owner)
    | Name::Field { owner, .. }
    | Name::Variant { owner, .. }
    | Name::Validation { owner }) = name
    else {
        return String::new();
    };
    let Usage {
        requests,
        responses,
    } = surface.usage(owner);
    let counts = [("request", requests), ("response", responses)];
    let texts = counts.iter().filter_map(|(part, count)| match count {
        0 => None,
        1 => Some(format!("{part} of 1 operation")),
        count => Some(format!("{part} of {count} operations")),
    });
    let texts: Vec<_> = texts.collect();
    if texts.is_empty() {
        return String::new();
    }
    format!(", {}", texts.join(" and "))
}

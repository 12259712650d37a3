use std::collections::{BTreeSet, HashMap, HashSet};
use std::slice;

use super::equality::{Desired, beginning, normalize_name, normalize_url};
use crate::error::{Error, UnreadableRecord};
use crate::generated::types::Integration;

/// A complete listing of a catalogue, indexed by the values that are compared, so that a
/// lookup does not depend on the number of records.
pub(super) struct CatalogueIndex<'a> {
    /// The normalized names of the desired integrations.
    desired_names: BTreeSet<&'a str>,
    /// Oldest first.
    records: Vec<Integration>,
    readable: Names,
    unreadable: Names,
    ids: HashSet<String>,
    custom_ids: HashSet<String>,
}

/// The record that a desired integration corresponds to. Records are positions in
/// [`CatalogueIndex::records`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// Name and server URL are equal.
    Equal(Vec<usize>),
    /// The name of a custom integration is equal, and no server URL is.
    SameName(usize),
    /// The server URL is equal, and the name may have been truncated. Oldest first.
    Truncated(Vec<usize>),
    /// An unreadable record may be the integration. The position is that of the record
    /// among the unreadable ones.
    Unreadable(usize),
    Missing,
}

/// Positions of records by their normalized names.
type Positions = HashMap<String, Vec<usize>>;

/// Records by their names, in the forms that are compared.
#[derive(Default)]
struct Names {
    by_name: Positions,
    truncated: Truncated,
}

/// Records whose names may be truncated forms of desired ones.
#[derive(Default)]
struct Truncated {
    /// The lengths of the beginnings.
    lengths: BTreeSet<usize>,
    /// By the beginning that remains of the name, and by the normalized URL.
    by_beginning: HashMap<String, HashMap<Option<String>, Positions>>,
}

impl Match {
    /// Returns the records that belong to the desired integration, or may do so.
    pub(super) fn records(&self) -> &[usize] {
        match self {
            Self::Equal(positions) | Self::Truncated(positions) => positions,
            Self::SameName(position) => slice::from_ref(position),
            Self::Unreadable(_) | Self::Missing => &[],
        }
    }
}

impl<'a> CatalogueIndex<'a> {
    /// Indexes the integrations and the errors of the unreadable records of a listing.
    pub(super) fn new(
        desired: &'a [Desired<'_>],
        mut records: Vec<Integration>,
        unreadable: &[Error],
    ) -> Self {
        let desired_names: BTreeSet<_> = desired.iter().map(Desired::normalized_name).collect();
        // Without the second copy of all records that a stable sort needs.
        records.sort_unstable_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        let mut readable = Names::default();
        for (position, record) in records.iter().enumerate() {
            let name = normalize_name(&record.name);
            if let Some(url) = &record.server_url
                && is_beginning_of_another(&name, &desired_names)
            {
                let url = Some(normalize_url(url));
                let truncated = &mut readable.truncated;
                truncated.add(beginning(&name), url, &name, position);
            }
            readable.by_name.entry(name).or_default().push(position);
        }
        let mut ids: HashSet<_> = records.iter().map(|record| record.id.clone()).collect();
        let custom_ids = records.iter();
        let custom_ids = custom_ids.filter_map(|record| record.custom_integration_id.clone());
        let mut custom_ids: HashSet<_> = custom_ids.collect();
        let mut unreadable_names = Names::default();
        for (position, error) in unreadable.iter().enumerate() {
            if let Some(record) = error.unreadable_record() {
                unreadable_names.add_unreadable(record, position);
                ids.extend(record.id());
                custom_ids.extend(record.custom_integration_id());
            }
        }
        Self {
            desired_names,
            records,
            readable,
            unreadable: unreadable_names,
            ids,
            custom_ids,
        }
    }

    pub(super) fn records(&self) -> &[Integration] {
        &self.records
    }

    pub(super) fn into_records(self) -> Vec<Integration> {
        self.records
    }

    /// Looks for the record of a desired integration. A record with the name of another
    /// desired integration is not a truncated one.
    pub(super) fn find(&self, desired: &Desired<'_>) -> Match {
        let equal: Vec<_> = self.equal_positions(desired).collect();
        if !equal.is_empty() {
            return Match::Equal(equal);
        }
        let same_name = self.by_name(desired);
        // A built-in integration can have any name.
        let is_custom =
            |position: &&usize| self.records[**position].custom_integration_id.is_some();
        if let Some(position) = same_name.iter().find(is_custom) {
            return Match::SameName(*position);
        }
        let name = desired.normalized_name();
        let is_claimed = |other: &str| other != name && self.desired_names.contains(other);
        let truncated = self.readable.truncated.find(desired, is_claimed);
        if !truncated.is_empty() {
            return Match::Truncated(truncated);
        }
        let named = self.unreadable.by_name.get(name);
        let named = named.and_then(|positions| positions.first()).copied();
        let truncated = self.unreadable.truncated.find(desired, is_claimed);
        match named.into_iter().chain(truncated).min() {
            Some(position) => Match::Unreadable(position),
            None => Match::Missing,
        }
    }

    /// Returns the records whose name and server URL are equal.
    pub(super) fn equal(&self, desired: &Desired<'_>) -> impl Iterator<Item = &Integration> {
        let positions = self.equal_positions(desired);
        positions.map(|position| &self.records[position])
    }

    fn equal_positions(&self, desired: &Desired<'_>) -> impl Iterator<Item = usize> {
        let positions = self.readable.by_name.get(desired.normalized_name());
        let positions = positions.into_iter().flatten().copied();
        positions.filter(|position| desired.has_same_url(&self.records[*position]))
    }

    /// Whether the catalogue contains an integration, readable or not.
    pub(super) fn contains(&self, integration: &Integration) -> bool {
        let custom_id = integration.custom_integration_id.as_ref();
        self.ids.contains(&integration.id)
            || custom_id.is_some_and(|id| self.custom_ids.contains(id))
    }

    /// Returns the records whose name and server URL are exactly those of `stored`.
    pub(super) fn stored_alike(&self, stored: &Integration) -> impl Iterator<Item = &Integration> {
        let positions = self.readable.by_name.get(&normalize_name(&stored.name));
        let records = positions
            .into_iter()
            .flatten()
            .map(|position| &self.records[*position]);
        records.filter(|record| {
            stored.server_url.is_some()
                && (&record.name, &record.server_url) == (&stored.name, &stored.server_url)
        })
    }

    /// Returns the records with an equal name: those with exactly this name first, then the
    /// oldest first.
    fn by_name(&self, desired: &Desired<'_>) -> Vec<usize> {
        let positions = self.readable.by_name.get(desired.normalized_name());
        let mut positions = positions.cloned().unwrap_or_default();
        positions
            .sort_by_key(|position| (self.records[*position].name != desired.name(), *position));
        positions
    }
}

/// Whether a record with this name may be a truncated form of a desired integration with
/// another name.
fn is_beginning_of_another(name: &str, desired_names: &BTreeSet<&str>) -> bool {
    let beginning = beginning(name);
    let next = desired_names.range(beginning..).next();
    next.is_some_and(|desired| desired.starts_with(beginning)) && !desired_names.contains(name)
}

impl Names {
    /// Adds a record that is not as documented. Unknown text in its name may be anything.
    fn add_unreadable(&mut self, record: &UnreadableRecord, position: usize) {
        let Some(name) = record.name() else {
            return self.truncated.add("", None, "", position);
        };
        if let Some(unknown) = name.find(char::REPLACEMENT_CHARACTER) {
            let known = normalize_name(&name[..unknown]);
            self.truncated.add(&known, None, "", position);
        } else {
            let url = record.server_url().map(|url| normalize_url(&url));
            let name = normalize_name(&name);
            self.truncated.add(beginning(&name), url, &name, position);
            self.by_name.entry(name).or_default().push(position);
        }
    }
}

impl Truncated {
    fn add(&mut self, beginning: &str, url: Option<String>, name: &str, position: usize) {
        self.lengths.insert(beginning.len());
        let by_url = self.by_beginning.entry(beginning.to_owned()).or_default();
        let names = by_url.entry(url).or_default();
        names.entry(name.to_owned()).or_default().push(position);
    }

    /// Returns the records with an equal server URL, or without one, whose name is a
    /// beginning of the desired one, and is not claimed. Oldest first.
    fn find(&self, desired: &Desired<'_>, is_claimed: impl Fn(&str) -> bool) -> Vec<usize> {
        let name = desired.normalized_name();
        let lengths = self.lengths.range(..=name.len());
        let found = lengths.filter_map(|length| self.by_beginning.get(name.get(..*length)?));
        let names = found.flat_map(|by_url| {
            let url = desired.normalized_url().to_owned();
            [Some(url), None].map(|url| by_url.get(&url))
        });
        let names = names.flatten().flatten();
        let free = names.filter(|(other, _)| !is_claimed(other));
        let mut positions: Vec<_> = free.flat_map(|(_, positions)| positions).copied().collect();
        positions.sort_unstable();
        positions
    }
}

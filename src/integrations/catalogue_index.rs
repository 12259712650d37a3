use std::collections::{BTreeSet, HashMap, HashSet};
use std::slice;

use super::equality::{Desired, beginning, normalize_name, normalize_url};
use crate::error::{Error, UnreadableRecord};
use crate::generated::types::Integration;

/// A complete listing of a catalogue, indexed by the values that are compared, so that a
/// lookup does not depend on the number of records.
pub(super) struct CatalogueIndex {
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

/// Positions of records by their names, in the forms that are compared.
#[derive(Default)]
struct Names {
    by_name: HashMap<String, Vec<usize>>,
    by_url: HashMap<String, Beginnings>,
    without_url: Beginnings,
}

/// The beginnings of names that records may have been truncated to.
#[derive(Default)]
struct Beginnings {
    lengths: BTreeSet<usize>,
    /// For each beginning, the normalized names, and the first record with each.
    records: HashMap<String, HashMap<String, usize>>,
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

impl CatalogueIndex {
    /// Indexes the integrations and the errors of the unreadable records of a listing.
    pub(super) fn new(mut records: Vec<Integration>, unreadable: &[Error]) -> Self {
        records.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        let mut readable = Names::default();
        for (position, record) in records.iter().enumerate() {
            let url = record.server_url.as_deref().map(normalize_url);
            readable.add(normalize_name(&record.name), url, position);
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

    /// Looks for the record of a desired integration. `others` are the normalized names of
    /// other desired integrations: a record with such a name is not a truncated one.
    pub(super) fn find(&self, desired: &Desired<'_>, others: &HashSet<&str>) -> Match {
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
        let url = Some(desired.normalized_url());
        let name = desired.normalized_name();
        let is_claimed = |other: &str| other != name && others.contains(other);
        let truncated = self.readable.truncated(url, name, is_claimed);
        let truncated = truncated.filter_map(|(other, _)| self.readable.by_name.get(other));
        let truncated = truncated.flatten().copied();
        let mut truncated: Vec<_> = truncated
            .filter(|position| desired.has_same_url(&self.records[*position]))
            .collect();
        if !truncated.is_empty() {
            truncated.sort_unstable();
            return Match::Truncated(truncated);
        }
        let named = self.unreadable.by_name.get(name);
        let named = named.and_then(|positions| positions.first()).copied();
        let truncated = [url, None]
            .into_iter()
            .flat_map(|url| self.unreadable.truncated(url, name, is_claimed))
            .map(|(_, position)| *position);
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

impl Names {
    fn add(&mut self, name: String, url: Option<String>, position: usize) {
        self.add_beginning(url, beginning(&name), &name, position);
        self.by_name.entry(name).or_default().push(position);
    }

    fn add_beginning(&mut self, url: Option<String>, beginning: &str, name: &str, position: usize) {
        let beginnings = match url {
            Some(url) => self.by_url.entry(url).or_default(),
            None => &mut self.without_url,
        };
        beginnings.lengths.insert(beginning.len());
        let names = beginnings.records.entry(beginning.to_owned()).or_default();
        names.entry(name.to_owned()).or_insert(position);
    }

    /// Adds a record that is not as documented. Unknown text in its name may be anything.
    fn add_unreadable(&mut self, record: &UnreadableRecord, position: usize) {
        let Some(name) = record.name() else {
            return self.add_beginning(None, "", "", position);
        };
        if let Some(unknown) = name.find(char::REPLACEMENT_CHARACTER) {
            let known = normalize_name(&name[..unknown]);
            self.add_beginning(None, &known, "", position);
        } else {
            let url = record.server_url().map(|url| normalize_url(&url));
            self.add(normalize_name(&name), url, position);
        }
    }

    /// Returns the names with this server URL that are a beginning of `name` and are not
    /// claimed, and the first record with each.
    fn truncated<'a>(
        &'a self,
        url: Option<&str>,
        name: &'a str,
        is_claimed: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = (&'a String, &'a usize)> {
        let beginnings = match url {
            Some(url) => self.by_url.get(url),
            None => Some(&self.without_url),
        };
        let records = beginnings.into_iter().flat_map(move |beginnings| {
            let lengths = beginnings.lengths.range(..=name.len());
            lengths.filter_map(move |length| beginnings.records.get(name.get(..*length)?))
        });
        records
            .flatten()
            .filter(move |(other, _)| !is_claimed(other))
    }
}

//! One `[[integration]]` of the file.

use std::collections::{HashMap, HashSet};

use duvo::{CustomIntegration, CustomIntegrationConfig};
use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

use crate::fault::{Fault, Lines};
use crate::field;

const FIELDS: &[&str] = CustomIntegrationConfig::FIELDS;
/// A former name, and the present one.
const ALIAS: (&str, &str) = ("oauth_client_secret_variable", "oauth_client_secret_env");
/// Rejected by [`CustomIntegrationConfig::resolve`], with the reason.
const SECRET: &str = "oauth_client_secret";

/// An integration, or the reasons why it is invalid.
pub(crate) struct Entry {
    /// The integration in a message: its name, or its number.
    pub(crate) label: String,
    /// The form of the name that is compared, and its offset. Names are compared even if
    /// other fields are invalid.
    pub(crate) normalized_name: Option<(String, usize)>,
    pub(crate) integration: Option<CustomIntegration>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Fault>,
}

/// The fields of an integration without those that are unknown or have a wrong type.
#[derive(Default)]
struct Fields<'t> {
    table: DeTable<'t>,
    offsets: HashMap<&'static str, usize>,
    /// Fields whose error is reported already. An empty string replaces them.
    reported: HashSet<&'static str>,
}

impl Entry {
    /// Reads an integration. If it is not complete, because a part of it has an error of
    /// syntax, missing fields are not reported.
    pub(crate) fn read(
        lines: &Lines,
        number: usize,
        value: &Spanned<DeValue<'_>>,
        is_complete: bool,
    ) -> Self {
        let header = value.span().start;
        let mut entry = Self {
            label: format!("integration {number}"),
            normalized_name: None,
            integration: None,
            faults: Vec::new(),
            warnings: Vec::new(),
        };
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("{} must be a table", entry.label);
            entry.faults.push(Fault::new(lines, header, message));
            return entry;
        };
        entry.read_name(table);
        let fields = entry.check_fields(lines, table);
        let offset = |field: &str| fields.offsets.get(field).copied();
        let value = Spanned::new(value.span(), DeValue::Table(fields.table));
        let config = CustomIntegrationConfig::deserialize(ValueDeserializer::from(value));
        match config.map(|config| config.resolve()) {
            Ok(Ok(integration)) => {
                for concern in integration.concerns() {
                    let offset = offset("server_url").unwrap_or(header);
                    let message = format!("{}: {concern}", entry.label);
                    entry.warnings.push(Fault::new(lines, offset, message));
                }
                entry.integration = Some(integration);
            }
            Ok(Err(error)) => {
                for error in error.invalid_fields() {
                    let offset = offset(error.field());
                    let is_reported = fields.reported.contains(error.field());
                    if is_reported || (offset.is_none() && !is_complete) {
                        continue;
                    }
                    let message = format!("{}: {error}", entry.label);
                    let offset = offset.unwrap_or(header);
                    entry.faults.push(Fault::new(lines, offset, message));
                }
            }
            Err(error) => {
                let message = format!("{}: {}", entry.label, error.message());
                entry.faults.push(Fault::new(lines, header, message));
            }
        }
        entry
    }

    fn read_name(&mut self, table: &DeTable<'_>) {
        if let Some((key, value)) = table.get_key_value("name")
            && let Some(name) = value.get_ref().as_str()
            && !name.trim().is_empty()
        {
            self.label = format!("integration {name:?}");
            let normalized = CustomIntegration::normalize_name(name);
            self.normalized_name = Some((normalized, key.span().start));
        }
    }

    /// Reports unknown fields and wrong types, and returns the other fields.
    fn check_fields<'t>(&mut self, lines: &Lines, table: &DeTable<'t>) -> Fields<'t> {
        let mut fields = Fields::default();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let message = match known(name) {
                None if name == "team" => {
                    "`team` must be above the first [[integration]]".to_owned()
                }
                None => {
                    let similar = field::similar(name, FIELDS);
                    let similar = similar.filter(|_| !value.get_ref().is_table());
                    fields.reported.extend(similar);
                    field::unknown(name, FIELDS)
                }
                Some(field) if fields.offsets.contains_key(field) => {
                    let (former, present) = ALIAS;
                    format!("`{former}` is another name of `{present}`; remove one of them")
                }
                Some(field) if field != SECRET && !value.get_ref().is_str() => {
                    fields.reported.insert(field);
                    field::wrong_type(name, value.get_ref())
                }
                Some(field) => {
                    fields.offsets.insert(field, key.span().start);
                    fields.insert(field, value.clone());
                    continue;
                }
            };
            let message = format!("{}: {message}", self.label);
            let fault = Fault::new(lines, key.span().start, message);
            self.faults.push(fault);
        }
        let Fields {
            offsets, reported, ..
        } = &mut fields;
        reported.retain(|field| !offsets.contains_key(field));
        for field in fields.reported.clone() {
            let empty = DeValue::String(DeString::Borrowed(""));
            fields.insert(field, Spanned::new(0..0, empty));
        }
        fields
    }
}

impl<'t> Fields<'t> {
    fn insert(&mut self, field: &'static str, value: Spanned<DeValue<'t>>) {
        let key = Spanned::new(0..0, DeString::Borrowed(field));
        self.table.insert(key, value);
    }
}

/// Returns the present name of a known field.
fn known(name: &str) -> Option<&'static str> {
    let (former, present) = ALIAS;
    let name = if name == former { present } else { name };
    let mut known = FIELDS.iter().copied().chain([SECRET]);
    known.find(|field| *field == name)
}
